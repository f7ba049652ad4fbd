import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seconds, Share, UnixSeconds } from '../model/brand.ts'
import type { Span } from '../model/judgement.ts'
import { DAY, HOUR, MINUTE, WEEK } from '../model/time.ts'
import type { Detector, DetectorSetting, DetectorState } from './state.ts'
import { judgeNext } from './detector.ts'
import { createDetector, spansOf, startState } from './state.ts'
import { binAt, put } from './grid.ts'
import { ruleFor } from './rules.ts'
import type { Sample } from './samples.testing.ts'
import { MONDAY, RULE, SAMPLE, SETTING, detectorOf, judgeAll, sample } from './samples.testing.ts'

const STEP = SAMPLE.step
const minutes = (count: number): Seconds => (count * MINUTE) as Seconds
const after = (seconds: number): UnixSeconds => (MONDAY + seconds) as UnixSeconds

/** Multiplies the bins of `[from, to)`, in seconds after Monday; a bin that is hit in part gets its part. */
function cut(values: readonly number[], step: Seconds, from: number, to: number, left: number): number[] {
  return values.map((value, i) => {
    const covered = Math.max(0, Math.min(to, (i + 1) * step) - Math.max(from, i * step)) / step
    return value * (1 - covered * (1 - left))
  })
}

function judged(
  values: readonly number[],
  step: Seconds = STEP,
  setting: DetectorSetting = SETTING,
  allow: (at: UnixSeconds, inSpan: boolean) => boolean = () => false,
): Detector {
  const detector = detectorOf(values, step, setting)
  return judgeAll(detector, detector.grid.length, allow)
}

function only(detector: Detector): Span {
  const spans = spansOf(detector)
  expect(spans).toHaveLength(1)
  return spans[0] as Span
}

/** Usual at an instant, as the detector had it when it judged that bin. */
function usualAt(detector: Detector, seconds: number): number {
  return detector.grid.expected[seconds / detector.grid.step] ?? Number.NaN
}

describe('quiet', () => {
  it('knows how noisy five-minute bins are, though its memory holds half hours', () => {
    const rule = { ...RULE, openAfter: minutes(10) }
    for (const seed of [1, 2, 3]) {
      const detector = judged(sample({ step: minutes(5), days: 42, noise: 0.1, seed }), minutes(5), {
        ...SETTING,
        rule,
      })
      const { expected, spread, length } = detector.grid
      const ratios = Array.from(
        { length: 12 * 24 * 7 },
        (_, i) => (spread[length - 1 - i] ?? 0) / (expected[length - 1 - i] ?? 1),
      )
      const mean = ratios.reduce((sum, each) => sum + each, 0) / ratios.length
      expect(mean).toBeGreaterThan(0.09)
      expect(mean).toBeLessThan(0.125)
      expect(spansOf(detector)).toEqual([])
    }
  })

  const calm: Partial<Sample>[] = [
    { step: minutes(5), level: 100_000, noise: 0.03 },
    { step: minutes(5), level: 1000, noise: 0.1 },
    { step: minutes(30), level: 1000, noise: 0.05, swing: 0.5 },
    { step: minutes(30), level: 100, noise: 0.1, quantum: 10 },
    { step: minutes(60), level: 100, noise: 0.08, weekend: 0.85, quantum: 1 },
    { step: minutes(60), level: 5000, noise: 0.12, swing: 0.6 },
  ]
  it.each(calm.flatMap((each) => [1, 2, 3].map((seed) => ({ ...each, seed }))))(
    'raises nothing in eight quiet weeks of %o',
    (wanted) => {
      const step = wanted.step as Seconds
      const setting = { ...SETTING, quantum: wanted.quantum ?? 0 }
      expect(spansOf(judged(sample({ ...wanted, days: 56 }), step, setting))).toEqual([])
    },
  )

  it.each(['reachability', 'routing', 'traffic', 'application'] as const)(
    'raises nothing by the rule for any %s signal, in its own kind of noise',
    (plane) => {
      const noise = { reachability: 0.03, routing: 0.003, traffic: 0.1, application: 0.15 }[plane]
      const swing = plane === 'routing' ? 0 : plane === 'reachability' ? 0.05 : 0.5
      const weekend = plane === 'routing' ? 1 : plane === 'reachability' ? 0.97 : 0.75
      const rule = ruleFor({ plane, source: 's', signal: 's', badDirection: 'down', windowNormalised: false } as never)
      for (const step of [minutes(5), minutes(30), minutes(60)]) {
        for (const seed of [11, 12, 13]) {
          const values = sample({ step, days: 56, noise, swing, weekend, seed, level: 400 })
          expect(spansOf(judged(values, step, { ...SETTING, rule }))).toEqual([])
        }
      }
    },
  )
})

