import type { UnixSeconds } from '../model/brand.ts'
import type { Intervals } from '../model/intervals.ts'
import type { Column } from '../model/series.ts'
import { HOUR } from '../model/time.ts'
import { counts, type Visible } from './arrivals.ts'
import { sameNumber } from './check.ts'
import { hourOf, hoursOf, mergeHours } from './hours.ts'
import { holds } from './retention.ts'
import type { HourColumn, Range } from './store.ts'

interface Version {
  readonly batch: number
  readonly value: number
  readonly weight: number
}

/** The rows of one series: the newest of each bin in sorted columns, those that it replaced beside them. */
export interface MemoryRows {
  /** @returns false when the newest row of that bin has the same value and weight already, or its hour is rolled up. */
  put(bin: number, batch: number, value: number, weight: number): boolean
  read(range: Range, visible: Visible): Column
  /** The batch of each bin's newest row. */
  batches(range: Range): { readonly bins: Float64Array; readonly batches: Uint32Array }
  /** Adds the batches of all rows, also of those that were replaced. */
  collectBatches(range: Range, into: Set<number>): void
  hours(range: Range): HourColumn
  /** Replaces bins by their hours. @returns how many bins. */
  rollUp(until: UnixSeconds, kept: Intervals | undefined): number
}

const FIRST_CAPACITY = 16
const NO_HOURS: HourColumn = hoursOf({
  bins: new Float64Array(0),
  values: new Float64Array(0),
  weights: new Float64Array(0),
})

export function makeMemoryRows(): MemoryRows {
  let length = 0
  let bins = new Float64Array(FIRST_CAPACITY)
  let values = new Float64Array(FIRST_CAPACITY)
  let weights = new Float64Array(FIRST_CAPACITY)
  let batches = new Uint32Array(FIRST_CAPACITY)
  /** By bin, in the order of batches. Few bins are ever corrected. */
  const replaced = new Map<number, Version[]>()
  let rolled = NO_HOURS
  const rolledHours = new Set<number>()

  function span(range: Range): readonly [number, number] {
    const from = firstAtOrAfter(range.from)
    return [from, Math.max(from, firstAtOrAfter(range.until))]
  }

  function firstAtOrAfter(bin: number): number {
    if (length === 0 || bins[length - 1]! < bin) return length
    let low = 0
    let high = length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bins[middle]! < bin) low = middle + 1
      else high = middle
    }
    return low
  }

  function makeRoom(at: number): void {
    if (length === bins.length) {
      bins = grown(bins, new Float64Array(length * 2))
      values = grown(values, new Float64Array(length * 2))
      weights = grown(weights, new Float64Array(length * 2))
      batches = grown(batches, new Uint32Array(length * 2))
    }
    if (at < length) for (const column of [bins, values, weights, batches]) column.copyWithin(at + 1, at, length)
    length += 1
  }

  function holdsAt(at: number, bin: number): boolean {
    return at < length && bins[at] === bin
  }

  function sameAt(at: number, value: number, weight: number): boolean {
    return sameNumber(values[at]!, value) && sameNumber(weights[at]!, weight)
  }

  function replacedVersion(bin: number, visible: Visible): Version | undefined {
    return replaced.get(bin)?.findLast((version) => counts(visible, version.batch))
  }

  return {
    put(bin, batch, value, weight) {
      if (rolledHours.size > 0 && rolledHours.has(hourOf(bin))) return false
      const at = firstAtOrAfter(bin)
      if (holdsAt(at, bin)) {
        if (sameAt(at, value, weight)) return false
        const older = replaced.get(bin) ?? []
        older.push({ batch: batches[at]!, value: values[at]!, weight: weights[at]! })
        replaced.set(bin, older)
      } else {
        makeRoom(at)
      }
      bins[at] = bin
      values[at] = value
      weights[at] = weight
      batches[at] = batch
      return true
    },
    read(range, visible) {
      const [from, until] = span(range)
      const column = {
        bins: bins.slice(from, until),
        values: values.slice(from, until),
        weights: weights.slice(from, until),
      }
      let kept = 0
      for (let at = from; at < until; at += 1) {
        const newest = counts(visible, batches[at]!)
        const older = newest ? undefined : replacedVersion(bins[at]!, visible)
        if (!newest && older === undefined) continue
        column.bins[kept] = bins[at]!
        column.values[kept] = older === undefined ? values[at]! : older.value
        column.weights[kept] = older === undefined ? weights[at]! : older.weight
        kept += 1
      }
      if (kept === until - from) return column
      return {
        bins: column.bins.slice(0, kept),
        values: column.values.slice(0, kept),
        weights: column.weights.slice(0, kept),
      }
    },
    batches(range) {
      const [from, until] = span(range)
      return { bins: bins.slice(from, until), batches: batches.slice(from, until) }
    },
    collectBatches(range, into) {
      const [from, until] = span(range)
      for (let at = from; at < until; at += 1) {
        into.add(batches[at]!)
        for (const { batch } of replaced.get(bins[at]!) ?? []) into.add(batch)
      }
    },
    hours(range) {
      const begin = Math.ceil(range.from / HOUR) * HOUR
      const end = Math.ceil(range.until / HOUR) * HOUR
      const [from, until] = span({ from: begin as UnixSeconds, until: end as UnixSeconds })
      const raw = hoursOf({
        bins: bins.slice(from, until),
        values: values.slice(from, until),
        weights: weights.slice(from, until),
      })
      return mergeHours(cutHours(rolled, begin, end), raw)
    },
    rollUp(end, kept) {
      const until = firstAtOrAfter(end)
      const gone = Array.from({ length: until }, (_, at) => at).filter((at) => !holds(kept, bins[at]!))
      if (gone.length === 0) return 0
      const column = {
        bins: Float64Array.from(gone, (at) => bins[at]!),
        values: Float64Array.from(gone, (at) => values[at]!),
        weights: Float64Array.from(gone, (at) => weights[at]!),
      }
      const hours = hoursOf(column)
      rolled = mergeHours(rolled, hours)
      for (const hour of hours.hours) rolledHours.add(hour)
      for (const bin of column.bins) replaced.delete(bin)
      const goes = new Set(gone)
      let left = 0
      for (let at = 0; at < length; at += 1) {
        if (goes.has(at)) continue
        bins[left] = bins[at]!
        values[left] = values[at]!
        weights[left] = weights[at]!
        batches[left] = batches[at]!
        left += 1
      }
      length = left
      return gone.length
    },
  }
}

function cutHours(column: HourColumn, from: number, until: number): HourColumn {
  const within = (_: number, row: number): boolean => column.hours[row]! >= from && column.hours[row]! < until
  return {
    hours: column.hours.filter(within),
    counts: column.counts.filter(within),
    means: column.means.filter(within),
    least: column.least.filter(within),
    most: column.most.filter(within),
  }
}

function grown<T extends Float64Array | Uint32Array>(from: T, into: T): T {
  into.set(from)
  return into
}
