import type { EntityId, IncidentId, UnixSeconds } from '../model/brand.ts'
import type { Incident, IncidentState, Revision } from '../model/incident.ts'
import type { BaselineKind, Note } from '../model/judgement.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import type { Origin } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'
import type { AsOf, Range, SeriesFilter, StoredEntity, StoredSeries } from '../store/store.ts'

/** How one bin of a series was read. */
export type BinReading =
  /** Within what is usual, or off it without opening anything. */
  | 'quiet'
  /** Inside a span. */
  | 'span'
  /** No value and nobody can say why: drawn hatched, never as 0. */
  | 'gap'
  /** No value from a source that leaves zeros out, among values near zero: a true zero or silence, nobody can tell. */
  | 'ambiguous-gap'

/** A series beside its usual, bin by bin over a range, one entry for every bin of its grid. `NaN` = none. */
export interface Trace {
  readonly series: StoredSeries
  readonly spec: SignalSpec
  /** Starts of bins. */
  readonly bins: Float64Array
  readonly values: Float64Array
  /** Usual value for that bin; `NaN` while there is too little history. */
  readonly expected: Float64Array
  /** One robust standard deviation in the value's unit. */
  readonly spread: Float64Array
  /** value ÷ expected. */
  readonly shares: Float64Array
  readonly readings: readonly BinReading[]
  /** What the baseline knew at the end of the range; `null` while it knew nothing. */
  readonly baseline: BaselineKind | null
}

export interface IncidentFilter {
  readonly entity?: EntityId
  /** Of that country, or of anything within it. */
  readonly country?: string
  readonly states?: readonly IncidentState[]
  /** Incidents that touch `[since, until)`. */
  readonly since?: UnixSeconds
  readonly until?: UnixSeconds
  /** Only what is part of no other incident. */
  readonly topLevelOnly?: boolean
}

/** Something that a case knows beforehand and shows beside what was found: an observer's own time for an event. */
export interface Waypoint {
  readonly at: UnixSeconds
  readonly entity: EntityId
  readonly observer: string
  readonly text: string
  readonly source: string
  readonly url: string | null
}

/**
 * One body of data that can be read, judged and shown: what the observatory watches live, or one replay.
 * Pages and interface are made from a view alone, so that a replay shows exactly what live would have shown.
 */
export interface View {
  /** `live`, or the id of the case. */
  readonly id: string
  readonly title: string
  /** The strictest origin of its series; `null` while it holds none. */
  readonly origin: Origin | null
  readonly gazetteer: Gazetteer
  readonly hierarchy: Hierarchy
  readonly ruleVersion: string
  /** The instant that it speaks from: the clock's for live, the end of the data for a replay. */
  now(): UnixSeconds
  /** Newest bin end of any series; `null` without data. */
  newestData(): Promise<UnixSeconds | null>
  specs(): Promise<readonly SignalSpec[]>
  entities(): Promise<readonly StoredEntity[]>
  series(filter: SeriesFilter): Promise<readonly StoredSeries[]>
  trace(seriesId: number, range: Range, asOf: AsOf): Promise<Trace>
  incidents(filter: IncidentFilter, asOf: AsOf): Promise<readonly Incident[]>
  incident(id: IncidentId, asOf: AsOf): Promise<Incident | null>
  revisions(id: IncidentId): Promise<readonly Revision[]>
  /** Off their usual, but not by enough to open anything. */
  notes(entity: EntityId): Promise<readonly Note[]>
  waypoints(): readonly Waypoint[]
}

/** A replay as the list of replays shows it, before it is run. */
export interface ReplayEntry {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly origin: Origin
  /** Why it cannot be run here (its data files are missing); `null` when it can. */
  readonly unavailable: string | null
  readonly sources: readonly { readonly name: string; readonly url: string | null; readonly licence: string }[]
}

/** All that pages and interface can be asked about. */
export interface Observatory {
  readonly live: View
  replays(): Promise<readonly ReplayEntry[]>
  /** Runs it at the first call and keeps it. `null` for an unknown id. @throws CaseError when its data are missing. */
  replay(id: string): Promise<View | null>
}