describe('usual', () => {
  it('runs straight between half hours for finer bins: a smooth rhythm is met at every bin', () => {
    const detector = judged(sample({ step: minutes(5), noise: 0, swing: 0.5, weekend: 1 }), minutes(5))
    const { values, expected, length } = detector.grid
    const off = Array.from({ length: 288 }, (_, i) => {
      const index = length - 1 - i
      return Math.abs((values[index] ?? 0) / (expected[index] ?? 1) - 1)
    })
    expect(Math.max(...off)).toBeLessThan(0.004)
  })

  it('lets stand out as a note what lies three spreads off, and not what lies two and a half off', () => {
    const from = 30 * DAY
    for (const [spreads, count] of [
      [2.4, 0],
      [5.5, 1],
    ] as const) {
      const flat = { swing: 0, weekend: 1 }
      const noisy = sample({ ...flat, noise: 0.05 })
      const still = sample({ ...flat, noise: 0 })
      const values = noisy.map((value, i) =>
        i * STEP >= from && i * STEP < from + 6 * HOUR ? (still[i] ?? 0) * (1 - 0.05 * spreads) : value,
      )
      const setting = { ...SETTING, rule: { ...RULE, open: 0.5 as Share } }
      const { excursions } = judged(values, STEP, setting).state
      const within = excursions.filter((each) => each.since >= after(from) && each.since < after(from + 6 * HOUR))
      expect(within).toHaveLength(count)
    }
  })
})

