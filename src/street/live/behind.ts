import type { UnixSeconds } from '../../model/brand.ts'
import { HOUR, MINUTE } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'

/** How far the back-fill of all signals has come. */
export type Stage = 'begun' | 'week' | 'complete'

/**
 * Scopes for which the store holds history that they have not judged: it is judged at milestones, not bin by bin.
 *
 * Written before the rows are, so that after a kill no scope is taken for whole that is not. Without it nothing that was
 * kept of scopes counts.
 */
export interface Behind {
  /** False when nothing was known at the start. */
  isKnown(): boolean
  /** To be called before the rows go into the store. */
  add(names: readonly string[], now: UnixSeconds): Promise<void>
  /** A scope that was built from the store. */
  caughtUp(name: string): Promise<void>
  /** Scopes whose history is to be judged now. */
  due(stage: Stage, now: UnixSeconds): readonly string[]
  /** The newest milestone that was worked off. */
  reached(stage: Stage): Promise<void>
  /** True while a milestone is ahead. */
  isBefore(stage: Stage): boolean
}

const KEY = 'live/behind'
/** Past the last milestone a scope waits until its history has come for the most part. */
const QUIET = 30 * MINUTE
/** And no longer than this, whatever else is to come: an upstream may never give a piece of it. */
const LONGEST = 6 * HOUR

const ORDER: readonly Stage[] = ['begun', 'week', 'complete']

export async function openBehind(store: Store, now: UnixSeconds): Promise<Behind> {
  const kept = parse(await store.derived(KEY))
  const names = new Map((kept?.names ?? []).map((name) => [name, { first: now, last: now }]))
  let stage: Stage = kept?.stage ?? 'begun'
  const write = (): Promise<void> =>
    store.putDerived(KEY, new TextEncoder().encode(JSON.stringify({ stage, names: [...names.keys()].sort() })))
  const isBefore = (other: Stage): boolean => ORDER.indexOf(other) > ORDER.indexOf(stage)
  if (kept === null) await write()
  return {
    isKnown: () => kept !== null,
    async add(added, at) {
      const isNew = added.some((name) => !names.has(name))
      for (const name of added) names.set(name, { first: names.get(name)?.first ?? at, last: at })
      if (isNew) await write()
    },
    async caughtUp(name) {
      if (names.delete(name)) await write()
    },
    due(reached, at) {
      if (isBefore(reached)) return [...names.keys()]
      // Either way: the clock may have been set back.
      const isQuiet = (last: UnixSeconds): boolean => reached === 'complete' && Math.abs(at - last) >= QUIET
      return [...names]
        .filter(([, { first, last }]) => isQuiet(last) || Math.abs(at - first) >= LONGEST)
        .map(([name]) => name)
    },
    async reached(next) {
      stage = next
      await write()
    },
    isBefore,
  }
}

function parse(bytes: Uint8Array | null): { readonly stage: Stage; readonly names: readonly string[] } | null {
  if (bytes === null) return null
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as { stage?: unknown; names?: unknown }
    const stage = ORDER.find((each) => each === found.stage)
    const isList = Array.isArray(found.names) && found.names.every((each) => typeof each === 'string')
    return stage === undefined || !isList ? null : { stage, names: found.names as string[] }
  } catch {
    // Not ours, or half of it: as if nothing was known.
    return null
  }
}

/** @param shares of the wanted back-fill that are done, by signal. @param days of history that are wanted. */
export function stageOf(shares: readonly number[], days: number): Stage {
  const least = Math.min(1, ...shares)
  // The newest history comes first, so that a week is the first seven days' share.
  if (least >= 1) return 'complete'
  return least >= Math.min(1, 7 / Math.max(days, 1)) ? 'week' : 'begun'
}
