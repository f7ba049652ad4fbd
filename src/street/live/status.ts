import type { Source } from '../../collect/source.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { SignalHealth, SourceStatus } from '../../model/health.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { binStart, plus } from '../../model/time.ts'
import type { HealthBook } from './health-book.ts'
import type { LiveScopes } from './scopes.ts'
import { isUsual, newestBin } from './staleness.ts'

/** How a source stands now: its own count of requests, and what is seen of its signals. */
export function statusOf(source: Source, scopes: LiveScopes, book: HealthBook, now: UnixSeconds): SourceStatus {
  const { id, name, homepage, upstream, budget } = source
  const meter = source.meter()
  const { spent, ok, refused, failed, unreadable, bytes, lastAnswerAt, lastFailure, waitingUntil } = meter
  return {
    source: id,
    name,
    homepage,
    upstream,
    enabled: true,
    budget,
    spent,
    requests: { ok, refused, failed, unreadable, bytes },
    lastAnswerAt,
    lastFailure,
    waitingUntil,
    leftOut: meter.leftOut ?? [],
    roundSeconds: meter.roundSeconds ?? null,
    signals: source.signals.map((spec) =>
      signalHealth(spec, scopes, book, meter.backfilled.get(spec.signal) ?? 0, now),
    ),
  }
}

function signalHealth(
  spec: SignalSpec,
  scopes: LiveScopes,
  book: HealthBook,
  backfilled: number,
  now: UnixSeconds,
): SignalHealth {
  // Regions and AS are followed while their country is in trouble, and not missed afterwards.
  const places = scopes.ofSignal(spec).filter(({ entity }) => entityParts(entity).kind === 'country')
  const bins = places.map((place) => newestBin(place))
  const newest = bins.reduce<number | null>((most, each) => (each === null ? most : Math.max(most ?? each, each)), null)
  const expected = binStart(plus(now, -spec.delay), spec.step, 0 as typeof spec.step)
  const usual = places
    .map((place, i) => ({ place, bin: bins[i] ?? null }))
    .filter(({ place, bin }) => bin !== null && isUsual(place, bin))
  // Between two rounds of asking the newest bin that is due is not here yet, for nobody.
  const due = newest === null ? expected : Math.min(expected, newest + spec.step)
  return {
    source: spec.source,
    signal: spec.signal,
    label: spec.label,
    conditions: book.lasting(spec.source, spec.signal),
    newest: newest === null ? null : plus(newest as UnixSeconds, spec.step),
    expected,
    entities: {
      fresh: usual.filter(({ bin }) => bin !== null && bin + spec.step >= due).length,
      usual: usual.length,
    },
    backfilled,
  }
}
