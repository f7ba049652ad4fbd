import type { UnixSeconds } from '../../model/brand.ts'
import { toRfc3339 } from '../../model/time.ts'

export interface Stretch {
  readonly from: UnixSeconds
  readonly until: UnixSeconds
}

/** Fewer bins than this are no chart. */
const LEAST_BINS = 8

/**
 * What is shown after zooming around an instant: never beyond `whole`, never less than a few bins.
 *
 * @param factor of the length: below 1 is closer.
 */
export function zoomed(shown: Stretch, whole: Stretch, around: number, factor: number, step: number): Stretch {
  const least = Math.min(whole.until - whole.from, Math.max(60, LEAST_BINS * step))
  const length = Math.min(whole.until - whole.from, Math.max(least, (shown.until - shown.from) * factor))
  const at = Math.min(shown.until, Math.max(shown.from, around))
  const share = (at - shown.from) / Math.max(1, shown.until - shown.from)
  return within(at - share * length, length, whole)
}

/** `shown`, moved as little as can be so that an instant is in it. */
export function bringIntoView(shown: Stretch, whole: Stretch, at: number): Stretch {
  if (at >= shown.from && at <= shown.until) return shown
  const length = shown.until - shown.from
  return within(at < shown.from ? at : at - length, length, whole)
}

/** A stretch as a mouse drew it, in whole seconds inside `whole`. */
export function within(from: number, length: number, whole: Stretch): Stretch {
  const begin = Math.round(Math.min(Math.max(whole.from, from), whole.until - length))
  return { from: begin as UnixSeconds, until: Math.round(begin + length) as UnixSeconds }
}

/** The address that shows the same stretch to whoever opens it; all else in it stays. */
export function addressOf(address: string, shown: Stretch): string {
  const url = new URL(address)
  url.searchParams.set('from', toRfc3339(shown.from))
  url.searchParams.set('until', toRfc3339(shown.until))
  return url.href
}

/** The index of the bin at an instant or, where there is none, of the nearest; -1 for no bins. */
export function nearest(at: readonly number[], instant: number): number {
  let [low, high] = [0, at.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) < instant) low = middle + 1
    else high = middle
  }
  if (low > 0 && instant - (at[low - 1] ?? 0) <= (at[low] ?? 0) - instant) return low - 1
  return low < at.length ? low : -1
}
