import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seconds, Share, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { isFresh, leastCut, surelyCovered } from './least-cut.ts'
import type { DetectionRule } from './rules.ts'
import { namedRules } from './rules.ts'
import { MONDAY, RULE, SETTING, detectorOf, judgeAll, sample, uniform } from './samples.testing.ts'
import type { Sample } from './samples.testing.ts'
import type { Detector, DetectorSetting } from './state.ts'

const DAYS = 30
const named = (key: string): DetectionRule => namedRules().find((each) => each.key === key)?.rule ?? RULE
const WEEKLY: Partial<Sample> = { days: DAYS, level: 5000, weekend: 1 }

function judged(wish: Partial<Sample>, setting: DetectorSetting): Detector {
  const values = sample({ ...WEEKLY, ...wish })
  return judgeAll(detectorOf(values, wish.step ?? (1800 as Seconds), setting))
}

/** The share of cuts of a size and length, at any instant of the next day, that open a span. */
function found(wish: Partial<Sample>, setting: DetectorSetting, loss: number, lasts: number, tries: number): number {
  const step = wish.step ?? (1800 as Seconds)
  const random = uniform(71)
  const sign = setting.badDirection === 'down' ? -1 : 1
  let count = 0
  for (let i = 0; i < tries; i++) {
    const values = sample({ ...WEEKLY, ...wish, days: DAYS + 3, seed: (wish.seed ?? 1) + Math.floor(i / 20) })
    const from = (DAYS + random()) * DAY
    const cut = values.map((value, bin) => {
      const covered = Math.min((bin + 1) * step, from + lasts) - Math.max(bin * step, from)
      const share = Math.max(0, covered) / step
      const hit = value * (1 + sign * loss * share)
      return wish.quantum === undefined ? hit : Math.round(hit / wish.quantum) * wish.quantum
    })
    const detector = judgeAll(detectorOf(cut, step, setting))
    const spans = detector.state.closed.length + (detector.state.open === null ? 0 : 1)
    count += spans > 0 ? 1 : 0
  }
  return count / tries
}

const CASES: readonly (readonly [string, Partial<Sample>, DetectorSetting])[] = [
  [
    'probing',
    { step: 600 as Seconds, noise: 0.02, quantum: 1 },
    { ...SETTING, rule: named('ioda/ping.up_slash24s'), quantum: 1 },
  ],
  [
    'probing that is noisy',
    { step: 600 as Seconds, noise: 0.07 },
    { ...SETTING, rule: named('ioda/ping.up_slash24s') },
  ],
  [
    'routes',
    { step: 300 as Seconds, noise: 0.001, swing: 0 },
    { ...SETTING, rule: named('ioda/bgp.visible_slash24s') },
  ],
  ['a telescope', { step: 300 as Seconds, noise: 0.06 }, { ...SETTING, rule: named('ioda/telescope.unique_ips') }],
  [
    'search',
    { step: 1800 as Seconds, noise: 0.04, swing: 0.5 },
    { ...SETTING, rule: named('ioda/google.search_traffic') },
  ],
]

