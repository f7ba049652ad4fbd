import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { Incident } from '../../model/incident.ts'
import type { BlindSpot, Choice, EntityRef, Language, LocalClock, TimeShown, WaypointLine } from '../../model/page.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { WEEK } from '../../model/time.ts'
import type { StoredSeries } from '../../store/store.ts'
import type { View } from '../../street/view.ts'

/** A page is made of one view, in one language, for one address. */
export interface ViewContext {
  readonly view: View
  readonly language: Language
  readonly kind: 'live' | 'replay'
  /** The path that was asked for. */
  readonly path: string
  /** What was asked after it, without the `?`. */
  readonly query: string
  readonly time: TimeShown
  readonly times: readonly Choice<TimeShown>[]
  /** As `Frame.place`. */
  readonly place: number | null
}

export function root(language: Language): string {
  return `/${language}/`
}

export function home(context: ViewContext): string {
  return context.kind === 'live' ? root(context.language) : `${root(context.language)}replay/${context.view.id}/`
}

export function api(context: ViewContext): string {
  return context.kind === 'live' ? '/api/v1' : `/api/v1/replays/${context.view.id}`
}

export function entityHref(context: ViewContext, entity: EntityId): string {
  const parts = entityParts(entity)
  if (parts.kind === 'world') return home(context)
  if (parts.kind === 'country') return `${home(context)}country/${parts.country}`
  return `${home(context)}entity/${entity}`
}

export function incidentHref(context: ViewContext, incident: Incident['id']): string {
  return `${home(context)}incident/${incident}`
}

export function entityRef(context: ViewContext, entity: EntityId): EntityRef {
  const { gazetteer } = context.view
  const parts = entityParts(entity)
  const within = parts.kind === 'country' || parts.country === null ? null : (`country:${parts.country}` as EntityId)
  return {
    id: entity,
    kind: parts.kind,
    name: gazetteer.name(entity, context.language),
    country: parts.country,
    within: within === null ? null : gazetteer.name(within, context.language),
    href: entityHref(context, entity),
  }
}

/**
 * The clock there over `[from, until]`, looked at once a week: between two looks that differ the change is found by
 * halving. A clock that changed and changed back within a week would be missed; none ever did.
 */
export function localClock(view: View, entity: EntityId, from: UnixSeconds, until: UnixSeconds): LocalClock | null {
  const zone = view.gazetteer.timeZone(entity)
  if (zone === null) return null
  const offsetAt = (at: number): number => view.gazetteer.offset(entity, at as UnixSeconds)
  const changes: { from: UnixSeconds; offset: number }[] = [{ from, offset: offsetAt(from) }]
  for (let at: number = from; at < until; at += WEEK) {
    let before: number = at
    let after: number = Math.min(at + WEEK, until)
    const offset = offsetAt(after)
    if (offset === offsetAt(before)) continue
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (offsetAt(middle) === offset) after = middle
      else before = middle
    }
    changes.push({ from: after as UnixSeconds, offset })
  }
  return { zone, changes }
}

/** Clock of an incident's place, from its onset to where the view stands. */
export function incidentClock(view: View, incident: Incident): LocalClock | null {
  return localClock(view, incident.entity, incident.onset.earliest, view.now())
}

/** Up to where anything can be drawn: what lasts is not drawn on into a time that we have not seen. */
export async function lastSight(view: View): Promise<UnixSeconds> {
  const newest = await view.newestData()
  return Math.min(view.now(), newest ?? view.now()) as UnixSeconds
}

/** What the signals at hand would not show of an entity. */
export function blindSpots(
  specs: readonly SignalSpec[],
  series: readonly StoredSeries[],
  entity: EntityId | null,
): readonly BlindSpot[] {
  const spots: BlindSpot[] = []
  if (!specs.some((spec) => spec.witness === 'mobile' || spec.witness === 'both')) spots.push('mobile-only')
  const parts = entity === null ? null : entityParts(entity)
  if (parts?.kind === 'country' && series.every((one) => one.entity === entity)) spots.push('local')
  if (series.every((one) => one.facet === null)) spots.push('services')
  if (!specs.some((spec) => spec.badDirection === 'up')) spots.push('throttling')
  if (!specs.some((spec) => spec.witness !== 'none')) spots.push('inside')
  return spots
}

export function waypointLines(context: ViewContext, entity: EntityId | null): readonly WaypointLine[] {
  const { view } = context
  return view
    .waypoints()
    .filter(
      (waypoint) => entity === null || waypoint.entity === entity || lineOf(view, waypoint.entity).includes(entity),
    )
    .map((waypoint) => ({
      ...waypoint,
      entity: entityRef(context, waypoint.entity),
      clock: localClock(view, waypoint.entity, waypoint.at, waypoint.at),
    }))
}

/** Farther up than any hierarchy goes: place, region, country, world. */
const MOST_ANCESTORS = 8

/** An entity's ancestors, nearest first; by the id's own country where the hierarchy knows no parent. */
export function lineOf(view: View, entity: EntityId): readonly EntityId[] {
  const line: EntityId[] = []
  let next = view.hierarchy.parent(entity)
  while (next !== null && line.length < MOST_ANCESTORS) {
    line.push(next)
    next = view.hierarchy.parent(next)
  }
  const { country } = entityParts(entity)
  const own = `country:${country}` as EntityId
  return country === null || own === entity || line.includes(own) ? line : [...line, own]
}