describe('onset and end', () => {
  const cutting = fc.record({
    step: fc.constantFrom(minutes(5), minutes(30), minutes(60)),
    left: fc.constantFrom(0, 0.1, 0.5),
    from: fc.integer({ min: 29 * DAY, max: 31 * DAY }),
    lasts: fc.integer({ min: 8 * HOUR, max: 40 * HOUR }),
    aligned: fc.boolean(),
    seed: fc.integer({ min: 1, max: 5 }),
  })

  it('dates a cut to the bin that it falls in, and its end likewise, whatever its depth and hour', () => {
    fc.assert(
      fc.property(cutting, ({ step, left, aligned, seed, ...when }) => {
        const from = aligned ? Math.ceil(when.from / step) * step : when.from
        const to = aligned ? from + Math.ceil(when.lasts / step) * step : from + when.lasts
        const values = cut(sample({ step, seed }), step, from, to, left)
        const span = only(judged(values, step))
        if (aligned) {
          expect(span.onset).toEqual({ at: after(from), earliest: after(from - step), latest: after(from + step) })
          expect(span.end).toEqual({ at: after(to), earliest: after(to - step), latest: after(to + step) })
        }
        expect(span.onset.earliest).toBeLessThanOrEqual(after(from))
        expect(span.onset.latest).toBeGreaterThanOrEqual(after(from))
        expect(span.end?.earliest).toBeLessThanOrEqual(after(to))
        expect(span.end?.latest).toBeGreaterThanOrEqual(after(to))
        expect(span.onset.latest - span.onset.at).toBe(step)
        // A bin hit in a small part is neither good nor bad.
        expect(span.onset.at - span.onset.earliest).toBeLessThanOrEqual(2 * step)
        expect(span.troughShare).toBeGreaterThan(left - 0.1)
        expect(span.troughShare).toBeLessThan(left + 0.05)
        expect(span.close).toBe('returned')
        expect(span.baseline).toBe('hour-of-week')
      }),
      { numRuns: 60 },
    )
  })

  it('is decided as soon as the bad bins add up to what the rule asks, two at least', () => {
    const from = 30 * DAY + 5 * HOUR
    for (const [openAfter, bins] of [
      [minutes(10), 2],
      [HOUR, 2],
      [(6 * HOUR) as Seconds, 12],
    ] as const) {
      const setting = { ...SETTING, rule: { ...RULE, openAfter } }
      const span = only(judged(cut(sample({}), STEP, from, from + 9 * HOUR, 0.1), STEP, setting))
      expect(span.onset.at).toBe(after(from))
      expect(span.detectedAt).toBe(after(from + bins * STEP))
      expect(span.closedAt).toBe(after(from + 9 * HOUR + 2 * STEP))
      const brief = cut(sample({}), STEP, from, from + (bins - 1) * STEP, 0.1)
      expect(spansOf(judged(brief, STEP, setting))).toEqual([])
    }
  })

  it('reaches back to the last bin that was seen good when bins are missing before the onset', () => {
    const from = 30 * DAY
    const values = cut(sample({}), STEP, from, from + DAY, 0)
    for (let i = 1; i <= 3; i++) values[from / STEP - i] = Number.NaN
    expect(only(judged(values)).onset).toEqual({
      at: after(from),
      earliest: after(from - 4 * STEP),
      latest: after(from + STEP),
    })
  })

  it('finds a slow ramp down over twelve hours and dates it within the ramp', () => {
    const from = 30 * DAY
    const values = sample({}).map((value, i) => {
      const passed = i * STEP - from
      return value * (passed < 0 || passed > 3 * DAY ? 1 : Math.max(0.05, 1 - passed / (12 * HOUR)))
    })
    const span = only(judged(values))
    expect(span.onset.at).toBeGreaterThanOrEqual(after(from))
    expect(span.onset.at).toBeLessThanOrEqual(after(from + 12 * HOUR))
    expect(span.detectedAt).toBeLessThanOrEqual(after(from + 6 * HOUR))
    expect(span.troughShare).toBeLessThan(0.06)
  })

  it('dates a fall that no single bin could tell from noise to where it began, not to where it was believed', () => {
    const from = 30 * DAY + 4 * HOUR
    for (const seed of [1, 2, 3]) {
      const values = cut(sample({ noise: 0.16, seed }), STEP, from, from + 4 * DAY, 0.55)
      const first = spansOf(judged(values))[0]
      expect(Math.abs((first?.onset.at ?? 0) - after(from))).toBeLessThanOrEqual(2 * HOUR)
      expect(first?.detectedAt).toBeGreaterThan(after(from + 2 * HOUR))
    }
  })

  it('gives two spans when a return lasts longer than the rule asks, one when it does not', () => {
    const from = 30 * DAY
    const gapOf = (length: number): readonly Span[] => {
      const first = cut(sample({}), STEP, from, from + 10 * HOUR, 0.05)
      return spansOf(judged(cut(first, STEP, from + 10 * HOUR + length, from + 30 * HOUR, 0.05)))
    }
    expect(gapOf(3 * HOUR).map((each) => [each.onset.at, each.end?.at])).toEqual([
      [after(from), after(from + 10 * HOUR)],
      [after(from + 13 * HOUR), after(from + 30 * HOUR)],
    ])
    expect(gapOf(STEP)).toHaveLength(1)
  })

  it('counts one span while a series swings about the opening level', () => {
    const from = 30 * DAY
    const values = sample({ noise: 0.005 }).map((value, i) => {
      const passed = i * STEP - from
      return passed < 0 || passed >= 2 * DAY ? value : value * (i % 4 < 2 ? 0.76 : 0.85)
    })
    expect(only(judged(values)).end?.at).toBe(after(from + 2 * DAY))
  })

  it('never opens on what stays short of the opening level', () => {
    const from = 30 * DAY
    const detector = judged(cut(sample({ noise: 0.005 }), STEP, from, from + 3 * DAY, 0.83))
    expect(spansOf(detector)).toEqual([])
    const note = detector.state.excursions.filter((each) => each.since >= after(from))
    expect(note.map((each) => [each.since, each.until])).toEqual([[after(from), after(from + 3 * DAY)]])
    expect(note[0]?.worstShare).toBeCloseTo(0.83, 1)
  })
})

