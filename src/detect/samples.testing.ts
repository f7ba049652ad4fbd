import type { Seconds, Share, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { Detector, DetectorSetting } from './state.ts'
import { judgeNext } from './detector.ts'
import { createDetector } from './state.ts'
import { createGrid, put } from './grid.ts'
import type { DetectionRule } from './rules.ts'

/** Monday, 2024-01-01T00:00:00Z. */
export const MONDAY = 1_704_067_200 as UnixSeconds

/** A rule in the middle of the table, for tests of how rules are followed. */
export const RULE: DetectionRule = {
  open: 0.8 as Share,
  close: 0.9 as Share,
  openSpreads: 5,
  openAfter: HOUR,
  closeAfter: HOUR,
  spreadFloor: 0.01,
  minUsual: 0,
  minWeight: null,
  opens: true,
  reliability: 0.8,
  reason: 'for tests',
}

export const SETTING: DetectorSetting = {
  rule: RULE,
  badDirection: 'down',
  seasonality: 'weekly',
  quantum: 0,
  zeroIsOmitted: false,
  offsetAt: () => 0,
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Normal with mean 0 and deviation 1 (Box and Muller). */
export function normal(seed: number): () => number {
  const next = uniform(seed)
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

export interface Sample {
  readonly step: Seconds
  readonly days: number
  readonly level: number
  /** Deviation of one bin's noise as a share of its value. */
  readonly noise: number
  /** The night lies this share below the mean, the day as much above. */
  readonly swing: number
  /** Share that is left at weekends. */
  readonly weekend: number
  readonly quantum: number
  readonly seed: number
}

export const SAMPLE: Sample = {
  step: (30 * 60) as Seconds,
  days: 35,
  level: 1000,
  noise: 0.02,
  swing: 0.2,
  weekend: 0.9,
  quantum: 0,
  seed: 1,
}

/** Values from Monday on, with a rhythm of the day and of the week, and noise. */
export function sample(wanted: Partial<Sample>): number[] {
  const { step, days, level, noise, swing, weekend, quantum, seed } = { ...SAMPLE, ...wanted }
  const next = normal(seed)
  return Array.from({ length: (days * DAY) / step }, (_, i) => {
    const day = (i * step) / DAY
    const weekly = Math.floor(day) % 7 >= 5 ? weekend : 1
    const value = level * weekly * (1 - swing * Math.cos(2 * Math.PI * day)) * (1 + noise * next())
    return Math.max(0, quantum > 0 ? Math.round(value / quantum) * quantum : value)
  })
}

/** A grid of its own from Monday on; `NaN` stays a gap that nobody looked at. */
export function detectorOf(values: readonly number[], step: Seconds, setting: DetectorSetting): Detector {
  const grid = createGrid(step, 0 as Seconds)
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) put(grid, (MONDAY + i * step) as UnixSeconds, value)
  })
  return createDetector(grid, setting)
}

/** Judges to the end of the grid, or up to `until`, and refuses every new normal unless told otherwise. */
export function judgeAll(
  detector: Detector,
  until = detector.grid.length,
  mayBecomeNormal: (at: UnixSeconds, inSpan: boolean) => boolean = () => false,
): Detector {
  while (detector.state.next < until) judgeNext(detector, mayBecomeNormal)
  return detector
}
