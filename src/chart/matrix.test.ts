import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { matrixChart, matrixSwatch, type MatrixChart } from './matrix.ts'

const HOSTILE = `"><script>alert(1)</script>\u0000`

function draw(rows: readonly string[], change: Partial<MatrixChart> = {}): string {
  return matrixChart(
    {
      id: 'm',
      title: 'Title',
      description: 'Description',
      from: 0 as UnixSeconds,
      step: 300,
      columns: rows[0]?.length ?? 1,
      groups: [
        {
          label: 'Kcell',
          rows: rows.map((cells, index) => ({ label: `10.0.${index}.0/24`, cells, title: `row ${index}` })),
          more: null,
        },
      ],
      day: (at) => `day ${at}`,
      time: (at) => `time ${at}`,
      watermark: null,
      ...change,
    },
    756,
  )
}

const paths = (svg: string, kind: string): string[] =>
  [...svg.matchAll(new RegExp(`<path class="${kind}" d="([^"]*)"`, 'g'))].map((match) => match[1] ?? '')

describe('prefixes by time', () => {
  it('has a role, a title and a description, and holds no style of its own', () => {
    const svg = draw(['vvll'])
    expect(svg).toContain('role="img"')
    expect(svg).toContain('<title id="m-title">Title</title><desc id="m-desc">Description</desc>')
    expect(svg).not.toMatch(/style=|<style/)
  })

  it('draws a line where a prefix stood, a bar where it was gone, hatching where nobody can say', () => {
    // 600 pixels for four columns, after 148 for the labels.
    const svg = draw(['vlul'])
    expect(paths(svg, 'stands')).toEqual(['M148 29H298'])
    expect(paths(svg, 'gone')).toEqual(['M298 24H448V34H298zM598 24H748V34H598z'])
    expect(svg).toMatch(/<path class="unknown" d="M448 24H598V34H448z" fill="url\(#m-unknown\)"\/>/)
  })

  it('joins columns of one kind, and draws nothing of a kind that is not there', () => {
    expect(paths(draw(['vvvv']), 'stands')).toEqual(['M148 29H748'])
    expect(paths(draw(['vvvv']), 'gone')).toEqual([])
  })

  it('names each row in full for who points at it, though its label is cut', () => {
    const rows = [{ label: '2001:db8:1234:5678::/64', cells: 'l', title: 'all of it' }]
    const svg = draw(['l'], { groups: [{ label: 'A', rows, more: 'and 12 more' }] })
    expect(svg).toContain('<title>all of it</title>')
    expect(svg).toContain('>2001:db8:1234:5678::…<')
    expect(svg).toContain('>and 12 more<')
  })

  it('is never narrower than its columns can be seen', () => {
    expect(draw(['v'.repeat(400)])).toMatch(/viewBox="0 0 1356 /)
    expect(draw(['v'.repeat(100)])).toMatch(/viewBox="0 0 756 /)
  })

  it('escapes whatever a network calls itself', () => {
    const rows = [{ label: HOSTILE, cells: 'l', title: HOSTILE }]
    const svg = draw(['l'], { title: HOSTILE, watermark: HOSTILE, groups: [{ label: HOSTILE, rows, more: HOSTILE }] })
    expect(svg).not.toContain('<script')
    expect(svg).not.toContain('\u0000')
  })

  it('covers each column once, whatever the cells', () => {
    const cells = fc.stringMatching(/^[vlu]{1,80}$/)
    fc.assert(
      fc.property(cells, (row) => {
        const svg = draw([row])
        expect(svg).not.toMatch(/NaN|Infinity|undefined/)
        const widths = [...svg.matchAll(/class="(?:stands|gone|unknown)" d="([^"]*)"/g)].flatMap(([, d = '']) =>
          [...d.matchAll(/M([\d.]+) [\d.]+H([\d.]+)/g)].map(([, from, until]) => Number(until) - Number(from)),
        )
        expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(600, -1)
      }),
    )
  })

  it('has a key for each of the three', () => {
    expect(matrixSwatch('k', 'u')).toContain('id="k"')
    expect(matrixSwatch('k', 'l')).toContain('class="gone"')
    expect(matrixSwatch('k', 'v')).toContain('class="stands"')
  })
})
