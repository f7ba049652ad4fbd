import type { UnixSeconds } from '../model/brand.ts'
import type { Column } from '../model/series.ts'
import type { AppendResult, AsOf, Batch, Range } from './store.ts'

interface Row {
  readonly series: number
  readonly bin: number
  readonly batch: number
  readonly value: number
  readonly weight: number
}

/** What a store has to answer, written to be right at a glance and slow. */
export interface NaiveStore {
  append(batch: Batch): AppendResult
  read(series: number, range: Range, asOf: AsOf): Column
}

export function makeNaiveStore(): NaiveStore {
  const rows: Row[] = []
  const arrivals: UnixSeconds[] = []

  return {
    append(batch) {
      const added: Row[] = []
      for (let i = 0; i < batch.series.length; i += 1) {
        const row = {
          series: batch.series[i]!,
          bin: batch.bins[i]!,
          batch: arrivals.length + 1,
          value: batch.values[i]!,
          weight: batch.weights[i]!,
        }
        const newest = rows.findLast(({ series, bin }) => series === row.series && bin === row.bin)
        if (newest === undefined || !same(newest.value, row.value) || !same(newest.weight, row.weight)) added.push(row)
      }
      if (added.length > 0) arrivals.push(batch.arrival)
      rows.push(...added)
      return { batch: arrivals.length, appended: added.length, unchanged: batch.series.length - added.length }
    },
    read(series, range, asOf) {
      const newest = new Map<number, Row>()
      for (const row of rows) {
        if (row.series !== series || row.bin < range.from || row.bin >= range.until) continue
        if (asOf === null || arrivals[row.batch - 1]! <= asOf) newest.set(row.bin, row)
      }
      const sorted = [...newest.values()].sort((a, b) => a.bin - b.bin)
      return {
        bins: Float64Array.from(sorted, (row) => row.bin),
        values: Float64Array.from(sorted, (row) => row.value),
        weights: Float64Array.from(sorted, (row) => row.weight),
      }
    },
  }
}

function same(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}
