import type { HealthInterval } from '../model/health.ts'
import type { HealthFilter } from './store.ts'

/** What a later interval replaces is the one with the same key. */
export function healthKey({ source, signal, scope, condition, from }: HealthInterval): string {
  return `${source}\n${signal}\n${scope ?? ''}\n${condition}\n${from}`
}

/** In the order of their begin; those that begin together in the order given. */
export function selectHealth(intervals: Iterable<HealthInterval>, filter: HealthFilter): readonly HealthInterval[] {
  const { source, signal, range } = filter
  return [...intervals]
    .filter(
      (each) =>
        (source === undefined || each.source === source) &&
        (signal === undefined || each.signal === signal) &&
        (range === undefined || (each.from < range.until && (each.until === null || each.until > range.from))),
    )
    .sort((a, b) => a.from - b.from)
}
