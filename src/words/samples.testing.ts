import type { EntityId, IncidentId, Ratio, Share, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Evidence, Incident } from '../model/incident.ts'
import type { Moment, Span } from '../model/judgement.ts'
import type { EntityRef, LocalClock } from '../model/page.ts'
import type { Plane } from '../model/signal.ts'
import { parseRfc3339 } from '../model/time.ts'

/** @throws TypeError on what is not RFC 3339: a mistake in a test. */
export function at(text: string): UnixSeconds {
  const parsed = parseRfc3339(text)
  if (parsed === null) throw new TypeError(`not an instant: ${text}`)
  return parsed
}

const HALF_HOUR = 1800

/** A change seen in half-hourly bins: known between the bin before and the end of its own. */
export function moment(text: string): Moment {
  const when = at(text)
  return { at: when, earliest: (when - HALF_HOUR) as UnixSeconds, latest: (when + HALF_HOUR) as UnixSeconds }
}

export function span(onset: string, end: string | null, troughShare: number): Span {
  const begun = moment(onset)
  const ended = end === null ? null : moment(end)
  return {
    onset: begun,
    end: ended,
    close: ended === null ? null : 'returned',
    detectedAt: (begun.latest + HALF_HOUR) as UnixSeconds,
    closedAt: ended === null ? null : ((ended.latest + 4 * HALF_HOUR) as UnixSeconds),
    troughShare: troughShare as Share,
    lastShare: (end === null ? troughShare : 1) as Share,
    lastSeen: ended === null ? at('2026-01-29T15:00:00Z') : ended.earliest,
    partialSince: null,
    baseline: 'hour-of-week',
    gaps: { bins: 0, reading: 'unknown' },
  }
}

export function evidence(
  key: string,
  label: string,
  plane: Plane,
  share: number | null,
  spans: readonly Span[],
): Evidence {
  const [source = '', signal = ''] = key.split('/')
  return {
    source: source as SourceId,
    signal: signal as SignalId,
    label,
    plane,
    entity: 'country:IR' as EntityId,
    facet: null,
    spans,
    share: share as Share | null,
    seenAt: at('2026-01-29T15:00:00Z'),
  }
}

/** Iran, January 2026, in the shape that the street gives it: five signals, one of them back long before the others. */
export function iran(change: Partial<Incident>): Incident {
  return {
    id: 'IR-2026-01-08-a' as IncidentId,
    entity: 'country:IR' as EntityId,
    origin: 'measured',
    state: 'ongoing',
    kind: 'blackout',
    severity: 'critical',
    confidence: { value: 0.93 as Ratio, agreeing: 4, able: 5 },
    onset: moment('2026-01-08T16:30:00Z'),
    end: null,
    detectedAt: at('2026-01-08T17:30:00Z'),
    knownAt: at('2026-01-08T17:50:00Z'),
    episodes: [{ onset: at('2026-01-08T16:30:00Z'), end: null }],
    evidence: [
      evidence('ioda/google.search_traffic', 'Google (Search)', 'application', 0.02, [
        span('2026-01-08T18:00:00Z', null, 0.005),
      ]),
      evidence('ioda/telescope.unique_ips', 'Telescope (# Unique Source IPs)', 'traffic', 0.03, [
        { ...span('2026-01-08T17:00:00Z', null, 0.01), gaps: { bins: 274, reading: 'ambiguous' } },
      ]),
      evidence('ioda/bgp.visible_slash24s', 'BGP (# Visible /24s)', 'routing', 0.99, [
        span('2026-01-08T18:00:00Z', '2026-01-09T09:00:00Z', 0.87),
        span('2026-01-11T20:00:00Z', '2026-01-22T04:00:00Z', 0.9),
      ]),
      evidence('ioda/ping.up_slash24s', 'Active Probing (# /24s Up)', 'reachability', 0.03, [
        span('2026-01-08T16:30:00Z', null, 0.03),
      ]),
      evidence('ioda/mozilla.city_count', 'Mozilla (City Count)', 'traffic', null, [
        span('2026-01-08T18:00:00Z', null, 0.02),
      ]),
    ],
    contradictions: [],
    share: 0.03 as Share,
    troughShare: 0.02 as Share,
    partOf: null,
    closedBy: null,
    ...change,
  }
}

export const GOOGLE_UP = {
  up: 'ioda/google.search_traffic',
  down: 'ioda/ping.up_slash24s',
  since: at('2026-01-19T00:00:00Z'),
  until: null,
} as const

export function ref(id: string, name: string, within: string | null): EntityRef {
  const entity = id as EntityId
  const parts = entityParts(entity)
  return { id: entity, kind: parts.kind, name, country: parts.country, within, href: `/en/entity/${id}` }
}

export const IRAN: EntityRef = ref('country:IR', 'Iran', null)

/** UTC+3:30 all year round since Iran dropped daylight saving after 2022. */
export const TEHRAN: LocalClock = {
  zone: 'Asia/Tehran',
  changes: [
    { from: at('2022-03-21T20:30:00Z'), offset: 16_200 },
    { from: at('2022-09-21T19:30:00Z'), offset: 12_600 },
  ],
}
