import { setImmediate as turn } from 'node:timers/promises'
import type { UnixSeconds } from '../model/brand.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import { DAY } from '../model/time.ts'
import type { AsOf, Store } from '../store/store.ts'
import { membersOfStore, scopeFromStore } from './from-store.ts'
import type { Scope } from './scope.ts'

export interface JudgedSetting {
  readonly store: Store
  readonly gazetteer: Gazetteer
  readonly hierarchy: Hierarchy
  readonly now: () => UnixSeconds
  /** Scopes that are judged already, up to the store's present last batch; asked before any is built anew. */
  readonly judged: ReadonlyMap<string, Scope>
}

/** Scopes by name, judged already or from the store when asked for. */
export interface Judged {
  /** `null` for a name that the store has no series of. */
  find(name: string, asOf: AsOf): Promise<Scope | null>
  /** All there is of it, also what a live scope has let go. */
  whole(name: string): Promise<Scope | null>
  names(): Promise<readonly string[]>
}

/** How many scopes are kept that were judged for a question. */
const KEPT = 16
/** So much of the data's time is judged between two turns of the event loop: other requests are answered meanwhile. */
const STRETCH = 4 * DAY

export function createJudged(setting: JudgedSetting): Judged {
  const { store } = setting
  const kept = new Map<string, Promise<Scope>>()

  async function fromStore(name: string, asOf: AsOf): Promise<Scope | null> {
    const members = (await membersOfStore(store)).get(name)
    if (members === undefined) return null
    const key = `${name}/${await store.lastBatch()}/${asOf ?? 'all'}`
    const before = kept.get(key)
    if (before !== undefined) {
      // The one that was asked for last goes last.
      kept.delete(key)
      kept.set(key, before)
      return before
    }
    const promise = judgeFromStore(setting, members, asOf, asOf ?? setting.now())
    kept.set(key, promise)
    const oldest = kept.keys().next().value
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    // What failed is asked again next time.
    promise.catch(() => kept.delete(key))
    return promise
  }

  return {
    async find(name, asOf) {
      const ready = asOf === null ? setting.judged.get(name) : undefined
      return ready ?? fromStore(name, asOf)
    },
    whole: (name) => fromStore(name, null),
    names: async () => [...(await membersOfStore(store)).keys()],
  }
}

/** As `scopeFromStore`, and lets others have their turn while it judges. */
export async function judgeFromStore(
  setting: Pick<JudgedSetting, 'store' | 'gazetteer' | 'hierarchy'>,
  members: Parameters<typeof scopeFromStore>[1],
  asOf: AsOf,
  now: UnixSeconds,
): Promise<Scope> {
  const { store, gazetteer, hierarchy } = setting
  const scope = await scopeFromStore(store, members, gazetteer, hierarchy, asOf, 0 as UnixSeconds)
  const first = firstBin(scope)
  for (let at = first + STRETCH; at < now; at += STRETCH) {
    scope.advance(at as UnixSeconds)
    await turn()
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
