import type { EntityId, IncidentId, Seconds, SourceId, UnixSeconds } from '../model/brand.ts'
import type { Incident } from '../model/incident.ts'
import type { RouteEvent } from '../model/routing.ts'
import { HOUR, MINUTE, plus } from '../model/time.ts'
import type { View } from '../street/view.ts'
import { at, iran } from '../words/samples.testing.ts'
import { fakeView, spec, type FakeSeries } from './observatory.testing.ts'

/** Invented: a morning in which Kazakhstan's networks lose their routes one after another. */
export const DARK_FROM = at('2022-01-05T10:30:00Z')
const UNTIL = at('2022-01-06T06:00:00Z')
const START = at('2021-12-20')

/** Whose, how many prefixes, of how many, from when on, and how long apart; seconds after `DARK_FROM`. */
const NETWORKS = [
  { asn: 29_355, operator: 'operator:KZ.kcell', lost: 9, of: 10, first: 67, apart: 25, back: 7 * HOUR },
  { asn: 9198, operator: 'operator:KZ.kazakhtelecom', lost: 30, of: 32, first: 86, apart: 12, back: 7.5 * HOUR },
  { asn: 64_500, operator: null, lost: 3, of: 40, first: 900, apart: 60, back: null },
] as const

function prefix(asn: number, index: number): string {
  return `10.${asn % 200}.${index}.0/24`
}

function event(kind: RouteEvent['kind'], asn: number, name: string, seconds: number, blocks: number): RouteEvent {
  return {
    source: 'ris' as SourceId,
    at: plus(DARK_FROM, seconds),
    kind,
    prefix: name,
    origin: asn,
    country: 'KZ',
    blocks,
    carrying: kind === 'lost' ? 5 : 38,
    voting: 41,
  }
}

export const DARK_EVENTS: readonly RouteEvent[] = [
  ...NETWORKS.flatMap(({ asn, lost, first, apart, back }) =>
    Array.from({ length: lost }, (_, i) => [
      event('lost', asn, prefix(asn, i), first + i * apart, 1),
      ...(back === null ? [] : [event('returned', asn, prefix(asn, i), back + i * 7, 1)]),
    ]).flat(),
  ),
  // IPv6 went first of all, and one prefix came back elsewhere.
  event('lost', 9198, '2a03:32c0::/32', -1800, 65_536),
  event('lost', 9198, '10.250.0.0/24', 40, 1),
  event('returned', 64_500, '10.250.0.0/24', 3000, 1),
].sort((a, b) => a.at - b.at)

const visible = spec('ris/bgp.visible_slash24s', 'RIS (# visible /24s)', 'routing', {
  unit: '/24 blocks',
  step: (5 * MINUTE) as Seconds,
  windowNormalised: false,
  licence: { class: 'attribution', name: 'RIPE NCC terms of service', url: 'https://www.ripe.net/terms' },
  citation: 'RIPE NCC Routing Information Service (RIS)',
})

function series(entity: string, usual: number, left: number, hasGap: boolean): FakeSeries {
  const isDown = (bin: UnixSeconds): boolean => bin >= DARK_FROM && bin < plus(DARK_FROM, 7 * HOUR)
  // Too few peers for half an hour: nobody can say.
  const isGap = (bin: UnixSeconds): boolean =>
    hasGap && bin >= plus(DARK_FROM, 3 * HOUR) && bin < plus(DARK_FROM, 3.5 * HOUR)
  return {
    spec: visible,
    entity: entity as EntityId,
    from: START,
    until: UNTIL,
    usual: () => usual,
    value: (bin) => (isGap(bin) ? null : isDown(bin) ? left : usual),
    reading: (bin) => (isGap(bin) ? 'gap' : isDown(bin) ? 'span' : 'quiet'),
  }
}

export function darkIncident(change: Partial<Incident>): Incident {
  const moment = (when: UnixSeconds) => ({
    at: when,
    earliest: plus(when, -5 * MINUTE),
    latest: plus(when, 5 * MINUTE),
  })
  return {
    ...iran({}),
    id: 'KZ-2022-01-05-a' as IncidentId,
    entity: 'country:KZ' as EntityId,
    onset: moment(DARK_FROM),
    detectedAt: plus(DARK_FROM, 10 * MINUTE),
    knownAt: plus(DARK_FROM, 25 * MINUTE),
    episodes: [{ onset: DARK_FROM, end: null }],
    evidence: [],
    contradictions: [],
    ...change,
  }
}

/** A view in which an invented Kazakhstan went dark by its routes. */
export function darkView(change: Partial<Parameters<typeof fakeView>[0]>): View {
  return fakeView({
    id: 'live',
    title: 'Live',
    origin: 'measured',
    now: plus(UNTIL, 20 * MINUTE),
    series: [
      series('country:KZ', 12_000, 11_950, true),
      series('operator:KZ.kcell', 10, 1, true),
      series('operator:KZ.kazakhtelecom', 33, 2, true),
      series('operator:KZ.beeline', 20, 20, true),
      series('as:29355', 10, 1, true),
      series('as:9198', 33, 2, true),
    ],
    incidents: [darkIncident({})],
    revisions: [],
    waypoints: [],
    notes: [],
    names: {
      'operator:KZ.kcell': 'Kcell',
      'operator:KZ.kazakhtelecom': 'Kazakhtelecom',
      'operator:KZ.beeline': 'Beeline Kazakhstan',
      'as:9198': 'AS9198',
      'as:29355': 'AS29355',
      'as:64500': 'AS64500',
    },
    routes: DARK_EVENTS,
    ...change,
  })
}
