import { missing, union, type Interval, type Intervals } from '../model/intervals.ts'

/** Which spans of each stream were answered. */
export interface Coverage {
  all(): ReadonlyMap<string, Intervals>
  /** True when the span is answered already, or empty. */
  has(stream: string, span: Interval): boolean
  add(stream: string, span: Interval): void
}

export function makeCoverage(): Coverage {
  const streams = new Map<string, Intervals>()

  function has(stream: string, span: Interval): boolean {
    return missing(streams.get(stream) ?? [], span).length === 0
  }

  return {
    all: () => new Map(streams),
    has,
    add(stream, span) {
      if (!has(stream, span)) streams.set(stream, union(streams.get(stream) ?? [], [span]))
    },
  }
}