describe('gaps', () => {
  const from = 30 * DAY
  const holed = (left: number, gap: number): number[] => {
    const values = cut(sample({ days: 63 }), STEP, from, from + gap + 2 * DAY, left)
    return values.map((value, i) => (i * STEP >= from + DAY && i * STEP < from + DAY + gap ? Number.NaN : value))
  }

  it('do not end a span and are counted in it', () => {
    const span = only(judged(holed(0.3, 9 * HOUR)))
    expect(span.end?.at).toBe(after(from + 9 * HOUR + 2 * DAY))
    expect(span.gaps).toEqual({ bins: 18, reading: 'unknown' })
  })

  it('are ambiguous where zeros are left out and the series was near zero, and only there', () => {
    const omits = { ...SETTING, zeroIsOmitted: true }
    expect(only(judged(holed(0.02, 9 * HOUR), STEP, omits)).gaps.reading).toBe('ambiguous')
    expect(only(judged(holed(0.3, 9 * HOUR), STEP, omits)).gaps.reading).toBe('unknown')
    expect(only(judged(holed(0.02, 9 * HOUR))).gaps.reading).toBe('unknown')
  })

  it('open nothing by themselves', () => {
    const values = sample({}).map((value, i) => (i * STEP >= from && i * STEP < from + 3 * DAY ? Number.NaN : value))
    expect(spansOf(judged(values))).toEqual([])
  })

  it('of weeks within a span do not make its low the usual: it is still down when it speaks again', () => {
    for (const [gap, zeroIsOmitted] of [
      [6.5 * DAY, false],
      [3 * WEEK, true],
      [27 * DAY, true],
    ] as const) {
      const span = only(judged(holed(0.1, gap), STEP, { ...SETTING, zeroIsOmitted }))
      expect(span.end?.at).toBe(after(from + gap + 2 * DAY))
    }
  })

  it('of a week, four where zeros are left out, lose a span from sight, which is no end', () => {
    for (const [gap, zeroIsOmitted, lostAfter] of [
      [8 * DAY, false, WEEK],
      [29 * DAY, true, 4 * WEEK],
    ] as const) {
      const first = spansOf(judged(holed(0.1, gap), STEP, { ...SETTING, zeroIsOmitted }))[0]
      expect(first).toMatchObject({ end: null, close: 'lost-sight', lastSeen: after(from + DAY - STEP) })
      expect(first?.closedAt).toBe(after(from + DAY + lostAfter))
    }
  })

  it('that lost a span from sight open it anew when the series speaks and is still down', () => {
    const [, second] = spansOf(judged(holed(0.1, 8 * DAY)))
    expect(second?.onset.at).toBe(after(from + 9 * DAY))
    expect(second?.end?.at).toBe(after(from + 10 * DAY))
  })
})

