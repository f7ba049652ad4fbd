import type { UnixSeconds } from '../model/brand.ts'
import type { Incident, IncidentState } from '../model/incident.ts'
import type { Span } from '../model/judgement.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { Cluster } from './cluster.ts'
import { episodesOf } from './cluster.ts'
import type { Standing } from './standing.ts'
import { hasSeen, isDeep, spanUntil } from './standing.ts'

/** Below this one weak signal speaks alone. */
const CONFIRMED = 0.5
/** A signal that is back this long while others are deep down: part of the people or of the services, not the country. */
const RESTRICTED_AFTER = DAY
/** A witness from inside must have been at usual this long (design rule 2). */
const WITNESS_QUIET = 48 * HOUR
/** Without a witness an incident closes 'by measurement only' after this long without anything off. */
const QUIET_CLOSE = 30 * DAY

export interface Standpoint {
  readonly now: UnixSeconds
  readonly confidence: number
  /** All series of the entity, in spans or not. */
  readonly standings: readonly Standing[]
}

/**
 * The state of an event at an instant, from its spans alone: the same data give the same state whatever came first.
 * `suspected → ongoing → recovering → restricted → unverified → resolved`; `retracted` is the ledger's to say.
 */
export function stateOf(
  cluster: Cluster,
  at: Standpoint,
): { readonly state: IncidentState; readonly closedBy: Incident['closedBy'] } {
  const open = cluster.filter((each) => spanUntil(each.span) === null && each.standing.rule.opens)
  if (open.length > 0) {
    if (at.confidence < CONFIRMED) return { state: 'suspected', closedBy: null }
    const back = at.standings.some((standing) => isBack(standing, cluster, at.now))
    if (back && open.some((each) => isDeep(each.standing, each.span))) return { state: 'restricted', closedBy: null }
    return { state: open.every((each) => each.span.partialSince !== null) ? 'recovering' : 'ongoing', closedBy: null }
  }
  const ends = cluster.map((each) => spanUntil(each.span) ?? at.now)
  const quiet = at.now - Math.max(...ends)
  // Data that ended while it lasted say nothing of its end: time alone never closes it.
  const last = episodesOf(cluster).at(-1)
  if (last?.isLost === true) return { state: 'unverified', closedBy: 'lost-sight' }
  if (quiet >= WITNESS_QUIET && witnessed(cluster, at)) return { state: 'resolved', closedBy: 'witness' }
  // A yardstick that moved is no end, however long it has been quiet since.
  if (last?.isMoved === true) return { state: 'unverified', closedBy: 'new-normal' }
  // Quiet is what was measured, not what nobody looked at.
  const unseen = at.now - Math.min(at.now, heardUntil(cluster) + DAY)
  if (quiet - unseen >= QUIET_CLOSE) return { state: 'resolved', closedBy: 'measurement-only' }
  return { state: 'unverified', closedBy: null }
}

/** Was down in this event, on a plane that people feel, and has been back for a day. Routes alone carry nobody. */
function isBack(standing: Standing, cluster: Cluster, now: UnixSeconds): boolean {
  if (standing.spec.plane === 'routing' || standing.spec.plane === 'circumvention') return false
  if (standing.spec.badDirection === 'up') return false
  const own = cluster.filter((each) => each.standing === standing)
  if (own.length === 0) return false
  return own.every((each) => {
    const until = spanUntil(each.span)
    if (each.span.close !== 'returned' || until === null || now - until < RESTRICTED_AFTER) return false
    // Seen to be back, and not merely not seen since.
    const backFor = (standing.seenAt ?? until) + standing.spec.step - until
    return backFor >= RESTRICTED_AFTER && hasSeen(standing, until, (until + RESTRICTED_AFTER) as UnixSeconds)
  })
}

/** Newest bin of what fell in this event; routes count only where nothing but routes fell. */
function heardUntil(cluster: Cluster): number {
  const fell = cluster.map((each) => each.standing).filter((each) => each.rule.opens)
  const felt = fell.filter((each) => each.spec.plane !== 'routing')
  const seen = (felt.length > 0 ? felt : fell).map((each) => each.seenAt ?? Number.NEGATIVE_INFINITY)
  return Math.max(...seen)
}

/**
 * Someone inside, on fixed and on mobile, has been at usual for 48 hours: at a usual from before the event, for the
 * whole of the access and not one service.
 */
function witnessed(cluster: Cluster, at: Standpoint): boolean {
  const quietSince = at.now - WITNESS_QUIET
  const since = Math.min(...cluster.map((each) => each.span.onset.at))
  const isBackToUsual = (span: Span): boolean => {
    const until = spanUntil(span) ?? at.now
    return until <= since || (span.close === 'returned' && until <= quietSince)
  }
  const saw = (access: 'fixed' | 'mobile'): boolean =>
    at.standings.some(
      (standing) =>
        (standing.spec.witness === access || standing.spec.witness === 'both') &&
        standing.facet === null &&
        standing.firstJudged !== null &&
        standing.firstJudged <= since &&
        standing.seenAt !== null &&
        standing.seenAt >= at.now - DAY &&
        standing.spans.every(isBackToUsual),
    )
  return saw('fixed') && saw('mobile')
}
