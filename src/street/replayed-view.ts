import type { LoadedCase } from './case.ts'
import type { Replayed } from './replay.ts'
import { createStoreView } from './store-view.ts'
import type { View } from './view.ts'

/** What pages and interface are made from, of a case that was run. */
export function replayedView(loaded: LoadedCase, { store, scopes, now }: Replayed): View {
  return createStoreView({
    id: loaded.id,
    title: loaded.title,
    store,
    gazetteer: loaded.gazetteer,
    hierarchy: loaded.hierarchy,
    origin: () => loaded.origin,
    waypoints: loaded.waypoints,
    now: () => now,
    judged: scopes,
    live: null,
  })
}