describe('what the history takes in', () => {
  it('is not poisoned by an outage of three weeks: the week after is held against the same usual', () => {
    const from = 30 * DAY
    const values = cut(sample({ days: 66 }), STEP, from, from + 3 * WEEK, 0.02)
    const detector = judged(values)
    expect(only(detector).end?.at).toBe(after(from + 3 * WEEK))
    for (let hour = 0; hour < 7 * 24; hour++) {
      const at = from + 3 * WEEK + hour * HOUR
      expect(Math.abs(usualAt(detector, at) / usualAt(detector, at - 3 * WEEK - WEEK) - 1)).toBeLessThan(0.06)
    }
  })

  it('is not emptied by night in an outage: hours too low to be judged keep their usual', () => {
    const from = 30 * DAY
    const setting = { ...SETTING, rule: { ...RULE, minUsual: 700 } }
    const values = cut(sample({ days: 66, swing: 0.5 }), STEP, from, from + 3 * WEEK, 0.02)
    const detector = judged(values, STEP, setting)
    only(detector)
    for (let hour = 0; hour < 24; hour++) {
      const at = from + 3 * WEEK + hour * HOUR
      expect(Math.abs(usualAt(detector, at) / usualAt(detector, at - 4 * WEEK) - 1)).toBeLessThan(0.1)
    }
  })

  it('leaves a surge to three times usual out: its passing is no outage and usual is what it was', () => {
    const from = 30 * DAY
    for (const days of [5, 15]) {
      const values = cut(sample({ days: 63 }), STEP, from, from + days * DAY, 3)
      const detector = judged(values, STEP, SETTING, () => true)
      expect(spansOf(detector)).toEqual([])
      expect(Math.abs(usualAt(detector, 62 * DAY) / usualAt(detector, 27 * DAY) - 1)).toBeLessThan(0.05)
    }
  })

  it('asks whether a fall by a third may become normal after a week, and takes yes as no end', () => {
    const from = 30 * DAY
    const asked: [UnixSeconds, boolean][] = []
    const allow = (at: UnixSeconds, inSpan: boolean): boolean => {
      asked.push([at, inSpan])
      return true
    }
    const detector = judged(cut(sample({ days: 63 }), STEP, from, 63 * DAY, 0.7), STEP, SETTING, allow)
    const span = only(detector)
    expect(span).toMatchObject({ end: null, close: 'new-normal', onset: { at: after(from) } })
    expect(span.closedAt).toBe(after(from + WEEK + STEP))
    expect(asked).toEqual([[after(from + WEEK + STEP), true]])
    expect(usualAt(detector, 62 * DAY) / usualAt(detector, 27 * DAY)).toBeCloseTo(0.7, 1)
    expect(detector.state.lastShare).toBeGreaterThan(0.9)
  })

  it('keeps the span open for as long as the answer is no', () => {
    const from = 30 * DAY
    const asked: UnixSeconds[] = []
    const span = only(
      judged(cut(sample({ days: 84 }), STEP, from, 84 * DAY, 0.7), STEP, SETTING, (at) => {
        asked.push(at)
        return false
      }),
    )
    expect(span).toMatchObject({ end: null, close: null, closedAt: null })
    // Once a day, from a week on.
    expect(asked).toEqual(Array.from({ length: 47 }, (_, i) => after(from + (7 + i) * DAY + STEP)))
    expect(span.lastShare).toBeCloseTo(0.7, 1)
  })

  it('never makes less than half of usual normal, whoever allows it', () => {
    const from = 30 * DAY
    const span = only(judged(cut(sample({ days: 84 }), STEP, from, 84 * DAY, 0.45), STEP, SETTING, () => true))
    expect(span).toMatchObject({ end: null, close: null })
  })

  it('takes a fall that opened nothing as normal after a week too, and asks with that', () => {
    const from = 30 * DAY
    const asked: boolean[] = []
    const values = cut(sample({ days: 63, noise: 0.005 }), STEP, from, 63 * DAY, 0.84)
    const detector = judged(values, STEP, SETTING, (_, inSpan) => {
      asked.push(inSpan)
      return true
    })
    expect(spansOf(detector)).toEqual([])
    expect(asked).toEqual([false])
    expect(usualAt(detector, 62 * DAY) / usualAt(detector, 27 * DAY)).toBeCloseTo(0.84, 1)
  })

  it('goes back to the old normal within two days once the value does', () => {
    const from = 30 * DAY
    const values = cut(sample({ days: 70 }), STEP, from, from + 14 * DAY, 0.7)
    const detector = judged(values, STEP, SETTING, () => true)
    expect(only(detector).close).toBe('new-normal')
    expect(usualAt(detector, from + 17 * DAY) / usualAt(detector, from - DAY * 4)).toBeCloseTo(1, 1)
  })

  it('keeps the first bin of a span after a new normal apart from the span before', () => {
    const from = 30 * DAY
    const shifted = cut(sample({ days: 63 }), STEP, from, 63 * DAY, 0.7)
    const detector = judged(cut(shifted, STEP, 50 * DAY, 51 * DAY, 0), STEP, SETTING, () => true)
    const [first, second] = spansOf(detector)
    expect(first?.close).toBe('new-normal')
    expect(second?.onset).toEqual({
      at: after(50 * DAY),
      earliest: after(50 * DAY - STEP),
      latest: after(50 * DAY + STEP),
    })
  })
})

