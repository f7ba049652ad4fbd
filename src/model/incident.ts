import type { EntityId, IncidentId, Ratio, Share, SignalId, SourceId, UnixSeconds } from './brand.ts'
import type { Moment, Span } from './judgement.ts'
import type { Plane, SignalKey } from './signal.ts'
import type { Origin } from './series.ts'

/** docs/METHODOLOGY.md#states. `resolved` needs a witness from inside, or 30 quiet days and then says so. */
export type IncidentState =
  | 'suspected'
  | 'ongoing'
  | 'recovering'
  | 'restricted'
  | 'unverified'
  | 'resolved'
  | 'retracted'

export type IncidentKind = 'blackout' | 'partial' | 'throttling' | 'blocking' | 'allow-list'

export type Severity = 'minor' | 'major' | 'critical'

/** What one series says about the incident. A roll-up of children stands as source `tocsin`, signal `rollup.<level>`. */
export interface Evidence {
  readonly source: SourceId
  readonly signal: SignalId
  readonly label: string
  readonly plane: Plane
  readonly entity: EntityId
  readonly facet: string | null
  readonly spans: readonly Span[]
  /** Share of usual in the series' newest bin that had a value (`seenAt`), in a span or not; `null` without a usual. */
  readonly share: Share | null
  /** Start of the newest bin that had a value; `null` when it never had one. */
  readonly seenAt: UnixSeconds | null
}

/** One stretch of an incident; `end` is null while it lasts. */
export interface Episode {
  readonly onset: UnixSeconds
  readonly end: UnixSeconds | null
}

/** One signal at usual while another is far below it. Shown, never averaged away. */
export interface Contradiction {
  readonly up: SignalKey
  readonly down: SignalKey
  readonly since: UnixSeconds
  readonly until: UnixSeconds | null
}

/** How sure we are that something happened, and why. docs/METHODOLOGY.md#confidence. */
export interface Confidence {
  readonly value: Ratio
  /** Independent signals that agree. */
  readonly agreeing: number
  /** Independent signals that could have spoken: with a baseline, and fresh. */
  readonly able: number
}

/** What people read about: one entity, one or more episodes, the evidence of several signals. */
export interface Incident {
  readonly id: IncidentId
  readonly entity: EntityId
  readonly origin: Origin
  readonly state: IncidentState
  readonly kind: IncidentKind
  readonly severity: Severity
  readonly confidence: Confidence
  readonly onset: Moment
  readonly end: Moment | null
  readonly detectedAt: UnixSeconds
  /** When the data that decided were with us. */
  readonly knownAt: UnixSeconds
  readonly episodes: readonly Episode[]
  readonly evidence: readonly Evidence[]
  readonly contradictions: readonly Contradiction[]
  /** Median over independent signals of the share of usual, newest bins; `null` when none has a value. */
  readonly share: Share | null
  /** The same at its worst. */
  readonly troughShare: Share | null
  /** The incident of a parent that this one is a part of. */
  readonly partOf: IncidentId | null
  /** Closed by quiet alone, without a witness from inside; or the yardstick moved; or the data ended while it lasted. */
  readonly closedBy: 'measurement-only' | 'witness' | 'new-normal' | 'lost-sight' | null
}

/** Why a revision was published. The words for it are in `words/`. */
export type RevisionReason =
  | 'opened'
  | 'state'
  | 'onset'
  | 'end'
  | 'episode'
  | 'evidence'
  | 'severity'
  | 'kind'
  | 'contradiction'
  | 'part-of'
  | 'retracted'

/** Nothing published is edited in place: every change is one of these, numbered from 1 within its incident. */
export interface Revision {
  readonly incident: Incident
  readonly number: number
  readonly publishedAt: UnixSeconds
  readonly reasons: readonly RevisionReason[]
  /** Version of the detection and fusion rules that made it. */
  readonly ruleVersion: string
  /** Names the data that it rests on: the store's last batch that was read. */
  readonly snapshot: number
}
