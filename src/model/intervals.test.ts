import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from './brand.ts'
import { missing, union, type Interval } from './intervals.ts'

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
  .map(([from, until]): Interval => ({ from: from as UnixSeconds, until: until as UnixSeconds }))

const holds = (intervals: readonly Interval[], at: number): boolean =>
  intervals.some((each) => each.from <= at && at < each.until)

describe('intervals', () => {
  it('joins what overlaps or touches, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(interval), fc.array(interval), (a, b) => {
        const joined = union(union([], a), b)
        for (let at = 0; at <= 60; at++) expect(holds(joined, at)).toBe(holds(a, at) || holds(b, at))
        for (const [i, each] of joined.entries()) {
          expect(each.until).toBeGreaterThan(each.from)
          expect(each.from).toBeGreaterThan(joined[i - 1]?.until ?? -1)
        }
      }),
    )
  })

  it('finds what is missing of a span: all of it that no interval holds', () => {
    fc.assert(
      fc.property(fc.array(interval), interval, (a, wanted) => {
        const holes = missing(union([], a), wanted)
        for (let at = 0; at <= 60; at++) expect(holds(holes, at)).toBe(holds([wanted], at) && !holds(a, at))
      }),
    )
  })
})
