import type { EntityId, IncidentId, Share, UnixSeconds } from '../model/brand.ts'
import type { Detectability } from '../model/detectability.ts'
import type { HealthInterval, SourceStatus } from '../model/health.ts'
import type { Incident, IncidentState, Revision } from '../model/incident.ts'
import type { BaselineKind, Note } from '../model/judgement.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { Origin } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'
import type {
  AsOf,
  HourColumn,
  KeptAnswer,
  Provenance,
  PublishedRevision,
  Range,
  RouteEventFilter,
  SeriesFilter,
  StoredEntity,
  StoredSeries,
} from '../store/store.ts'

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
  /** There is a value, and it is not judged: our view was unhealthy then (`View.health` says how). */
  | 'blind'

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
 * `blind`: it is watched, and none of its signals is fresh and healthy now: nothing can be said of now.
 * `too-little`: watched, but no signal knows its usual yet. `quiet`: at usual, as far as the signals can see.
 */
export type EntityStatus = 'incident' | 'quiet' | 'too-little' | 'blind' | 'not-watched'

/** How one country (or other entity) stands at the view's instant, for maps and lists. */
export interface EntityNow {
  readonly entity: EntityId
  readonly status: EntityStatus
  /** Median over independent fresh signals of the share of usual, routes left out (docs/adr/0005); `null` when none can say. */
  readonly share: Share | null
  /** End of its newest bin with a value. */
  readonly seenAt: UnixSeconds | null
  /** The open incident of it that weighs most; `null` when there is none. */
  readonly incident: IncidentId | null
}

/** One UTC day of one country: a cell of its strip. */
export interface DayCell {
  readonly day: UnixSeconds
  /** `no-data`: nobody looked, or too little to say. `incident`: at least one episode touched the day. */
  readonly status: 'quiet' | 'incident' | 'no-data'
  /** Of the incident at its worst that day or in whole; `null` when none can say or there was none. */
  readonly worstShare: Share | null
  readonly incident: IncidentId | null
}

/** Something has happened that a page left open wants to know of. */
export type LiveEvent =
  | { readonly kind: 'revision'; readonly published: PublishedRevision }
  /** Our view got better or worse somewhere. */
  | { readonly kind: 'health' }
  /** New bins were judged; `newest` as of `View.newestData`. At most one a round of collecting. */
  | { readonly kind: 'data'; readonly newest: UnixSeconds | null }

/** What happens, as it happens, and from any point on again. */
export interface EventFeed {
  /** The number of the newest revision; 0 when there is none. */
  last(): Promise<number>
  since(place: number, limit: number): Promise<readonly PublishedRevision[]>
  /** @returns what ends it. The listener must not throw. */
  subscribe(listener: (event: LiveEvent) => void): () => void
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
  /** Another number whenever an answer may have changed, but for what time alone changes. A replay's never does. */
  version(): number
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
  /** Sources that feed it, with their health; none for a replay, whose data are all there. */
  sources(): Promise<readonly SourceStatus[]>
  /** Stretches in which our view was unhealthy, of the signals that speak of `entity` (`null` = of all). */
  health(entity: EntityId | null, range: Range): Promise<readonly HealthInterval[]>
  /** All watched countries, by code. */
  countries(): Promise<readonly EntityNow[]>
  /** Whole UTC days that touch `range`, one cell a day, for each watched country. */
  days(range: Range): Promise<ReadonlyMap<EntityId, readonly DayCell[]>>
  /** One entry a kind, always all kinds. */
  detectability(entity: EntityId): Promise<readonly Detectability[]>
  provenance(seriesId: number, range: Range): Promise<readonly Provenance[]>
  /** Upstream answers under one hash; empty for an unknown one. `body` is `null` once it was let go. */
  answer(sha256: string): Promise<{ readonly answers: readonly KeptAnswer[]; readonly body: Uint8Array | null }>
  hours(seriesId: number, range: Range): Promise<HourColumn>
  /** Prefixes that the world lost sight of or saw again, in the order of time. */
  routeEvents(filter: RouteEventFilter): Promise<readonly RouteEvent[]>
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
  /** Of the live view. */
  readonly events: EventFeed
  replays(): Promise<readonly ReplayEntry[]>
  /** Runs it at the first call and keeps it. `null` for an unknown id. @throws CaseError when its data are missing. */
  replay(id: string): Promise<View | null>
}
