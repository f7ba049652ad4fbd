import type { UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { DAY, plus, toRfc3339 } from '../../model/time.ts'
import { isLate } from '../freshness.ts'
import type { HealthBook } from './health-book.ts'
import type { LiveScopes, Place, SignalPlace } from './scopes.ts'

/** Start of the newest bin that has a value, judged or not; `null` while there is none. */
export function newestBin({ scope, member }: Place): UnixSeconds | null {
  const { grid } = scope.detector(member)
  for (let i = grid.length - 1; i >= 0; i--) if (!Number.isNaN(grid.values[i])) return plus(grid.first, i * grid.step)
  return null
}

/** The newest of several. */
export function newestOf(places: readonly Place[]): UnixSeconds | null {
  return places.reduce<UnixSeconds | null>((newest, each) => {
    const bin = newestBin(each)
    return bin !== null && (newest === null || bin > newest) ? bin : newest
  }, null)
}

/** Had a value in at least half of the bins of the day that ended with its newest. */
export function isUsual({ scope, member }: Place, newest: UnixSeconds): boolean {
  const { grid } = scope.detector(member)
  const last = (newest - grid.first) / grid.step
  const bins = DAY / grid.step
  let count = 0
  for (let i = Math.max(0, last - bins + 1); i <= last; i++) if (!Number.isNaN(grid.values[i])) count += 1
  return count >= bins / 2
}

/**
 * Notes where data are late: a signal as a whole, and a country that fell silent while its sisters speak. A source that
 * leaves zeros out may be silent because there is nothing: for one country that is no blindness of ours.
 *
 * @param since when collecting began: a signal that never gave anything is late from then on.
 */
export function noteStaleness(
  specs: readonly SignalSpec[],
  scopes: LiveScopes,
  book: HealthBook,
  now: UnixSeconds,
  since: UnixSeconds,
): void {
  for (const spec of specs) {
    const places = scopes.ofSignal(spec)
    const newest = newestOf(places)
    const whole = { source: spec.source, signal: spec.signal, scope: null, condition: 'stale' } as const
    if (isLate(spec, newest ?? plus(since, -spec.step), now)) {
      const from = newest === null ? since : plus(newest, spec.step)
      book.begin(whole, from, newest === null ? 'no bin yet' : `newest bin ended ${toRfc3339(from)}`, now)
    } else if (newest !== null) {
      book.end(whole, newest, now)
      if (!spec.zeroIsOmitted) noteCountries(spec, places, newest, book, now)
    }
  }
}

function noteCountries(
  spec: SignalSpec,
  places: readonly SignalPlace[],
  newest: UnixSeconds,
  book: HealthBook,
  now: UnixSeconds,
): void {
  for (const place of places) {
    if (entityParts(place.entity).kind !== 'country') continue
    const own = newestBin(place)
    if (own === null) continue
    const ailment = { source: spec.source, signal: spec.signal, scope: place.entity, condition: 'stale' } as const
    // By the sisters' clock: what is late for all is no matter of one country.
    if (!isLate(spec, own, plus(newest, spec.step))) book.end(ailment, own, now)
    else if (!book.isOn(ailment) && isUsual(place, own)) {
      const from = plus(own, spec.step)
      book.begin(ailment, from, `newest bin ended ${toRfc3339(from)}`, now)
    }
  }
}
