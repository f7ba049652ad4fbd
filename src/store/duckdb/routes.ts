import type { UnixSeconds } from '../../model/brand.ts'
import type { RouteEvent } from '../../model/routing.ts'
import { distinctRouteEvents, routeEventKey } from '../route-events.ts'
import type { RouteEventFilter } from '../store.ts'
import type { Database, Parameter } from './database.ts'
import type { State } from './state.ts'

/** Events are held against those of the same seconds: so many at a time, in the order of time. */
const CHUNK = 20_000
const COLUMNS = 'source, happened, kind, prefix, origin, country, blocks, carrying, voting'

/** @returns how many were new. All of the call or nothing. */
export async function putRouteEvents(database: Database, state: State, events: readonly RouteEvent[]): Promise<number> {
  const given = [...distinctRouteEvents(events)]
  const byTime = given.length <= CHUNK ? given : given.toSorted(([, a], [, b]) => a.at - b.at)
  const fresh: RouteEvent[] = []
  for (let from = 0; from < byTime.length; from += CHUNK) {
    const chunk = byTime.slice(from, from + CHUNK)
    const known = await keysAround(
      database,
      chunk.map(([, event]) => event),
    )
    for (const [key, event] of chunk) if (!known.has(key)) fresh.push(event)
  }
  if (fresh.length === 0) return 0
  const first = state.lastRouteEvent + 1
  await database.transaction((transaction) =>
    transaction.appendRows(
      'route_event',
      fresh.map((event, i) => [
        first + i,
        event.source,
        event.at,
        event.kind,
        event.prefix,
        event.origin,
        event.country,
        event.blocks,
        event.carrying,
        event.voting,
      ]),
    ),
  )
  state.lastRouteEvent += fresh.length
  return fresh.length
}

async function keysAround(database: Database, events: readonly RouteEvent[]): Promise<ReadonlySet<string>> {
  let [least, most] = [Number.POSITIVE_INFINITY, 0]
  for (const { at } of events) {
    least = Math.min(least, at)
    most = Math.max(most, at)
  }
  const rows = await database.rows(`SELECT ${COLUMNS} FROM route_event WHERE happened >= ? AND happened <= ?`, [
    least,
    most,
  ])
  return new Set(rows.map((row) => routeEventKey(toEvent(row))))
}

export async function findRouteEvents(database: Database, filter: RouteEventFilter): Promise<readonly RouteEvent[]> {
  const { sql, parameters } = conditionOf(filter)
  const rows = await database.rows(
    `SELECT ${COLUMNS} FROM route_event WHERE ${sql} ORDER BY happened, place`,
    parameters,
  )
  return rows.map(toEvent)
}

/** @returns how many went. */
export async function letGoRoutes(
  database: Database,
  before: UnixSeconds,
  kept: readonly RouteEventFilter[],
): Promise<number> {
  const stays = kept.map(conditionOf)
  // What has no country passes no filter that names one: NULL is no.
  const where = ['happened < ?', ...stays.map(({ sql }) => `NOT coalesce(${sql}, false)`)].join(' AND ')
  const parameters = [Math.max(0, before), ...stays.flatMap((each) => each.parameters)]
  const [counted] = await database.rows(`SELECT count(*)::DOUBLE FROM route_event WHERE ${where}`, parameters)
  const gone = Number(counted?.[0])
  if (gone === 0) return 0
  await database.rows(`DELETE FROM route_event WHERE ${where}`, parameters)
  return gone
}

function conditionOf(filter: RouteEventFilter): { readonly sql: string; readonly parameters: readonly Parameter[] } {
  const conditions: string[] = ['true']
  const parameters: Parameter[] = []
  const where = (condition: string, parameter: Parameter | undefined): void => {
    if (parameter === undefined) return
    conditions.push(`${condition} ?`)
    parameters.push(parameter)
  }
  where('country =', filter.country)
  where('prefix =', filter.prefix)
  where('source =', filter.source)
  where('happened >=', filter.range === undefined ? undefined : Math.max(0, filter.range.from))
  where('happened <', filter.range === undefined ? undefined : Math.max(0, filter.range.until))
  if (filter.origins !== undefined) {
    const origins = filter.origins.filter((each) => Number.isInteger(each) && each >= 0)
    conditions.push(origins.length === 0 ? 'false' : `origin IN (${origins.join(', ')})`)
  }
  return { sql: `(${conditions.join(' AND ')})`, parameters }
}

function toEvent([
  source,
  at,
  kind,
  prefix,
  origin,
  country,
  blocks,
  carrying,
  voting,
]: readonly unknown[]): RouteEvent {
  return { source, at, kind, prefix, origin, country, blocks, carrying, voting } as RouteEvent
}
