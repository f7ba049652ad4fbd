import { setImmediate as turn } from 'node:timers/promises'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import type { Intervals } from '../model/intervals.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import { DAY, HOUR, binStart } from '../model/time.ts'
import type { AsOf, Store, StoredSeries } from '../store/store.ts'
import { blindnessOf } from './blindness.ts'
import { membersOfStore, scopeFromStore } from './from-store.ts'
import type { Scope, ScopeMember } from './scope.ts'

export interface JudgedSetting {
  readonly store: Store
  readonly gazetteer: Gazetteer
  readonly hierarchy: Hierarchy
  readonly now: () => UnixSeconds
  /** Scopes that are judged already, up to the store's present last batch; asked before any is built anew. */
  readonly judged: ReadonlyMap<string, Scope>
}

/** What a scope is judged from, beside its members. */
export interface JudgeSetting {
  readonly store: Store
  readonly gazetteer: Gazetteer
  readonly hierarchy: Hierarchy
  /** When our view of a series was unhealthy. */
  readonly blindness: (series: StoredSeries) => Intervals
  /** Lets others have their turn. */
  readonly turn: () => Promise<void>
}

/** Scopes by name, judged already or from the store when asked for. */
export interface Judged {
  /** `null` for a name that the store has no series of. */
  find(name: string, asOf: AsOf): Promise<Scope | null>
  /** All there is of it, also what a live scope has let go; its newest bins may be some hours old. */
  whole(name: string): Promise<Scope | null>
  names(): Promise<readonly string[]>
}

/** How many scopes are kept that were judged for a question. */
const KEPT = 6
/** For so long what lies far back is not judged again. */
const WHOLE_AGE = (6 * HOUR) as Seconds
/** So much of the data's time is judged between two turns of the event loop: other requests are answered meanwhile. */
const STRETCH = 4 * DAY

export function createJudged(setting: JudgedSetting): Judged {
  const { store, hierarchy } = setting
  const kept = new Map<string, Promise<Scope>>()

  async function fromStore(name: string, asOf: AsOf, version: string): Promise<Scope | null> {
    const members = (await membersOfStore(store, hierarchy)).get(name)
    if (members === undefined) return null
    const key = `${name}/${asOf ?? 'all'}/${version}`
    const before = kept.get(key)
    // The one that was asked for last goes last.
    kept.delete(key)
    const promise = before ?? build(members, asOf)
    kept.set(key, promise)
    const oldest = kept.keys().next().value
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    // What failed is asked again next time.
    promise.catch(() => kept.delete(key))
    return promise
  }

  async function build(members: readonly ScopeMember[], asOf: AsOf): Promise<Scope> {
    const health = await store.health({})
    const blindness = (series: StoredSeries): Intervals => blindnessOf(health, series, setting.hierarchy)
    return judgeFromStore({ ...setting, blindness, turn }, members, asOf, asOf ?? setting.now())
  }

  return {
    async find(name, asOf) {
      const ready = asOf === null ? setting.judged.get(name) : undefined
      return ready ?? fromStore(name, asOf, String(await store.lastBatch()))
    },
    whole: (name) => fromStore(name, null, `whole of ${binStart(setting.now(), WHOLE_AGE, 0 as Seconds)}`),
    names: async () => [...(await membersOfStore(store, hierarchy)).keys()],
  }
}

/** As `scopeFromStore`, and lets others have their turn while it judges. */
export async function judgeFromStore(
  setting: JudgeSetting,
  members: readonly ScopeMember[],
  asOf: AsOf,
  now: UnixSeconds,
): Promise<Scope> {
  const { store, gazetteer, hierarchy, blindness } = setting
  const none = 0 as UnixSeconds
  const scope = await scopeFromStore(store, members, gazetteer, hierarchy, asOf, none, null, blindness)
  const first = firstBin(scope)
  for (let at = first + STRETCH; at < now; at += STRETCH) {
    scope.advance(at as UnixSeconds)
    await setting.turn()
  }
  scope.advance(now)
  return scope
}

function firstBin(scope: Scope): number {
  return scope.members.reduce((first, _, i) => {
    const { grid } = scope.detector(i)
    return grid.length === 0 ? first : Math.min(first, grid.first)
  }, Number.POSITIVE_INFINITY)
}
