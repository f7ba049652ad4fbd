import type { UnixSeconds } from '../../../model/brand.ts'
import { missing, union, type Interval, type Intervals } from '../../../model/intervals.ts'

const ALL: Interval = { from: -Infinity as UnixSeconds, until: Infinity as UnixSeconds }

/** What is in every one of the lists. */
export function inAll(lists: readonly Intervals[]): Intervals {
  const outside = lists.reduce<Intervals>((sum, each) => union(sum, missing(each, ALL)), [])
  return missing(outside, ALL)
}

/** What of `intervals` is before `until`. */
export function before(intervals: Intervals, until: UnixSeconds): Intervals {
  return intervals.flatMap((each) => {
    const end = Math.min(each.until, until) as UnixSeconds
    return end > each.from ? [{ from: each.from, until: end }] : []
  })
}

/** 0–1. */
export function shareOf(intervals: Intervals, wanted: Interval): number {
  const length = wanted.until - wanted.from
  if (length <= 0) return 1
  return 1 - missing(intervals, wanted).reduce((sum, { from, until }) => sum + until - from, 0) / length
}
