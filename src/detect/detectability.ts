import type { Ratio, Seconds, UnixSeconds } from '../model/brand.ts'
import type { CutKind, Detectability, LeastCut } from '../model/detectability.ts'
import type { SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import { DAY, HOUR } from '../model/time.ts'
import { isFresh, leastCut } from './least-cut.ts'
import { median } from './median.ts'
import type { Detector } from './state.ts'

/** A series that is watched. */
export interface WatchedSeries {
  readonly spec: SignalSpec
  readonly facet: string | null
  readonly detector: Detector
}

/** What a country is watched by. */
export interface Watched {
  /** Series of the country itself. */
  readonly own: readonly WatchedSeries[]
  /** Of each of its parts that is known to exist; none where nothing watches the part. */
  readonly parts: readonly (readonly WatchedSeries[])[]
}

/**
 * The smallest cut that today's signals would have shown, by kind (design: what could not be seen is said).
 *
 * A signal that opens incidents by itself counts, while it is fresh; the most sensitive of them speaks for the whole.
 * Routing never does: a country can be cut while its routes stand (Kazakhstan 2022, Iran 2026). A
 * regional cut is one of a typical part: the median over all parts known to exist, where a part that nothing watches
 * shows nothing, so that following a few regions does not pass for seeing the country's. Cuts of mobile networks, of
 * services and all but an allow-list need signals that tell them apart: a witness on mobile, a series of one service, a
 * witness inside on the application plane.
 */
export function detectability({ own, parts }: Watched, now: UnixSeconds): readonly Detectability[] {
  const promises = (each: WatchedSeries): boolean => each.detector.setting.rule.opens && each.spec.plane !== 'routing'
  const opening = own.filter(promises)
  const whole = opening.filter((each) => each.facet === null)
  const falling = (each: WatchedSeries): boolean => each.spec.badDirection === 'down'
  const mobile = whole.filter(({ spec }) => spec.witness === 'mobile' || spec.witness === 'both')
  const inside = whole.filter(({ spec }) => spec.witness !== 'none' && spec.plane === 'application')
  return [
    ofSeries('national', whole.filter(falling), now),
    ofParts(
      parts.map((part) => part.filter((each) => promises(each) && each.facet === null && falling(each))),
      now,
    ),
    ofSeries('mobile', mobile.filter(falling), now),
    ofSeries(
      'throttling',
      whole.filter((each) => !falling(each)),
      now,
    ),
    ofSeries(
      'services',
      opening.filter((each) => each.facet !== null && falling(each)),
      now,
    ),
    ofSeries('allow-list', inside.filter(falling), now),
  ]
}

function ofSeries(kind: CutKind, series: readonly WatchedSeries[], now: UnixSeconds): Detectability {
  const hour = leastOf(series, HOUR, now)
  const day = leastOf(series, DAY, now)
  return { kind, hour, day, why: hour === null && day === null ? whyNone(series, now) : null }
}

function ofParts(parts: readonly (readonly WatchedSeries[])[], now: UnixSeconds): Detectability {
  const hour = typical(parts, HOUR, now)
  const day = typical(parts, DAY, now)
  const watched = parts.filter((part) => part.length > 0)
  const why = watched.length * 2 <= parts.length ? 'no-signal' : whyNone(watched.flat(), now)
  return { kind: 'regional', hour, day, why: hour === null && day === null ? why : null }
}

function leastOf(series: readonly WatchedSeries[], lasts: Seconds, now: UnixSeconds): LeastCut | null {
  let least: LeastCut | null = null
  for (const { spec, detector } of series) {
    if (!isFresh(detector, spec.delay, now)) continue
    const loss = leastCut(detector, lasts)
    if (loss !== null && (least === null || loss < least.loss)) least = { loss: loss as Ratio, by: signalKey(spec) }
  }
  return least
}

function typical(parts: readonly (readonly WatchedSeries[])[], lasts: Seconds, now: UnixSeconds): LeastCut | null {
  const cuts = parts.map((part) => leastOf(part, lasts, now))
  const loss = median(cuts.map((each) => each?.loss ?? Number.POSITIVE_INFINITY))
  if (!Number.isFinite(loss)) return null
  // Named for the part nearest to the typical one.
  const nearest = cuts
    .filter((each) => each !== null)
    .reduce((best, each) => (Math.abs(each.loss - loss) < Math.abs(best.loss - loss) ? each : best))
  return { loss: loss as Ratio, by: nearest.by }
}

/** `too-little-history` also where the usual is too low, or the noise too loud, for any cut to show surely. */
function whyNone(series: readonly WatchedSeries[], now: UnixSeconds): Detectability['why'] {
  if (series.length === 0) return 'no-signal'
  const isAnyFresh = series.some(({ spec, detector }) => isFresh(detector, spec.delay, now))
  const hasHistory = series.some(({ detector }) => detector.state.firstJudged !== null)
  return isAnyFresh || !hasHistory ? 'too-little-history' : 'blind'
}
