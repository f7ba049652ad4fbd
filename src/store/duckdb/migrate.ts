import { DAY } from '../../model/time.ts'
import type { Database } from './database.ts'
import { selectDay } from './days.ts'

/**
 * Takes a file of version 1 to version 2, all or nothing.
 *
 * @param added the statements that make version 2's tables out of version 1's.
 */
export async function migrateFrom1(database: Database, added: string): Promise<void> {
  const days = await database.rows(`SELECT DISTINCT bin // ${DAY} * ${DAY} AS day FROM closed ORDER BY day`, [])
  await database.transaction(async (transaction) => {
    await transaction.run(added)
    for (const [day] of days) {
      await transaction.run(`INSERT INTO day ${selectDay(Number(day), ['closed'], 'true')}`)
    }
    await transaction.run('UPDATE schema_version SET version = 2')
  })
}
