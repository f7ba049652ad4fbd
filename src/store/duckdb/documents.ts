import type { Database } from './database.ts'

/** A small table of JSON by key, kept whole in memory and written whole: specs, entities. */
export interface Documents<T> {
  all(): readonly T[]
  /** Adds or replaces by key. Writes nothing when nothing changes, as at every start. */
  put(database: Database, added: readonly T[]): Promise<void>
}

export async function loadDocuments<T>(
  database: Database,
  table: 'spec' | 'entity',
  keyOf: (document: T) => string,
): Promise<Documents<T>> {
  const rows = await database.rows(`SELECT key, json FROM ${table}`, [])
  let texts = new Map(rows.map(([key, json]) => [String(key), String(json)]))

  return {
    all: () => [...texts.values()].map((json) => JSON.parse(json) as T),
    async put(into, added) {
      const next = new Map(texts)
      for (const document of added) next.set(keyOf(document), JSON.stringify(document))
      if (next.size === texts.size && [...next].every(([key, json]) => texts.get(key) === json)) return
      await into.transaction(async (transaction) => {
        await transaction.run(`DELETE FROM ${table}`)
        await transaction.appendRows(table, [...next])
      })
      texts = next
    },
  }
}
