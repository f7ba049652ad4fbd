import type { UnixSeconds } from '../model/brand.ts'
import { missing, union, type Interval, type Intervals } from '../model/intervals.ts'

/** A span that was asked for and answered, and how full the answer was: values given ÷ values asked for, 0–1. */
interface Claim {
  readonly span: Interval
  readonly fullness: number
}

/**
 * Which spans of a stream need not be asked for again. A claim is believed as long as its answer was not much emptier
 * than answers turned out to be later: who begins to ask during a fault takes half an answer for a whole one.
 */
export interface Coverage {
  claim(span: Interval, fullness: number): void
  /** What of `wanted` is not covered by claims at least as full as `least`, in order. */
  holes(wanted: Interval, least: number): Intervals
  /** All that is covered, whatever the fullness. */
  spans(): Intervals
  /** Where the covered span ends that holds `at` or ends before it; `null` when there is none. */
  end(at: UnixSeconds): UnixSeconds | null
  /** Share of `wanted` that is covered, 0–1. */
  share(wanted: Interval): number
}

/** Claims that touch and are as full as each other, give or take this, become one. */
const SAME_FULLNESS = 0.02

/** Of more claims than this, those made first are believed for good. */
const MOST_CLAIMS = 200

/** @param earlier what earlier runs covered. */
export function createCoverage(earlier: Intervals): Coverage {
  let kept = earlier
  let claims: Claim[] = []

  const covered = (least: number): Intervals =>
    union(
      kept,
      claims.filter(({ fullness }) => fullness >= least).map(({ span }) => span),
    )

  return {
    claim(span, fullness) {
      if (span.until <= span.from) return
      const joins = (each: Claim): boolean =>
        Math.abs(each.fullness - fullness) <= SAME_FULLNESS &&
        each.span.from <= span.until &&
        span.from <= each.span.until
      const same = claims.filter(joins)
      const from = Math.min(span.from, ...same.map((each) => each.span.from)) as UnixSeconds
      const until = Math.max(span.until, ...same.map((each) => each.span.until)) as UnixSeconds
      claims = [...claims.filter((each) => !joins(each)), { span: { from, until }, fullness }]
      const old = claims.splice(0, claims.length - MOST_CLAIMS)
      if (old.length > 0)
        kept = union(
          kept,
          old.map((each) => each.span),
        )
    },
    spans: () => covered(0),
    holes: (wanted, least) => missing(covered(least), wanted),
    end: (at) => covered(0).findLast(({ from }) => from < at)?.until ?? null,
    share(wanted) {
      const length = wanted.until - wanted.from
      if (length <= 0) return 1
      const open = missing(covered(0), wanted).reduce((sum, { from, until }) => sum + until - from, 0)
      return 1 - open / length
    },
  }
}
