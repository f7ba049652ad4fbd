import type { UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'

const STEPS: readonly number[] = [
  HOUR / 2,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  4 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  365 * DAY,
]

export interface TimeTick {
  readonly at: UnixSeconds
  /** A whole day: its label is a date; else a time of day. */
  readonly isDay: boolean
}

/**
 * Ticks on full hours and days of a clock, at most `most` of them and as many of those as go.
 *
 * @param offset of that clock, in seconds east of UTC: 0 for UTC.
 */
export function timeTicks(from: number, until: number, most: number, offset: number): readonly TimeTick[] {
  const step = STEPS.find((candidate) => (until - from) / candidate <= most) ?? 3650 * DAY
  // Steps of several days count from the first midnight in view, not from the epoch: a week of ticks then begins with it.
  const begin = from + offset
  const origin = step > DAY ? Math.ceil(begin / DAY) * DAY : Math.ceil(begin / step) * step
  const ticks: TimeTick[] = []
  for (let wall = origin; wall < until + offset; wall += step) {
    ticks.push({ at: (wall - offset) as UnixSeconds, isDay: wall % DAY === 0 })
  }
  return ticks
}
