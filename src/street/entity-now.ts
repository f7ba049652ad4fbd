import type { Standing } from '../correlate/standing.ts'
import type { EntityId, Share, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Incident, Severity } from '../model/incident.ts'
import { DAY } from '../model/time.ts'
import { isLate } from './freshness.ts'
import type { EntityNow, EntityStatus } from './view.ts'

/** What is at hand to say how an entity stands. */
export interface Sight {
  /** Of its scope; those of other entities count for nothing. */
  readonly standings: readonly Standing[]
  /** Open ones of it and of what lies within it. */
  readonly open: readonly Incident[]
  readonly now: UnixSeconds
  /** Our view of this signal is unhealthy now: its values are not judged. */
  readonly isBlind: (standing: Standing) => boolean
}

/** How one entity stands, from what was judged of it. */
export function entityNow(entity: EntityId, sight: Sight): EntityNow {
  const own = sight.standings.filter((each) => each.entity === entity && saysOfNow(each))
  const fresh = own.filter((each) => !isLate(each.spec, each.seenAt, sight.now) && !sight.isBlind(each))
  return {
    entity,
    status: statusOf(own, fresh, sight),
    share: shareOf(fresh.filter(knowsItsUsual)),
    seenAt: newestEnd(sight.standings.filter((each) => each.entity === entity)),
    incident: weightiest(entity, sight.open)?.id ?? null,
  }
}

/**
 * Speaks of the whole, and falls when it is cut off. What rises, as latency does, is no share of people, and that what is
 * left answers quickly does not say that nobody is cut off (docs/adr/0014).
 */
export function saysOfNow({ facet, rule, spec }: Standing): boolean {
  return facet === null && rule.opens && spec.badDirection === 'down'
}

function statusOf(own: readonly Standing[], fresh: readonly Standing[], { open, standings }: Sight): EntityStatus {
  if (open.length > 0) return 'incident'
  if (standings.length === 0) return 'not-watched'
  // By what rises, by what joins incidents and opens none, or by its parts alone: nothing can be said of the whole.
  if (own.length === 0) return 'too-little'
  if (fresh.length === 0) return 'blind'
  return fresh.some(knowsItsUsual) ? 'quiet' : 'too-little'
}

/** A usual that is younger than a day has seen no night: it says nothing yet. */
function knowsItsUsual({ share, seenAt, firstJudged }: Standing): boolean {
  return share !== null && seenAt !== null && firstJudged !== null && seenAt - firstJudged >= DAY
}

/** As docs/adr/0005 says: the median over groups of the worst in each, routes only where nothing else speaks. */
function shareOf(fresh: readonly Standing[]): Share | null {
  const groups = new Map<string, { readonly share: number; readonly isRouting: boolean }>()
  for (const { spec, share } of fresh) {
    if (share === null) continue
    const before = groups.get(spec.group)
    if (before === undefined || share < before.share)
      groups.set(spec.group, { share, isRouting: spec.plane === 'routing' })
  }
  const all = [...groups.values()]
  const felt = all.filter((each) => !each.isRouting)
  const shares = (felt.length > 0 ? felt : all).map((each) => each.share).sort((a, b) => a - b)
  const middle = shares.length >> 1
  const upper = shares[middle]
  if (upper === undefined) return null
  return (shares.length % 2 === 1 ? upper : ((shares[middle - 1] ?? upper) + upper) / 2) as Share
}

/** End of the newest bin with a value; `null` when there is none. */
export function newestEnd(standings: readonly Standing[]): UnixSeconds | null {
  let newest: number | null = null
  for (const { seenAt, spec } of standings) {
    if (seenAt !== null && (newest === null || seenAt + spec.step > newest)) newest = seenAt + spec.step
  }
  return newest as UnixSeconds | null
}

const WEIGHT: Record<Severity, number> = { minor: 0, major: 1, critical: 2 }

/** The gravest; of equals the entity's own before its parts', then the deeper, then the older. */
function weightiest(entity: EntityId, open: readonly Incident[]): Incident | null {
  const order = (a: Incident, b: Incident): number =>
    WEIGHT[b.severity] - WEIGHT[a.severity] ||
    Number(b.entity === entity) - Number(a.entity === entity) ||
    (a.share ?? 1) - (b.share ?? 1) ||
    a.onset.at - b.onset.at
  return open.toSorted(order)[0] ?? null
}

/** Neither over nor withdrawn nor closed for another reason. */
export function isOpen(incident: Incident): boolean {
  return incident.state !== 'resolved' && incident.state !== 'retracted' && incident.closedBy === null
}

/** Open incidents by the code of the country that they are of or in. */
export function openByCountry(incidents: readonly Incident[]): ReadonlyMap<string, readonly Incident[]> {
  const open = new Map<string, Incident[]>()
  for (const incident of incidents) {
    const { country } = entityParts(incident.entity)
    if (country === null || !isOpen(incident)) continue
    const list = open.get(country)
    if (list === undefined) open.set(country, [incident])
    else list.push(incident)
  }
  return open
}
