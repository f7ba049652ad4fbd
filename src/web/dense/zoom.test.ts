import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { addressOf, bringIntoView, nearest, within, zoomed, type Stretch } from './zoom.ts'

const stretch = (from: number, until: number): Stretch => ({ from: from as UnixSeconds, until: until as UnixSeconds })
const WHOLE = stretch(0, 864_000)

describe('zooming', () => {
  it('keeps what it zooms around where it was', () => {
    expect(zoomed(WHOLE, WHOLE, 432_000, 0.5, 300)).toEqual(stretch(216_000, 648_000))
    expect(zoomed(WHOLE, WHOLE, 0, 0.5, 300)).toEqual(stretch(0, 432_000))
    expect(zoomed(stretch(216_000, 648_000), WHOLE, 432_000, 2, 300)).toEqual(WHOLE)
  })

  it('never leaves the whole, never shows less than a few bins, whatever is pressed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1000, max: 900_000 }), fc.constantFrom(0.5, 2)), { maxLength: 60 }),
        (presses) => {
          let shown = WHOLE
          for (const [around, factor] of presses) {
            shown = zoomed(shown, WHOLE, around, factor, 300)
            expect(shown.from).toBeGreaterThanOrEqual(WHOLE.from)
            expect(shown.until).toBeLessThanOrEqual(WHOLE.until)
            expect(shown.until - shown.from).toBeGreaterThanOrEqual(8 * 300)
          }
        },
      ),
    )
  })

  it('moves no further than it must to show an instant', () => {
    const shown = stretch(1000, 2000)
    expect(bringIntoView(shown, WHOLE, 1500)).toBe(shown)
    expect(bringIntoView(shown, WHOLE, 2500)).toEqual(stretch(1500, 2500))
    expect(bringIntoView(shown, WHOLE, 400)).toEqual(stretch(400, 1400))
    expect(within(-50, 100.4, WHOLE)).toEqual(stretch(0, 100))
  })

  it('is in the address, beside what else is there', () => {
    expect(addressOf('http://x/en/country/IR?tz=local&from=-24h', stretch(1_767_225_600, 1_767_312_000))).toBe(
      'http://x/en/country/IR?tz=local&from=2026-01-01T00%3A00%3A00Z&until=2026-01-02T00%3A00%3A00Z',
    )
  })
})

describe('nearest', () => {
  it('is what looking at every bin would find', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1 }),
        fc.integer({ min: -50, max: 550 }),
        (bins, at) => {
          const sorted = bins.toSorted((a, b) => a - b)
          const least = Math.min(...sorted.map((bin) => Math.abs(bin - at)))
          expect(Math.abs((sorted[nearest(sorted, at)] ?? Number.NaN) - at)).toBe(least)
        },
      ),
    )
    expect(nearest([], 5)).toBe(-1)
  })
})
