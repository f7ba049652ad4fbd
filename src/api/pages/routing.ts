import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { DarkNetwork, GoingDark } from '../../model/going-dark.ts'
import type { Incident } from '../../model/incident.ts'
import type { DarkLine, RoutingSection } from '../../model/page.ts'
import { HOUR } from '../../model/time.ts'
import type { Range } from '../../store/store.ts'
import { darkMatrix } from '../../street/dark-matrix.ts'
import { darkTimes, goingDarkOf, onlyOf, operatorIn, routingBlindness } from '../../street/dark-of.ts'
import { countryWithin } from '../../street/scope.ts'
import { api, entityRef, incidentHref, lastSight, type ViewContext } from './view-context.ts'

const MOST_LINES = 12
const MOST_NEVER = 24
const MOST_SHARED = 12
const ROWS = 40
const COLUMNS = 145
/** Before the first that is drawn went, and after the last came back. */
const AROUND = HOUR

/** Of an incident's page. `null` where no route event is known of it. */
export async function incidentRouting(context: ViewContext, incident: Incident): Promise<RoutingSection | null> {
  const { view } = context
  const times = darkTimes(incident, await lastSight(view))
  const answer = await goingDarkOf(view, incident.entity, times)
  if (answer === null || answer.dark.prefixes.length === 0) return null
  const path = `${api(context)}/incidents/${incident.id}/routing`
  return await sectionOf(context, incident.entity, answer.dark, answer.dark, {
    incident: null,
    csv: `${path}?format=csv`,
    json: path,
  })
}

/**
 * Of the page of an AS or operator: its place in the newest incident of its country or itself in which it lost routes,
 * with its own prefixes; where there is none, what it lost in the time that is shown.
 *
 * @param incidents that touch the time shown, of any entity.
 */
export async function networkRouting(
  context: ViewContext,
  entity: EntityId,
  range: Range,
  incidents: readonly Incident[],
): Promise<RoutingSection | null> {
  const { view } = context
  const seen = await lastSight(view)
  const told = incidents
    .filter((one) => one.onset.at < range.until && (one.end?.at ?? seen) > range.from)
    .sort((a, b) => b.onset.at - a.onset.at)
  for (const incident of told) {
    const times = darkTimes(incident, seen)
    const own = await goingDarkOf(view, entity, times)
    if (own === null || own.dark.prefixes.length === 0) continue
    // Beside its sisters, where the incident is theirs too.
    const whole = (await goingDarkOf(view, incident.entity, times)) ?? own
    const path = `${api(context)}/incidents/${incident.id}/routing?entity=${entity}`
    const isWithin = onlyOf(whole, entity).dark.prefixes.length > 0
    return await sectionOf(context, entity, isWithin ? whole.dark : own.dark, own.dark, {
      incident: { id: incident.id, href: incidentHref(context, incident.id) },
      csv: isWithin ? `${path}&format=csv` : null,
      json: isWithin ? path : null,
    })
  }
  const own = await goingDarkOf(view, entity, { range, told: range })
  if (own === null || own.dark.prefixes.length === 0) return null
  return await sectionOf(context, entity, own.dark, own.dark, { incident: null, csv: null, json: null })
}

/** Incidents in which a network may have gone dark: those of its country, and of networks that none was found for. */
export async function incidentsOfNetwork(context: ViewContext, entity: EntityId): Promise<readonly Incident[]> {
  const { view } = context
  const parts = entityParts(entity)
  const operator = parts.kind === 'as' ? operatorIn(view, parts.asn) : null
  const country = countryWithin(entity, view.hierarchy) ?? (operator === null ? null : entityParts(operator).country)
  if (country === null) return await view.incidents({ entity }, null)
  const near = await view.incidents({ country }, null)
  const own = parts.kind === 'as' ? await view.incidents({ entity }, null) : []
  // A region has no routes of its own.
  return [...near, ...own].filter((one) => one.entity === entity || entityParts(one.entity).kind === 'country')
}

type Ways = Pick<RoutingSection, 'incident' | 'csv' | 'json'>

/**
 * @param order  who stands in the list. @param drawn whose prefixes are drawn.
 */
async function sectionOf(
  context: ViewContext,
  entity: EntityId,
  order: GoingDark,
  drawn: GoingDark,
  ways: Ways,
): Promise<RoutingSection | null> {
  const { view } = context
  if (order.source === null) return null
  const range = drawnRange(drawn)
  const blind = await routingBlindness(view, entity, order.source, range)
  const matrix = darkMatrix(drawn, range, blind, { rows: ROWS, columns: COLUMNS })
  const isNetwork = ['as', 'operator'].includes(entityParts(entity).kind)
  const lines = order.operators.filter(({ losses }) => losses.length > 0).map((each) => lineOf(context, each, entity))
  // What the page is about is never among those left out.
  const shown = lines.filter((line, index) => index < MOST_LINES || line.isOwn)
  return {
    source: order.source,
    peers: order.peers,
    range: { from: order.from, until: order.until },
    ...ways,
    lines: shown,
    more: lines.length - shown.length,
    never: order.operators
      .filter(({ losses, entity: one }) => losses.length === 0 && one !== null)
      .slice(0, MOST_NEVER)
      .map(({ entity: one }) => entityRef(context, one as EntityId)),
    prefixes: (isNetwork ? drawn : order).prefixes.length,
    shared: drawn.prefixes
      .filter(({ origins }) => origins.length > 1)
      .slice(0, MOST_SHARED)
      .map(({ prefix, origins, movedTo }) => ({ prefix, origins, movedTo })),
    matrix,
    groups: matrix.groups.map((group) => (group.entity === null ? null : entityRef(context, group.entity))),
  }
}

function lineOf(context: ViewContext, network: DarkNetwork, page: EntityId): DarkLine {
  const { entity, asns, losses } = network
  const parts = entityParts(page)
  return {
    entity: entity === null ? null : entityRef(context, entity),
    asns: asns.map((asn) => entityRef(context, `as:${asn}` as EntityId)),
    losses,
    isOwn:
      entity === page ||
      (parts.kind === 'as' && entity !== null && (operatorIn(context.view, parts.asn) ?? page) === entity),
  }
}

/** Where something happened, not the hours around it. */
function drawnRange({ prefixes, from, until }: GoingDark): Range {
  const spells = prefixes.flatMap((prefix) => prefix.spells)
  const first = spells.reduce((a, { lost }) => Math.min(a, lost ?? from), until as number)
  const last = spells.reduce((a, { returned }) => Math.max(a, returned ?? until), first)
  return {
    from: Math.max(from, first - AROUND) as UnixSeconds,
    until: Math.min(until, last + AROUND) as UnixSeconds,
  }
}
