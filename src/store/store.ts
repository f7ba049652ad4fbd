import type { EntityId, IncidentId, UnixSeconds } from '../model/brand.ts'
import type { Revision } from '../model/incident.ts'
import type { Column, SeriesInfo } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'

/** A series under the number by which its rows are kept: from 0, dense, never reused. */
export interface StoredSeries extends SeriesInfo {
  readonly id: number
}

/** Rows of many series that arrived together, in columns of equal length. Any order; a (series, bin) at most once. */
export interface Batch {
  /** When they were with us. For back-fill and cases: bin end + the signal's expected delay. */
  readonly arrival: UnixSeconds
  readonly series: Uint32Array
  /** Starts of bins in UTC seconds. */
  readonly bins: Float64Array
  /** `NaN` = the source was asked and gave none. */
  readonly values: Float64Array
  /** `NaN` = the source does not say. */
  readonly weights: Float64Array
}

export interface AppendResult {
  /** The batch's number, from 1, growing. When nothing was new: the number of the last batch, unchanged. */
  readonly batch: number
  readonly appended: number
  /** Rows left out because the store holds the same value and weight for that bin as its newest. */
  readonly unchanged: number
}

/** `[from, until)` in UTC seconds, compared with the starts of bins. */
export interface Range {
  readonly from: UnixSeconds
  readonly until: UnixSeconds
}

/**
 * Which data are meant: `null` for all there is, or 'as known then': batches that arrived at that instant or before.
 * Among the batches that count, the last one (by number) that holds a bin gives its value.
 */
export type AsOf = UnixSeconds | null

export interface SeriesFilter {
  readonly source?: string
  readonly signal?: string
  readonly entity?: EntityId
}

export interface RevisionFilter {
  readonly incident?: IncidentId
  readonly entity?: EntityId
  /** Only revisions published at that instant or before. */
  readonly asOf?: UnixSeconds
}

/** What the store knows of an entity that no table of ours holds: the cities and counties of a case. */
export interface StoredEntity {
  readonly entity: EntityId
  readonly name: string
  readonly parent: EntityId | null
  readonly timeZone: string | null
  /** How many children exist, where a source says so; `null` otherwise. */
  readonly knownChildren: number | null
}

/**
 * Where observations and revisions are kept. Engines: memory, DuckDB; every engine passes `testStore` of
 * conformance.testing.ts.
 *
 * What a method acknowledged by resolving is there after the process is killed (durable engines).
 * @throws StoreError, with what to do, when the disk is full or refuses; nothing of the failed call is kept then.
 */
export interface Store {
  readonly engine: 'memory' | 'duckdb'

  /** Adds what is new, by key; @returns ids in the order asked. A known key with another step or phase is a StoreError. */
  defineSeries(series: readonly SeriesInfo[]): Promise<readonly number[]>
  series(filter: SeriesFilter): Promise<readonly StoredSeries[]>

  /** Adds or replaces, by source and signal. */
  putSpecs(specs: readonly SignalSpec[]): Promise<void>
  specs(): Promise<readonly SignalSpec[]>
  /** Adds or replaces, by entity. */
  putEntities(entities: readonly StoredEntity[]): Promise<void>
  entities(): Promise<readonly StoredEntity[]>

  /** @throws RangeError for a batch that no series can hold: a bin off its grid or twice, an unknown series. */
  append(batch: Batch): Promise<AppendResult>
  /** One series in the order of bins, one row a bin. Empty columns for an unknown id. */
  read(id: number, range: Range, asOf: AsOf): Promise<Column>
  /** Many series, each once, in the order of `ids`, as they were when it was called; memory holds a few at a time. */
  scan(
    ids: readonly number[],
    range: Range,
    asOf: AsOf,
  ): AsyncIterable<{ readonly id: number; readonly column: Column }>
  /** Number of the last batch; 0 when there is none. */
  lastBatch(): Promise<number>
  /** Arrival of the newest batch; `null` when there is none. */
  lastArrival(): Promise<UnixSeconds | null>

  /** Appends. A revision that is there already (incident and number) is a StoreError: nothing published is edited. */
  publish(revisions: readonly Revision[]): Promise<void>
  /** In the order of publication. */
  revisions(filter: RevisionFilter): Promise<readonly Revision[]>

  /** Rewrites days that ended before `before` in the order of series and bins. Changes no answer. */
  compact(before: UnixSeconds): Promise<void>
  close(): Promise<void>
}
