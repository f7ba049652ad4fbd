import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { binStart, DAY } from '../model/time.ts'
import { goneUntil, keptHours } from './retention.ts'
import { at } from './samples.testing.ts'

describe('until when raw bins may go', () => {
  const grid = (step: number, phase: number) => ({ step: step as Seconds, phase: phase as Seconds })

  it('is the midnight by which all bins of the days before have ended', () => {
    expect(goneUntil(grid(300, 0), at(3 * DAY))).toBe(3 * DAY)
    expect(goneUntil(grid(300, 0), at(3 * DAY - 1))).toBe(2 * DAY)
    expect(goneUntil(grid(3600, 1800), at(3 * DAY))).toBe(2 * DAY)
    expect(goneUntil(grid(3600, 1800), at(3 * DAY + 1800))).toBe(3 * DAY)
  })

  it('never lets a bin go that has not ended, and lets go every day that has', () => {
    const step = fc.constantFrom(300, 600, 1800, 2400, 3600, 86_400, 604_800)
    fc.assert(
      fc.property(step, fc.nat(), fc.integer({ min: 20 * DAY, max: 60 * DAY }), (step, n, before) => {
        const of = grid(step, n % step)
        const gone = goneUntil(of, at(before))
        const lastOf = (midnight: number): number => binStart((midnight - 1) as UnixSeconds, of.step, of.phase) + step
        expect(gone % DAY).toBe(0)
        expect(lastOf(gone)).toBeLessThanOrEqual(before)
        expect(gone + DAY > before || lastOf(gone + DAY) > before).toBe(true)
      }),
    )
  })
})

describe('kept windows', () => {
  it('are widened to whole hours and joined, by series', () => {
    const kept = keptHours([
      { series: [1, 2], range: { from: at(3700), until: at(7100) } },
      { series: [2], range: { from: at(7200), until: at(7201) } },
      { series: [3], range: { from: at(50), until: at(50) } },
    ])
    expect(kept).toEqual(
      new Map([
        [1, [{ from: 3600, until: 7200 }]],
        [2, [{ from: 3600, until: 10_800 }]],
      ]),
    )
  })
})
