import type { RouteEvent } from '../model/routing.ts'
import type { RouteEventFilter } from './store.ts'

/** Who says that what happened to which route, when: of two with one key the first is kept. */
export function routeEventKey({ source, at, kind, prefix, origin }: RouteEvent): string {
  return `${source}\n${at}\n${kind}\n${prefix}\n${origin}`
}

/**
 * Each event once, in the order given. Of one key that comes several times (a route that went, came and went again
 * within one second) the last counts: how that second ended must not be lost.
 *
 * @throws RangeError for an event that no store can hold.
 */
export function distinctRouteEvents(events: readonly RouteEvent[]): ReadonlyMap<string, RouteEvent> {
  const byKey = new Map<string, RouteEvent>()
  for (const event of events) {
    checkRouteEvent(event)
    const key = routeEventKey(event)
    byKey.delete(key)
    byKey.set(key, event)
  }
  return byKey
}

export function passesRouteFilter(event: RouteEvent, filter: RouteEventFilter): boolean {
  const { country, origins, prefix, range, source } = filter
  return (
    (country === undefined || event.country === country) &&
    (origins === undefined || origins.includes(event.origin)) &&
    (prefix === undefined || event.prefix === prefix) &&
    (range === undefined || (event.at >= range.from && event.at < range.until)) &&
    (source === undefined || event.source === source)
  )
}

const MOST = 2 ** 32 - 1
const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= MOST

function checkRouteEvent({ at, prefix, origin, blocks, carrying, voting }: RouteEvent): void {
  if (![at, origin, carrying, voting].every(isCount)) {
    throw new RangeError(
      `a route event of ${prefix} has a time, origin or number of peers that is no whole number from 0 to ${MOST}`,
    )
  }
  // A /16 of IPv6 holds 2^32 blocks: one more than fits into 32 bits.
  if (!Number.isSafeInteger(blocks) || blocks < 0)
    throw new RangeError(`a route event of ${prefix} has ${blocks} blocks`)
}
