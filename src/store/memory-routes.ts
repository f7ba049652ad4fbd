import type { UnixSeconds } from '../model/brand.ts'
import type { RouteEvent } from '../model/routing.ts'
import { distinctRouteEvents, passesRouteFilter, routeEventKey } from './route-events.ts'
import type { RouteEventFilter } from './store.ts'

/** The route events of the memory engine, in the order of time. */
export interface MemoryRoutes {
  /** @returns how many were new. */
  put(events: readonly RouteEvent[]): number
  find(filter: RouteEventFilter): readonly RouteEvent[]
  /** @returns how many went. */
  letGo(before: UnixSeconds, kept: readonly RouteEventFilter[]): number
}

export function makeMemoryRoutes(): MemoryRoutes {
  const known = new Set<string>()
  let events: RouteEvent[] = []
  let isSorted = true

  /** Stable: events of one second stay in the order in which they were put in. */
  function sorted(): readonly RouteEvent[] {
    if (!isSorted) events.sort((a, b) => a.at - b.at)
    isSorted = true
    return events
  }

  return {
    put(added) {
      let count = 0
      for (const [key, event] of distinctRouteEvents(added)) {
        if (known.has(key)) continue
        known.add(key)
        isSorted &&= events.length === 0 || events[events.length - 1]!.at <= event.at
        events.push(event)
        count += 1
      }
      return count
    },
    find: (filter) => sorted().filter((event) => passesRouteFilter(event, filter)),
    letGo(before, kept) {
      const left = events.filter((event) => event.at >= before || kept.some((each) => passesRouteFilter(event, each)))
      const gone = events.length - left.length
      if (gone === 0) return 0
      events = left
      known.clear()
      for (const event of events) known.add(routeEventKey(event))
      return gone
    },
  }
}
