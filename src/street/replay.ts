import { setImmediate as turn } from 'node:timers/promises'
import type { UnixSeconds } from '../model/brand.ts'
import type { Incident, Revision } from '../model/incident.ts'
import type { Hierarchy } from '../model/place.ts'
import type { Store } from '../store/store.ts'
import type { LoadedCase } from './case.ts'
import { specsOf } from './loaded.ts'
import type { Ledger } from './ledger.ts'
import { createLedger } from './ledger.ts'
import type { Scope } from './scope.ts'
import { createScope, scopeOf } from './scope.ts'

/** When one observation reaches us: its bin's end + the signal's expected delay, plus what a test adds. */
export type Lateness = (series: number, bin: number) => number

export const ON_TIME: Lateness = () => 0

export interface ReplayOptions {
  /** Publish at every arrival, as live would have; or once, when all is there. */
  readonly pace: 'bin-by-bin' | 'in-one-go'
  readonly lateness: Lateness
  /** Told how much of the data has been worked through, 0 to 1. */
  readonly progress: (done: number) => void
  /** Nothing that arrives after this instant is seen; `null` for all. */
  readonly asOf: UnixSeconds | null
}

/** Arrivals between two turns of the event loop: others who ask wait for some hundredths of a second at most. */
const ARRIVALS_A_TURN = 32

/** A case that was run through the street. */
export interface Replayed {
  readonly store: Store
  readonly ledger: Ledger
  readonly scopes: ReadonlyMap<string, Scope>
  /** Arrival of the last data: the instant that the replay speaks from at its end. */
  readonly now: UnixSeconds
}

interface Arrival {
  readonly at: UnixSeconds
  readonly series: number
  readonly bin: UnixSeconds
  readonly value: number
  readonly weight: number
}

/**
 * Replays a case through store, detection and correlation: the same code as live, with the data's clock.
 *
 * @param store an empty one; memory for a replay, the data folder's for an import.
 */
export async function replay(loaded: LoadedCase, store: Store, options: ReplayOptions): Promise<Replayed> {
  const ids = await store.defineSeries(loaded.series.map((each) => each.info))
  await store.putSpecs(specsOf(loaded.series))
  await store.putEntities(loaded.entities)
  // What had not happened by then was not known by then.
  const { asOf } = options
  await store.putRouteEvents(loaded.routeEvents.filter(({ at }) => asOf === null || at <= asOf))
  const placed = placeInScopes(loaded, ids)
  const ledger = createLedger(await store.revisions({}))
  const arrivals = arrivalsOf(loaded, options.lateness, options.asOf)
  let now = loaded.from
  let worked = 0
  for (let from = 0; from < arrivals.length;) {
    worked += 1
    if (worked % ARRIVALS_A_TURN === 0) await turn()
    const at = arrivals[from]?.at ?? now
    let to = from
    while (to < arrivals.length && arrivals[to]?.at === at) to += 1
    const batch = arrivals.slice(from, to)
    now = at
    const { batch: snapshot } = await store.append(batchOf(batch, ids, at))
    for (const each of batch) {
      const place = placed.places[each.series]
      if (place === undefined) continue
      placed.scopes.get(place.scope)?.put(place.member, each.bin, each.value, each.weight)
    }
    from = to
    if (options.pace === 'bin-by-bin' || from === arrivals.length) {
      await publish(placed.scopes, loaded.hierarchy, ledger, store, now, snapshot)
      options.progress(from / arrivals.length)
    }
  }
  return { store, ledger, scopes: placed.scopes, now }
}

/** Judges every scope at `now` and publishes what changed. */
async function publish(
  scopes: ReadonlyMap<string, Scope>,
  hierarchy: Hierarchy,
  ledger: Ledger,
  store: Store,
  now: UnixSeconds,
  snapshot: number,
): Promise<void> {
  const revisions: Revision[] = []
  const current = ledger.current().map((each) => each.incident)
  for (const [name, scope] of scopes) {
    scope.advance(now)
    const mine = (incident: Incident): boolean => scopeOf(incident.entity, hierarchy) === name
    if (scope.quiet() && !current.some(mine)) continue
    revisions.push(...ledger.update(scope.drafts(now), mine, now, snapshot, null))
  }
  if (revisions.length > 0) await store.publish(revisions)
}

interface Placed {
  readonly scopes: ReadonlyMap<string, Scope>
  /** Where each series of the case is judged, by its place in the case. */
  readonly places: readonly { readonly scope: string; readonly member: number }[]
}

function placeInScopes(loaded: LoadedCase, ids: readonly number[]): Placed {
  const members = new Map<
    string,
    { series: LoadedCase['series'][number]['info'] & { id: number }; spec: LoadedCase['series'][number]['spec'] }[]
  >()
  const places = loaded.series.map((each, i) => {
    const scope = scopeOf(each.info.entity, loaded.hierarchy)
    const list = members.get(scope) ?? []
    list.push({ series: { ...each.info, id: ids[i] ?? -1 }, spec: each.spec })
    members.set(scope, list)
    return { scope, member: list.length - 1 }
  })
  const scopes = new Map(
    [...members].map(([name, list]) => [name, createScope(list, loaded.gazetteer, loaded.hierarchy)]),
  )
  return { scopes, places }
}

function arrivalsOf(loaded: LoadedCase, lateness: Lateness, asOf: UnixSeconds | null): readonly Arrival[] {
  const arrivals: Arrival[] = []
  loaded.series.forEach((each, series) => {
    each.bins.forEach((bin, i) => {
      const at = (bin + each.info.step + each.spec.delay + lateness(series, bin)) as UnixSeconds
      if (asOf !== null && at > asOf) return
      arrivals.push({
        at,
        series,
        bin: bin as UnixSeconds,
        value: each.values[i] ?? Number.NaN,
        weight: each.weights[i] ?? Number.NaN,
      })
    })
  })
  return arrivals.sort((a, b) => a.at - b.at || a.series - b.series || a.bin - b.bin)
}

function batchOf(
  arrivals: readonly Arrival[],
  ids: readonly number[],
  arrival: UnixSeconds,
): Parameters<Store['append']>[0] {
  return {
    arrival,
    series: Uint32Array.from(arrivals, (each) => ids[each.series] ?? 0),
    bins: Float64Array.from(arrivals, (each) => each.bin),
    values: Float64Array.from(arrivals, (each) => each.value),
    weights: Float64Array.from(arrivals, (each) => each.weight),
  }
}
