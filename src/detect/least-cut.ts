import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { BIN_VALUE, indexOf } from './grid.ts'
import { median } from './median.ts'
import type { Detector } from './state.ts'
import { BAND, LASTING, LASTING_BINS, LASTING_SPREADS, judgedFrom, runningLevel } from './state.ts'

/** Noise may raise a bin by so many of its deviations and the cut must show all the same: one bin, and one of a long run. */
const MARGIN = 2.5
const LASTING_MARGIN = 3.5
/** 1.4826 × the median absolute deviation estimates a standard deviation. */
const MAD_TO_SIGMA = 1.4826
/** Of the last day's bins so many must have a value and a usual. */
const LEAST_KNOWN = 0.75
/** Alignments of a cut to the bins that are tried. */
const ALIGNMENTS = 64

/**
 * The smallest change of one series that would surely have opened a span, had it begun at any time of the last day.
 *
 * From the rule, the usual and spread of each bin of the day, the noise that the day had, and how bins cut time: a bin
 * that lies partly in the cut falls partly, and the worst alignment counts. A cut of an hour must show in the worst
 * hour of the day; one of a day in its best.
 *
 * @param lasts how long the cut lasts.
 * @returns share of usual that had to be lost, 0–1 (where rising is bad: the relative rise, which may pass 1); `null`
 *          where none would surely have shown, or too little is known of the last day.
 */
export function leastCut(detector: Detector, lasts: Seconds): number | null {
  const day = lastDay(detector)
  if (day === null) return null
  const { step } = detector.grid
  const { rule } = detector.setting
  const bins = Math.max(2, Math.ceil(rule.openAfter / step))
  const short = cutOver(day.opening, day.opening, bins, lasts, step)
  const run = Math.max(LASTING_BINS, Math.ceil(LASTING / step))
  const long = cutOver(day.low, day.lasting, run + bins - 1, lasts, step)
  const least = Math.min(short, long)
  const most = detector.setting.badDirection === 'down' ? 1 : Number.POSITIVE_INFINITY
  return least <= most && Number.isFinite(least) ? least : null
}

/** What each bin of the last day would have needed; `Infinity` where nothing is judged. In the order of time. */
interface LastDay {
  /** To count towards opening by itself. */
  readonly opening: Float64Array
  /** To be one of a long run of low bins, and to count in such a run. */
  readonly low: Float64Array
  readonly lasting: Float64Array
}

function lastDay(detector: Detector): LastDay | null {
  const { grid, state, setting } = detector
  if (state.seenAt === null) return null
  const to = indexOf(grid, state.seenAt) + 1
  const count = Math.round(DAY / grid.step)
  const from = to - count
  if (from < 0 || count < 1) return null
  const shares = new Float64Array(count).fill(Number.NaN)
  let known = 0
  for (let i = 0; i < count; i++) {
    const expected = grid.expected[from + i] ?? Number.NaN
    if (grid.flags[from + i] !== BIN_VALUE || Number.isNaN(expected)) continue
    known += 1
    if (expected > 0) shares[i] = (grid.values[from + i] ?? Number.NaN) / expected
  }
  if (known < LEAST_KNOWN * count) return null
  const middle = median(shares)
  const noise = MAD_TO_SIGMA * median(shares.map((share) => Math.abs(share - middle)))
  const isRunning = state.baseline === 'running-median'
  const open = isRunning ? runningLevel(setting.rule.open) : setting.rule.open
  const opening = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  const low = opening.slice()
  const lasting = opening.slice()
  for (let i = 0; i < count; i++) {
    const expected = grid.expected[from + i] ?? Number.NaN
    if (!(expected > judgedFrom(setting))) continue
    const spread = (grid.spread[from + i] ?? Number.NaN) / expected
    // A count is rounded, by up to half a step in the wrong direction.
    const rounding = setting.quantum / 2 / expected
    const level = Math.abs(1 - open)
    opening[i] = Math.max(level, (isRunning ? BAND : setting.rule.openSpreads) * spread) + MARGIN * noise + rounding
    if (isRunning) continue
    low[i] = level + LASTING_MARGIN * noise + rounding
    lasting[i] = Math.max(level, LASTING_SPREADS * spread) + LASTING_MARGIN * noise + rounding
  }
  return { opening, low, lasting }
}

/**
 * The least that a cut of a length needs so that `bins` in a row are bad: `needed` in each, `last` in the last of them.
 */
function cutOver(needed: Float64Array, last: Float64Array, bins: number, lasts: Seconds, step: Seconds): number {
  const covered = surelyCovered(bins, lasts / step)
  if (covered === 0 || bins > needed.length) return Number.POSITIVE_INFINITY
  const windows = new Float64Array(needed.length - bins + 1)
  for (let start = 0; start < windows.length; start++) {
    let worst = last[start + bins - 1] ?? Number.POSITIVE_INFINITY
    for (let i = start; i < start + bins; i++) worst = Math.max(worst, needed[i] ?? worst)
    windows[start] = worst
  }
  return (lasts >= DAY ? surelyLeft(windows, bins) : windows.reduce((most, each) => Math.max(most, each), 0)) / covered
}

/** The best window of a day that a cut of a whole day leaves untorn, if it begins where that is worst. */
function surelyLeft(windows: Float64Array, bins: number): number {
  const after = new Float64Array(windows.length + 1).fill(Number.POSITIVE_INFINITY)
  for (let i = windows.length - 1; i >= 0; i--) after[i] = Math.min(windows[i] ?? 0, after[i + 1] ?? 0)
  let before = Number.POSITIVE_INFINITY
  let worst = 0
  for (let begins = 0; begins < windows.length; begins++) {
    if (begins >= bins) before = Math.min(before, windows[begins - bins] ?? before)
    worst = Math.max(worst, Math.min(before, after[begins + 1] ?? before))
  }
  return worst
}

/**
 * How much of the n-th most covered bin a cut covers at least, 0–1, however it lies to the bins.
 *
 * @param length of the cut, in bins. @internal
 */
export function surelyCovered(n: number, length: number): number {
  let least = 1
  for (let i = 0; i < ALIGNMENTS; i++) {
    const first = Math.min(length, 1 - i / ALIGNMENTS)
    const whole = Math.floor(length - first + 1e-9)
    const rest = Math.max(0, length - first - whole)
    const covers = [first, rest].sort((a, b) => b - a)
    const covered = n <= whole ? 1 : (covers[n - whole - 1] ?? 0)
    least = Math.min(least, covered)
  }
  return least < 1e-6 ? 0 : least
}

/**
 * Has it spoken lately? Three bins, or an hour of short ones, may be missing.
 *
 * @param delay from a bin's end to when it is normally with us.
 */
export function isFresh({ grid, state }: Detector, delay: Seconds, now: UnixSeconds): boolean {
  if (state.seenAt === null) return false
  return state.seenAt + grid.step + delay + Math.max(3 * grid.step, HOUR) >= now
}
