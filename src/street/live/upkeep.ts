import type { UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { Incident } from '../../model/incident.ts'
import type { Hierarchy } from '../../model/place.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { signalKey } from '../../model/signal.ts'
import { DAY, HOUR, binStart, plus } from '../../model/time.ts'
import type { Range, Retention, RouteEventFilter, Store, StoredSeries } from '../../store/store.ts'
import { scopeOf } from '../scope.ts'

/** What is kept for how long. What incidents rest on is kept for ever. */
export interface RetentionDays {
  readonly raw: number
  readonly answers: number
}

/** What a judgement of an incident looks back on: four weeks of baseline, and the week that a late bin may take. */
const BASELINE_DAYS = 35
/** What follows an incident shows that it is over. */
const AFTERMATH_DAYS = 2

/** A day is put in order once its late data are in. */
const AFTER_MIDNIGHT = 2 * HOUR

/** The UTC day whose upkeep is due at an instant. */
export function upkeepDay(now: UnixSeconds): UnixSeconds {
  return binStart(plus(now, -AFTER_MIDNIGHT), DAY, 0 as typeof DAY)
}

/** What goes and what stays at an instant: of what is collected, and not of what was imported by hand. @internal */
export function retentionAt(
  now: UnixSeconds,
  days: RetentionDays,
  incidents: readonly Incident[],
  series: readonly StoredSeries[],
  collected: readonly SignalSpec[],
  hierarchy: Hierarchy,
): Retention {
  const keys = new Set(collected.map((spec) => signalKey(spec)))
  const byScope = new Map<string, number[]>()
  for (const each of series) {
    const list = byScope.get(scopeOf(each.entity, hierarchy))
    if (list === undefined) byScope.set(scopeOf(each.entity, hierarchy), [each.id])
    else list.push(each.id)
  }
  return {
    rawBefore: plus(now, -days.raw * DAY),
    answersBefore: plus(now, -days.answers * DAY),
    spare: series.filter((each) => !keys.has(signalKey(each))).map(({ id }) => id),
    keep: incidents.map((incident) => ({
      series: byScope.get(scopeOf(incident.entity, hierarchy)) ?? [],
      range: windowOf(incident, now),
    })),
    keepRoutes: incidents.flatMap((incident) => routesOf(incident, windowOf(incident, now), hierarchy)),
  }
}

/** What an incident rests on: its time, with its baseline before and what followed. */
function windowOf(incident: Incident, now: UnixSeconds): Range {
  return {
    from: plus(incident.onset.earliest, -BASELINE_DAYS * DAY),
    until: plus(lastInstant(incident, now), AFTERMATH_DAYS * DAY),
  }
}

/** Events of its country; of an AS also those of its own prefixes, which may count for other countries. */
function routesOf(incident: Incident, range: Range, hierarchy: Hierarchy): readonly RouteEventFilter[] {
  const parts = entityParts(incident.entity)
  const scope = scopeOf(incident.entity, hierarchy)
  const ofCountry = /^[A-Z]{2}$/.test(scope) ? [{ country: scope, range }] : []
  return parts.kind === 'as' ? [...ofCountry, { origins: [parts.asn], range }] : ofCountry
}

function lastInstant(incident: Incident, now: UnixSeconds): UnixSeconds {
  if (incident.end !== null) return incident.end.latest
  if (incident.closedBy === null && incident.state !== 'retracted') return now
  const seen = incident.evidence.flatMap((each) => each.spans.map((span) => span.closedAt ?? span.lastSeen))
  return seen.reduce<UnixSeconds>((last, each) => (each > last ? each : last), incident.onset.latest)
}

/**
 * What ended before this rests on raw bins that are gone, or on a usual that is: it stays as it was published.
 * Judging anew from the store cannot know better.
 */
export function horizonAt(now: UnixSeconds, days: RetentionDays): UnixSeconds {
  return plus(now, (BASELINE_DAYS - days.raw) * DAY)
}

const KEY = 'live/upkeep'

/** The day whose upkeep was done last; `null` = none, or nobody knows. */
export async function upkeptBefore(store: Store): Promise<UnixSeconds | null> {
  const bytes = await store.derived(KEY)
  const day = bytes === null ? Number.NaN : Number(new TextDecoder().decode(bytes))
  return Number.isSafeInteger(day) ? (day as UnixSeconds) : null
}

/** Kept over a restart: a machine that never runs at night does its upkeep by day. */
export async function noteUpkept(store: Store, day: UnixSeconds): Promise<void> {
  await store.putDerived(KEY, new TextEncoder().encode(String(day)))
}

export async function keepUp(
  store: Store,
  now: UnixSeconds,
  days: RetentionDays,
  incidents: readonly Incident[],
  collected: readonly SignalSpec[],
  hierarchy: Hierarchy,
): Promise<void> {
  await store.compact(upkeepDay(now))
  await store.retain(retentionAt(now, days, incidents, await store.series({}), collected, hierarchy))
}
