import type { Column } from '../../model/series.ts'
import { sameNumber } from '../check.ts'
import type { StoredSeries } from '../store.ts'

/** How many of its newest bins are kept of a series: 24 hours at 5 minutes. */
const CELLS = 288
/** 7 kB each. Series beyond it are looked up in the file. */
const MOST_SERIES = 3640

/** The newest bins of a series, in a ring over its grid; `mark` is its highest bin. */
interface Ring {
  /** True when every row of the newest bins is here, so that a bin that is not here is not in the file either. */
  complete: boolean
  readonly bins: Float64Array
  readonly values: Float64Array
  readonly weights: Float64Array
}

/** What is known of a bin without asking the file. `load`: `fill` first. `ask`: too old, or too many series. */
export type Known = 'same' | 'other' | 'absent' | 'load' | 'ask'

/**
 * The newest bins of each series, so that live answers, which overlap with what is there, need no query. Never ahead of
 * the file: `put` comes after the commit.
 */
export interface NewestBins {
  /** The start of what is kept of a series. */
  reach(series: StoredSeries, mark: number): number
  /** @param bin at or below `mark`. */
  compare(series: StoredSeries, mark: number, bin: number, value: number, weight: number): Known
  /** A series of which the file holds no row. */
  begin(series: number): void
  /** @param column all rows from `reach` on, the newest of each bin. */
  fill(series: StoredSeries, column: Column): void
  put(series: StoredSeries, bin: number, value: number, weight: number): void
}

export function makeNewestBins(): NewestBins {
  const rings = new Map<number, Ring>()

  function ringOf(series: number, complete: boolean): Ring | null {
    const there = rings.get(series)
    if (there !== undefined) return there
    if (rings.size >= MOST_SERIES) return null
    const ring = {
      complete,
      bins: new Float64Array(CELLS).fill(-1),
      values: new Float64Array(CELLS),
      weights: new Float64Array(CELLS),
    }
    rings.set(series, ring)
    return ring
  }

  function putInto(ring: Ring, series: StoredSeries, bin: number, value: number, weight: number): void {
    const cell = cellOf(series, bin)
    if (ring.bins[cell]! > bin) return
    ring.bins[cell] = bin
    ring.values[cell] = value
    ring.weights[cell] = weight
  }

  return {
    reach,
    compare(series, mark, bin, value, weight) {
      if (bin < reach(series, mark)) return 'ask'
      const ring = ringOf(series.id, false)
      if (ring === null) return 'ask'
      if (!ring.complete) return 'load'
      const cell = cellOf(series, bin)
      if (ring.bins[cell] !== bin) return 'absent'
      return sameNumber(ring.values[cell]!, value) && sameNumber(ring.weights[cell]!, weight) ? 'same' : 'other'
    },
    begin(series) {
      ringOf(series, true)
    },
    fill(series, { bins, values, weights }) {
      const ring = ringOf(series.id, false)
      if (ring === null) return
      for (let row = 0; row < bins.length; row += 1) putInto(ring, series, bins[row]!, values[row]!, weights[row]!)
      ring.complete = true
    },
    put(series, bin, value, weight) {
      const ring = rings.get(series.id)
      if (ring?.complete === true) putInto(ring, series, bin, value, weight)
    },
  }
}

function reach({ step }: StoredSeries, mark: number): number {
  return mark - (CELLS - 1) * step
}

function cellOf({ step, phase }: StoredSeries, bin: number): number {
  return ((bin - phase) / step) % CELLS
}
