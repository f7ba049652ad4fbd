import type { Column } from '../model/series.ts'
import { counts, type Visible } from './arrivals.ts'
import { sameNumber } from './check.ts'
import type { Range } from './store.ts'

interface Version {
  readonly batch: number
  readonly value: number
  readonly weight: number
}

/** The rows of one series: the newest of each bin in sorted columns, those that it replaced beside them. */
export interface MemoryRows {
  /** @returns false when the newest row of that bin has the same value and weight already. */
  put(bin: number, batch: number, value: number, weight: number): boolean
  read(range: Range, visible: Visible): Column
}

const FIRST_CAPACITY = 16

export function makeMemoryRows(): MemoryRows {
  let length = 0
  let bins = new Float64Array(FIRST_CAPACITY)
  let values = new Float64Array(FIRST_CAPACITY)
  let weights = new Float64Array(FIRST_CAPACITY)
  let batches = new Uint32Array(FIRST_CAPACITY)
  /** By bin, in the order of batches. Few bins are ever corrected. */
  const replaced = new Map<number, Version[]>()

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
      const from = firstAtOrAfter(range.from)
      const until = Math.max(from, firstAtOrAfter(range.until))
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
  }
}

function grown<T extends Float64Array | Uint32Array>(from: T, into: T): T {
  into.set(from)
  return into
}
