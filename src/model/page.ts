import type { EntityId, IncidentId, SourceId, UnixSeconds } from './brand.ts'
import type { Detectability } from './detectability.ts'
import type { EntityKind } from './entity.ts'
import type { DarkMatrix, Loss } from './going-dark.ts'
import type { HealthCondition, SignalHealth, SourceStatus } from './health.ts'
import type { Incident, IncidentKind, IncidentState, RevisionReason, Severity } from './incident.ts'
import type { BaselineKind, Span } from './judgement.ts'
import type { AccessKind } from './routing.ts'
import type { Origin } from './series.ts'
import type { Licence, Plane, SignalKey } from './signal.ts'

/*
 * What a page says, before it is put into words and drawn. Made by `api`, rendered by `web`.
 * Plain JSON all through (no NaN, no Map, no function), so that a browser can be handed the same page later.
 */

/** One catalogue of `src/words/` each. */
export type Language = 'en'

/** An entity by name, with the address of its page in the same view. */
export interface EntityRef {
  readonly id: EntityId
  readonly kind: EntityKind
  readonly name: string
  /** ISO 3166-1 code (or XK) where the id carries one: names of countries bend by it. */
  readonly country: string | null
  /** Name of the country that it lies in; `null` for countries, the world and an AS. */
  readonly within: string | null
  readonly href: string
}

/** The clock on the wall there. Offsets by the zone's own history; the first change also holds before its instant. */
export interface LocalClock {
  /** IANA name, always printed. */
  readonly zone: string
  readonly changes: readonly { readonly from: UnixSeconds; readonly offset: number }[]
}

/**
 * The instant that a page speaks from. Live: the clock's, and up to where there are data that can be judged (`newest`);
 * `stale` when none of the signals that the page rests on is fresh and healthy, so that we are blind for what is now.
 * Replay: the end of the case's data.
 */
export type Standpoint =
  | { readonly kind: 'live'; readonly now: UnixSeconds; readonly newest: UnixSeconds | null; readonly stale: boolean }
  | { readonly kind: 'replay'; readonly end: UnixSeconds }

/** The strictest of the inputs' licences, and who is to be named. */
export interface LicenceLine {
  readonly strictest: Licence | null
  readonly citations: readonly string[]
}

/** A stretch in which our view of a signal was unhealthy: about us and our sources, never about a country. */
export interface HealthLine {
  readonly key: SignalKey
  /** Of the signal, as its source names it. */
  readonly label: string
  /** Of the source. */
  readonly source: string
  readonly condition: HealthCondition
  readonly from: UnixSeconds
  /** `null` while it lasts. */
  readonly until: UnixSeconds | null
  /** `null` = everywhere. */
  readonly scope: EntityRef | null
  /** Numbers and causes, such as `HTTP 503`; may be empty. */
  readonly detail: string
}

export interface Frame {
  readonly language: Language
  /** Path of this page itself. */
  readonly path: string
  /** Front page of the observatory in this language, whatever the view. */
  readonly root: string
  readonly view: {
    readonly id: string
    readonly title: string
    readonly origin: Origin | null
    /** Front page of the view: `/en/`, `/en/replay/iran-2026/`. */
    readonly home: string
    /** `/api/v1`, `/api/v1/replays/iran-2026`. */
    readonly api: string
    readonly ruleVersion: string
  }
  readonly standpoint: Standpoint
  /** Which clock short times are read from: UTC, or that of the place that the page is about (UTC where it has none). */
  readonly time: TimeShown
  /** The same page by the one and the other. */
  readonly times: readonly Choice<TimeShown>[]
  /** The newest revision when the page was begun: a page left open asks for what came after. `null`: it never changes. */
  readonly place: number | null
  /** What is wrong now with signals that this page rests on; empty for a replay, whose data are all there. */
  readonly unhealthy: readonly HealthLine[]
  /** `null` on pages that show no data. */
  readonly licence: LicenceLine | null
}

/** `?tz=` of an address. The reader's own clock is known to the browser alone. */
export type TimeShown = 'utc' | 'local'

/** Something that the signals at hand would not show, so that no page is read as an all-clear. */
export type BlindSpot = 'mobile-only' | 'services' | 'inside' | 'local' | 'throttling'

/** `blind`: there is a value, and it is not judged, for our view was unhealthy. */
export type BinReading = 'quiet' | 'span' | 'gap' | 'ambiguous-gap' | 'blind'

