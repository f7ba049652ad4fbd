import type { SourceReport } from '../../collect/source.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { binStart, plus } from '../../model/time.ts'
import type { HealthBook } from './health-book.ts'

/** What sources say of their own view, in bins. Whether data are late is seen from the data, whatever a source says. */
export interface Reports {
  report(report: SourceReport, spec: SignalSpec): void
  /** Observations came: an answer that could be read. */
  answered(spec: SignalSpec, at: UnixSeconds): void
}

/** One for each run: what was said before it is known from the book alone. */
export function createReports(book: HealthBook): Reports {
  /** Signals of which a clock was called wrong in this run. */
  const saidWrong = new Set<SignalSpec>()

  function end(spec: SignalSpec, condition: SourceReport['condition'], at: UnixSeconds): void {
    const { source, signal, step } = spec
    book.end({ source, signal, scope: null, condition }, plus(binStart(at, step, 0 as typeof step), step), at)
  }

  return {
    report({ condition, signal, at, on, detail }, spec) {
      if (condition === 'stale') return
      if (condition === 'wrong-clock' && on) saidWrong.add(spec)
      if (on)
        book.begin({ source: spec.source, signal, scope: null, condition }, beginOf(spec, condition, at), detail, at)
      else end(spec, condition, at)
    },
    answered(spec, at) {
      // Whoever was silent or garbled is neither, also when nobody says so after a restart.
      for (const condition of ['unreachable', 'unreadable'] as const) end(spec, condition, at)
      // A clock that is still wrong is called so before the observations.
      if (!saidWrong.has(spec)) end(spec, 'wrong-clock', at)
    },
  }
}

/** With a wrong clock the bins that were fetched meanwhile are in doubt: the oldest of them was due when it began. */
function beginOf(spec: SignalSpec, condition: SourceReport['condition'], at: UnixSeconds): UnixSeconds {
  const first = condition === 'wrong-clock' ? at - spec.step - spec.delay : at
  return binStart(first as UnixSeconds, spec.step, 0 as typeof spec.step)
}
