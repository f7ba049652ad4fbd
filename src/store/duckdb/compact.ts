import type { UnixSeconds } from '../../model/brand.ts'
import { DAY } from '../../model/time.ts'
import type { Database } from './database.ts'
import { selectDay } from './days.ts'
import type { Engine } from './engine.ts'

/**
 * Moves whole days from `recent` to `closed`, one day a transaction, in the order of series and bins. Live data wait
 * for one day at most.
 */
export async function compactDays(engine: Engine, before: UnixSeconds): Promise<void> {
  const cut = Math.min(Math.floor(before / DAY) * DAY, 0x1_0000_0000)
  if (cut <= 0) return
  const days = await engine.read(({ database }) =>
    database.rows(`SELECT DISTINCT bin // ${DAY} * ${DAY} AS day FROM recent WHERE bin < ${cut} ORDER BY day`, []),
  )
  for (const [day] of days) await engine.write(({ database }) => compactDay(database, Number(day)))
  if (days.length > 0) await engine.write(({ database }) => database.checkpoint())
}

/** @param day its midnight. */
export async function compactDay(database: Database, day: number): Promise<void> {
  const within = `bin >= ${day} AND bin < ${day + DAY}`
  await database.transaction(async (transaction) => {
    await transaction.run(`
      INSERT INTO closed
        SELECT series, bin, batch, ${nanAsNull('value')}, ${nanAsNull('weight')}
        FROM recent WHERE ${within} ORDER BY series, bin, batch`)
    await transaction.run(`
      CREATE OR REPLACE TEMP TABLE moved AS
        SELECT series, max(bin) AS bin FROM (FROM mark UNION ALL SELECT series, bin FROM recent WHERE ${within}) GROUP BY series;
      DELETE FROM mark;
      INSERT INTO mark FROM moved ORDER BY series;
      DROP TABLE moved`)
    await transaction.run(`DELETE FROM recent WHERE ${within}`)
    await transaction.run(`DELETE FROM day WHERE day = ${day}`)
    await transaction.run(`INSERT INTO day ${selectDay(day, ['closed'], 'true')} ORDER BY series`)
  })
}

/** A column of NaN costs 6 bytes a row, one of NULL nothing; `recent` keeps NaN, for NULL costs time at each append. */
function nanAsNull(column: string): string {
  return `if(isnan(${column}), NULL, ${column})`
}
