import type { AnswerWithBody } from '../../model/answer.ts'
import type { Seconds, UnixSeconds } from '../../model/brand.ts'
import type { Interval, Intervals } from '../../model/intervals.ts'
import { binStart, plus } from '../../model/time.ts'
import type { Purpose } from '../http/window.ts'
import type { Observed, ObservedSeries } from '../source.ts'
import { OVERLAP, type Lane } from './lane.ts'
import type { ReadSeries } from './series.ts'

/**
 * Values given ÷ values asked for, of bins old enough to be with us; `null` when the span has none.
 */
export function fullnessOf(lane: Lane, span: Interval, series: readonly ReadSeries[], now: UnixSeconds): number | null {
  const { step, delay } = lane.source.spec
  const until = Math.min(span.until, now - delay - step)
  const bins = Math.floor((until - span.from) / step)
  if (bins < 1) return null
  let given = 0
  for (const { bins: starts, values } of series) {
    for (let i = 0; i < starts.length; i++) {
      if ((starts[i] ?? 0) + step <= until && !Number.isNaN(values[i])) given += 1
    }
  }
  return given / (bins * lane.entities.size)
}

/** End of the newest bin with a value; `null` when none has one. */
export function newestOf(series: readonly ReadSeries[], step: Seconds): UnixSeconds | null {
  let newest = -Infinity
  for (const { bins, values } of series) {
    let last = bins.length - 1
    while (last >= 0 && Number.isNaN(values[last])) last -= 1
    newest = Math.max(newest, bins[last] ?? -Infinity)
  }
  return newest === -Infinity ? null : ((newest + step) as UnixSeconds)
}

/**
 * What an answer settles of the span asked for: nothing younger than the overlap, within which corrections come, and
 * nothing after its newest value, so that what a halted upstream holds back is asked for again.
 *
 * @param believed it came so often that its silence is to be believed.
 */
export function settledSpan(
  lane: Lane,
  span: Interval,
  newest: UnixSeconds | null,
  believed: boolean,
  now: UnixSeconds,
): Interval {
  const end = believed ? span.until : (newest ?? span.from)
  const until = Math.min(span.until, end, binStart(plus(now, -OVERLAP), lane.source.spec.step, 0 as Seconds))
  return { from: span.from, until: Math.max(span.from, until) as UnixSeconds }
}

/**
 * Bins within their delay are left out: the newest of an upstream are half counted, and should it fall silent now, they
 * would stand as they are and be judged.
 *
 * @param open       what of the span is not settled yet. Where it is settled, a gap takes no value back: half an answer
 *                   after a restart would otherwise make holes in what was whole.
 * @param isDoubtful the answer adds values to what is open, and neither corrects what is settled nor makes gaps.
 */
export function observedOf(
  lane: Lane,
  purpose: Purpose,
  answer: AnswerWithBody,
  series: readonly ReadSeries[],
  open: Intervals,
  isDoubtful: boolean,
  settled: Interval,
  now: UnixSeconds,
): Observed {
  const { spec } = lane.source
  const kept: ObservedSeries[] = []
  for (const { code, bins, values, weights } of series) {
    const entity = lane.entities.get(code)
    if (entity === undefined) continue
    const info = {
      source: spec.source,
      signal: spec.signal,
      entity,
      facet: null,
      origin: 'measured',
      step: spec.step,
      phase: 0 as Seconds,
    } as const
    const isKept = (bin: number, i: number): boolean => {
      if (bin + spec.step + spec.delay > now) return false
      const isGap = Number.isNaN(values[i])
      if (isDoubtful ? isGap : !isGap) return !isDoubtful
      return open.some(({ from, until }) => from <= bin && bin < until)
    }
    const places = [...bins.keys()].filter((i) => isKept(bins[i] ?? 0, i))
    if (places.length === 0) continue
    const pick = (column: Float64Array): Float64Array =>
      places.length === column.length ? column : Float64Array.from(places, (i) => column[i] ?? NaN)
    kept.push({ series: info, bins: pick(bins), values: pick(values), weights: pick(weights) })
  }
  const covered = { stream: lane.stream, span: settled }
  return { kind: 'observations', purpose, signal: spec.signal, answer, series: kept, covered }
}