/** A series beside its usual, in columns of equal length. `null` = none; never a zero that nobody measured. */
export interface TraceColumns {
  readonly bins: readonly UnixSeconds[]
  readonly values: readonly (number | null)[]
  readonly expected: readonly (number | null)[]
  readonly spread: readonly (number | null)[]
  readonly shares: readonly (number | null)[]
  readonly readings: readonly BinReading[]
}

/** A stretch of bins that say nothing; `until` is the end of its last bin. */
export interface GapStretch {
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  /**
   * `ambiguous`: the source leaves zeros out and was near zero, so that it may be a true zero.
   * `blind`: values came and are not judged.
   */
  readonly reading: 'unknown' | 'ambiguous' | 'blind'
  /** What was wrong with our view then, where that is known. */
  readonly why: { readonly condition: HealthCondition; readonly source: string; readonly detail: string } | null
}

/** An upstream answer that numbers were read from: the end of the way from a page to the wire. */
export interface AnswerLine {
  readonly sha256: string
  readonly url: string
  readonly status: number
  readonly fetchedAt: UnixSeconds
  readonly bytes: number
  /** The record, as JSON. */
  readonly record: string
  /** The bytes as they came; `null` once they were let go. */
  readonly body: string | null
}

/** Where the numbers of one series come from. */
export interface ProvenanceLine {
  /** Of the source that answered. */
  readonly source: string
  /** Those that gave the bins that matter most: the onset's, the newest; none for what came from a case file. */
  readonly answers: readonly AnswerLine[]
  /** All of them, as JSON. */
  readonly all: string
}

/** One series as a page draws it. */
export interface Panel {
  readonly seriesId: number
  readonly key: SignalKey
  readonly label: string
  readonly plane: Plane
  readonly unit: string
  readonly badDirection: 'down' | 'up'
  readonly zeroIsOmitted: boolean
  readonly entity: EntityRef
  readonly facet: string | null
  readonly origin: Origin
  /** Seconds from one bin to the next in the source's own grid. */
  readonly step: number
  readonly baseline: BaselineKind | null
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  /** Columns may hold fewer bins than the source: least and greatest of each bucket are kept. */
  readonly columns: TraceColumns
  /** Of the whole range, taken before bins were left out. */
  readonly gaps: readonly GapStretch[]
  readonly spans: readonly Span[]
  readonly csv: string
  readonly json: string
  readonly provenance: ProvenanceLine
}

/** A line small enough to stand in a list: shares of usual over the last days. */
export interface Spark {
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  readonly label: string
  readonly bins: readonly UnixSeconds[]
  readonly shares: readonly (number | null)[]
}

/** An incident as lists show it. */
export interface IncidentLine {
  readonly incident: Incident
  readonly entity: EntityRef
  readonly clock: LocalClock | null
  readonly href: string
  /** How many incidents are part of it. */
  readonly members: number
  readonly spark: Spark | null
}

/**
 * `not-watched`: no series. `too-little`: series, but none knows its usual yet, so that nothing can be said.
 * `indirect`: only series that cannot show a cut by themselves (circumvention, side effects).
 * `blind`: none of its signals is fresh and healthy now.
 */
export type WatchStatus = 'incident' | 'quiet' | 'too-little' | 'indirect' | 'blind' | 'not-watched'

export interface WatchedLine {
  readonly entity: EntityRef
  readonly status: WatchStatus
  /** Series that speak of it or of anything within it. */
  readonly series: number
  /** Watched entities within it. */
  readonly within: number
}

/** A country on the world's page. */
export interface CountryLine extends WatchedLine {
  /** Of usual; `null` when no signal can say. */
  readonly share: number | null
  /** Where its open incident that weighs most is told. */
  readonly incident: { readonly kind: IncidentKind; readonly href: string } | null
}

/** One UTC day of a strip. */
export interface StripCell {
  readonly status: 'quiet' | 'incident' | 'no-data'
  readonly share: number | null
  /** Which of the strip's incidents; `null` for none. */
  readonly incident: number | null
}

/** A country's last days, one cell a day, oldest first. */
export interface StripLine {
  readonly entity: EntityRef
  readonly cells: readonly StripCell[]
  readonly incidents: readonly { readonly id: IncidentId; readonly href: string }[]
}

