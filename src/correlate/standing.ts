import type { DetectionRule } from '../detect/rules.ts'
import type { EntityId, Share, UnixSeconds } from '../model/brand.ts'
import type { Span } from '../model/judgement.ts'
import type { Origin } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'

/** One series as detection left it: what correlation works from. */
export interface Standing {
  readonly spec: SignalSpec
  readonly rule: DetectionRule
  readonly entity: EntityId
  readonly facet: string | null
  readonly origin: Origin
  readonly spans: readonly Span[]
  /** Share of usual in the newest bin that had a value; `null` when there was no usual for it. */
  readonly share: Share | null
  /** Start of the newest bin with a value; `null` before the first. */
  readonly seenAt: UnixSeconds | null
  /** Start of the first bin that had a usual to be compared with; `null` before. */
  readonly firstJudged: UnixSeconds | null
}

/** A stretch of time; `until` null while it lasts. */
export interface Stretch {
  readonly since: UnixSeconds
  readonly until: UnixSeconds | null
}

/** When a span stopped counting as down: it returned, or its low became the new normal. `null` while it lasts. */
export function spanUntil(span: Span): UnixSeconds | null {
  if (span.close === 'new-normal') return span.closedAt
  return span.end?.at ?? null
}

/** Worse than half of usual. */
export function isDeep(standing: Standing, span: Span): boolean {
  return standing.spec.badDirection === 'down' ? span.troughShare < 0.5 : span.troughShare > 2
}

/** Share lost at worst, 0 to 1. A tripled latency has lost two thirds. */
export function lossOf(direction: 'down' | 'up', share: number): number {
  const lost = direction === 'down' ? 1 - share : 1 - 1 / Math.max(share, 1e-9)
  return Math.min(1, Math.max(0, lost))
}
