import { DAY } from '../../model/time.ts'
import type { Database, Transaction } from './database.ts'
import { selectDay } from './days.ts'

/**
 * Takes a file of an older version to version 3, all or nothing.
 *
 * @param added the statements that make each version's tables out of those of the version before.
 */
export async function migrate(
  database: Database,
  version: 1 | 2,
  added: { readonly 2: string; readonly 3: string },
): Promise<void> {
  const days =
    version > 1 ? [] : await database.rows(`SELECT DISTINCT bin // ${DAY} * ${DAY} AS day FROM closed ORDER BY day`, [])
  await database.transaction(async (transaction) => {
    if (version === 1) {
      await transaction.run(added[2])
      await countDays(
        transaction,
        days.map(([day]) => Number(day)),
      )
    }
    await transaction.run(added[3])
    await transaction.run('UPDATE schema_version SET version = 3')
  })
}

/** `day` holds what `closed` holds, from the first. */
async function countDays(transaction: Transaction, days: readonly number[]): Promise<void> {
  for (const day of days) await transaction.run(`INSERT INTO day ${selectDay(day, ['closed'], 'true')}`)
}
