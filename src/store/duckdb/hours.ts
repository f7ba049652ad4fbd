import { HOUR } from '../../model/time.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Visible } from '../arrivals.ts'
import { hoursOf, mergeHours } from '../hours.ts'
import type { HourColumn, Range, StoredSeries } from '../store.ts'
import type { Database } from './database.ts'
import { readSeries } from './read.ts'

/** @param visible all batches: what is rolled up knows no other. */
export async function readHours(
  database: Database,
  series: StoredSeries,
  range: Range,
  visible: Visible,
): Promise<HourColumn> {
  const from = Math.max(0, Math.ceil(range.from / HOUR) * HOUR)
  const until = Math.max(0, Math.ceil(range.until / HOUR) * HOUR)
  const raw = hoursOf(
    await readSeries(database, series, { from: from as UnixSeconds, until: until as UnixSeconds }, visible),
  )
  const columns: [number[], number[], number[], number[], number[]] = [[], [], [], [], []]
  await database.numbers(
    `SELECT hour, bins, mean, least, most FROM hour
     WHERE series = ${series.id} AND hour >= ${from} AND hour < ${until} ORDER BY hour`,
    (piece) => columns.forEach((column, i) => column.push(...piece[i]!)),
  )
  const [hours, counts, means, least, most] = columns
  const rolled = {
    hours: Float64Array.from(hours),
    counts: Float64Array.from(counts),
    means: Float64Array.from(means),
    least: Float64Array.from(least),
    most: Float64Array.from(most),
  }
  return mergeHours(rolled, raw)
}
