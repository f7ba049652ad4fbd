import type { Column } from '../../model/series.ts'
import type { Visible } from '../arrivals.ts'
import type { Range, StoredSeries } from '../store.ts'
import type { Database } from './database.ts'
import { makeFold, type Fold } from './fold.ts'
import { selectRows } from './schema.ts'

/** How many rows one query of a scan is meant to bring: 28 bytes each, twice while they are copied. */
const ROWS_AT_ONCE = 2_000_000
const FIRST_SERIES_AT_ONCE = 64
const MOST_SERIES_AT_ONCE = 20_000

export async function readSeries(
  database: Database,
  series: StoredSeries,
  range: Range,
  visible: Visible,
): Promise<Column> {
  return (await gather(database, [series], range, visible, 0)).column(series.id)
}

/** @param ids each once. Ids that `series` does not hold get an empty column. */
export async function* scanSeries(
  reading: <T>(work: (database: Database) => Promise<T>) => Promise<T>,
  ids: readonly number[],
  series: readonly StoredSeries[],
  range: Range,
  visible: Visible,
): AsyncGenerator<{ readonly id: number; readonly column: Column }> {
  let atOnce = FIRST_SERIES_AT_ONCE
  let rowsOfOne = 0
  for (let from = 0; from < ids.length;) {
    const some = ids.slice(from, from + atOnce)
    const known = some.flatMap((id) => series[id] ?? [])
    const fold = await reading((database) => gather(database, known, range, visible, rowsOfOne))
    rowsOfOne = Math.ceil(fold.rows / Math.max(1, known.length))
    from += some.length
    atOnce = Math.min(MOST_SERIES_AT_ONCE, Math.max(1, Math.floor(ROWS_AT_ONCE / Math.max(1, rowsOfOne))))
    for (const id of some) yield { id, column: fold.column(id) }
  }
}

async function gather(
  database: Database,
  series: readonly StoredSeries[],
  range: Range,
  visible: Visible,
  expectedRows: number,
): Promise<Fold> {
  const fold = makeFold(series, visible, expectedRows)
  if (series.length === 0 || visible.last === 0 || range.from >= range.until) return fold
  const where = `${seriesWithin(series)} AND bin >= ${range.from} AND bin < ${range.until} AND batch <= ${visible.last}`
  await database.numbers(selectRows(where), (rows) => fold.take(rows))
  return fold
}

/** The bounds let DuckDB pass over what it has no need to read; the list leaves out what lies between. */
function seriesWithin(series: readonly StoredSeries[]): string {
  const ids = series.map(({ id }) => id)
  const lowest = ids.reduce((low, id) => Math.min(low, id), Infinity)
  const highest = ids.reduce((high, id) => Math.max(high, id), -1)
  if (lowest === highest) return `series = ${lowest}`
  const bounds = `series >= ${lowest} AND series <= ${highest}`
  return highest - lowest + 1 === ids.length ? bounds : `${bounds} AND series IN (${ids.join(', ')})`
}
