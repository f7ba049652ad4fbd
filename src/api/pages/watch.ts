import type { EntityId } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { Incident, Severity } from '../../model/incident.ts'
import type { CountryLine, WatchedLine, WatchStatus } from '../../model/page.ts'
import { signalKey, type Plane } from '../../model/signal.ts'
import { DAY, plus } from '../../model/time.ts'
import type { StoredSeries } from '../../store/store.ts'
import type { EntityNow, View } from '../../street/view.ts'
import { isClosed } from '../../words/scales.ts'
import { isToCome } from './sight.ts'
import { entityRef, incidentHref, lineOf, type ViewContext } from './view-context.ts'

/** Of these a fall or a rise says that something happened, and never by itself that a place is cut off. */
const INDIRECT: ReadonlySet<Plane> = new Set(['circumvention', 'collateral'])

/** Whether a series knew its usual at its newest data, for each view while its data stay the same. */
const known = new WeakMap<View, { readonly newest: number; readonly bySeries: Map<number, Promise<boolean>> }>()

/** Whether anything can be said of this series: without a baseline, nothing can. */
async function knowsItsUsual(view: View, series: StoredSeries): Promise<boolean> {
  const newest = await view.newestData()
  if (newest === null) return false
  let kept = known.get(view)
  if (kept === undefined || kept.newest !== newest) {
    kept = { newest, bySeries: new Map() }
    known.set(view, kept)
  }
  const asked = kept.bySeries.get(series.id)
  if (asked !== undefined) return await asked
  const range = { from: plus(newest, -Math.max(DAY, series.step)), until: newest }
  const answer = view.trace(series.id, range, null).then((trace) => trace.baseline !== null)
  kept.bySeries.set(series.id, answer)
  return await answer
}

/** One line for each of `entities`, with what is watched of it and within it. */
export async function watchedLines(
  context: ViewContext,
  entities: readonly EntityId[],
  series: readonly StoredSeries[],
  incidents: readonly Incident[],
): Promise<readonly WatchedLine[]> {
  const { view } = context
  const about = new Map<EntityId, StoredSeries[]>(entities.map((entity) => [entity, []]))
  for (const one of series) {
    for (const entity of [one.entity, ...lineOf(view, one.entity)]) about.get(entity)?.push(one)
  }
  const lines = entities.map(async (entity) => {
    const own = about.get(entity) ?? []
    return {
      entity: entityRef(context, entity),
      status: await watchStatus(view, entity, own, incidents),
      series: own.length,
      within: new Set(own.map((one) => one.entity).filter((other) => other !== entity)).size,
    }
  })
  return (await Promise.all(lines)).sort((a, b) => a.entity.name.localeCompare(b.entity.name, context.language))
}

export async function watchStatus(
  view: View,
  entity: EntityId,
  series: readonly StoredSeries[],
  incidents: readonly Incident[],
): Promise<WatchStatus> {
  const open = incidents.filter((incident) => !isClosed(incident))
  if (open.some((incident) => incident.entity === entity || lineOf(view, incident.entity).includes(entity))) {
    return 'incident'
  }
  if (series.length === 0) return (await isAwaited(view, entity)) ? 'blind' : 'not-watched'
  const planes = new Map((await view.specs()).map((spec) => [signalKey(spec), spec.plane]))
  const now = await countryNow(view, entity)
  if (now !== null)
    return statusOf(
      now,
      false,
      series.every((one) => isIndirect(planes, one)),
    )
  const direct = series.filter((one) => !INDIRECT.has(planes.get(signalKey(one)) ?? 'collateral'))
  if (direct.length === 0) return 'indirect'
  for (const one of direct) {
    if (await knowsItsUsual(view, one)) return 'quiet'
  }
  return 'too-little'
}

/** Every country that is asked for is watched, also before the first answer: it is we who are blind. */
export async function isAwaited(view: View, entity: EntityId): Promise<boolean> {
  return entityParts(entity).kind === 'country' && (await isToCome(view))
}

/** All watched countries, as the view has them at hand: nothing is judged for a list. */
export async function countryLines(
  context: ViewContext,
  series: readonly StoredSeries[],
  incidents: readonly Incident[],
): Promise<readonly CountryLine[]> {
  const { view } = context
  const [countries, specs] = await Promise.all([view.countries(), view.specs()])
  const planes = new Map(specs.map((spec) => [signalKey(spec), spec.plane]))
  const about = new Map<EntityId, StoredSeries[]>(countries.map(({ entity }) => [entity, []]))
  for (const one of series) {
    const { country } = entityParts(one.entity)
    if (country !== null) about.get(`country:${country}` as EntityId)?.push(one)
  }
  const open = openByCountry(incidents)
  const lines = countries.map((now): CountryLine => {
    const own = about.get(now.entity) ?? []
    const worst = open.get(now.entity) ?? null
    return {
      entity: entityRef(context, now.entity),
      status: statusOf(now, worst !== null, own.length > 0 && own.every((one) => isIndirect(planes, one))),
      series: own.length,
      within: new Set(own.map((one) => one.entity).filter((other) => other !== now.entity)).size,
      share: now.share === null ? null : Number(now.share.toPrecision(3)),
      incident: worst === null ? null : { kind: worst.kind, href: incidentHref(context, worst.id) },
    }
  })
  return lines.sort((a, b) => a.entity.name.localeCompare(b.entity.name, context.language))
}

/** What a country's line says, from how it stands: an incident within it counts, and our blindness before all. */
function statusOf(now: EntityNow, hasIncident: boolean, isIndirectOnly: boolean): WatchStatus {
  if (now.status === 'blind' || now.status === 'not-watched') return now.status
  if (now.status === 'incident' || hasIncident) return 'incident'
  return isIndirectOnly ? 'indirect' : now.status
}

function isIndirect(planes: ReadonlyMap<string, Plane>, series: StoredSeries): boolean {
  return INDIRECT.has(planes.get(signalKey(series)) ?? 'collateral')
}

const WEIGHT: Record<Severity, number> = { minor: 0, major: 1, critical: 2 }

/** The open incident of each country that weighs most: its own before those of what lies within it. */
function openByCountry(incidents: readonly Incident[]): ReadonlyMap<EntityId, Incident> {
  const worst = new Map<EntityId, Incident>()
  const weight = (one: Incident): number =>
    (entityParts(one.entity).kind === 'country' ? 10 : 0) + WEIGHT[one.severity] + one.confidence.value / 2
  for (const one of incidents) {
    const { country } = entityParts(one.entity)
    if (country === null || isClosed(one)) continue
    const entity = `country:${country}` as EntityId
    const other = worst.get(entity)
    if (other === undefined || weight(one) > weight(other)) worst.set(entity, one)
  }
  return worst
}

/** How one country stands, for its own page. `null`: the view knows nothing of it. */
export async function countryNow(view: View, entity: EntityId): Promise<EntityNow | null> {
  return (await view.countries()).find((one) => one.entity === entity) ?? null
}
