import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import type { Span } from '../model/judgement.ts'
import { rollUp, withMeanShares } from './rollup.ts'
import { hours, span } from './samples.testing.ts'
import { spanUntil } from './standing.ts'

type Children = ReadonlyMap<EntityId, readonly Span[]>

const child = (name: string | number): EntityId => `region:KZ-${String(name)}` as EntityId

function childrenOf(spans: readonly (readonly Span[])[]): Children {
  return new Map(spans.map((each, i) => [child(i + 10), each]))
}

/** Walks every instant at which anything changes: down from half on, until no more than a quarter is. */
function sweep(children: Children, known: number): { from: number; to: number | null; worst: number }[] {
  const isDown = (spans: readonly Span[], at: number): boolean =>
    spans.some((each) => each.onset.at <= at && (spanUntil(each) ?? Infinity) > at)
  const all = [...children.values()].flat()
  const instants = [...new Set(all.flatMap((each) => [each.onset.at, spanUntil(each) ?? each.onset.at]))]
  const found: { from: number; to: number | null; worst: number }[] = []
  let open: { from: number; to: number | null; worst: number } | null = null
  for (const at of instants.toSorted((a, b) => a - b)) {
    const lost = [...children.values()].filter((each) => isDown(each, at)).length / known
    if (open !== null && lost <= 0.25) {
      open.to = at
      open = null
    }
    if (open === null && lost >= 0.5) {
      open = { from: at, to: null, worst: 1 }
      found.push(open)
    }
    if (open !== null) open.worst = Math.min(open.worst, 1 - lost)
  }
  return found
}

const spansOfOne = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })), { maxLength: 4 })
  .chain((lengths) => fc.boolean().map((lasts) => ({ lengths, lasts })))
  .map(({ lengths, lasts }) => {
    let at = 0
    return lengths.map(([calm, down], i) => {
      const from = at + calm
      at = from + down
      return span(from, lasts && i === lengths.length - 1 ? null : at)
    })
  })

describe('rollUp', () => {
  it('equals a sweep over every instant', () => {
    fc.assert(
      fc.property(
        fc.array(spansOfOne, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 0, max: 9 }),
        (lists, more) => {
          const children = childrenOf(lists)
          const known = lists.length + more
          const found = rollUp(children, known)
          expect(
            found.map((each) => ({ from: each.onset.at, to: each.end?.at ?? null, worst: each.troughShare })),
          ).toEqual(sweep(children, known))
        },
      ),
    )
  })

  it('counts a child once however many of its series are down', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(spansOfOne, spansOfOne), { minLength: 1, maxLength: 4 }), (pairs) => {
        const children = childrenOf(pairs.map(([a, b]) => [...a, ...b]))
        const found = rollUp(children, pairs.length + 1)
        expect(
          found.map((each) => ({ from: each.onset.at, to: each.end?.at ?? null, worst: each.troughShare })),
        ).toEqual(sweep(children, pairs.length + 1))
      }),
    )
  })

  it('does not depend on the order in which children or their spans are told', () => {
    fc.assert(
      fc.property(fc.array(spansOfOne, { minLength: 2, maxLength: 6 }), (lists) => {
        const forward = childrenOf(lists)
        const backward: Children = new Map([...forward].toReversed().map(([each, spans]) => [each, spans.toReversed()]))
        expect(rollUp(backward, lists.length)).toEqual(rollUp(forward, lists.length))
      }),
    )
  })

  it('opens nothing for three of three watched when thirty are known to exist', () => {
    const three = childrenOf([[span(1, 9)], [span(1, 9)], [span(1, 9)]])
    expect(rollUp(three, 30)).toEqual([])
    expect(rollUp(three, 6)).toHaveLength(1)
    expect(rollUp(three, 7)).toEqual([])
  })

  it('is dated and decided by the child that made it half', () => {
    const children = childrenOf([[span(1, null, { decided: 6 })], [span(2, null, { decided: 1 })], [span(5, null)]])
    const [found] = rollUp(children, 4)
    expect(found?.onset).toEqual(span(2, null).onset)
    // The first child was known to be down at 7 only, so half were known to be at 7.
    expect(found?.detectedAt).toBe(hours(7))
    expect(found?.troughShare).toBe(0.25)
  })

  it('ends with the child that left a quarter, at that child’s moment', () => {
    const children = childrenOf([[span(1, 20)], [span(1, 12)], [span(1, 15)], [span(1, 30)]])
    const [found] = rollUp(children, 4)
    expect(found?.end).toEqual(span(1, 20).end)
    expect(found).toMatchObject({ close: 'returned', closedAt: hours(20), partialSince: hours(15) })
  })

  it('is lost from sight, not over, when the children that made it were', () => {
    const lost = { ...span(1, 200, { close: 'lost-sight' }), lastSeen: hours(30) }
    const [found] = rollUp(childrenOf([[lost], [lost]]), 2)
    expect(found).toMatchObject({ end: null, close: 'lost-sight', lastSeen: hours(30) })
  })

  it('is no return when the last children to leave it have a new normal', () => {
    const moved = span(1, 200, { close: 'new-normal' })
    const [found] = rollUp(childrenOf([[moved], [moved]]), 2)
    expect(found).toMatchObject({ end: null, close: 'new-normal', closedAt: hours(200) })
  })
})

describe('withMeanShares', () => {
  it('gives the mean share of usual over what exists, counting what is not down as usual', () => {
    const children = childrenOf([
      [span(10, null, { trough: 0.1, last: 0.3 })],
      [span(11, null, { trough: 0.2, last: 0.2 })],
      [span(11, 20, { trough: 0.4, last: 1 })],
    ])
    const [found] = withMeanShares(rollUp(children, 4), children, 4)
    expect(found?.troughShare).toBeCloseTo((0.1 + 0.2 + 0.4 + 1) / 4)
    expect(found?.lastShare).toBeCloseTo((0.3 + 0.2 + 1 + 1) / 4)
  })

  it('takes a rise for the time it costs', () => {
    const children = childrenOf([[span(10, null, { trough: 4, last: 2 })]])
    const [found] = withMeanShares(rollUp(children, 1), children, 1)
    expect(found?.troughShare).toBeCloseTo(0.25)
    expect(found?.lastShare).toBeCloseTo(0.5)
  })

  it('moves no time and never leaves 0 to 1', () => {
    const share = fc.double({ min: 0, max: 3, noNaN: true })
    const child = fc.record({
      from: fc.integer({ min: 0, max: 40 }),
      lasts: fc.integer({ min: 1, max: 20 }),
      trough: share,
      last: share,
    })
    fc.assert(
      fc.property(fc.array(child, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 4 }), (parts, more) => {
        const children = childrenOf(
          parts.map((each) => [span(each.from, each.from + each.lasts, { trough: each.trough, last: each.last })]),
        )
        const known = parts.length + more
        const before = rollUp(children, known)
        const after = withMeanShares(before, children, known)
        expect(after.map(({ onset, end, close }) => ({ onset, end, close }))).toEqual(
          before.map(({ onset, end, close }) => ({ onset, end, close })),
        )
        for (const each of after) {
          expect(each.troughShare).toBeGreaterThanOrEqual(-1e-9)
          expect(each.troughShare).toBeLessThanOrEqual(1)
          expect(each.lastShare ?? 0).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