export interface Strips {
  /** Midnight of the first day. */
  readonly from: UnixSeconds
  readonly days: number
  readonly lines: readonly StripLine[]
  /** Countries that are watched and not among the lines: no day of theirs had an incident. */
  readonly without: number
  /** Where all are shown, or only those with incidents again. */
  readonly other: string
  readonly isAll: boolean
}

export type FeedKind = 'onset' | 'update' | 'end' | 'retracted'

/** A revision as the feed tells it. */
export interface FeedLine {
  readonly publishedAt: UnixSeconds
  readonly kind: FeedKind
  readonly id: IncidentId
  readonly number: number
  readonly entity: EntityRef
  readonly incidentKind: IncidentKind
  readonly state: IncidentState
  readonly origin: Origin
  readonly standing: Standing
  readonly severity: Severity
  readonly onset: UnixSeconds
  readonly end: UnixSeconds | null
  readonly reasons: readonly RevisionReason[]
  readonly href: string
}

/** A choice that is made by following a link: the URL is the state. */
export interface Choice<T extends string> {
  readonly value: T
  readonly href: string
  readonly isCurrent: boolean
}

export interface Feed {
  readonly lines: readonly FeedLine[]
  readonly severities: readonly Choice<Severity | 'all'>[]
  readonly kinds: readonly Choice<FeedKind | 'all'>[]
}

/** How our sources do, in short. */
export interface SourcesSummary {
  readonly signals: number
  readonly unhealthy: number
  /** The fresh signal whose newest data are the oldest. */
  readonly oldest: { readonly key: SignalKey; readonly label: string; readonly newest: UnixSeconds } | null
  readonly href: string
}

/** A stretch of a signal off its usual, too short or too shallow to open anything. */
export interface NoteLine {
  readonly signal: SignalName
  readonly since: UnixSeconds
  readonly until: UnixSeconds | null
  readonly worstShare: number
}

/** What a case knows beforehand: an observer's own time for an event, with its source. */
export interface WaypointLine {
  readonly at: UnixSeconds
  readonly entity: EntityRef
  readonly clock: LocalClock | null
  readonly observer: string
  readonly text: string
  readonly source: string
  readonly url: string | null
}

export interface ReplayLine {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly origin: Origin
  /** Why it cannot be run here; `null` when it can. */
  readonly unavailable: string | null
  readonly sources: readonly { readonly name: string; readonly url: string | null; readonly licence: string }[]
  readonly href: string
}

/** The front page of a view: the world as it watches it. */
export interface WorldPage {
  readonly kind: 'world'
  readonly frame: Frame
  /** Incidents that are not closed and part of no other. */
  readonly open: readonly IncidentLine[]
  readonly closed: readonly IncidentLine[]
  /** Of the one incident that the page tells, where it tells one alone. */
  readonly picture: Panel | null
  readonly countries: readonly CountryLine[]
  /** Address of the map of `countries`; `null` while nothing is watched. */
  readonly map: string | null
  readonly strips: Strips | null
  readonly feed: Feed
  /** Live only. */
  readonly sources: SourcesSummary | null
  readonly blindSpots: readonly BlindSpot[]
  /** On the live front page only. */
  readonly replays: readonly ReplayLine[]
  readonly waypoints: readonly WaypointLine[]
}

/** A network in the order of going dark. */
export interface DarkLine {
  /** `null`: the origin of the routes is a set of several AS. */
  readonly entity: EntityRef | null
  /** AS that were seen, where the network is an operator. */
  readonly asns: readonly EntityRef[]
  /** IPv4 and IPv6 apart, what went first first. */
  readonly losses: readonly Loss[]
  /** The page is about it, or about its operator. */
  readonly isOwn: boolean
}

/** Which networks and prefixes lost visibility in routing, in order. */
export interface RoutingSection {
  /** Of whom the routes are: `ris`. */
  readonly source: SourceId
  readonly peers: number
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  /** That it is told of; `null` on its own page, and where it is told of no incident. */
  readonly incident: { readonly id: IncidentId; readonly href: string } | null
  /** In the order of going dark, as many as the page shows at most. */
  readonly lines: readonly DarkLine[]
  readonly more: number
  /** Networks whose routes all stood. */
  readonly never: readonly EntityRef[]
  readonly prefixes: number
  /** Prefixes that came from several AS, or that another AS has now. */
  readonly shared: readonly {
    readonly prefix: string
    readonly origins: readonly number[]
    readonly movedTo: number | null
  }[]
  readonly matrix: DarkMatrix
  /** Of its groups, in order. */
  readonly groups: readonly (EntityRef | null)[]
  readonly csv: string | null
  readonly json: string | null
}

