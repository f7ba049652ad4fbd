import type { UnixSeconds } from '../../model/brand.ts'
import { HOUR } from '../../model/time.ts'
import { makeArrivals, type Arrivals } from '../arrivals.ts'
import { makeRegistry, type Registry } from '../registry.ts'
import { makeRevisionKeys, revisionKey, type RevisionKeys } from '../revisions.ts'
import type { StoredSeries } from '../store.ts'
import type { Coverage } from '../coverage.ts'
import { loadCoverage } from './coverage.ts'
import type { Database } from './database.ts'
import { loadHealth, type Health } from './health.ts'
import { loadMarks, type Marks } from './marks.ts'
import { makeNewestBins, type NewestBins } from './newest-bins.ts'

/** What the engine keeps in memory beside the file; never ahead of it: it changes when a transaction is through. */
export interface State {
  readonly registry: Registry
  readonly arrivals: Arrivals
  readonly marks: Marks
  readonly newest: NewestBins
  /** The answer of each batch, from batch 1; 0 where there is none. */
  readonly answerOf: number[]
  readonly coverage: Coverage
  readonly health: Health
  readonly revisionKeys: RevisionKeys
  lastAnswer: number
  lastPublished: number
  /** Place of the newest route event. */
  lastRouteEvent: number
  /** End of the newest hour that is rolled up: rows from it on need no look whether theirs is; 0 when there is none. */
  rolledUntil: number
}

export async function loadState(database: Database): Promise<State> {
  const series = await database.rows(
    'SELECT id, source, signal, entity, facet, origin, step, phase FROM series ORDER BY id',
    [],
  )
  const arrivals: UnixSeconds[] = []
  const answerOf: number[] = []
  await database.numbers('SELECT arrival, answer FROM batch ORDER BY batch', ([arrival, answer]) => {
    for (const at of arrival!) arrivals.push(at as UnixSeconds)
    for (const id of answer!) answerOf.push(id)
  })
  const revisions = await database.rows('SELECT incident, number FROM revision', [])
  const [last] = await database.rows(
    `SELECT (SELECT coalesce(max(id), 0) FROM answer), (SELECT coalesce(max(place), 0) FROM revision),
            (SELECT coalesce(max(hour) + ${HOUR}, 0) FROM hour), (SELECT coalesce(max(place), 0) FROM route_event)`,
    [],
  )
  return {
    registry: makeRegistry(series.map(toSeries)),
    arrivals: makeArrivals(arrivals),
    marks: await loadMarks(database),
    newest: makeNewestBins(),
    answerOf,
    coverage: await loadCoverage(database),
    health: await loadHealth(database),
    lastAnswer: Number(last?.[0]),
    lastPublished: Number(last?.[1]),
    rolledUntil: Number(last?.[2]),
    lastRouteEvent: Number(last?.[3]),
    revisionKeys: makeRevisionKeys(
      revisions.map(([incident, number]) => revisionKey(String(incident), Number(number))),
    ),
  }
}

function toSeries([id, source, signal, entity, facet, origin, step, phase]: readonly unknown[]): StoredSeries {
  return { id, source, signal, entity, facet, origin, step, phase } as StoredSeries
}