describe('a signal that is bad when it rises', () => {
  const setting: DetectorSetting = {
    ...SETTING,
    badDirection: 'up',
    rule: { ...RULE, open: 1.5 as Share, close: 1.25 as Share },
  }
  const from = 30 * DAY

  it('opens when doubled, with the trough above usual', () => {
    const span = only(judged(cut(sample({}), STEP, from, from + DAY, 2), STEP, setting))
    expect(span.onset.at).toBe(after(from))
    expect(span.end?.at).toBe(after(from + DAY))
    expect(span.troughShare).toBeGreaterThan(1.9)
  })

  it('notes a rise by a third and opens nothing', () => {
    const detector = judged(cut(sample({}), STEP, from, from + DAY, 1.33), STEP, setting)
    expect(spansOf(detector)).toEqual([])
    const note = detector.state.excursions.find((each) => each.since === after(from))
    expect(note?.until).toBe(after(from + DAY))
    expect(note?.worstShare).toBeGreaterThan(1.25)
  })

  it('opens nothing when it falls', () => {
    expect(spansOf(judged(cut(sample({}), STEP, from, from + DAY, 0.1), STEP, setting))).toEqual([])
  })
})

describe('the first days', () => {
  it('do not take night for an outage, however deep the night', () => {
    for (const swing of [0.3, 0.6, 0.9]) {
      for (const seed of [1, 2, 3]) expect(spansOf(judged(sample({ days: 3, swing, seed })))).toEqual([])
    }
  })

  it('find a steady series gone on the second day, and say by what baseline', () => {
    const values = cut(sample({ days: 3, swing: 0, weekend: 1 }), STEP, 2 * DAY, 3 * DAY, 0.05)
    expect(only(judged(values))).toMatchObject({ baseline: 'running-median', onset: { at: after(2 * DAY) } })
  })

  it('open on much deeper falls only than a rhythm that is known does', () => {
    const fallTo = (left: number): readonly Span[] =>
      spansOf(judged(cut(sample({ days: 3, swing: 0, weekend: 1 }), STEP, 2 * DAY, 3 * DAY, left)))
    expect(fallTo(0.55)).toEqual([])
    expect(fallTo(0.4)).toHaveLength(1)
  })

  it('find a cut on the fifth day by the hour of the day', () => {
    const values = cut(sample({ days: 7, swing: 0.3 }), STEP, 5 * DAY - HOUR, 5 * DAY + 8 * HOUR, 0.1)
    expect(spansOf(judged(values))[0]).toMatchObject({ baseline: 'hour-of-day', onset: { at: after(5 * DAY - HOUR) } })
  })

  it('judge nothing under the least usual of the rule, and say that nothing was judged', () => {
    const setting = { ...SETTING, rule: { ...RULE, minUsual: 5000 } }
    const detector = judged(cut(sample({}), STEP, 30 * DAY, 31 * DAY, 0), STEP, setting)
    expect(spansOf(detector)).toEqual([])
    expect(detector.state.firstJudged).toBeNull()
    expect(detector.state.seenAt).toBe(after(35 * DAY - STEP))
  })
})

