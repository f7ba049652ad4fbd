import type { UnixSeconds } from '../model/brand.ts'
import { WEEK } from '../model/time.ts'
import { BIN_VALUE, binAt, indexOf, letGo } from './grid.ts'
import type { Detector, DetectorState } from './state.ts'
import { LASTING_SPREADS, beyond } from './state.ts'

/** A judged bin that the grid has let go of: where it stood from its usual. */
interface PastBin {
  readonly at: UnixSeconds
  readonly share: number
  /** Distance from usual, in spreads, to either side. */
  readonly spreads: number
}

/**
 * What is still asked of bins that were let go of: which of them was the last good one before an onset, and where the
 * data begin.
 */
export interface Past {
  /** First bin that there ever was. */
  readonly began: UnixSeconds
  /** The newest first; only those that may be good where every newer one is not. */
  readonly bins: readonly PastBin[]
}

/** The newest of them that was good; where none was, the bin that the data begin with. */
export function lastInPast(past: Past, isGood: (share: number, spreads: number) => boolean): UnixSeconds {
  return past.bins.find((each) => isGood(each.share, each.spreads))?.at ?? past.began
}

/**
 * Lets go of the bins before an instant, but for those that judging may still ask for when it goes on from `states`.
 *
 * @param states the detector's present state and every one that it may be taken back to.
 */
export function letGoBefore(detector: Detector, before: UnixSeconds, states: readonly DetectorState[]): void {
  const { grid } = detector
  // One bin stays at least: it says where the grid goes on.
  const wanted = Math.min(Math.floor(indexOf(grid, before)), grid.length - 1)
  const count = states.reduce((least, state) => Math.min(least, neededFrom(detector, state)), wanted)
  if (count <= 0) return
  detector.past = {
    began: detector.past?.began ?? grid.first,
    bins: pastOf(detector, count),
  }
  letGo(grid, count)
  for (const state of new Set([...states, detector.state])) state.next -= count
}

/** Index of the first bin that judging from a state on may ask for. */
function neededFrom({ grid }: Detector, { next, suspectFrom, lowFrom, offFrom }: DetectorState): number {
  const at = binAt(grid, next)
  // A new normal is the median of what was off, of its last week at most.
  const off = offFrom === null ? at : Math.max(offFrom, at - WEEK)
  return Math.floor(indexOf(grid, Math.min(at, suspectFrom ?? at, lowFrom ?? at, off) as UnixSeconds))
}

/** Of the first `count` bins of the grid, and of those let go of before. */
function pastOf(detector: Detector, count: number): readonly PastBin[] {
  const { grid } = detector
  const kept: PastBin[] = []
  const isSure = (each: PastBin): boolean =>
    !beyond(detector, each.share, detector.setting.rule.close) || !(each.spreads >= LASTING_SPREADS)
  /** True when nothing older can matter. */
  const keep = (each: PastBin): boolean => {
    if (!kept.some((newer) => newer.spreads <= each.spreads && !beyond(detector, newer.share, each.share)))
      kept.push(each)
    return isSure(each)
  }
  for (let i = count - 1; i >= 0; i--) {
    const expected = grid.expected[i] ?? Number.NaN
    if (grid.flags[i] !== BIN_VALUE || Number.isNaN(expected)) continue
    const value = grid.values[i] ?? Number.NaN
    const spreads = Math.abs(expected - value) / (grid.spread[i] ?? 1)
    if (keep({ at: binAt(grid, i), share: value / expected, spreads })) return kept
  }
  for (const each of detector.past?.bins ?? []) if (keep(each)) return kept
  return kept
}
