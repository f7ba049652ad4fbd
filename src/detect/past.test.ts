import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { binAt } from './grid.ts'
import { letGoBefore } from './past.ts'
import { MONDAY, RULE, SETTING, detectorOf, judgeAll, sample, uniform } from './samples.testing.ts'
import type { Detector } from './state.ts'

const STEP = 1800 as Seconds
const PER_DAY = DAY / STEP

/** Judges bin by bin and lets go of what is older than `keep` bins at chance moments. */
function lean(values: readonly number[], keep: number, random: () => number): Detector {
  const detector = detectorOf(values, STEP, SETTING)
  while (detector.state.next < detector.grid.length) {
    judgeAll(detector, detector.state.next + 1)
    const before = binAt(detector.grid, detector.state.next - keep)
    if (random() < 0.05) letGoBefore(detector, before, [detector.state])
  }
  return detector
}

const spans = ({ state }: Detector): unknown => [state.closed, state.open?.onset, state.excursions]

describe('a detector that lets go of bins', () => {
  it('finds the same spans and notes, with falls of any depth, plateaus before them and silences', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (seed) => {
        const random = uniform(seed)
        let level = 1
        const values = sample({ step: STEP, days: 45, noise: 0.03, seed }).map((value, i) => {
          if (i > 15 * PER_DAY && random() < 0.02) level = random() < 0.4 ? 1 : random() < 0.3 ? Number.NaN : random()
          return value * level
        })
        const whole = judgeAll(detectorOf(values, STEP, SETTING))
        const kept = lean(values, Math.ceil(random() * 100), random)
        expect(spans(kept)).toEqual(spans(whole))
        expect(kept.past).not.toBeNull()
        expect(kept.grid.length).toBeLessThan(whole.grid.length)
      }),
      { numRuns: 30 },
    )
  })

  it('remembers the last good bin before a silence of weeks', () => {
    const values = sample({ step: STEP, days: 45, noise: 0.01 }).map((value, i) =>
      i < 20 * PER_DAY ? value : i < 40 * PER_DAY ? Number.NaN : value * 0.1,
    )
    const detector = detectorOf(values, STEP, SETTING)
    judgeAll(detector, 40 * PER_DAY)
    letGoBefore(detector, (MONDAY + 40 * DAY) as UnixSeconds, [detector.state])
    expect(detector.grid.first).toBeGreaterThan(MONDAY + 39 * DAY)
    judgeAll(detector)
    expect(detector.state.open?.onset).toMatchObject({ at: MONDAY + 40 * DAY, earliest: MONDAY + 20 * DAY - STEP })
  })

  it('keeps what a state that it may go back to would ask for', () => {
    const detector = detectorOf(sample({ step: STEP, days: 30 }), STEP, SETTING)
    judgeAll(detector, 25 * PER_DAY)
    const earlier = { ...detector.state }
    judgeAll(detector)
    letGoBefore(detector, (MONDAY + 29 * DAY) as UnixSeconds, [detector.state, earlier])
    expect(binAt(detector.grid, earlier.next)).toBe(MONDAY + 25 * DAY)
    expect(detector.grid.first).toBeLessThanOrEqual(MONDAY + 25 * DAY)
    expect(detector.grid.first).toBeGreaterThan(MONDAY + 25 * DAY - 8 * HOUR)
  })
})

describe('a span after a series was lost from sight', () => {
  it('begins where the series is seen again, and not within the span before', () => {
    const values = sample({ step: STEP, days: 45, noise: 0.01 }).map((value, i) => {
      const day = i / PER_DAY
      return day < 20 ? value : day < 21 ? value * 0.6 : day < 35 ? Number.NaN : value * 0.6
    })
    // Far in the noise, so that only a long run of low bins opens it: that run must not go on where the first ended.
    const setting = { ...SETTING, rule: { ...RULE, openSpreads: 60 } }
    const { state } = judgeAll(detectorOf(values, STEP, setting))
    expect(state.closed.map((each) => each.close)).toEqual(['lost-sight'])
    expect(state.open?.onset.at).toBe(MONDAY + 35 * DAY)
  })
})
