import { DAY } from '../../model/time.ts'
import { sameNumber } from '../check.ts'
import { hourOf } from '../hours.ts'
import type { Batch } from '../store.ts'
import type { Database } from './database.ts'
import { makeFold } from './fold.ts'
import { selectRows } from './schema.ts'
import type { State } from './state.ts'

/**
 * Which rows of a batch the store has no need of: their bin is stored with the same value and weight as its newest, or
 * its hour is rolled up. Only bins at or below the marks are looked at, first among the newest bins in memory, then in
 * the file.
 *
 * @returns 1 for each row to leave out.
 */
export async function rowsToLeaveOut(database: Database, state: State, batch: Batch): Promise<Uint8Array> {
  const { registry, marks, newest } = state
  const out = new Uint8Array(batch.series.length)
  const old: number[] = []
  const rolled: number[] = []
  const unloaded = new Map<number, number>()
  const waiting: number[] = []
  const compare = (row: number): ReturnType<typeof newest.compare> => {
    const id = batch.series[row]!
    return newest.compare(registry.all[id]!, marks.at(id), batch.bins[row]!, batch.values[row]!, batch.weights[row]!)
  }

  for (let row = 0; row < out.length; row += 1) {
    const id = batch.series[row]!
    if (batch.bins[row]! < state.rolledUntil) rolled.push(row)
    if (batch.bins[row]! > marks.at(id)) continue
    const known = compare(row)
    if (known === 'same') out[row] = 1
    else if (known === 'ask') old.push(row)
    else if (known === 'load') {
      unloaded.set(id, marks.at(id))
      waiting.push(row)
    }
  }
  await load(database, state, unloaded)
  for (const row of waiting) if (compare(row) === 'same') out[row] = 1
  for (const rows of byAdjacentDays(old, (row) => batch.bins[row]!)) await leaveOutUnchanged(database, rows, batch, out)
  for (const rows of byAdjacentDays(rolled, (row) => batch.bins[row]!)) await leaveOutRolled(database, rows, batch, out)
  return out
}

/** Once a series after a start. @param unloaded marks by series. */
async function load(
  database: Database,
  { registry, arrivals, newest }: State,
  unloaded: ReadonlyMap<number, number>,
): Promise<void> {
  for (const ids of byAdjacentDays([...unloaded.keys()], (id) => unloaded.get(id)!)) {
    const series = ids.map((id) => registry.all[id]!)
    const from = series.reduce((low, one) => Math.min(low, newest.reach(one, unloaded.get(one.id)!)), Infinity)
    const fold = makeFold(series, arrivals.visible(null), 0)
    await database.numbers(selectRows(`${between('series', ids)} AND bin >= ${Math.max(0, from)}`), (rows) =>
      fold.take(rows),
    )
    for (const one of series) newest.fill(one, fold.column(one.id))
  }
}

async function leaveOutUnchanged(
  database: Database,
  rows: readonly number[],
  batch: Batch,
  out: Uint8Array,
): Promise<void> {
  const asked = rowsBySeriesAndBin(rows, batch, (bin) => bin)
  /** By row of the batch. */
  const newest = new Map<number, number>()
  await database.numbers(selectRows(boxOf(rows, batch, 'bin')), ([series, bins, batches, values, weights]) => {
    for (let at = 0; at < series!.length; at += 1) {
      for (const row of asked.get(series![at]!)?.get(bins![at]!) ?? []) {
        if (batches![at]! < (newest.get(row) ?? 0)) continue
        newest.set(row, batches![at]!)
        const same = sameNumber(values![at]!, batch.values[row]!) && sameNumber(weights![at]!, batch.weights[row]!)
        out[row] = same ? 1 : 0
      }
    }
  })
}

async function leaveOutRolled(
  database: Database,
  rows: readonly number[],
  batch: Batch,
  out: Uint8Array,
): Promise<void> {
  const asked = rowsBySeriesAndBin(rows, batch, hourOf)
  await database.numbers(`SELECT series, hour FROM hour WHERE ${boxOf(rows, batch, 'hour')}`, ([series, hours]) => {
    for (let at = 0; at < series!.length; at += 1) {
      for (const row of asked.get(series![at]!)?.get(hours![at]!) ?? []) out[row] = 1
    }
  })
}

function rowsBySeriesAndBin(
  rows: readonly number[],
  batch: Batch,
  place: (bin: number) => number,
): ReadonlyMap<number, ReadonlyMap<number, readonly number[]>> {
  const bySeries = new Map<number, Map<number, number[]>>()
  for (const row of rows) {
    const id = batch.series[row]!
    let byPlace = bySeries.get(id)
    if (byPlace === undefined) {
      byPlace = new Map()
      bySeries.set(id, byPlace)
    }
    const at = place(batch.bins[row]!)
    const there = byPlace.get(at)
    if (there === undefined) byPlace.set(at, [row])
    else there.push(row)
  }
  return bySeries
}

/** What holds all of the rows, for DuckDB to pass over the rest. */
function boxOf(rows: readonly number[], batch: Batch, column: 'bin' | 'hour'): string {
  const bins = rows.map((row) => (column === 'hour' ? hourOf(batch.bins[row]!) : batch.bins[row]!))
  const series = rows.map((row) => batch.series[row]!)
  return `${between('series', series)} AND ${between(column, bins)}`
}

function between(column: string, values: readonly number[]): string {
  let lowest = Infinity
  let highest = -Infinity
  for (const value of values) {
    if (value < lowest) lowest = value
    if (value > highest) highest = value
  }
  return `${column} BETWEEN ${lowest} AND ${highest}`
}

/** Groups of days without a gap, so that what is of last year and of today does not make one query over all between. */
function byAdjacentDays(items: readonly number[], at: (item: number) => number): number[][] {
  const days = new Map<number, number[]>()
  for (const item of items) {
    const day = Math.floor(at(item) / DAY)
    const of = days.get(day)
    if (of === undefined) days.set(day, [item])
    else of.push(item)
  }
  const groups: number[][] = []
  let before: number | null = null
  for (const day of [...days.keys()].sort((a, b) => a - b)) {
    const of = days.get(day)!
    const group = groups.at(-1)
    if (before !== null && group !== undefined && day === before + 1) for (const item of of) group.push(item)
    else groups.push(of)
    before = day
  }
  return groups
}
