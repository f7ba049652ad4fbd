import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { signalKey } from '../../model/signal.ts'
import { DAY, MINUTE } from '../../model/time.ts'
import type { StoredSeries } from '../../store/store.ts'
import { membersOfStore } from '../from-store.ts'
import type { JudgeSetting } from '../judged.ts'
import { judgeFromStore } from '../judged.ts'
import type { Scope, ScopeMember } from '../scope.ts'
import { restoreScope, scopeOf } from '../scope.ts'
import type { Behind } from './behind.ts'

/** Bins of one series on their way into its scope. */
export interface Rows {
  readonly series: number
  readonly bins: Float64Array
  readonly values: Float64Array
  readonly weights: Float64Array
}

/** One series that is judged live. */
export interface Place {
  readonly scope: Scope
  readonly member: number
}

/** The same with the series' own entity. */
export interface SignalPlace extends Place {
  readonly entity: EntityId
}

/** The scopes that are judged live, in memory, as far back as judging and late data ask for. */
export interface LiveScopes {
  readonly judged: ReadonlyMap<string, Scope>
  /** Names of scopes that have series and are not judged yet. */
  waiting(): readonly string[]
  /** Takes up what was kept over a restart. What was not waits to be built. */
  open(): Promise<void>
  /** Makes series known: their scope is built anew, with them. */
  grow(series: readonly StoredSeries[], spec: SignalSpec, now: UnixSeconds): void
  place(series: number): Place | null
  /** Where the series of one signal are judged. */
  ofSignal(signal: { readonly source: string; readonly signal: string }): readonly SignalPlace[]
  /** Scopes for which these rows are older than what they hold. */
  tooOldFor(rows: readonly Rows[]): readonly string[]
  /** Rows that the store holds by now. @returns names of the scopes that took any. */
  put(rows: readonly Rows[], purpose: 'live' | 'back-fill', now: UnixSeconds): ReadonlySet<string>
  /** Tells the members of a signal when they are blind. @returns names of the scopes that it touched. */
  blind(signal: { readonly source: string; readonly signal: string }, now: UnixSeconds): ReadonlySet<string>
  /** Has a scope built anew from the store. */
  renew(name: string, dueAt: UnixSeconds): void
  /** Scopes that are due to be built. */
  due(now: UnixSeconds): readonly string[]
  /** @returns false when it was not due (any more). */
  build(name: string, now: UnixSeconds): Promise<boolean>
  /** Keeps a scope for a restart. */
  keep(name: string, now: UnixSeconds): Promise<void>
}

export interface LiveScopesSetting extends JudgeSetting {
  readonly behind: Pick<Behind, 'isKnown'>
}

/** Data that come up to a week late are judged without the store; a day more, for what waits in between. */
const HELD = 8 * DAY
/** A scope that grows or was corrected far back waits for what else comes, so that it is built once. */
const SETTLE = 10 * MINUTE

const EVER = Number.MAX_SAFE_INTEGER as UnixSeconds

