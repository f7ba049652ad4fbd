import type { Answer, AnswerWithBody } from '../model/answer.ts'
import type { EntityId, IncidentId, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import type { HealthInterval } from '../model/health.ts'
import type { Revision } from '../model/incident.ts'
import type { Interval, Intervals } from '../model/intervals.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { Column, SeriesInfo } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'

/** A series under the number by which its rows are kept: from 0, dense, never reused. */
export interface StoredSeries extends SeriesInfo {
  readonly id: number
}

/** Rows of many series that arrived together, in columns of equal length. Any order; a (series, bin) at most once. */
export interface Batch {
  /** When they were with us, of back-fill too: what was fetched later was not known before. For cases: bin end + the signal's expected delay. */
  readonly arrival: UnixSeconds
  readonly series: Uint32Array
  /** Starts of bins in UTC seconds. */
  readonly bins: Float64Array
  /** `NaN` = the source was asked and gave none. */
  readonly values: Float64Array
  /** `NaN` = the source does not say. */
  readonly weights: Float64Array
  /** Number of the upstream answer that they were read from (`keepAnswer`); absent for cases and reconstructions. */
  readonly answer?: number
  /** Kept with the rows or not at all, also when no row is new: this span of a source's stream has been answered. */
  readonly covered?: { readonly stream: string; readonly span: Interval }
}

/** An answer in the archive. The same bytes fetched twice are two answers with one body. */
export interface KeptAnswer extends Answer {
  /** From 1, growing. */
  readonly id: number
  /** False once the retention of raw answers has let the body go; the record stays. */
  readonly hasBody: boolean
}

/** Consecutive bins of one series whose newest values came by the same answer. */
export interface Provenance {
  /** Start of the first bin. */
  readonly from: UnixSeconds
  /** End of the last bin. */
  readonly until: UnixSeconds
  readonly bins: number
  readonly batch: number
  readonly arrival: UnixSeconds
  /** `null` for what came from a case file. */
  readonly answer: KeptAnswer | null
}

/** A revision under its number among all revisions, from 1 without holes: the order of publication. */
export interface PublishedRevision {
  readonly place: number
  readonly revision: Revision
}

export interface HealthFilter {
  readonly source?: SourceId
  readonly signal?: SignalId
  /** Only intervals that touch it. */
  readonly range?: Range
}

/** Which route events are meant: those that pass all that is named. */
export interface RouteEventFilter {
  /** ISO 3166-1, as the events carry it; what counts for no country is found by its origin or prefix. */
  readonly country?: string
  /** Any of these AS. */
  readonly origins?: readonly number[]
  /** This very prefix, as it is written in the events (RFC 5952). */
  readonly prefix?: string
  /** Compared with the second of the event. */
  readonly range?: Range
  readonly source?: string
}

/** What is kept of a series' bins of one hour, for ever: the roll-up that stays when raw bins go. */
export interface HourColumn {
  /** Starts of hours (the hour that holds the start of the bin), ascending; hours without a row are not there. */
  readonly hours: Float64Array
  /** Bins with a value; 0 when all rows of the hour hold none, and then the next three are `NaN`. */
  readonly counts: Float64Array
  readonly means: Float64Array
  readonly least: Float64Array
  readonly most: Float64Array
}

/** How much of each UTC day was seen. */
export interface DayColumn {
  /** Midnights (of the day that holds the start of the bin), ascending; days without a row are not there. */
  readonly days: Float64Array
  /** Bins with a value. */
  readonly counts: Float64Array
}

/** What may go, by the owner's settings. */
export interface Retention {
  /** Raw bins are replaced by their hours, in whole UTC days of which the last bin ended at this instant or before. */
  readonly rawBefore: UnixSeconds
  /** Bodies of answers fetched before this are let go. */
  readonly answersBefore: UnixSeconds
  /** Series of which no raw bin goes: those that were put in by hand, and that nobody would fetch again. */
  readonly spare?: readonly number[]
  /**
   * Windows of incidents with their baselines: raw bins and answers of these series and spans stay for ever. They are
   * widened to whole hours: an hour is either in raw bins or rolled up.
   */
  readonly keep: readonly { readonly series: readonly number[]; readonly range: Range }[]
  /** Route events that pass one of these stay for ever; of the others those of days that `rawBefore` lets go of leave. */
  readonly keepRoutes?: readonly RouteEventFilter[]
}

export interface RetentionResult {
  /** Raw bins that were replaced by their hours. */
  readonly bins: number
  /** Answers that let go of their bytes; equal bytes go with the last answer that holds them. */
  readonly answers: number
  /** Route events that are gone. */
  readonly routes: number
}

export interface AppendResult {
  /** The batch's number, from 1, growing. When nothing was new: the number of the last batch, unchanged. */
  readonly batch: number
  readonly appended: number
  /**
   * Rows left out because the store holds the same value and weight for that bin as its newest, or because their hour
   * is rolled up, which is never opened again.
   */
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

  /** @throws RangeError for a batch that no series can hold: a bin off its grid or twice, an unknown series or answer. */
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

  /** In the order of publication, those after `place`, at most `limit`. */
  published(after: number, limit: number): Promise<readonly PublishedRevision[]>
  /** The number of the newest revision; 0 when there is none. */
  lastPublished(): Promise<number>

  /** Keeps an answer with its bytes. @returns its number. @throws RangeError when hash or length are not the bytes'. */
  keepAnswer(answer: AnswerWithBody): Promise<number>
  /** Every time that these bytes were fetched, in the order in which they were kept. */
  answers(sha256: string): Promise<readonly KeptAnswer[]>
  /** The bytes, checked against their hash; `null` when there are none, or they were let go. @throws StoreError when they do not match. */
  answerBody(sha256: string): Promise<Uint8Array | null>
  /** Where the newest values of a series' bins came from, in the order of bins. Bins that were rolled up have none. */
  provenance(id: number, range: Range): Promise<readonly Provenance[]>
  /** Spans answered so far, by stream. */
  covered(): Promise<ReadonlyMap<string, Intervals>>

  /** Adds or replaces, by (source, signal, scope, condition, from). */
  putHealth(intervals: readonly HealthInterval[]): Promise<void>
  /** In the order of their begin. */
  health(filter: HealthFilter): Promise<readonly HealthInterval[]>

  /**
   * Adds what is new. The same event again (source, second, kind, prefix and origin) is none, whatever else it says; of
   * one that comes several times in a call the last counts.
   *
   * @returns how many were new. @throws RangeError for one that no store can hold; nothing of the call is kept then.
   */
  putRouteEvents(events: readonly RouteEvent[]): Promise<number>
  /** In the order of time; those of one second in the order in which they were put in. */
  routeEvents(filter: RouteEventFilter): Promise<readonly RouteEvent[]>

  /** Something derived that saves work after a restart; may be dropped at any time. `null` bytes remove it. */
  putDerived(key: string, bytes: Uint8Array | null): Promise<void>
  derived(key: string): Promise<Uint8Array | null>

  /** The hours of a series that begin within the range, each whole: rolled up, and those still in raw bins, alike. */
  readHours(id: number, range: Range): Promise<HourColumn>
  /** The days of many series that begin within the range, each whole, in raw bins or rolled up; every id has a column. */
  days(ids: readonly number[], range: Range): Promise<ReadonlyMap<number, DayColumn>>
  /** Lets go what the settings say, after its hours were kept. Bins of days that are not closed stay. */
  retain(retention: Retention): Promise<RetentionResult>

  /** Rewrites days that ended before `before` in the order of series and bins. Changes no answer. */
  compact(before: UnixSeconds): Promise<void>
  close(): Promise<void>
}
