import type { UnixSeconds } from './brand.ts'

/** `[from, until)` in UTC seconds. */
export interface Interval {
  readonly from: UnixSeconds
  readonly until: UnixSeconds
}

/** Intervals in order, none empty, no two that touch or overlap. */
export type Intervals = readonly Interval[]

/** All that is in one or the other. `extra` in any order; empty and reversed intervals count for nothing. */
export function union(intervals: Intervals, extra: readonly Interval[]): Intervals {
  const sorted = [...intervals, ...extra.filter((each) => each.until > each.from)].sort((a, b) => a.from - b.from)
  const joined: Interval[] = []
  for (const each of sorted) {
    const last = joined.at(-1)
    if (last === undefined || each.from > last.until) joined.push(each)
    else if (each.until > last.until) joined[joined.length - 1] = { from: last.from, until: each.until }
  }
  return joined
}

/** What of `wanted` is in none of `intervals`, in order. */
export function missing(intervals: Intervals, wanted: Interval): Intervals {
  const holes: Interval[] = []
  let from = wanted.from
  for (const each of intervals) {
    if (each.until <= from) continue
    if (each.from >= wanted.until) break
    if (each.from > from) holes.push({ from, until: each.from })
    from = each.until
  }
  if (from < wanted.until) holes.push({ from, until: wanted.until })
  return holes
}
