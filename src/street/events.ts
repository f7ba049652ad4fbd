import type { Store } from '../store/store.ts'
import type { EventFeed, LiveEvent } from './view.ts'

/** The feed together with the end that news go in at. */
export interface EventSource extends EventFeed {
  emit(event: LiveEvent): void
}

/** What was published is read from the store, so that a reader can go on from any number; news go to who listens now. */
export function createEvents(store: Store): EventSource {
  const listeners = new Set<(event: LiveEvent) => void>()
  return {
    last: () => store.lastPublished(),
    since: (place, limit) => store.published(place, limit),
    subscribe(listener) {
      // Its own function: the same listener twice is two subscriptions.
      const own = (event: LiveEvent): void => listener(event)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    emit(event) {
      for (const listener of listeners) listener(event)
    },
  }
}
