import type { UnixSeconds } from '../../model/brand.ts'
import { makeArrivals, type Arrivals } from '../arrivals.ts'
import { makeRegistry, type Registry } from '../registry.ts'
import { makeRevisionKeys, revisionKey, type RevisionKeys } from '../revisions.ts'
import type { StoredSeries } from '../store.ts'
import type { Database } from './database.ts'
import { loadMarks, type Marks } from './marks.ts'

/** What the engine keeps in memory beside the file; never ahead of it: it changes when a transaction is through. */
export interface State {
  readonly registry: Registry
  readonly arrivals: Arrivals
  readonly marks: Marks
  readonly revisionKeys: RevisionKeys
}

export async function loadState(database: Database): Promise<State> {
  const series = await database.rows(
    'SELECT id, source, signal, entity, facet, origin, step, phase FROM series ORDER BY id',
    [],
  )
  const arrivals: UnixSeconds[] = []
  await database.numbers('SELECT arrival FROM batch ORDER BY batch', ([arrival]) => {
    for (const at of arrival!) arrivals.push(at as UnixSeconds)
  })
  const revisions = await database.rows('SELECT incident, number FROM revision', [])
  return {
    registry: makeRegistry(series.map(toSeries)),
    arrivals: makeArrivals(arrivals),
    marks: await loadMarks(database),
    revisionKeys: makeRevisionKeys(
      revisions.map(([incident, number]) => revisionKey(String(incident), Number(number))),
    ),
  }
}

function toSeries([id, source, signal, entity, facet, origin, step, phase]: readonly unknown[]): StoredSeries {
  return { id, source, signal, entity, facet, origin, step, phase } as StoredSeries
}
