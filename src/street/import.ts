import { CaseError } from '../model/errors.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { createHierarchy } from '../netdata/hierarchy.ts'
import type { UnixSeconds } from '../model/brand.ts'
import type { SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import type { Store } from '../store/store.ts'
import type { LoadedCase } from './case.ts'
import { membersOfStore, scopeFromStore } from './from-store.ts'
import { createLedger } from './ledger.ts'
import { specsOf } from './loaded.ts'
import { ON_TIME, replay } from './replay.ts'
import { scopeOf } from './scope.ts'

export interface Imported {
  readonly observations: number
  /** Those that the store did not hold already. */
  readonly appended: number
  readonly revisions: number
  /** True when the case was judged bin by bin, with the revisions that live would have published. */
  readonly asLive: boolean
}

/**
 * Puts the observations of a case into a store and judges them.
 *
 * Into scopes that the store knows nothing of, the case is replayed bin by bin, so that its revisions are those that
 * live would have published. Where there are data already, everything is judged anew once, at the newest instant:
 * what was published before stays, and what changed is a new revision.
 *
 * @throws CaseError for a reconstruction: it is never kept among what was measured; for a signal that the store holds
 *         in another unit: it has one spec for each, and would judge by the wrong one.
 */
export async function importCase(
  loaded: LoadedCase,
  store: Store,
  progress: (done: number) => void,
): Promise<Imported> {
  if (loaded.origin !== 'measured') {
    throw new CaseError(
      `${loaded.id} is a reconstruction: it is not kept among measurements. Look at it under /replays, or with tocsin replay`,
    )
  }
  await refuseOtherUnits(loaded, store)
  const observations = loaded.series.reduce((sum, each) => sum + each.bins.length, 0)
  const scopes = new Set(loaded.series.map((each) => scopeOf(each.info.entity, loaded.hierarchy)))
  const before = (await store.revisions({})).length
  const known = await membersOfStore(store, loaded.hierarchy)
  if ([...scopes].every((each) => !known.has(each))) {
    await replay(loaded, store, { pace: 'bin-by-bin', lateness: ON_TIME, progress, asOf: null })
    return {
      observations,
      appended: observations,
      revisions: (await store.revisions({})).length - before,
      asLive: true,
    }
  }
  const { appended, now } = await appendAll(loaded, store, progress)
  if (appended > 0) await judgeScopes(store, scopes, now)
  return { observations, appended, revisions: (await store.revisions({})).length - before, asLive: false }
}

async function refuseOtherUnits(loaded: LoadedCase, store: Store): Promise<void> {
  const known = new Map((await store.specs()).map((spec) => [signalKey(spec), spec]))
  for (const { spec } of loaded.series) {
    const before = known.get(signalKey(spec))
    if (before === undefined) known.set(signalKey(spec), spec)
    else if (before.unit !== spec.unit || before.badDirection !== spec.badDirection)
      throw new CaseError(
        `${loaded.id} has ${signalKey(spec)} in "${spec.unit}", bad when it goes ${spec.badDirection}; the data folder has it in "${before.unit}", bad when it goes ${before.badDirection}. ${ELSEWHERE}`,
      )
    else if (before.windowNormalised !== spec.windowNormalised)
      throw new CaseError(
        `${loaded.id} has ${signalKey(spec)} ${scaled(spec)}; the data folder has it ${scaled(before)}. ${ELSEWHERE}`,
      )
  }
}

const ELSEWHERE = 'Import it into a folder of its own with --folder'

function scaled(spec: SignalSpec): string {
  return spec.windowNormalised ? 'scaled to the largest value of its window' : 'as it was measured'
}

async function appendAll(
  loaded: LoadedCase,
  store: Store,
  progress: (done: number) => void,
): Promise<{ appended: number; now: UnixSeconds }> {
  const ids = await store.defineSeries(loaded.series.map((each) => each.info))
  await store.putSpecs(specsOf(loaded.series))
  await store.putEntities(loaded.entities)
  let appended = 0
  let now = (await store.lastArrival()) ?? loaded.from
  for (const [i, series] of loaded.series.entries()) {
    const last = series.bins.reduce((latest, bin) => Math.max(latest, bin), 0)
    const arrival = (last + series.info.step + series.spec.delay) as UnixSeconds
    if (arrival > now) now = arrival
    const result = await store.append({
      arrival,
      series: new Uint32Array(series.bins.length).fill(ids[i] ?? 0),
      bins: Float64Array.from(series.bins),
      values: Float64Array.from(series.values),
      weights: Float64Array.from(series.weights),
    })
    appended += result.appended
    progress((i + 1) / loaded.series.length)
  }
  return { appended, now }
}

async function judgeScopes(store: Store, names: ReadonlySet<string>, now: UnixSeconds): Promise<void> {
  const entities = await store.entities()
  const [gazetteer, hierarchy] = [createGazetteer(entities), createHierarchy(entities)]
  const members = await membersOfStore(store, hierarchy)
  const ledger = createLedger(await store.revisions({}))
  const snapshot = await store.lastBatch()
  for (const name of names) {
    const scope = await scopeFromStore(store, members.get(name) ?? [], gazetteer, hierarchy, null, now, null, () => [])
    await store.publish(
      ledger.update(scope.drafts(now), (incident) => scopeOf(incident.entity, hierarchy) === name, now, snapshot, null),
    )
  }
}
