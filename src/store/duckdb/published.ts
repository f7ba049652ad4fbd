import type { Revision } from '../../model/incident.ts'
import type { RevisionKeys } from '../revisions.ts'
import type { RevisionFilter } from '../store.ts'
import type { Database, Parameter } from './database.ts'

export async function publishRevisions(
  database: Database,
  keys: RevisionKeys,
  revisions: readonly Revision[],
): Promise<void> {
  if (revisions.length === 0) return
  keys.check(revisions)
  const [row] = await database.rows('SELECT coalesce(max(place), 0) FROM revision', [])
  const last = Number(row?.[0])
  await database.transaction((transaction) =>
    transaction.appendRows(
      'revision',
      revisions.map((revision, i) => {
        const { id, entity } = revision.incident
        return [last + 1 + i, id, revision.number, entity, revision.publishedAt, JSON.stringify(revision)]
      }),
    ),
  )
  keys.add(revisions)
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
