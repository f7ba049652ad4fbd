import type { Seconds, UnixSeconds } from '../model/brand.ts'
import type { SeriesInfo, SeriesKey } from '../model/series.ts'
import { seriesName } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import type { StoredEntity } from '../store/store.ts'

/**
 * By how many seconds most of the times lie after a multiple of `step`: one bad time, though it were the first, must not
 * cost all others.
 */
export function commonPhase(times: readonly number[], step: Seconds): Seconds {
  const votes = new Map<number, number>()
  for (const time of times) {
    const phase = ((time % step) + step) % step
    votes.set(phase, (votes.get(phase) ?? 0) + 1)
  }
  let best = 0
  for (const [phase, count] of votes) if (count > (votes.get(best) ?? 0)) best = phase
  return best as Seconds
}

/** One series as a reader found it: rows in the order of the file, each bin once. */
export interface LoadedSeries {
  readonly info: SeriesInfo
  readonly spec: SignalSpec
  readonly bins: number[]
  readonly values: number[]
  readonly weights: number[]
}

/** What the readers of a case fill. */
export interface Collected {
  readonly series: Map<string, LoadedSeries & { readonly seen: Map<number, number> }>
  readonly entities: Map<string, StoredEntity>
}

export function emptyCollection(): Collected {
  return { series: new Map(), entities: new Map() }
}

export type AddOutcome = 'added' | 'repeated' | 'conflict' | 'off-grid' | 'other-step'

/**
 * Adds one bin.
 *
 * @param phase of the grid, where the series is a new one; a known one keeps its own.
 * @returns `repeated` for the same bin with the same value, `conflict` for another value (the first one stays),
 *          `off-grid` for a time that no bin of the series starts at, `other-step` when the series has bins of another length.
 */
export function addBin(
  into: Collected,
  key: SeriesKey,
  spec: SignalSpec,
  step: Seconds,
  phase: Seconds,
  bin: UnixSeconds,
  value: number,
  weight: number,
): AddOutcome {
  const name = seriesName(key)
  let series = into.series.get(name)
  if (series === undefined) {
    series = { info: { ...key, step, phase }, spec, bins: [], values: [], weights: [], seen: new Map() }
    into.series.set(name, series)
  }
  if (series.info.step !== step) return 'other-step'
  if ((bin - series.info.phase) % step !== 0) return 'off-grid'
  const before = series.seen.get(bin)
  if (before !== undefined) return Object.is(before, value) ? 'repeated' : 'conflict'
  series.seen.set(bin, value)
  series.bins.push(bin)
  series.values.push(value)
  series.weights.push(weight)
  return 'added'
}

/** The spec of each signal, by the first of its series: the whole comes before its parts. */
export function specsOf(series: readonly LoadedSeries[]): readonly SignalSpec[] {
  const specs = new Map<string, SignalSpec>()
  for (const { spec } of series) if (!specs.has(signalKey(spec))) specs.set(signalKey(spec), spec)
  return [...specs.values()]
}
