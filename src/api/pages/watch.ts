import type { EntityId } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { Incident } from '../../model/incident.ts'
import type { WatchedLine, WatchStatus } from '../../model/page.ts'
import { signalKey, type Plane } from '../../model/signal.ts'
import { DAY, plus } from '../../model/time.ts'
import type { StoredSeries } from '../../store/store.ts'
import type { View } from '../../street/view.ts'
import { isClosed } from '../../words/scales.ts'
import { entityRef, lineOf, type ViewContext } from './view-context.ts'

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
  if (series.length === 0) return 'not-watched'
  const planes = new Map((await view.specs()).map((spec) => [signalKey(spec), spec.plane]))
  const direct = series.filter((one) => !INDIRECT.has(planes.get(signalKey(one)) ?? 'collateral'))
  if (direct.length === 0) return 'indirect'
  for (const one of direct) {
    if (await knowsItsUsual(view, one)) return 'quiet'
  }
  return 'too-little'
}

/** Countries that any series speaks of, itself or of something within it. */
export function countriesOf(view: View, series: readonly StoredSeries[]): readonly EntityId[] {
  const countries = series.flatMap((one) => [one.entity, ...lineOf(view, one.entity)])
  return [...new Set(countries)].filter((entity) => entityParts(entity).kind === 'country')
}
