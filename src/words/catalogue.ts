import type { UnixSeconds } from '../model/brand.ts'
import type { EntityKind } from '../model/entity.ts'
import type { Confidence, Episode, Incident, IncidentKind, RevisionReason, Severity } from '../model/incident.ts'
import type { BaselineKind, Moment, Span } from '../model/judgement.ts'
import type {
  BlindSpot,
  EntityRef,
  GapStretch,
  Language,
  LicenceLine,
  LocalClock,
  NoteLine,
  ProblemPage,
  Standing,
  WatchStatus,
} from '../model/page.ts'
import type { Origin } from '../model/series.ts'
import type { Plane } from '../model/signal.ts'
import type { RoutingWords } from './catalogue-routing.ts'
import type { SightWords } from './catalogue-sight.ts'
import type { WorldWords } from './catalogue-world.ts'
import type { ContradictionGroup, NamedContradiction } from './contradiction.ts'
import type { ConfidenceWord, HeadlineCase } from './scales.ts'

/** Signals that have an explanation of their own; others are explained by their plane. */
export type KnownSignal =
  | 'ioda/google.search_traffic'
  | 'ioda/telescope.unique_ips'
  | 'ioda/bgp.visible_slash24s'
  | 'ioda/ping.up_slash24s'
  | 'ioda/ping.latency_ms'
  | 'ioda/ping.loss_share'
  | 'ioda/mozilla.city_count'
  | 'monash/connectivity.index'
  | 'monash/latency.index'
  | 'tor/bridge.users'
  | RoutingSignal

/** What Tocsin counts itself from routes, by whose routes they are. */
export type RoutingSignal = `${'ris' | 'routeviews' | 'bgp'}/bgp.${
  | 'visible_slash24s'
  | 'visible_slash48s'
  | 'announced_prefixes'
  | 'updates'
  | 'withdrawals'}`

/** What a headline is made from. `newest`: where our data end, for the `stale-…` cases. */
export interface HeadlineSubject {
  readonly case: HeadlineCase
  readonly incident: Incident
  readonly entity: EntityRef
  readonly clock: LocalClock | null
  readonly newest: UnixSeconds | null
}

export interface MethodSection {
  /** The anchor that pages and docs link to. */
  readonly id: string
  readonly title: string
  readonly paragraphs: readonly string[]
}

/** A word with the sentence that explains it. */
export interface Explained {
  readonly name: string
  readonly about: string
}

/**
 * Everything that a reader reads, in one language. Whole sentences, never glued from pieces outside a catalogue;
 * numerals are Latin and UTC is always printed. A message that a language lacks is a type error.
 */
export interface Catalogue extends WorldWords {
  readonly language: Language
  readonly sight: SightWords
  readonly routing: RoutingWords

  readonly site: {
    readonly name: string
    readonly tagline: string
    readonly skipToContent: string
    readonly navigation: string
    readonly world: string
    readonly replays: string
    readonly method: string
    readonly privacy: string
    readonly openSource: string
    readonly openData: string
    readonly madeBy: (ruleVersion: string) => string
    readonly licence: (line: LicenceLine) => string
    readonly data: (citations: string) => string
    readonly pageTitle: (title: string) => string
  }

  /** An instant in full: date, time, UTC, and the local time with its place where there is a clock. */
  readonly instant: (at: UnixSeconds, clock: LocalClock | null) => string
  /** `8 Jan, 16:30`, for marks in charts and tight columns whose heading says UTC. */
  readonly instantShort: (at: UnixSeconds) => string
  /** `8 Jan`, under a tick of a time axis. */
  readonly dayShort: (at: UnixSeconds) => string
  /** The same, where the year matters. */
  readonly date: (at: UnixSeconds) => string
  /** `16:30`, under a tick of a time axis that says UTC. */
  readonly timeShort: (at: UnixSeconds) => string
  readonly uncertainty: (moment: Moment) => string
  readonly zone: (clock: LocalClock) => string
  readonly duration: (seconds: number) => string
  readonly durationSoFar: (seconds: number) => string
  /** The grid of a series: `every 30 minutes`. */
  readonly step: (seconds: number) => string
  readonly delay: (seconds: number) => string
  /** Of the clock that times are read by, in seconds east of UTC: where an axis of time has its midnights. */
  readonly offset: (at: UnixSeconds) => number

  /** `3 % of usual`, `less than 1 % of usual`. */
  readonly share: (share: number) => string
  /** `3 %`, where a heading says of what. */
  readonly shareShort: (share: number) => string
  readonly unknown: string

  /** The entity as a heading. */
  readonly entityTitle: (entity: EntityRef) => string
  readonly entityKind: Record<EntityKind, string>

