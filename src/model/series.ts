import type { EntityId, Seconds, SignalId, SourceId } from './brand.ts'

/** A reconstruction is never mistaken for a measurement, nor a laboratory for the world. */
export type Origin = 'measured' | 'reconstructed' | 'laboratory'

export interface SeriesKey {
  readonly source: SourceId
  readonly signal: SignalId
  readonly entity: EntityId
  /** A service (`telegram`) or another part of the entity; `null` for the whole. */
  readonly facet: string | null
  readonly origin: Origin
}

/** A series with the grid that its bins lie on: `[start, start + step)`, `(start − phase)` a multiple of `step`. */
export interface SeriesInfo extends SeriesKey {
  readonly step: Seconds
  /** 0 ≤ phase < step; 0 but for bins cut on a local clock with a zone of half an hour. */
  readonly phase: Seconds
}

/** Names a series within one store, for people, logs and filters: `ioda/ping.up_slash24s/country:IR`. */
export function seriesName(key: SeriesKey): string {
  const facet = key.facet === null ? '' : `/${key.facet}`
  const origin = key.origin === 'measured' ? '' : `@${key.origin}`
  return `${key.source}/${key.signal}/${key.entity}${facet}${origin}`
}

/**
 * Observations of one series in columns, in the order of their bins (starts, UTC seconds), one row a bin.
 * `NaN` in `values` = the source was asked and gave none; no row at all = nobody looked. Neither is ever 0.
 * `weights` = how much a value rests on (peers, probes, tests), in the source's own unit; `NaN` = it does not say.
 */
export interface Column {
  readonly bins: Float64Array
  readonly values: Float64Array
  readonly weights: Float64Array
}
