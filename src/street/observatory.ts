import type { UnixSeconds } from '../model/brand.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { createHierarchy } from '../netdata/hierarchy.ts'
import { openMemoryStore } from '../store/memory.ts'
import type { Store } from '../store/store.ts'
import { loadCase } from './case.ts'
import type { Listed } from './catalogue.ts'
import { createEvents } from './events.ts'
import { AS_WRITTEN } from './reconstruct.ts'
import { ON_TIME, replay } from './replay.ts'
import { createStoreView } from './store-view.ts'
import type { Observatory, View } from './view.ts'

export interface ObservatorySetting {
  /** What is watched live, and what was imported. */
  readonly store: Store
  readonly cases: readonly Listed[]
  /** The clock of live. */
  readonly now: () => UnixSeconds
}

/** The live store and the replays behind one door. */
export async function createObservatory(setting: ObservatorySetting): Promise<Observatory> {
  const entities = await setting.store.entities()
  // Reconstructions are refused by import: what is here was measured, or nothing is.
  const origin = (await setting.store.series({})).length > 0 ? 'measured' : null
  const live = createStoreView({
    id: 'live',
    title: 'live',
    store: setting.store,
    gazetteer: createGazetteer(entities),
    hierarchy: createHierarchy(entities),
    origin: () => origin,
    waypoints: [],
    now: setting.now,
    judged: new Map(),
    live: null,
  })
  const running = new Map<string, Promise<View>>()
  return {
    live,
    events: createEvents(setting.store),
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
  return createStoreView({
    id: loaded.id,
    title: loaded.title,
    store,
    gazetteer: loaded.gazetteer,
    hierarchy: loaded.hierarchy,
    origin: () => loaded.origin,
    waypoints: loaded.waypoints,
    now: () => replayed.now,
    judged: replayed.scopes,
    live: null,
  })
}