describe('the least cut', () => {
  it.each(CASES)('of a day is found at any time of it, and half of it is not: %s', (_, wish, setting) => {
    const least = leastCut(judged(wish, setting), DAY)
    expect(least).not.toBeNull()
    expect(found(wish, setting, least ?? 0, DAY, 40)).toBeGreaterThanOrEqual(0.95)
    expect(found(wish, setting, (least ?? 0) / 2, DAY, 20)).toBeLessThan(0.6)
  })

  it.each(CASES.slice(0, 4))(
    'of an hour is found at any time of the day, and half of it is not: %s',
    (_, wish, setting) => {
      const least = leastCut(judged(wish, setting), HOUR)
      expect(least).not.toBeNull()
      expect(least ?? 0).toBeGreaterThanOrEqual(leastCut(judged(wish, setting), DAY) ?? 1)
      expect(found(wish, setting, least ?? 0, HOUR, 60)).toBeGreaterThanOrEqual(0.95)
      expect(found(wish, setting, (least ?? 0) / 2, HOUR, 20)).toBeLessThan(0.6)
    },
  )

  it('of an hour is none for half-hour bins that must fall to half: one whole bin is all that it surely holds', () => {
    const [, wish, setting] = CASES[4] ?? ['', {}, SETTING]
    expect(leastCut(judged(wish, setting), HOUR)).toBeNull()
  })

  it('is exact to a hundredth where there is no noise', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 0.9, noNaN: true }), fc.constantFrom(300, 600, 1800), (open, seconds) => {
        const step = seconds as Seconds
        const setting = {
          ...SETTING,
          rule: { ...RULE, open: open as Share, close: (open + 0.05) as Share, openAfter: step },
        }
        const wish = { step, noise: 0, swing: 0.2, days: DAYS }
        const least = leastCut(judged(wish, setting), DAY) ?? 0
        expect(found(wish, setting, least + 0.01, DAY, 2)).toBe(1)
        expect(found(wish, setting, least - 0.01, DAY, 2)).toBe(0)
      }),
      { numRuns: 8 },
    )
  })

  it('of a rising signal is a rise, which may be more than all of it', () => {
    const rule = { ...RULE, open: 2.5 as Share, close: 2 as Share, openAfter: (3 * HOUR) as Seconds }
    const setting: DetectorSetting = { ...SETTING, rule, badDirection: 'up' }
    const wish = { step: 600 as Seconds, noise: 0.03 }
    expect(leastCut(judged(wish, setting), HOUR)).toBeNull()
    const least = leastCut(judged(wish, setting), DAY) ?? 0
    expect(least).toBeGreaterThan(1.5)
    expect(least).toBeLessThan(1.8)
    expect(found(wish, setting, least, DAY, 20)).toBeGreaterThanOrEqual(0.95)
  })

  it('never becomes less with more noise, nor more with more time', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.1, noNaN: true }), fc.integer({ min: 1, max: 50 }), (noise, seed) => {
        const [, , setting] = CASES[0] ?? ['', {}, SETTING]
        const quiet = judged({ step: 600 as Seconds, noise, seed }, setting)
        const loud = judged({ step: 600 as Seconds, noise: noise * 2 + 0.01, seed }, setting)
        const of = (detector: Detector, lasts: number): number => leastCut(detector, lasts as Seconds) ?? 9
        expect(of(loud, DAY)).toBeGreaterThanOrEqual(of(quiet, DAY))
        for (const hours of [0.3, 0.7, 2, 5])
          expect(of(quiet, hours * HOUR)).toBeGreaterThanOrEqual(of(quiet, 2 * hours * HOUR))
      }),
      { numRuns: 10 },
    )
  })

  it('is unknown with a day of history, with a day of gaps, and with a usual too low to judge', () => {
    const setting = { ...SETTING, rule: named('ioda/ping.up_slash24s') }
    expect(leastCut(judged({ days: 1 }, setting), DAY)).toBeNull()
    const values = sample({ ...WEEKLY })
    const gappy = values.map((value, i) => (i > values.length - 20 && i < values.length - 1 ? Number.NaN : value))
    expect(leastCut(judgeAll(detectorOf(gappy, 1800 as Seconds, setting)), DAY)).toBeNull()
    expect(leastCut(judged({ level: 15 }, setting), DAY)).toBeNull()
  })
})

describe('how much a cut surely covers', () => {
  it.each([
    [1, 2, 1],
    [2, 2, 0.5],
    [2, 3, 1],
    [3, 2, 0],
    [1, 1, 0.5],
    [1, 0.5, 0.25],
    [2, 6, 1],
    [5, 6, 1],
    [6, 6, 0.5],
  ])('of the %i most covered bin, of a length of %d bins: %d', (n, length, covered) => {
    expect(surelyCovered(n, length)).toBeCloseTo(covered, 1)
  })
})

describe('a series', () => {
  it('is fresh while its newest bins are not overdue', () => {
    const detector = judged({}, SETTING)
    const end = (MONDAY + DAYS * DAY) as UnixSeconds
    expect(isFresh(detector, HOUR, (end + HOUR) as UnixSeconds)).toBe(true)
    expect(isFresh(detector, HOUR, (end + 2.4 * HOUR) as UnixSeconds)).toBe(true)
    expect(isFresh(detector, HOUR, (end + 2.6 * HOUR) as UnixSeconds)).toBe(false)
  })
})