/** Who runs a network, as far as anybody wrote it down. */
export interface NetworkFacts {
  /** In other languages than the page's, by language code. */
  readonly names: readonly { readonly language: string; readonly name: string }[]
  readonly asns: readonly EntityRef[]
  readonly country: EntityRef | null
  /** Of an AS; `null` = unknown. */
  readonly operator: EntityRef | null
  /** `null` = of no operator that is known. */
  readonly access: AccessKind | null
  readonly sources: readonly { readonly text: string; readonly url: string | null; readonly date: string }[]
}

/** An operator as its country's page lists it. */
export interface OperatorLine {
  readonly entity: EntityRef
  readonly access: AccessKind
  readonly asns: readonly EntityRef[]
}

/** Ways to choose what a page's charts show. `best`: from before what matters. */
export type RangeName = 'best' | '24h' | '7d' | '30d' | 'custom'

/** A country, region, place, AS, operator or access kind: one page for all. */
export interface EntityPage {
  readonly kind: 'entity'
  readonly frame: Frame
  readonly entity: EntityRef
  readonly parent: EntityRef | null
  readonly clock: LocalClock | null
  readonly status: WatchStatus
  /** Of usual; `null` when no signal can say. */
  readonly share: number | null
  /** End of its newest bin with a value. */
  readonly seenAt: UnixSeconds | null
  readonly open: readonly IncidentLine[]
  readonly closed: readonly IncidentLine[]
  readonly panels: readonly Panel[]
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds } | null
  readonly ranges: readonly Choice<RangeName>[]
  /** This very stretch of time, for a link that shows the same for ever; `null` without a range. */
  readonly fixed: string | null
  readonly strip: Strips | null
  /** What would have shown here; empty where nothing is watched. */
  readonly detectability: readonly Detectability[]
  /** Stretches of the range in which our view was unhealthy, newest first. */
  readonly health: readonly HealthLine[]
  readonly children: readonly WatchedLine[]
  /** How many children exist, watched or not. */
  readonly knownChildren: number
  /** Newest first, as many as the page shows at most. */
  readonly notes: readonly NoteLine[]
  readonly waypoints: readonly WaypointLine[]
  readonly blindSpots: readonly BlindSpot[]
  /** Of an AS or operator; `null` for all others. */
  readonly network: NetworkFacts | null
  /** Of a country, those that somebody wrote down. */
  readonly operators: readonly OperatorLine[]
  /** `null` where no route event is known of that time. */
  readonly routing: RoutingSection | null
}

/** How the standing of an incident is called: its state, but where it was closed without a return. */
export type Standing = IncidentState | 'new-normal' | 'lost-sight'

export interface RevisionLine {
  readonly number: number
  readonly publishedAt: UnixSeconds
  readonly reasons: readonly RevisionReason[]
  readonly ruleVersion: string
  readonly standing: Standing
  readonly severity: Severity
  readonly confidence: number
  /** Against the revision before; empty for the first. */
  readonly changes: readonly RevisionChange[]
}

/** What two revisions of one incident differ in, so that it can be said in words. */
export type RevisionChange =
  | { readonly what: 'state'; readonly from: Standing; readonly to: Standing }
  | { readonly what: 'onset'; readonly from: UnixSeconds; readonly to: UnixSeconds }
  | { readonly what: 'end'; readonly from: UnixSeconds | null; readonly to: UnixSeconds | null }
  | { readonly what: 'severity'; readonly from: Severity; readonly to: Severity }
  | { readonly what: 'kind'; readonly from: IncidentKind; readonly to: IncidentKind }
  | { readonly what: 'confidence'; readonly from: number; readonly to: number }
  | { readonly what: 'agreeing'; readonly from: SignalCount; readonly to: SignalCount }
  /** Signals of the entity's own that went off usual, came back, or were taken out. */
  | { readonly what: 'joined' | 'back' | 'left'; readonly signals: readonly SignalName[] }
  /** Signals of its parts, or roll-ups of them. */
  | { readonly what: 'parts-joined' | 'parts-back' | 'parts-left'; readonly count: number }
  | { readonly what: 'episodes'; readonly from: number; readonly to: number }
  | { readonly what: 'contradicted' | 'no-longer-contradicted'; readonly up: SignalName; readonly down: SignalName }
  | { readonly what: 'part-of'; readonly to: IncidentId | null }

