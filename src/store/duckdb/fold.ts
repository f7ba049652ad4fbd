import type { Column } from '../../model/series.ts'
import type { Visible } from '../arrivals.ts'
import type { StoredSeries } from '../store.ts'
import type { NumberColumn } from './database.ts'

/** Gathers the rows of a few series as they come, in any order, and gives each series' column with its last batch winning. */
export interface Fold {
  /** Columns series, bin, batch, value, weight. Rows of series that were not asked for are left out. */
  take(columns: readonly NumberColumn[]): void
  readonly rows: number
  column(id: number): Column
}

interface Gathered {
  bins: Float64Array
  batches: Uint32Array
  values: Float64Array
  weights: Float64Array
  length: number
}

/** @param expectedRows of one series, a guess that saves copying when it is right. */
export function makeFold(asked: readonly StoredSeries[], visible: Visible, expectedRows: number): Fold {
  const lowest = asked.reduce((low, { id }) => Math.min(low, id), Infinity)
  const highest = asked.reduce((high, { id }) => Math.max(high, id), -1)
  const slots = new Int32Array(Math.max(0, highest - lowest + 1)).fill(-1)
  asked.forEach(({ id }, slot) => (slots[id - lowest] = slot))
  const gathered = asked.map((): Gathered | null => null)
  let rows = 0

  return {
    get rows() {
      return rows
    },
    take([series, bins, batches, values, weights]) {
      const count = series!.length
      // Rows of one series come together once a day is compacted: they are copied in one piece.
      for (let from = 0, until = 0; from < count; from = until) {
        const id = series![from]!
        until = from + 1
        while (until < count && series![until] === id) until += 1
        const slot = slots[id - lowest] ?? -1
        if (slot === -1) continue
        const into = withRoom(gathered[slot] ?? null, until - from, expectedRows)
        gathered[slot] = into
        into.bins.set(bins!.subarray(from, until), into.length)
        into.batches.set(batches!.subarray(from, until), into.length)
        into.values.set(values!.subarray(from, until), into.length)
        into.weights.set(weights!.subarray(from, until), into.length)
        into.length += until - from
        rows += until - from
      }
    },
    column(id) {
      const slot = slots[id - lowest] ?? -1
      const of = gathered[slot] ?? null
      if (slot === -1 || of === null)
        return { bins: new Float64Array(0), values: new Float64Array(0), weights: new Float64Array(0) }
      gathered[slot] = null
      return visible.mask === null && ascends(of) ? cut(of) : newestOfEach(of, asked[slot]!, visible)
    },
  }
}

function withRoom(of: Gathered | null, more: number, expectedRows: number): Gathered {
  const needed = (of?.length ?? 0) + more
  if (of !== null && needed <= of.bins.length) return of
  const capacity = of === null ? Math.max(needed, expectedRows) : Math.max(needed, of.bins.length * 2)
  const grown = {
    bins: new Float64Array(capacity),
    batches: new Uint32Array(capacity),
    values: new Float64Array(capacity),
    weights: new Float64Array(capacity),
    length: of?.length ?? 0,
  }
  if (of !== null) {
    grown.bins.set(of.bins)
    grown.batches.set(of.batches)
    grown.values.set(of.values)
    grown.weights.set(of.weights)
  }
  return grown
}

function ascends({ bins, length }: Gathered): boolean {
  for (let row = 1; row < length; row += 1) if (bins[row - 1]! >= bins[row]!) return false
  return true
}

function cut({ bins, values, weights, length }: Gathered): Column {
  if (length === bins.length) return { bins, values, weights }
  return { bins: bins.slice(0, length), values: values.slice(0, length), weights: weights.slice(0, length) }
}

/** Places rows on the series' grid, so that late rows cost no sorting. Storage order is not relied on. */
function newestOfEach(of: Gathered, { step }: StoredSeries, visible: Visible): Column {
  let first = Infinity
  let last = -Infinity
  for (let row = 0; row < of.length; row += 1) {
    if (of.bins[row]! < first) first = of.bins[row]!
    if (of.bins[row]! > last) last = of.bins[row]!
  }
  const cells = (last - first) / step + 1
  // A few rows far apart: cells would be mostly empty, and many.
  const winners =
    cells > 16 * of.length + 4096 ? winnersBySorting(of, visible) : winnersByCell(of, visible, first, step, cells)
  return {
    bins: Float64Array.from(winners, (row) => of.bins[row]!),
    values: Float64Array.from(winners, (row) => of.values[row]!),
    weights: Float64Array.from(winners, (row) => of.weights[row]!),
  }
}

function winnersByCell(of: Gathered, visible: Visible, first: number, step: number, cells: number): Int32Array {
  const winners = new Int32Array(cells).fill(-1)
  for (let row = 0; row < of.length; row += 1) {
    if (visible.mask !== null && visible.mask[of.batches[row]!] !== 1) continue
    const cell = (of.bins[row]! - first) / step
    const winner = winners[cell]!
    if (winner === -1 || of.batches[winner]! < of.batches[row]!) winners[cell] = row
  }
  return winners.filter((row) => row !== -1)
}

function winnersBySorting(of: Gathered, visible: Visible): Int32Array {
  const newest = new Map<number, number>()
  for (let row = 0; row < of.length; row += 1) {
    if (visible.mask !== null && visible.mask[of.batches[row]!] !== 1) continue
    const winner = newest.get(of.bins[row]!)
    if (winner === undefined || of.batches[winner]! < of.batches[row]!) newest.set(of.bins[row]!, row)
  }
  return Int32Array.from(newest.values()).sort((a, b) => of.bins[a]! - of.bins[b]!)
}