  readonly headline: {
    readonly lead: (subject: HeadlineSubject) => string
    /** Of networks that answer again: how long they did not. */
    readonly lasted: (from: UnixSeconds, to: UnixSeconds, clock: LocalClock | null) => string
    /** The same of routes that are announced again. */
    readonly routesLasted: (from: UnixSeconds, to: UnixSeconds, clock: LocalClock | null) => string
    /** Of what routes alone tell of. */
    readonly routesAlone: string
    readonly shareNow: (share: number | null) => string
    /** Of what lasted where our data end, when that is long ago. */
    readonly shareAtEnd: (share: number) => string
    readonly shareNowDisputed: (share: number) => string
    readonly shareAtWorst: (share: number) => string
    readonly confidence: (confidence: Confidence) => string
    readonly episodes: (episodes: readonly Episode[]) => string
    readonly measurementOnly: string
    readonly reconstructed: string
    readonly laboratory: string
  }

  readonly contradiction: (contradiction: NamedContradiction, entity: EntityRef) => string
  /** One of the signals that were down beside it, and when. */
  readonly contradictionTimes: (against: ContradictionGroup['against'][number]) => string

  readonly states: Record<Standing, Explained>
  readonly kinds: Record<IncidentKind, Explained>
  readonly severities: Record<Severity, Explained>
  readonly confidences: Record<ConfidenceWord, string>
  readonly planes: Record<Plane, string>
  readonly reasons: Record<RevisionReason, string>
  readonly baselines: Record<BaselineKind, string>
  readonly blindSpots: Record<BlindSpot, string>
  readonly origins: Record<
    Exclude<Origin, 'measured'>,
    { readonly mark: string; readonly watermark: string; readonly banner: string }
  >

  readonly signals: Record<KnownSignal, Explained>
  readonly signalOfPlane: Record<Plane, string>

  readonly world: {
    readonly noData: string
    /** Instead of it where it is known what keeps data from us. */
    readonly seeNothing: string
    readonly noDataWhy: string
    readonly noDataReplays: string
    readonly incidentsNow: (count: number) => string
    /** Beside what lasts in countries and their parts. */
    readonly networksNow: (count: number) => string
    /** Above a folded list of them. */
    readonly networksTitle: (count: number) => string
    /** Places that answer again without a witness. `more`: beside some that do not. */
    readonly backUnverified: (count: number, more: boolean) => string
    readonly blindCountries: (count: number) => string
    readonly incidentsInData: (count: number) => string
    readonly noIncidentInData: string
    readonly readIncident: string
    readonly watched: (count: number) => string
    readonly quiet: (quiet: number, watched: number) => string
    readonly tooLittle: (count: number) => string
    readonly indirect: (count: number) => string
    readonly openTitle: string
    /** Of a replay: what is not over where its data end. */
    readonly openAtEndTitle: string
    readonly closedTitle: string
    readonly watchedTitle: string
    readonly watchedWithin: (count: number) => string
    /** Above a folded list of them. */
    readonly quietPlaces: (count: number) => string
    readonly replaysTitle: string
    readonly waypointsTitle: string
    readonly waypointsAbout: string
    readonly members: (count: number) => string
  }

  /** Our own blindness, never the country's silence. */
  readonly stale: (newest: UnixSeconds, clock: LocalClock | null) => string
  readonly replayStands: (end: UnixSeconds) => string

  readonly entity: {
    readonly quiet: (entity: EntityRef) => string
    /** Beside the number itself: of what, and as of when. */
    readonly shareOf: (seenAt: UnixSeconds) => string
    readonly tooLittle: (entity: EntityRef) => string
    readonly indirect: (entity: EntityRef) => string
    readonly notWatched: (entity: EntityRef) => string
    readonly notWatchedNext: string
    readonly quietButWithin: (entity: EntityRef, incidents: number) => string
    readonly openTitle: string
    readonly closedTitle: string
    readonly noneClosed: string
    readonly signalsTitle: string
    readonly rangeShown: (from: UnixSeconds, until: UnixSeconds) => string
    readonly rangeForm: { readonly from: string; readonly until: string; readonly show: string; readonly hint: string }
    readonly childrenTitle: (entity: EntityRef) => string
    readonly childrenKnown: (watched: number, known: number) => string
    readonly notesTitle: string
    readonly note: (note: NoteLine) => string
    /** Above a folded list of them. */
    readonly notesOlder: (count: number) => string
    readonly blindTitle: string
    readonly partOf: (parent: string) => string
    readonly localTime: (clock: LocalClock, at: UnixSeconds) => string
    readonly status: Record<WatchStatus, string>
    readonly incidentAtEnd: string
  }

