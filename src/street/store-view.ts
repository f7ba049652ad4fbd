import type { Draft } from '../correlate/correlate.ts'
import { RULE_VERSION } from '../detect/rules.ts'
import type { IncidentId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Incident, Revision } from '../model/incident.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import type { Origin } from '../model/series.ts'
import type { AsOf, Store } from '../store/store.ts'
import { membersOfStore, scopeFromStore } from './from-store.ts'
import { withNewestShares } from './newest.ts'
import type { Scope, ScopeMember } from './scope.ts'
import { scopeOf } from './scope.ts'
import { traceOf } from './trace.ts'
import type { IncidentFilter, View, Waypoint } from './view.ts'

export interface StoreViewSetting {
  readonly id: string
  readonly title: string
  readonly store: Store
  readonly gazetteer: Gazetteer
  readonly hierarchy: Hierarchy
  readonly origin: Origin | null
  readonly waypoints: readonly Waypoint[]
  readonly now: () => UnixSeconds
  /** Scopes that are judged already, up to the store's present last batch; asked before any is built anew. */
  readonly judged: ReadonlyMap<string, Scope>
}

/** How many judged scopes are kept for the next question. */
const KEPT = 16

/** A view of what one store holds. Baselines are computed when asked for, by the code that judged. */
export function createStoreView(setting: StoreViewSetting): View {
  const { store, gazetteer, hierarchy } = setting
  const kept = new Map<string, Promise<Scope>>()

  async function scope(name: string, asOf: AsOf): Promise<{ scope: Scope; members: readonly ScopeMember[] } | null> {
    const ready = asOf === null ? setting.judged.get(name) : undefined
    if (ready !== undefined) return { scope: ready, members: ready.members }
    const members = (await membersOfStore(store)).get(name)
    if (members === undefined) return null
    const key = `${name}/${await store.lastBatch()}/${asOf ?? 'all'}`
    let promise = kept.get(key)
    if (promise === undefined) {
      promise = scopeFromStore(store, members, gazetteer, hierarchy, asOf, asOf ?? setting.now())
      kept.set(key, promise)
      const oldest = kept.keys().next().value
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
      // What failed is asked again next time.
      promise.catch(() => kept.delete(key))
    }
    return { scope: await promise, members }
  }

  async function latest(asOf: AsOf): Promise<readonly Revision[]> {
    const newest = new Map<IncidentId, Revision>()
    for (const revision of await store.revisions(asOf === null ? {} : { asOf }))
      newest.set(revision.incident.id, revision)
    return [...newest.values()]
  }

  /** 'As known then' is as it was published; today's incidents carry today's newest shares. */
  async function newest(incidents: readonly Incident[], asOf: AsOf): Promise<readonly Incident[]> {
    if (asOf !== null) return incidents
    const drafts = new Map<string, readonly Draft[]>()
    for (const name of new Set(incidents.map((each) => scopeOf(each.entity)))) {
      drafts.set(name, (await scope(name, null))?.scope.drafts(setting.now()) ?? [])
    }
    return incidents.map((each) => withNewestShares(each, drafts.get(scopeOf(each.entity)) ?? []))
  }

  return {
    id: setting.id,
    title: setting.title,
    origin: setting.origin,
    gazetteer,
    hierarchy,
    ruleVersion: RULE_VERSION,
    now: setting.now,
    async newestData() {
      let newest: UnixSeconds | null = null
      for (const name of (await membersOfStore(store)).keys()) {
        const found = await scope(name, null)
        for (const standing of found?.scope.standings() ?? []) {
          const end = standing.seenAt === null ? null : ((standing.seenAt + standing.spec.step) as UnixSeconds)
          if (end !== null && (newest === null || end > newest)) newest = end
        }
      }
      return newest
    },
    specs: () => store.specs(),
    entities: () => store.entities(),
    series: (filter) => store.series(filter),
    async trace(seriesId, range, asOf) {
      const all = await store.series({})
      const series = all.find((each) => each.id === seriesId)
      if (series === undefined) throw new RangeError(`no series ${seriesId}`)
      const found = await scope(scopeOf(series.entity), asOf)
      const place = found?.members.findIndex((each) => each.series.id === seriesId) ?? -1
      const member = found?.members[place]
      if (found === null || member === undefined) throw new RangeError(`series ${seriesId} has no signal spec`)
      return traceOf(member, found.scope.detector(place), range)
    },
    async incidents(filter, asOf) {
      const found = (await latest(asOf)).map((each) => each.incident).filter((incident) => passes(incident, filter))
      return newest(found, asOf)
    },
    async incident(id, asOf) {
      const found = (await latest(asOf)).find((each) => each.incident.id === id)?.incident
      return found === undefined ? null : ((await newest([found], asOf))[0] ?? null)
    },
    revisions: (id) => store.revisions({ incident: id }),
    async notes(entity) {
      return (await scope(scopeOf(entity), null))?.scope.notes(entity) ?? []
    },
    waypoints: () => setting.waypoints,
  }
}

function passes(incident: Incident, filter: IncidentFilter): boolean {
  if (filter.entity !== undefined && incident.entity !== filter.entity) return false
  if (filter.country !== undefined && entityParts(incident.entity).country !== filter.country) return false
  if (filter.states !== undefined && !filter.states.includes(incident.state)) return false
  if (filter.topLevelOnly === true && incident.partOf !== null) return false
  const end = incident.end?.at ?? null
  if (filter.since !== undefined && end !== null && end <= filter.since) return false
  return !(filter.until !== undefined && incident.onset.at >= filter.until)
}
