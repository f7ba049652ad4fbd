import type { UnixSeconds } from '../model/brand.ts'
import type { Range } from '../store/store.ts'
import type { Scope } from './scope.ts'
import { traceOf } from './trace.ts'
import type { Trace } from './view.ts'

/** One series of a scope, to be traced. */
export interface Traced {
  /** First bin that the scope holds; `null` while there is none. */
  readonly since: UnixSeconds | null
  of(range: Range): Trace
}

/** @returns `null` where the scope is none, or does not hold the series. */
export function traceIn(scope: Scope | null, seriesId: number): Traced | null {
  if (scope === null) return null
  const place = scope.members.findIndex((each) => each.series.id === seriesId)
  const member = scope.members[place]
  if (member === undefined) return null
  return { since: scope.since(place), of: (range) => traceOf(member, scope.detector(place), range) }
}

/** Two traces of one series, the first of the bins before those of the second. */
export function joined(first: Trace, second: Trace): Trace {
  const both = (of: (trace: Trace) => Float64Array): Float64Array => Float64Array.from([...of(first), ...of(second)])
  return {
    ...second,
    bins: both((trace) => trace.bins),
    values: both((trace) => trace.values),
    expected: both((trace) => trace.expected),
    spread: both((trace) => trace.spread),
    shares: both((trace) => trace.shares),
    readings: [...first.readings, ...second.readings],
  }
}
