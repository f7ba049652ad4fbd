import type { UnixSeconds } from '../model/brand.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { createHierarchy } from '../netdata/hierarchy.ts'
import { accessGroupName } from '../words/access.ts'
import { openMemoryStore } from '../store/memory.ts'
import type { Store } from '../store/store.ts'
import { loadCase } from './case.ts'
import type { Listed } from './catalogue.ts'
import { createEvents } from './events.ts'
import type { LiveSetting } from './live/live.ts'
import { startLive } from './live/live.ts'
import { AS_WRITTEN } from './reconstruct.ts'
import { ON_TIME, replay } from './replay.ts'
import { replayedView } from './replayed-view.ts'
import { createStoreView } from './store-view.ts'
import type { Observatory, View } from './view.ts'

export interface ObservatorySetting {
  /** What is watched live, and what was imported. */
  readonly store: Store
  readonly cases: readonly Listed[]
  /** The clock of live. */
  readonly now: () => UnixSeconds
  /** What collects and judges while it runs; `null` where the folder is only read. */
  readonly live: Omit<LiveSetting, 'store'> | null
}

/** An observatory that may be collecting. */
export interface RunningObservatory extends Observatory {
  /** Rejects when collecting broke down; never resolves before `close` where something collects. */
  readonly ended: Promise<void>
  /** Stops collecting. The store stays open. */
  close(): Promise<void>
}

/**
 * The live store and the replays behind one door.
 *
 * @throws ConfigError when the store holds a signal that is to be collected in another unit.
 */
export async function createObservatory(setting: ObservatorySetting): Promise<RunningObservatory> {
  const { store } = setting
  const entities = await store.entities()
  const world = { gazetteer: createGazetteer(entities, accessGroupName), hierarchy: createHierarchy(entities) }
  const events = createEvents(store)
  const holdsSeries = (await store.series({})).length > 0
  const live = setting.live === null ? null : await startLive({ ...setting.live, store }, { ...world, events })
  const view = createStoreView({
    ...world,
    id: 'live',
    title: 'live',
    store,
    // Reconstructions are refused by import: what is here was measured, or nothing is.
    origin: () => (holdsSeries || (live?.scopes.size ?? 0) > 0 ? 'measured' : null),
    waypoints: [],
    now: setting.now,
    judged: live?.scopes ?? new Map(),
    live: live?.sight ?? null,
  })
  const running = new Map<string, Promise<View>>()
  return {
    live: view,
    events,
    ended: live?.ended ?? Promise.resolve(),
    close: () => live?.stop() ?? Promise.resolve(),
    replays: () => Promise.resolve(setting.cases.map((each) => each.entry)),
    async replay(id) {
      const listed = setting.cases.find((each) => each.entry.id === id)
      if (listed === undefined) return null
      let view = running.get(id)
      if (view === undefined) {
        view = runReplay(listed)
        running.set(id, view)
        view.catch(() => running.delete(id))
      }
      return view
    },
  }
}

/** Runs a case bin by bin in a memory store of its own, as live would have run. */
async function runReplay(listed: Listed): Promise<View> {
  const loaded = await loadCase(listed.parsed, AS_WRITTEN)
  const store = openMemoryStore()
  const replayed = await replay(loaded, store, {
    pace: 'bin-by-bin',
    lateness: ON_TIME,
    progress: () => undefined,
    asOf: null,
  })
  return replayedView(loaded, replayed)
}