  readonly incident: {
    readonly kicker: (entity: EntityRef, id: string) => string
    readonly revision: (number: number) => string
    readonly factsTitle: string
    readonly onset: string
    readonly end: string
    readonly endNone: string
    readonly endUnknown: string
    readonly durationUnknown: string
    readonly endUnverified: string
    readonly duration: string
    readonly kind: string
    readonly severity: string
    readonly confidence: string
    readonly confidenceValue: (confidence: Confidence) => string
    readonly detected: string
    readonly known: string
    readonly shareNow: string
    readonly shareTrough: string
    readonly ofUsual: string
    readonly chartsTitle: string
    readonly evidenceTitle: string
    readonly evidenceCaption: (entity: EntityRef) => string
    readonly evidenceMore: (count: number) => string
    readonly columns: {
      readonly signal: string
      readonly trough: string
      readonly onset: string
      readonly end: string
      readonly now: string
      readonly data: string
    }
    readonly notFallen: string
    readonly stillDown: string
    readonly newNormal: string
    readonly lostSight: string
    readonly againDown: (spans: number) => string
    readonly partialSince: (at: UnixSeconds) => string
    readonly gaps: (span: Span) => string | null
    readonly spreadTitle: string
    readonly spreadAbout: string
    readonly spreadTimes: (onset: UnixSeconds, end: UnixSeconds | null) => string
    readonly spreadSummary: (signals: number, from: UnixSeconds, until: UnixSeconds) => string
    readonly episodesTitle: string
    readonly episode: (episode: Episode, clock: LocalClock | null) => string
    readonly contradictionsTitle: string
    readonly membersTitle: string
    readonly membersAbout: (members: number, known: number) => string
    readonly partOf: (entity: EntityRef) => string
    readonly blindTitle: string
    readonly revisionsTitle: string
    readonly revisionsAbout: string
    readonly revisionsOlder: (count: number) => string
    readonly revisionColumns: {
      readonly number: string
      readonly published: string
      readonly why: string
      readonly state: string
      readonly confidence: string
    }
    readonly rules: (ruleVersion: string) => string
    readonly json: string
  }

  readonly chart: {
    readonly title: (label: string, entity: EntityRef) => string
    /** What the picture shows, for readers who do not see it. */
    readonly description: (facts: ChartFacts) => string
    readonly usual: string
    readonly onset: (at: UnixSeconds) => string
    readonly end: (at: UnixSeconds) => string
    readonly axisShare: string
    /** `50 %`, and `0 %` where the axis begins. */
    readonly axisPercent: (share: number) => string
    readonly axisRaw: (unit: string) => string
    readonly noBaseline: string
    readonly gaps: (count: number, from: UnixSeconds, until: UnixSeconds, reading: GapStretch['reading']) => string
    readonly unknownGapKey: string
    readonly ambiguousGapKey: string
    /** As short as can be: it stands beside the end of a line. */
    readonly lastValue: (share: number) => string
    readonly lastRaw: (value: string) => string
    readonly timeAxis: string
    readonly empty: string
    readonly sparkline: (label: string, from: UnixSeconds, until: UnixSeconds) => string
    readonly csv: string
    readonly json: string
    readonly csvOf: (label: string) => string
    readonly jsonOf: (label: string) => string
    readonly spanBar: (label: string, onset: UnixSeconds, end: UnixSeconds | null, troughShare: number) => string
  }

  readonly replays: {
    readonly title: string
    readonly about: string
    readonly sources: string
    readonly licence: (licence: string) => string
    readonly unavailable: (why: string) => string
    readonly measured: string
    readonly open: string
    readonly none: string
  }

  readonly method: {
    readonly title: string
    readonly lead: string
    readonly sections: readonly MethodSection[]
    readonly signalsTitle: string
    readonly signalsAbout: string
    readonly rulesTitle: string
    readonly rulesAbout: string
    readonly ruleColumns: {
      readonly signal: string
      readonly opens: string
      readonly closes: string
      readonly spreads: string
      readonly openAfter: string
      readonly closeAfter: string
      readonly reliability: string
    }
    readonly ruleLevel: (level: number, side: 'below' | 'above') => string
    readonly ruleNeverOpens: string
    readonly statesTitle: string
    readonly kindsTitle: string
    readonly severitiesTitle: string
    readonly signalFacts: (unit: string, step: number, delay: number) => string
    readonly signalLicence: (licence: string, citation: string) => string
  }

  readonly waypoint: {
    readonly by: (observer: string) => string
    readonly source: string
  }

  readonly problem: Record<ProblemPage['reason'], { readonly title: (asked: string) => string; readonly hint: string }>
  readonly problemDetail: (detail: string) => string
}

/** What a chart's description tells. */
export interface ChartFacts {
  readonly label: string
  readonly entity: EntityRef
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  /** Least and newest share of usual; raw values and unit where there is no baseline. */
  readonly least: { readonly at: UnixSeconds; readonly share: number } | null
  readonly last: { readonly at: UnixSeconds; readonly share: number } | null
  readonly gaps: number
  readonly spans: number
}