export interface SignalCount {
  readonly agreeing: number
  readonly able: number
}

export interface SignalName {
  readonly key: SignalKey
  readonly label: string
}

export interface IncidentPage {
  readonly kind: 'incident'
  readonly frame: Frame
  readonly incident: Incident
  readonly entity: EntityRef
  readonly clock: LocalClock | null
  /** Entities that evidence speaks of beside the incident's own: parts of a roll-up. */
  readonly parts: readonly EntityRef[]
  /** One for each piece of evidence about the entity itself; parts have theirs on their own pages. */
  readonly panels: readonly Panel[]
  /** Ways to the data of all evidence, in the order of `incident.evidence`; `null` for a roll-up. */
  readonly data: readonly ({
    readonly csv: string
    readonly json: string
    /** All upstream answers behind it, as JSON; `null` in a replay, whose data came with a case file. */
    readonly answers: string | null
  } | null)[]
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  /** Newest last. */
  readonly revisions: readonly RevisionLine[]
  readonly partOf: { readonly id: IncidentId; readonly entity: EntityRef; readonly href: string } | null
  readonly members: readonly IncidentLine[]
  /** How many of what `members` speak of exist, watched or not; 0 where they are not all of one level. */
  readonly knownChildren: number
  /** Names of signals in contradictions, by key. */
  readonly signals: readonly { readonly key: SignalKey; readonly label: string; readonly plane: Plane }[]
  readonly waypoints: readonly WaypointLine[]
  readonly blindSpots: readonly BlindSpot[]
  /** Stretches of the range in which our view of its signals was unhealthy, newest first. */
  readonly health: readonly HealthLine[]
  /** `null` where no route event is known of it. */
  readonly routing: RoutingSection | null
  readonly json: string
}

/** One signal of a source, with what it may be used for. */
export interface SourceSignal {
  readonly key: SignalKey
  readonly health: SignalHealth
  /** `null` before the source has given anything. */
  readonly terms: Pick<MethodSignal, 'plane' | 'licence' | 'citation' | 'step' | 'delay'> | null
}

export interface SourceLine {
  readonly status: Omit<SourceStatus, 'signals'>
  readonly signals: readonly SourceSignal[]
}

/** Who feeds the observatory, and how well. */
export interface SourcesPage {
  readonly kind: 'sources'
  readonly frame: Frame
  readonly sources: readonly SourceLine[]
  /** Of the last week and over, newest first. */
  readonly past: readonly HealthLine[]
  /** How many of `past` there are in all. */
  readonly pastCount: number
}

export interface MethodSignal {
  readonly key: SignalKey
  readonly label: string
  readonly plane: Plane
  readonly unit: string
  readonly step: number
  readonly delay: number
  readonly licence: Licence
  readonly citation: string
}

/** When one signal is off and when it is back, as the code has it. Shares of usual, lengths in seconds. */
export interface MethodRule {
  readonly key: SignalKey
  readonly badDirection: 'down' | 'up'
  readonly open: number
  readonly close: number
  readonly spreads: number
  readonly openAfter: number
  readonly closeAfter: number
  /** Whether it may open an incident alone. */
  readonly opens: boolean
  /** 0–1, as the confidence takes it. */
  readonly reliability: number
}

export interface MethodPage {
  readonly kind: 'method'
  readonly frame: Frame
  readonly signals: readonly MethodSignal[]
  readonly rules: readonly MethodRule[]
}

export interface ReplaysPage {
  readonly kind: 'replays'
  readonly frame: Frame
  readonly replays: readonly ReplayLine[]
}

/** There is no such page, or it cannot be shown now. `asked` is what the reader asked for, as they wrote it. */
export interface ProblemPage {
  readonly kind: 'problem'
  readonly frame: Frame
  readonly status: 400 | 404 | 429 | 500 | 503
  readonly reason:
    | 'no-page'
    | 'no-entity'
    | 'no-incident'
    | 'no-replay'
    | 'unavailable'
    | 'bad-time'
    | 'too-many'
    | 'internal'
  readonly asked: string
  /** What is missing, for `unavailable`. */
  readonly detail: string | null
}

export type Page = WorldPage | EntityPage | IncidentPage | SourcesPage | MethodPage | ReplaysPage | ProblemPage

/** What dist/web/server.js exports: a whole HTML document for a page. */
export interface Renderer {
  render(page: Page): { readonly html: string }
}
