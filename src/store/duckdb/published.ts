import type { Revision } from '../../model/incident.ts'
import type { PublishedRevision, RevisionFilter } from '../store.ts'
import type { Database, Parameter } from './database.ts'
import type { State } from './state.ts'

export async function publishRevisions(
  database: Database,
  state: State,
  revisions: readonly Revision[],
): Promise<void> {
  if (revisions.length === 0) return
  state.revisionKeys.check(revisions)
  const last = state.lastPublished
  await database.transaction((transaction) =>
    transaction.appendRows(
      'revision',
      revisions.map((revision, i) => {
        const { id, entity } = revision.incident
        return [last + 1 + i, id, revision.number, entity, revision.publishedAt, JSON.stringify(revision)]
      }),
    ),
  )
  state.revisionKeys.add(revisions)
  state.lastPublished += revisions.length
}

export async function findPublished(
  database: Database,
  after: number,
  limit: number,
): Promise<readonly PublishedRevision[]> {
  const rows = await database.rows('SELECT place, json FROM revision WHERE place > ? ORDER BY place LIMIT ?', [
    after,
    limit,
  ])
  return rows.map(([place, json]) => ({ place: Number(place), revision: JSON.parse(String(json)) as Revision }))
}

export async function findRevisions(database: Database, filter: RevisionFilter): Promise<readonly Revision[]> {
  const conditions: string[] = []
  const parameters: Parameter[] = []
  const where = (condition: string, parameter: Parameter | undefined): void => {
    if (parameter === undefined) return
    conditions.push(`${condition} ?`)
    parameters.push(parameter)
  }
  where('incident =', filter.incident)
  where('entity =', filter.entity)
  where('published_at <=', filter.asOf)
  const clause = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const rows = await database.rows(`SELECT json FROM revision ${clause} ORDER BY place`, parameters)
  return rows.map(([json]) => JSON.parse(String(json)) as Revision)
}