export function createLiveScopes(setting: LiveScopesSetting): LiveScopes {
  const { store, gazetteer, hierarchy, behind, blindness } = setting
  const scopes = new Map<string, Scope>()
  const members = new Map<string, ScopeMember[]>()
  const known = new Map<number, { readonly name: string; place: Place | null }>()
  let bySignal: Map<string, SignalPlace[]> | null = null
  const toBuild = new Map<string, UnixSeconds>()

  function renew(name: string, dueAt: UnixSeconds): void {
    const before = toBuild.get(name)
    if (before === undefined || before > dueAt) toBuild.set(name, dueAt)
  }

  function install(name: string, scope: Scope): void {
    bySignal = null
    scopes.set(name, scope)
    scope.members.forEach(({ series }, member) => known.set(series.id, { name, place: { scope, member } }))
  }

  function index(): Map<string, SignalPlace[]> {
    const found = new Map<string, SignalPlace[]>()
    for (const scope of scopes.values()) {
      scope.members.forEach(({ series }, member) => {
        const list = found.get(signalKey(series))
        const place = { scope, member, entity: series.entity }
        if (list === undefined) found.set(signalKey(series), [place])
        else list.push(place)
      })
    }
    return found
  }

  async function readMembers(): Promise<void> {
    for (const [name, list] of await membersOfStore(store, hierarchy)) {
      members.set(name, [...list])
      for (const { series } of list) known.set(series.id, { name, place: null })
    }
  }

  /** A kept scope together with what the store has taken in since. */
  async function restored(name: string, list: readonly ScopeMember[]): Promise<Scope | null> {
    const bytes = await store.derived(keyOf(name))
    const scope = bytes === null ? null : restoreScope(bytes, list, gazetteer, hierarchy)
    if (scope === null) return null
    let tooOld = false
    list.forEach(({ series }, i) => {
      if (scope.blind(i, blindness(series)) === 'too-old') tooOld = true
    })
    // By where they begin: what has been silent for a year would have all others read from then on.
    const byDay = new Map<number, { from: UnixSeconds; readonly places: Map<number, number> }>()
    list.forEach(({ series }, i) => {
      const from = scope.since(i) ?? (0 as UnixSeconds)
      const day = Math.floor(from / DAY)
      const group = byDay.get(day) ?? { from, places: new Map<number, number>() }
      group.from = Math.min(group.from, from) as UnixSeconds
      group.places.set(series.id, i)
      byDay.set(day, group)
    })
    for (const { from, places } of byDay.values()) {
      for await (const { id, column } of store.scan([...places.keys()], { from, until: EVER }, null)) {
        const member = places.get(id) ?? -1
        const since = scope.since(member) ?? from
        for (let i = 0; i < column.bins.length; i++) {
          const bin = (column.bins[i] ?? 0) as UnixSeconds
          if (bin < since) continue
          const taken = scope.put(member, bin, column.values[i] ?? NaN, column.weights[i] ?? NaN)
          if (taken === 'too-old') tooOld = true
        }
      }
    }
    return tooOld ? null : scope
  }

  return {
    judged: scopes,
    waiting: () => [...members.keys()].filter((name) => !scopes.has(name)),
    async open() {
      await readMembers()
      for (const [name, list] of members) {
        const scope = behind.isKnown() ? await restored(name, list) : null
        if (scope === null) renew(name, 0 as UnixSeconds)
        else install(name, scope)
      }
    },
    grow(series, spec, now) {
      for (const each of series) {
        if (known.has(each.id)) continue
        const name = scopeOf(each.entity, hierarchy)
        const list = members.get(name)
        if (list === undefined) members.set(name, [{ series: each, spec }])
        else list.push({ series: each, spec })
        known.set(each.id, { name, place: null })
        // The first series of a scope need not wait: there is little to read yet.
        renew(name, (now + (scopes.has(name) ? SETTLE : 0)) as UnixSeconds)
      }
    },
    place: (series) => known.get(series)?.place ?? null,
    ofSignal: (signal) => (bySignal ??= index()).get(signalKey(signal)) ?? [],
    tooOldFor(rows) {
      const names = new Set<string>()
      for (const { series, bins } of rows) {
        const own = known.get(series)
        if (own === undefined || bins.length === 0) continue
        const since = own.place?.scope.since(own.place.member) ?? null
        if (own.place !== null && (since === null || (bins[0] ?? since) < since)) names.add(own.name)
      }
      return [...names]
    },
    put(rows, purpose, now) {
      const touched = new Set<string>()
      for (const { series, bins, values, weights } of rows) {
        const own = known.get(series)
        if (own === undefined || own.place === null) continue
        const { scope, member } = own.place
        const since = scope.since(member)
        for (let i = 0; i < bins.length; i++) {
          const bin = (bins[i] ?? 0) as UnixSeconds
          // History goes in at once, when enough of it is there: `behind` has its name already.
          if (purpose === 'back-fill' && (since === null || bin < since)) continue
          const taken = scope.put(member, bin, values[i] ?? Number.NaN, weights[i] ?? Number.NaN)
          if (taken === 'too-old') renew(own.name, (now + SETTLE) as UnixSeconds)
        }
        touched.add(own.name)
      }
      return touched
    },
    blind(signal, now) {
      const touched = new Set<string>()
      for (const [name, scope] of scopes) {
        scope.members.forEach(({ series }, member) => {
          if (signalKey(series) !== signalKey(signal)) return
          if (scope.blind(member, blindness(series)) === 'too-old') renew(name, (now + SETTLE) as UnixSeconds)
          touched.add(name)
        })
      }
      return touched
    },
    renew,
    due: (now) => [...toBuild].filter(([, dueAt]) => isDue(dueAt, now)).map(([name]) => name),
    async build(name, now) {
      const list = members.get(name)
      const dueAt = toBuild.get(name)
      if (list === undefined || dueAt === undefined || !isDue(dueAt, now)) return false
      const scope = await judgeFromStore(setting, [...list], null, now)
      // Only now: what the store refused is asked for again.
      toBuild.delete(name)
      scope.trim((now - HELD) as UnixSeconds)
      install(name, scope)
      return true
    },
    async keep(name, now) {
      const scope = scopes.get(name)
      if (scope === undefined) return
      scope.trim((now - HELD) as UnixSeconds)
      await store.putDerived(keyOf(name), scope.snapshot())
    },
  }
}

/** Nothing is due later than a settling time from now: unless the clock was set back. */
function isDue(dueAt: UnixSeconds, now: UnixSeconds): boolean {
  return dueAt <= now || dueAt > now + SETTLE
}

function keyOf(name: string): string {
  return `live/scope/${name}`
}
