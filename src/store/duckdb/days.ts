import { DAY } from '../../model/time.ts'
import type { DayColumn, Range } from '../store.ts'
import type { Database } from './database.ts'

/**
 * Bins with a value by series on one day, from raw rows and rolled-up hours; the last batch wins.
 *
 * @param day  its midnight.
 * @param from tables that hold raw rows.
 */
export function selectDay(day: number, from: readonly ('closed' | 'recent')[], where: string): string {
  const within = (column: string): string => `${column} >= ${day} AND ${column} < ${day + DAY} AND ${where}`
  const raw = from.map(
    (table) => `SELECT series, bin, batch, value IS NOT NULL AND NOT isnan(value) AS known
                FROM ${table} WHERE ${within('bin')}`,
  )
  return `
    SELECT series, ${day}::UINTEGER AS day, sum(bins)::UINTEGER AS bins FROM (
      SELECT series, count(*) FILTER (known) AS bins
        FROM (SELECT series, bin, arg_max(known, batch) AS known FROM (${raw.join(' UNION ALL ')}) GROUP BY series, bin)
        GROUP BY series
      UNION ALL SELECT series, sum(bins) AS bins FROM hour WHERE ${within('hour')} GROUP BY series)
    GROUP BY series`
}

/** Days of which `recent` holds rows are counted anew, one by one; all others stand in `day`. */
export async function readDays(
  database: Database,
  ids: readonly number[],
  range: Range,
): Promise<ReadonlyMap<number, DayColumn>> {
  const gathered = new Map(ids.map((id): [number, [number, number][]] => [id, []]))
  if (gathered.size === 0) return new Map()
  const lowest = ids.reduce((low, id) => Math.min(low, id), Infinity)
  const highest = ids.reduce((high, id) => Math.max(high, id), -1)
  const where = `series BETWEEN ${lowest} AND ${highest}`
  const first = Math.max(0, Math.ceil(range.from / DAY) * DAY)
  const last = Math.ceil(range.until / DAY) * DAY

  const open: number[] = []
  const openDays = `SELECT DISTINCT (bin // ${DAY} * ${DAY})::UINTEGER FROM recent WHERE bin >= ${first} AND bin < ${last}`
  await database.numbers(openDays, ([days]) => void open.push(...days!))
  const closedDays = open.length === 0 ? '' : `AND day NOT IN (${open.join(', ')})`
  const queries = [
    `SELECT series, day, bins FROM day WHERE day >= ${first} AND day < ${last} AND ${where} ${closedDays}`,
    ...open.map((day) => selectDay(day, ['closed', 'recent'], where)),
  ]
  for (const query of queries) {
    await database.numbers(query, ([series, days, bins]) => {
      for (let row = 0; row < series!.length; row += 1) {
        gathered.get(series![row]!)?.push([days![row]!, bins![row]!])
      }
    })
  }
  return new Map([...gathered].map(([id, rows]) => [id, toColumn(rows)]))
}

function toColumn(rows: [number, number][]): DayColumn {
  rows.sort(([a], [b]) => a - b)
  return { days: Float64Array.from(rows, ([day]) => day), counts: Float64Array.from(rows, ([, bins]) => bins) }
}
