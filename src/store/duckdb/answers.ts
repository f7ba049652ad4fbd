import type { Answer, AnswerWithBody } from '../../model/answer.ts'
import type { KeptAnswer } from '../store.ts'
import type { Database } from './database.ts'

/** The record alone. @param id the next number. */
export async function keepRecord(
  database: Database,
  id: number,
  { body: _, ...record }: AnswerWithBody,
): Promise<void> {
  await database.transaction((transaction) =>
    transaction.appendRows('answer', [[id, record.sha256, record.fetchedAt, 1, JSON.stringify(record)]]),
  )
}

export async function findAnswers(database: Database, sha256: string): Promise<readonly KeptAnswer[]> {
  const rows = await database.rows('SELECT id, holds_body, json FROM answer WHERE sha256 = ? ORDER BY id', [sha256])
  const hasBody = rows.some(([, holds]) => Number(holds) === 1)
  return rows.map(([id, , json]) => ({ ...(JSON.parse(String(json)) as Answer), id: Number(id), hasBody }))
}

/** @param ids each once, at least one. */
export async function answersById(
  database: Database,
  ids: readonly number[],
): Promise<ReadonlyMap<number, KeptAnswer>> {
  const list = ids.join(', ')
  const lowest = ids.reduce((low, id) => Math.min(low, id), Infinity)
  const highest = ids.reduce((high, id) => Math.max(high, id), 0)
  const asked = `id BETWEEN ${lowest} AND ${highest} AND id IN (${list})`
  // Equal bytes that were fetched again hold the body for all of their records.
  const held = await database.rows(
    `SELECT DISTINCT sha256 FROM answer WHERE holds_body = 1 AND sha256 IN (SELECT sha256 FROM answer WHERE ${asked})`,
    [],
  )
  const bodies = new Set(held.map(([sha256]) => String(sha256)))
  const rows = await database.rows(`SELECT id, sha256, json FROM answer WHERE ${asked}`, [])
  return new Map(
    rows.map(([id, sha256, json]) => [
      Number(id),
      { ...(JSON.parse(String(json)) as Answer), id: Number(id), hasBody: bodies.has(String(sha256)) },
    ]),
  )
}

/** Hashes of the bodies in one folder of `answers/` that some answer holds. @param folder the first two digits. */
export async function heldBodies(database: Database, folder: string): Promise<ReadonlySet<string>> {
  const rows = await database.rows(
    'SELECT DISTINCT sha256 FROM answer WHERE holds_body = 1 AND sha256 >= ? AND sha256 < ?',
    [folder, `${folder}g`],
  )
  return new Set(rows.map(([sha256]) => String(sha256)))
}
