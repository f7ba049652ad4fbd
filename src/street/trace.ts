import type { Detector } from '../detect/state.ts'
import { spansOf } from '../detect/state.ts'
import { BIN_BLIND, BIN_VALUE, binAt } from '../detect/grid.ts'
import type { Span } from '../model/judgement.ts'
import type { Range } from '../store/store.ts'
import type { ScopeMember } from './scope.ts'
import type { BinReading, Trace } from './view.ts'

/** One judged series over a range, bin by bin, beside its usual. */
export function traceOf(member: ScopeMember, detector: Detector, range: Range): Trace {
  const { grid, state } = detector
  const first = Math.max(0, Math.ceil((range.from - grid.first) / grid.step))
  const last = Math.min(grid.length, Math.ceil((range.until - grid.first) / grid.step))
  const length = grid.length === 0 ? 0 : Math.max(0, last - first)
  const bins = new Float64Array(length)
  const values = grid.values.slice(first, first + length)
  const expected = grid.expected.slice(first, first + length)
  const spread = grid.spread.slice(first, first + length)
  const shares = new Float64Array(length).fill(Number.NaN)
  const readings: BinReading[] = []
  const spans = spansOf(detector)
  let span = 0
  for (let i = 0; i < length; i++) {
    const at = binAt(grid, first + i)
    bins[i] = at
    while (span < spans.length && endOf(spans[span]) <= at) span += 1
    const inside = spans[span] !== undefined && (spans[span]?.onset.at ?? 0) <= at
    if (grid.flags[first + i] === BIN_VALUE) {
      const usual = expected[i] ?? Number.NaN
      if (usual > 0) shares[i] = (values[i] ?? Number.NaN) / usual
      readings.push(inside ? 'span' : 'quiet')
    } else if (grid.flags[first + i] === BIN_BLIND) {
      // The value stays to be drawn pale; no share, so that nobody reads one from it.
      readings.push('blind')
    } else {
      values[i] = Number.NaN
      readings.push(inside && spans[span]?.gaps.reading === 'ambiguous' ? 'ambiguous-gap' : 'gap')
    }
  }
  return {
    series: member.series,
    spec: member.spec,
    bins,
    values,
    expected,
    spread,
    shares,
    readings,
    baseline: state.baseline,
  }
}

function endOf(span: Span | undefined): number {
  if (span === undefined) return Number.POSITIVE_INFINITY
  return (span.close === 'returned' ? span.end?.at : span.closedAt) ?? Number.POSITIVE_INFINITY
}