describe('partial recovery', () => {
  const from = 30 * DAY
  const stages = (shares: readonly number[]): Span => {
    const values = sample({}).map((value, i) => {
      const stage = Math.floor((i * STEP - from) / (6 * HOUR))
      return value * (stage < 0 ? 1 : (shares[stage] ?? shares.at(-1) ?? 1))
    })
    return only(judged(values))
  }

  it('is dated to the first bin with half of the loss won back', () => {
    expect(stages([0.1, 0.2, 0.7]).partialSince).toBe(after(from + 12 * HOUR))
    expect(stages([0.1, 0.2, 0.4]).partialSince).toBeNull()
  })

  it('is withdrawn when most of it is lost again', () => {
    expect(stages([0.1, 0.7, 0.1]).partialSince).toBeNull()
    expect(stages([0.1, 0.7, 0.5]).partialSince).toBe(after(from + 6 * HOUR))
    expect(stages([0.1, 0.7, 0.1, 0.7]).partialSince).toBe(after(from + 18 * HOUR))
  })

  it('is measured between trough and usual, not from nothing', () => {
    expect(stages([0.4, 0.62]).partialSince).toBeNull()
    expect(stages([0.4, 0.76]).partialSince).toBe(after(from + 6 * HOUR))
  })

  it('takes three bins in a row to declare', () => {
    const back = from + 6 * HOUR
    const low = cut(sample({ noise: 0.005 }), STEP, from, back, 0.1)
    const half = cut(low, STEP, back, 35 * DAY, 0.7)
    expect(only(judged(half.slice(0, back / STEP + 2))).partialSince).toBeNull()
    expect(only(judged(half.slice(0, back / STEP + 3))).partialSince).toBe(after(back))
  })

  it('is not withdrawn for one bin after a good one', () => {
    const still = cut(sample({ noise: 0.005 }), STEP, from, 35 * DAY, 0.7)
    const low = still.map((value, i) => (i * STEP < from + DAY && i * STEP >= from ? (value / 0.7) * 0.1 : value))
    const back = from + DAY
    // Two bins half back, one at usual, then one low again: still a partial recovery, since the first of them.
    low[back / STEP + 2] = (low[back / STEP + 2] ?? 0) / 0.7
    low[back / STEP + 3] = ((low[back / STEP + 3] ?? 0) / 0.7) * 0.1
    expect(only(judged(low)).partialSince).toBe(after(back))
  })
})

