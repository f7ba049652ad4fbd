import type { UnixSeconds } from './brand.ts'
import type { Incident, IncidentKind, IncidentState, Revision, RevisionReason, Severity } from './incident.ts'
import type { BaselineKind, Moment, Span, SpanClose } from './judgement.ts'
import type { Origin } from './series.ts'
import type { Plane } from './signal.ts'
import { toRfc3339 } from './time.ts'

/*
 * The shapes in which incidents leave Tocsin: the interface and the command line give the same JSON.
 * Instants are RFC 3339 in UTC. Shares and confidence are 0–1 (a share may be above 1), rounded to six decimals.
 */

export interface MomentJson {
  readonly at: string
  readonly earliest: string
  readonly latest: string
}

export interface SpanJson {
  readonly onset: MomentJson
  /** `null` while it lasts, and for ever when it closed as a new normal. */
  readonly end: MomentJson | null
  readonly close: SpanClose | null
  readonly detectedAt: string
  readonly closedAt: string | null
  readonly troughShare: number
  readonly partialSince: string | null
  readonly baseline: BaselineKind
  readonly gaps: { readonly bins: number; readonly reading: 'unknown' | 'ambiguous' }
}

export interface EvidenceJson {
  readonly source: string
  readonly signal: string
  readonly label: string
  readonly plane: Plane
  readonly entity: string
  readonly facet: string | null
  readonly spans: readonly SpanJson[]
  readonly share: number | null
  /** Start of the newest bin that had a value. */
  readonly seenAt: string | null
}

export interface ContradictionJson {
  readonly up: string
  readonly down: string
  readonly since: string
  readonly until: string | null
}

export interface IncidentJson {
  readonly id: string
  readonly entity: string
  readonly state: IncidentState
  readonly kind: IncidentKind
  readonly onset: MomentJson
  readonly end: MomentJson | null
  readonly detectedAt: string
  readonly knownAt: string
  readonly severity: Severity
  readonly confidence: number
  readonly signals: { readonly agreeing: number; readonly able: number }
  readonly share: number | null
  readonly troughShare: number | null
  readonly origin: Origin
  readonly partOf: string | null
  readonly episodes: readonly { readonly onset: string; readonly end: string | null }[]
  readonly evidence: readonly EvidenceJson[]
  readonly contradictions: readonly ContradictionJson[]
  readonly closedBy: 'measurement-only' | 'witness' | 'new-normal' | 'lost-sight' | null
}

export interface RevisionJson {
  readonly number: number
  readonly publishedAt: string
  readonly reasons: readonly RevisionReason[]
  readonly ruleVersion: string
  readonly snapshot: number
  readonly incident: IncidentJson
}

const SIX_DECIMALS = 1_000_000

function rounded(value: number): number {
  return Math.round(value * SIX_DECIMALS) / SIX_DECIMALS
}

function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value)
}

function instantOrNull(at: UnixSeconds | null): string | null {
  return at === null ? null : toRfc3339(at)
}

function momentJson(moment: Moment): MomentJson {
  return { at: toRfc3339(moment.at), earliest: toRfc3339(moment.earliest), latest: toRfc3339(moment.latest) }
}

function momentOrNull(moment: Moment | null): MomentJson | null {
  return moment === null ? null : momentJson(moment)
}

function spanJson(span: Span): SpanJson {
  return {
    onset: momentJson(span.onset),
    end: momentOrNull(span.end),
    close: span.close,
    detectedAt: toRfc3339(span.detectedAt),
    closedAt: instantOrNull(span.closedAt),
    troughShare: rounded(span.troughShare),
    partialSince: instantOrNull(span.partialSince),
    baseline: span.baseline,
    gaps: { bins: span.gaps.bins, reading: span.gaps.reading },
  }
}

export function evidenceJson(incident: Incident): readonly EvidenceJson[] {
  return incident.evidence.map((one) => ({
    source: one.source,
    signal: one.signal,
    label: one.label,
    plane: one.plane,
    entity: one.entity,
    facet: one.facet,
    spans: one.spans.map(spanJson),
    share: roundedOrNull(one.share),
    seenAt: instantOrNull(one.seenAt),
  }))
}

export function incidentJson(incident: Incident): IncidentJson {
  return {
    id: incident.id,
    entity: incident.entity,
    state: incident.state,
    kind: incident.kind,
    onset: momentJson(incident.onset),
    end: momentOrNull(incident.end),
    detectedAt: toRfc3339(incident.detectedAt),
    knownAt: toRfc3339(incident.knownAt),
    severity: incident.severity,
    confidence: rounded(incident.confidence.value),
    signals: { agreeing: incident.confidence.agreeing, able: incident.confidence.able },
    share: roundedOrNull(incident.share),
    troughShare: roundedOrNull(incident.troughShare),
    origin: incident.origin,
    partOf: incident.partOf,
    episodes: incident.episodes.map((episode) => ({
      onset: toRfc3339(episode.onset),
      end: instantOrNull(episode.end),
    })),
    evidence: evidenceJson(incident),
    contradictions: incident.contradictions.map((one) => ({
      up: one.up,
      down: one.down,
      since: toRfc3339(one.since),
      until: instantOrNull(one.until),
    })),
    closedBy: incident.closedBy,
  }
}

export function revisionJson(revision: Revision): RevisionJson {
  return {
    number: revision.number,
    publishedAt: toRfc3339(revision.publishedAt),
    reasons: revision.reasons,
    ruleVersion: revision.ruleVersion,
    snapshot: revision.snapshot,
    incident: incidentJson(revision.incident),
  }
}
