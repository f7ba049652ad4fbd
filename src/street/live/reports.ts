import type { SourceReport } from '../../collect/source.ts'
import type { SourceId, UnixSeconds } from '../../model/brand.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { binStart, plus } from '../../model/time.ts'
import type { HealthBook } from './health-book.ts'

/**
 * What a source says of its own view, in bins. Whether data are late is seen from the data, whatever the source says.
 */
export function noteReport(report: SourceReport, spec: SignalSpec, book: HealthBook): void {
  const { condition, signal, at, on, detail } = report
  if (condition === 'stale') return
  const ailment = { source: spec.source, signal, scope: null, condition }
  if (on) book.begin(ailment, beginOf(spec, condition, at), detail, at)
  else book.end(ailment, plus(binStart(at, spec.step, 0 as typeof spec.step), spec.step), at)
}

/** With a wrong clock the bins that were fetched meanwhile are in doubt: the oldest of them was due when it began. */
function beginOf(spec: SignalSpec, condition: SourceReport['condition'], at: UnixSeconds): UnixSeconds {
  const first = condition === 'wrong-clock' ? at - spec.step - spec.delay : at
  return binStart(first as UnixSeconds, spec.step, 0 as typeof spec.step)
}

/** An answer that could be read: whoever was silent or garbled is neither, also when nobody says so after a restart. */
export function noteAnswer(source: SourceId, spec: SignalSpec, at: UnixSeconds, book: HealthBook): void {
  for (const condition of ['unreachable', 'unreadable'] as const)
    book.end(
      { source, signal: spec.signal, scope: null, condition },
      plus(binStart(at, spec.step, 0 as typeof spec.step), spec.step),
      at,
    )
}