describe('a fold', () => {
  /** Cuts, surges, gaps and shifts in a random order, in bins of either kind of memory. */
  const history = fc.record({
    step: fc.constantFrom(minutes(5), minutes(30), minutes(60)),
    seed: fc.integer({ min: 1, max: 9 }),
    days: fc.constantFrom(2, 6, 17, 33),
    changes: fc.array(
      fc.record({
        from: fc.double({ min: 0, max: 1, noNaN: true }),
        days: fc.double({ min: 0, max: 9, noNaN: true }),
        left: fc.constantFrom(0, 0.3, 0.7, 0.84, 1.6, 3, Number.NaN),
      }),
      { maxLength: 5 },
    ),
  })
  type History = typeof history extends fc.Arbitrary<infer T> ? T : never
  const valuesOf = ({ step, seed, days, changes }: History): number[] => {
    let values = sample({ step, seed, days, noise: 0.03 })
    values[values.length - 1] = 500
    for (const { from, days: length, left } of changes) {
      const begin = Math.floor((from * days * DAY) / step) * step
      const last = values.at(-1) ?? 0
      values = values.map((value, i) =>
        i * step >= begin && i * step < begin + length * DAY && i < values.length - 1 ? value * left : value,
      )
      values[values.length - 1] = last
    }
    values[0] = 500
    return values
  }
  const allow = (at: UnixSeconds): boolean => at % (2 * DAY) < DAY

  /** All that a detector has said, bin by bin. */
  const answer = (detector: Detector): unknown => ({
    state: detector.state,
    expected: [...detector.grid.expected.subarray(0, detector.grid.length)],
    spread: [...detector.grid.spread.subarray(0, detector.grid.length)],
  })

  it('goes on from a snapshot as it went on then, from any bin', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 1, noNaN: true }), (past, where) => {
        const detector = detectorOf(valuesOf(past), past.step, SETTING)
        const length = detector.grid.length
        // What a memory can give back is bounded: no snapshot is older than a week.
        const at = Math.max(Math.floor(where * (length - 1)), length - (7 * DAY) / past.step)
        judgeAll(detector, at, allow)
        const snapshot: DetectorState = { ...detector.state }
        judgeAll(detector, length, allow)
        const first = structuredClone(answer(detector))
        detector.state = { ...snapshot }
        judgeAll(detector, length, allow)
        expect(answer(detector)).toEqual(first)
        expect(answer(judgeAll(detectorOf(valuesOf(past), past.step, SETTING), length, allow))).toEqual(first)
      }),
      { numRuns: 60 },
    )
  })

  it('judged again after a correction says what it says of the corrected data alone', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(
          fc.tuple(
            fc.integer({ min: 1, max: 200 }),
            fc.integer({ min: 1, max: 20 }),
            fc.constantFrom(Number.NaN, 0, 700),
          ),
          { maxLength: 5 },
        ),
        (past, corrections) => {
          const values = valuesOf(past)
          const detector = detectorOf(values, past.step, SETTING)
          const length = detector.grid.length
          const at = Math.max(0, length - 201)
          judgeAll(detector, at, allow)
          const snapshot: DetectorState = { ...detector.state }
          judgeAll(detector, length, allow)
          const fresh = detectorOf(values, past.step, SETTING)
          for (const [back, bins, value] of corrections) {
            const first = length - 1 - back
            for (let index = Math.max(at, first); index < Math.min(first + bins, length - 1); index++)
              for (const each of [detector, fresh]) put(each.grid, binAt(each.grid, index), value)
          }
          detector.state = { ...snapshot }
          expect(answer(judgeAll(detector, length, allow))).toEqual(answer(judgeAll(fresh, length, allow)))
        },
      ),
      {
        numRuns: 60,
        // A span held to a running median once left the slots that it passed as they were before the correction.
        examples: [[{ step: 300 as Seconds, seed: 1, days: 2, changes: [] }, [[74, 12, 0]]]],
      },
    )
  })

  it('says of each bin the same whether the later ones are there yet or not', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 400 }), (past, hidden) => {
        const values = valuesOf(past)
        const shown = Math.max(1, values.length - hidden)
        const whole = judgeAll(detectorOf(values, past.step, SETTING), shown, allow)
        const head = values.slice(0, shown)
        const grown = createDetector(detectorOf(head, past.step, SETTING).grid, SETTING)
        while (grown.state.next < Math.min(shown, grown.grid.length)) judgeNext(grown, allow)
        expect(grown.state.next).toBeLessThanOrEqual(shown)
        if (grown.grid.length === shown) expect(grown.state).toEqual(whole.state)
      }),
      { numRuns: 30 },
    )
  })

  it('starts from nothing', () => {
    const detector = detectorOf([1, 2, 3], STEP, SETTING)
    expect(detector.state).toEqual(startState())
    expect(spansOf(detector)).toEqual([])
  })
})

describe('what the first days hide', () => {
  const PLATEAU = (days: number): number[] =>
    Array.from({ length: (days * DAY) / STEP }, (_, i) => {
      const hour = ((i * STEP) / HOUR) % 24
      return (hour < 7 ? 200 : 1000) * (1 + 0.02 * Math.sin(i))
    })

  it('learn a day of plateau and a night at a fifth, in place of an outage every night', () => {
    expect(spansOf(judged(PLATEAU(21)))).toEqual([])
  })

  it('hold an outage of the second day to the usual that it opened under, with no return while it is dark', () => {
    const values = cut(sample({ days: 8, swing: 0.5 }), STEP, 1.5 * DAY, 6 * DAY, 0.03)
    const [first] = spansOf(judged(values))
    expect(first?.onset.at).toBe(after(1.5 * DAY))
    expect(first?.end?.at ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(after(6 * DAY))
  })
})
