import type { UnixSeconds } from '../model/brand.ts'
import type { AsOf } from './store.ts'

/**
 * Which batches count for one question: those up to `last` and, where there is a mask, those that it holds as 1.
 * The mask is `null` where every batch up to `last` counts, as it is while arrivals only grow.
 */
export interface Visible {
  readonly last: number
  readonly mask: Uint8Array | null
}

/** When each batch arrived. Batches are numbered from 1; their arrivals need not grow (back-fill does not). */
export interface Arrivals {
  readonly last: number
  add(arrival: UnixSeconds): void
  at(batch: number): UnixSeconds
  visible(asOf: AsOf): Visible
}

/** @param known by batch, from batch 1. */
export function makeArrivals(known: readonly UnixSeconds[]): Arrivals {
  const arrivals = [...known]
  let growing = arrivals.every((arrival, i) => i === 0 || arrivals[i - 1]! <= arrival)
  /** The newest answer: many series are read at one instant. */
  let answered: { asOf: UnixSeconds; visible: Visible } | null = null

  function masked(asOf: UnixSeconds): Visible {
    let last = arrivals.length
    while (last > 0 && arrivals[last - 1]! > asOf) last -= 1
    const mask = new Uint8Array(last + 1)
    let all = true
    for (let batch = 1; batch <= last; batch += 1) {
      if (arrivals[batch - 1]! <= asOf) mask[batch] = 1
      else all = false
    }
    return { last, mask: all ? null : mask }
  }

  return {
    get last() {
      return arrivals.length
    },
    add(arrival) {
      const before = arrivals.at(-1)
      if (before !== undefined && arrival < before) growing = false
      arrivals.push(arrival)
      answered = null
    },
    at(batch) {
      const arrival = arrivals[batch - 1]
      if (arrival === undefined) throw new RangeError(`there is no batch ${batch}`)
      return arrival
    },
    visible(asOf) {
      if (asOf === null) return { last: arrivals.length, mask: null }
      if (growing) return { last: countUntil(arrivals, asOf), mask: null }
      if (answered?.asOf !== asOf) answered = { asOf, visible: masked(asOf) }
      return answered.visible
    },
  }
}

/** How many of the sorted `arrivals` are at `asOf` or before. */
function countUntil(arrivals: readonly UnixSeconds[], asOf: UnixSeconds): number {
  let low = 0
  let high = arrivals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (arrivals[middle]! <= asOf) low = middle + 1
    else high = middle
  }
  return low
}

export function counts(visible: Visible, batch: number): boolean {
  return batch <= visible.last && (visible.mask === null || visible.mask[batch] === 1)
}
