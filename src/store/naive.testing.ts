import type { UnixSeconds } from '../model/brand.ts'
import { missing, union, type Intervals } from '../model/intervals.ts'
import type { Column } from '../model/series.ts'
import type { AppendResult, AsOf, Batch, Range, Retention } from './store.ts'

interface Row {
  readonly series: number
  readonly bin: number
  readonly batch: number
  readonly value: number
  readonly weight: number
}

/** Of one series and hour, or day. */
export interface NaiveHour {
  readonly start: number
  readonly count: number
  readonly mean: number
  readonly least: number
  readonly most: number
}

/** What a store has to answer, written to be right at a glance and slow. */
export interface NaiveStore {
  append(batch: Batch): AppendResult
  read(series: number, range: Range, asOf: AsOf): Column
  /** Spans of 3,600 s or of 86,400 s that begin within the range, of all that was ever put in. */
  spans(series: number, range: Range, seconds: 3600 | 86_400): readonly NaiveHour[]
  /** The answer of each bin's newest row; 0 = none. */
  answers(series: number): ReadonlyMap<number, number>
  covered(): ReadonlyMap<string, Intervals>
  /** Rows are only hidden from `read`. @returns how many bins. */
  retain(retention: Pick<Retention, 'rawBefore' | 'keep'>, step: number): number
}

export function makeNaiveStore(): NaiveStore {
  const rows: Row[] = []
  const arrivals: UnixSeconds[] = []
  const answers: number[] = []
  const covered = new Map<string, Intervals>()
  /** `series/hour` of what was rolled up. */
  const rolled = new Set<string>()
  /** The newest row by `series/bin`. */
  const newestRow = new Map<string, Row>()
  const hourKey = (series: number, bin: number): string => `${series}/${Math.floor(bin / 3600)}`

  function newestOf(series: number): Map<number, Row> {
    const newest = new Map<number, Row>()
    for (const row of rows) if (row.series === series) newest.set(row.bin, row)
    return newest
  }

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
        if (rolled.has(hourKey(row.series, row.bin))) continue
        const newest = newestRow.get(`${row.series}/${row.bin}`)
        if (newest === undefined || !same(newest.value, row.value) || !same(newest.weight, row.weight)) added.push(row)
      }
      if (added.length > 0) {
        arrivals.push(batch.arrival)
        answers.push(batch.answer ?? 0)
      }
      rows.push(...added)
      for (const row of added) newestRow.set(`${row.series}/${row.bin}`, row)
      if (batch.covered !== undefined) {
        const { stream, span } = batch.covered
        // A stream of which nothing is answered is not there.
        if (missing(covered.get(stream) ?? [], span).length > 0) {
          covered.set(stream, union(covered.get(stream) ?? [], [span]))
        }
      }
      return { batch: arrivals.length, appended: added.length, unchanged: batch.series.length - added.length }
    },
    read(series, range, asOf) {
      const newest = new Map<number, Row>()
      for (const row of rows) {
        if (row.series !== series || row.bin < range.from || row.bin >= range.until) continue
        if (rolled.has(hourKey(series, row.bin))) continue
        if (asOf === null || arrivals[row.batch - 1]! <= asOf) newest.set(row.bin, row)
      }
      const sorted = [...newest.values()].sort((a, b) => a.bin - b.bin)
      return {
        bins: Float64Array.from(sorted, (row) => row.bin),
        values: Float64Array.from(sorted, (row) => row.value),
        weights: Float64Array.from(sorted, (row) => row.weight),
      }
    },
    spans(series, range, seconds) {
      const bySpan = new Map<number, number[]>()
      const sorted = [...newestOf(series).values()].sort((a, b) => a.bin - b.bin)
      for (const { bin, value } of sorted) {
        const start = Math.floor(bin / seconds) * seconds
        if (start < range.from || start >= range.until) continue
        const values = bySpan.get(start) ?? []
        bySpan.set(start, Number.isNaN(value) ? values : [...values, value])
      }
      return [...bySpan].map(([start, values]) => ({
        start,
        count: values.length,
        mean: values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length,
        least: values.length === 0 ? Number.NaN : Math.min(...values),
        most: values.length === 0 ? Number.NaN : Math.max(...values),
      }))
    },
    answers(series) {
      const newest = [...newestOf(series).values()].filter(({ bin }) => !rolled.has(hourKey(series, bin)))
      return new Map(newest.map(({ bin, batch }) => [bin, answers[batch - 1]!]))
    },
    covered: () => covered,
    retain({ rawBefore, keep }, step) {
      const gone = new Set<string>()
      for (const { series, bin } of rows) {
        if (rolled.has(hourKey(series, bin))) continue
        const midnight = (Math.floor(bin / 86_400) + 1) * 86_400
        const lastBin = Math.floor((midnight - 1) / step) * step
        const [hour, hourEnd] = [Math.floor(bin / 3600) * 3600, (Math.floor(bin / 3600) + 1) * 3600]
        const isKept = keep.some(
          ({ series: of, range }) =>
            of.includes(series) && range.from < range.until && range.from < hourEnd && range.until > hour,
        )
        if (lastBin + step <= rawBefore && !isKept) gone.add(`${series}/${bin}`)
      }
      for (const key of gone) {
        const [series, bin] = key.split('/').map(Number)
        rolled.add(hourKey(series!, bin!))
      }
      return gone.size
    },
  }
}

function same(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}
