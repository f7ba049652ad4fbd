import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Page, TraceColumns } from '../model/page.ts'
import { hasUsual, isEmpty } from './draw.ts'
import { embeddedJson, withoutPoints } from './embed.ts'
import { panelsOf } from './panels-of.ts'

const maybe = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })

const columns = fc
  .array(fc.record({ value: maybe, share: maybe, expected: maybe, spread: maybe }), { maxLength: 40 })
  .map((rows): TraceColumns => ({
    bins: rows.map((_, index) => (index * 300) as never),
    values: rows.map((row) => row.value),
    shares: rows.map((row) => row.share),
    expected: rows.map((row) => row.expected),
    spread: rows.map((row) => row.spread),
    readings: rows.map(() => 'quiet'),
  }))

function entityPage(of: TraceColumns, title: string): Page {
  const spark = { bins: of.bins, shares: of.shares, label: title, range: { from: 0, until: 1 } }
  return {
    kind: 'entity',
    title,
    open: [{ incident: { id: 'a' }, spark }],
    closed: [{ incident: { id: 'b' }, spark: null }],
    panels: [{ seriesId: 1, baseline: 'hour-of-week', columns: of }],
  } as unknown as Page
}

describe('a page as it lies in its document', () => {
  it('says of each signal what the whole page says: whether there is a value, and whether there is a usual', () => {
    fc.assert(
      fc.property(columns, (of) => {
        const page = entityPage(of, 'x')
        const [whole] = panelsOf(page)
        const [less] = panelsOf(withoutPoints(page))
        if (whole === undefined || less === undefined) throw new TypeError('a panel was lost')
        expect(less.columns.bins.length).toBeLessThanOrEqual(1)
        // A share is a value over its usual: there is none without a value.
        if (of.shares.some((share, index) => share !== null && of.values[index] === null)) return
        expect([isEmpty(less), hasUsual(less)]).toEqual([isEmpty(whole), hasUsual(whole)])
      }),
    )
  })

  it('keeps a sparkline where there is one to be drawn', () => {
    fc.assert(
      fc.property(columns, (of) => {
        const page = withoutPoints(entityPage(of, 'x'))
        if (page.kind !== 'entity') throw new TypeError('it is another page')
        const known = (shares: readonly (number | null)[]): boolean => shares.some((share) => share !== null)
        expect(known(page.open[0]?.spark?.shares ?? [])).toBe(known(of.shares))
        expect(page.closed[0]?.spark).toBeNull()
      }),
    )
  })

  it('cannot be broken out of, and reads as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant('</script><script>alert(1)</script><!--')), (title) => {
        const page = entityPage({ bins: [], values: [], shares: [], expected: [], spread: [], readings: [] }, title)
        const json = embeddedJson(page)
        expect(json).not.toContain('<')
        expect(JSON.parse(json)).toMatchObject({ title })
      }),
    )
  })
})
