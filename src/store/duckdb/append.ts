import { DAY } from '../../model/time.ts'
import { sameNumber } from '../check.ts'
import type { AppendResult, Batch } from '../store.ts'
import type { Database } from './database.ts'
import { selectRows } from './schema.ts'
import type { State } from './state.ts'

/** The caller has checked the batch, and sees to it that there is one write at a time. */
export async function appendBatch(database: Database, state: State, batch: Batch): Promise<AppendResult> {
  const { arrivals, marks } = state
  const stale = await unchangedRows(database, state, batch)
  const fresh = withoutRows(batch, stale)
  const appended = fresh.series.length
  const unchanged = batch.series.length - appended
  if (appended === 0) return { batch: arrivals.last, appended, unchanged }

  const number = arrivals.last + 1
  await database.transaction(async (transaction) => {
    const numbers = new Uint32Array(appended).fill(number)
    await transaction.appendNumbers('recent', [fresh.series, fresh.bins, numbers, fresh.values, fresh.weights])
    await transaction.appendNumbers('batch', [Uint32Array.of(number), Float64Array.of(batch.arrival)])
  })
  arrivals.add(batch.arrival)
  for (let row = 0; row < appended; row += 1) marks.raise(fresh.series[row]!, fresh.bins[row]!)
  return { batch: number, appended, unchanged }
}

/** Rows whose bin is stored with the same value and weight as its newest. Only bins at or below the marks are looked up. */
async function unchangedRows(database: Database, { marks }: State, batch: Batch): Promise<ReadonlySet<number>> {
  const known: number[] = []
  for (let row = 0; row < batch.series.length; row += 1) {
    if (batch.bins[row]! <= marks.at(batch.series[row]!)) known.push(row)
  }
  const unchanged = new Set<number>()
  for (const rows of byAdjacentDays(known, batch)) {
    for (const row of await unchangedAmong(database, rows, batch)) unchanged.add(row)
  }
  return unchanged
}

async function unchangedAmong(database: Database, rows: readonly number[], batch: Batch): Promise<readonly number[]> {
  /** By series, then by bin. */
  const asked = new Map<number, Map<number, number>>()
  const box: Record<'series' | 'bins', [number, number]> = { series: [Infinity, -1], bins: [Infinity, -1] }
  for (const row of rows) {
    const series = batch.series[row]!
    const bin = batch.bins[row]!
    widen(box.series, series)
    widen(box.bins, bin)
    const bins = asked.get(series) ?? new Map<number, number>()
    bins.set(bin, row)
    asked.set(series, bins)
  }
  /** By row of the batch. */
  const newest = new Map<number, number>()
  const same = new Set<number>()
  const where = `series BETWEEN ${box.series[0]} AND ${box.series[1]} AND bin BETWEEN ${box.bins[0]} AND ${box.bins[1]}`
  await database.numbers(selectRows(where), ([series, bins, batches, values, weights]) => {
    for (let at = 0; at < series!.length; at += 1) {
      const row = asked.get(series![at]!)?.get(bins![at]!)
      if (row === undefined || batches![at]! < (newest.get(row) ?? 0)) continue
      newest.set(row, batches![at]!)
      if (sameNumber(values![at]!, batch.values[row]!) && sameNumber(weights![at]!, batch.weights[row]!)) same.add(row)
      else same.delete(row)
    }
  })
  return [...same]
}

/** Groups of days without a gap, so that a row of last year and one of today do not make one query over all between. */
function byAdjacentDays(rows: readonly number[], batch: Batch): number[][] {
  const days = new Map<number, number[]>()
  for (const row of rows) {
    const day = Math.floor(batch.bins[row]! / DAY)
    const of = days.get(day)
    if (of === undefined) days.set(day, [row])
    else of.push(row)
  }
  const groups: number[][] = []
  let before: number | null = null
  for (const day of [...days.keys()].sort((a, b) => a - b)) {
    const of = days.get(day)!
    const group = groups.at(-1)
    if (before !== null && group !== undefined && day === before + 1) for (const row of of) group.push(row)
    else groups.push(of)
    before = day
  }
  return groups
}

function widen(bounds: [number, number], value: number): void {
  if (value < bounds[0]) bounds[0] = value
  if (value > bounds[1]) bounds[1] = value
}

function withoutRows(batch: Batch, rows: ReadonlySet<number>): Batch {
  if (rows.size === 0) return batch
  const keep = (_: number, row: number): boolean => !rows.has(row)
  return {
    arrival: batch.arrival,
    series: batch.series.filter(keep),
    bins: batch.bins.filter(keep),
    values: batch.values.filter(keep),
    weights: batch.weights.filter(keep),
  }
}
