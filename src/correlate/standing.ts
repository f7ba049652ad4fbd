import { lostFrom } from '../detect/state.ts'
import type { DetectionRule } from '../detect/rules.ts'
import type { EntityId, Share, UnixSeconds } from '../model/brand.ts'
import type { Intervals } from '../model/intervals.ts'
import { missing } from '../model/intervals.ts'
import type { Span } from '../model/judgement.ts'
import type { Origin } from '../model/series.ts'
import { seriesName } from '../model/series.ts'
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
  /** When our view of it was unhealthy: what it did then, nobody knows. */
  readonly blind: Intervals
}

/** Orders standings by the names of their series: a total order, as no two standings have the same. */
export function byName(a: Standing, b: Standing): number {
  const [first, second] = [nameOf(a), nameOf(b)]
  return first < second ? -1 : first > second ? 1 : 0
}

/** All of them in that order; each name is made once, as there may be thousands. */
export function sortedByName(standings: readonly Standing[]): readonly Standing[] {
  return standings
    .map((standing) => ({ standing, name: nameOf(standing) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((each) => each.standing)
}

function nameOf({ spec, entity, facet, origin }: Standing): string {
  return seriesName({ source: spec.source, signal: spec.signal, entity, facet, origin })
}

/** A stretch of time; `until` null while it lasts. */
export interface Stretch {
  readonly since: UnixSeconds
  readonly until: UnixSeconds | null
}

/**
 * When a span stopped counting as down: it returned, its low became the new normal, or it was seen for the last time.
 * `null` while it lasts.
 */
export function spanUntil(span: Span): UnixSeconds | null {
  if (span.close === 'new-normal') return span.closedAt
  if (span.close === 'lost-sight') return span.lastSeen
  return span.end?.at ?? null
}

/** A standing as seen from an instant: a span that was left open when its series fell silent is lost from sight. */
export function seenFrom(standing: Standing, now: UnixSeconds): Standing {
  const last = standing.spans.at(-1)
  if (last === undefined || last.close !== null) return standing
  const lostAt = lostFrom(last.lastSeen, standing.spec.step, standing.spec.zeroIsOmitted)
  if (now < lostAt) return standing
  return { ...standing, spans: [...standing.spans.slice(0, -1), { ...last, close: 'lost-sight', closedAt: lostAt }] }
}

/** For how long of a stretch we looked: until its newest bin, and not in our blindness. */
export function seenFor(standing: Standing, from: UnixSeconds, until: UnixSeconds): number {
  const end = Math.min(until, (standing.seenAt ?? from) + standing.spec.step) as UnixSeconds
  return standing.seenAt === null || standing.seenAt < from
    ? 0
    : lengthOf(missing(standing.blind, { from, until: end }))
}

/** True when we looked for some of a stretch, and were blind for no longer than we looked. */
export function hasSeen(standing: Standing, from: UnixSeconds, until: UnixSeconds): boolean {
  const seen = seenFor(standing, from, until)
  const blind = until - from - lengthOf(missing(standing.blind, { from, until }))
  return seen > 0 && seen >= blind
}

function lengthOf(intervals: Intervals): number {
  return intervals.reduce((sum, each) => sum + each.until - each.from, 0)
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
