import type { UnixSeconds } from '../model/brand.ts'
import type { Interval } from '../model/intervals.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import type { SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import type { AsOf, Range, Store, StoredSeries } from '../store/store.ts'
import type { Scope, ScopeMember } from './scope.ts'
import { createScope, scopeOf } from './scope.ts'

const EVER: Range = { from: 0 as UnixSeconds, until: Number.MAX_SAFE_INTEGER as UnixSeconds }

/** The series of a store by the scope that they are judged in, with their specs. Series without a spec are left out. */
export async function membersOfStore(
  store: Store,
  hierarchy: Hierarchy,
): Promise<ReadonlyMap<string, readonly ScopeMember[]>> {
  const specs = new Map((await store.specs()).map((spec) => [signalKey(spec), spec]))
  const members = new Map<string, ScopeMember[]>()
  for (const series of await store.series({})) {
    const spec = specs.get(signalKey(series))
    if (spec === undefined) continue
    const name = scopeOf(series.entity, hierarchy)
    const list = members.get(name) ?? []
    list.push({ series, spec: onGrid(spec, series) })
    members.set(name, list)
  }
  return members
}

/** An export may be coarser than the signal's own step: the series says. */
function onGrid(spec: SignalSpec, series: StoredSeries): SignalSpec {
  return spec.step === series.step ? spec : { ...spec, step: series.step }
}

/**
 * Builds one scope from what the store holds and judges it.
 *
 * @param range bins that are read; `null` for all. @param blindOf when our view of a series was unhealthy.
 * @param asOf 'as known then', or `null` for all; @param now bins that are normally available by then are judged.
 */
export async function scopeFromStore(
  store: Store,
  members: readonly ScopeMember[],
  gazetteer: Gazetteer,
  hierarchy: Hierarchy,
  asOf: AsOf,
  now: UnixSeconds,
  range: Range | null,
  blindOf: (series: StoredSeries) => readonly Interval[],
): Promise<Scope> {
  const scope = createScope(members, gazetteer, hierarchy)
  members.forEach(({ series }, i) => scope.blind(i, blindOf(series)))
  const places = new Map(members.map((each, i) => [each.series.id, i]))
  const ids = [...places.keys()]
  for await (const { id, column } of store.scan(ids, range ?? EVER, asOf)) {
    const member = places.get(id)
    if (member === undefined) continue
    for (let i = 0; i < column.bins.length; i++) {
      scope.put(
        member,
        (column.bins[i] ?? 0) as UnixSeconds,
        column.values[i] ?? Number.NaN,
        column.weights[i] ?? Number.NaN,
      )
    }
  }
  scope.advance(now)
  return scope
}
