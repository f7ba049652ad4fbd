import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { counts, makeArrivals } from './arrivals.ts'
import { at } from './samples.testing.ts'

describe('arrivals', () => {
  it('say which batches count at any instant, whether they grow or not', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 9 })), fc.nat({ max: 20 }), (given, before) => {
        const arrivals = makeArrivals(given.slice(0, before).map(at))
        for (const arrival of given.slice(before)) {
          arrivals.visible(at(4))
          arrivals.add(at(arrival))
        }
        expect(arrivals.last).toBe(given.length)
        for (let asOf = -4; asOf <= 10; asOf += 1) {
          const visible = arrivals.visible(at(asOf))
          expect(given.map((_, i) => counts(visible, i + 1))).toEqual(given.map((arrival) => arrival <= asOf))
          expect(counts(visible, given.length + 1)).toBe(false)
        }
        expect(arrivals.visible(null)).toEqual({ last: given.length, mask: null })
      }),
      { seed: 20_220_105 },
    )
  })

  it('need no mask while they grow', () => {
    const arrivals = makeArrivals([at(1), at(5), at(5)])
    expect(arrivals.visible(at(5))).toEqual({ last: 3, mask: null })
    expect(arrivals.visible(at(4))).toEqual({ last: 1, mask: null })
    expect(() => arrivals.at(4)).toThrow(RangeError)
  })
})
