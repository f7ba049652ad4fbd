import type { EntityId, IncidentId, Ratio, Seconds, Share, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import { CaseError } from '../model/errors.ts'
import type { HealthInterval, SourceStatus } from '../model/health.ts'
import type { Incident, Revision } from '../model/incident.ts'
import type { Note } from '../model/judgement.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { Origin } from '../model/series.ts'
import type { Plane, SignalSpec } from '../model/signal.ts'
import { binStart, HOUR, MINUTE, plus } from '../model/time.ts'
import { passesRouteFilter } from '../store/route-events.ts'
import type { Range, StoredEntity, StoredSeries } from '../store/store.ts'
import type {
  BinReading,
  EntityNow,
  IncidentFilter,
  Observatory,
  ReplayEntry,
  Trace,
  View,
  Waypoint,
} from '../street/view.ts'
import { at, evidence, GOOGLE_UP, iran, moment, span } from '../words/samples.testing.ts'
import {
  ANSWER,
  ANSWER_BODY,
  fakeCountries,
  fakeDays,
  fakeDetectability,
  type FakeFeed,
  fakeFeed,
  fakeHours,
  fakeSignalHealth,
  fakeSource,
} from './live.testing.ts'

/* An observatory in memory, shaped like what the street makes, for tests of interface and pages. */

/** A series as a function of time. `null` = the source gave no value. */
export interface FakeSeries {
  readonly spec: SignalSpec
  readonly entity: EntityId
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  readonly value: (at: UnixSeconds) => number | null
  /** `null` = too little history. */
  readonly usual: ((at: UnixSeconds) => number) | null
  readonly reading: (at: UnixSeconds) => BinReading
}

interface FakeView {
  readonly id: string
  readonly title: string
  readonly origin: Origin | null
  readonly now: UnixSeconds
  readonly series: readonly FakeSeries[]
  readonly incidents: readonly Incident[]
  readonly revisions: readonly Revision[]
  readonly waypoints: readonly Waypoint[]
  readonly notes: readonly Note[]
  readonly names: Readonly<Record<string, string>>
  /** Absent: one source, well, with all signals of the series; none for a replay. */
  readonly sources?: readonly SourceStatus[]
  /** Stretches of blindness; absent: none. */
  readonly health?: readonly HealthInterval[]
  /** Absent: made from series and incidents. */
  readonly countries?: readonly EntityNow[]
  /** Absent: none. */
  readonly routes?: readonly RouteEvent[]
  /** Absent: the body of `ANSWER` is there. */
  readonly letGo?: boolean
}

const ZONES: Readonly<Record<string, { zone: string; offset: number }>> = {
  IR: { zone: 'Asia/Tehran', offset: 12_600 },
  KZ: { zone: 'Asia/Almaty', offset: 21_600 },
}

export function fakeView(fake: FakeView): View {
  const stored = fake.series.map((one, id): StoredSeries => ({
    id,
    source: one.spec.source,
    signal: one.spec.signal,
    entity: one.entity,
    facet: null,
    origin: fake.origin ?? 'measured',
    step: one.spec.step,
    phase: 0 as Seconds,
  }))
  const parent = (entity: EntityId): EntityId | null => {
    const parts = entityParts(entity)
    switch (parts.kind) {
      case 'world':
        return null
      case 'country':
      case 'as':
        return 'world' as EntityId
      case 'place':
        return `region:${parts.region}` as EntityId
      case 'region':
      case 'operator':
      case 'access':
        return `country:${parts.country}` as EntityId
    }
  }
  const zoneOf = (entity: EntityId): { zone: string; offset: number } | undefined =>
    ZONES[entityParts(entity).country ?? '']
  const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const published = (asOf: UnixSeconds | null): readonly Incident[] =>
    fake.incidents.filter((incident) => asOf === null || incident.knownAt <= asOf)
  return {
    id: fake.id,
    title: fake.title,
    origin: fake.origin,
    ruleVersion: '1',
    gazetteer: {
      name: (entity) => {
        const parts = entityParts(entity)
        return fake.names[entity] ?? (parts.kind === 'country' ? (countries.of(parts.country) ?? entity) : entity)
      },
      timeZone: (entity) => zoneOf(entity)?.zone ?? null,
      offset: (entity) => zoneOf(entity)?.offset ?? 0,
      exists: (entity) => {
        const parts = entityParts(entity)
        return parts.country === null || (parts.country !== 'ZZ' && countries.of(parts.country) !== undefined)
      },
    },
    hierarchy: {
      parent,
      children: () => [],
      knownChildren: (entity) => (entity === 'country:IR' ? 31 : 0),
    },
    now: () => fake.now,
    version: () => 0,
    newestData: () =>
      Promise.resolve(
        fake.series.length === 0 ? null : (Math.max(...fake.series.map((one) => one.until)) as UnixSeconds),
      ),
    specs: () =>
      Promise.resolve([...new Map(fake.series.map(({ spec }) => [`${spec.source}/${spec.signal}`, spec])).values()]),
    entities: () =>
      Promise.resolve(
        Object.entries(fake.names).map(([entity, name]): StoredEntity => ({
          entity: entity as EntityId,
          name,
          parent: parent(entity as EntityId),
          timeZone: null,
          knownChildren: null,
        })),
      ),
    series: (filter) =>
      Promise.resolve(
        stored.filter(
          (one) =>
            (filter.source === undefined || one.source === filter.source) &&
            (filter.signal === undefined || one.signal === filter.signal) &&
            (filter.entity === undefined || one.entity === filter.entity),
        ),
      ),
    trace: (id, range) => {
      const series = stored[id]
      const made = fake.series[id]
      if (series === undefined || made === undefined) return Promise.reject(new TypeError(`no series ${id}`))
      return Promise.resolve(traceOf(series, made, range))
    },
    incidents: (filter, asOf) => Promise.resolve(published(asOf).filter((incident) => matches(incident, filter))),
    incident: (id, asOf) => Promise.resolve(published(asOf).find((incident) => incident.id === id) ?? null),
    revisions: (id) => Promise.resolve(fake.revisions.filter((revision) => revision.incident.id === id)),
    notes: () => Promise.resolve(fake.notes),
    waypoints: () => fake.waypoints,
    sources: () => Promise.resolve(fake.sources ?? (fake.id === 'live' ? sourcesOf(fake) : [])),
    health: (entity, range) =>
      Promise.resolve(
        (fake.health ?? []).filter(
          (one) =>
            (entity === null || stored.some((series) => series.entity === entity && series.signal === one.signal)) &&
            (one.scope === null || entity === null || one.scope === entity) &&
            one.from < range.until &&
            (one.until ?? Number.POSITIVE_INFINITY) > range.from,
        ),
      ),
    countries: () => Promise.resolve(countriesOf(fake)),
    days: (range) => Promise.resolve(fakeDays(countriesOf(fake), fake.incidents, range)),
    detectability: (entity) => Promise.resolve(fakeDetectability(stored.some((series) => series.entity === entity))),
    provenance: (id, range) => {
      const made = fake.series[id]
      const series = stored[id]
      if (series === undefined || made === undefined) return Promise.resolve([])
      const { bins } = traceOf(series, made, range)
      const [first, last] = [bins[0], bins.at(-1)]
      if (first === undefined || last === undefined) return Promise.resolve([])
      const answer = fake.id === 'live' ? { ...ANSWER, hasBody: fake.letGo !== true } : null
      return Promise.resolve([
        {
          from: first as UnixSeconds,
          until: plus(last as UnixSeconds, series.step),
          bins: bins.length,
          batch: 7,
          arrival: ANSWER.fetchedAt,
          answer,
        },
      ])
    },
    answer: (sha256) =>
      Promise.resolve(
        sha256 === ANSWER.sha256 && fake.id === 'live'
          ? {
              answers: [{ ...ANSWER, hasBody: fake.letGo !== true }],
              body: fake.letGo === true ? null : ANSWER_BODY,
            }
          : { answers: [], body: null },
      ),
    routeEvents: (filter) => Promise.resolve((fake.routes ?? []).filter((event) => passesRouteFilter(event, filter))),
    hours: (id, range) => {
      const series = stored[id]
      const made = fake.series[id]
      if (series === undefined || made === undefined) return Promise.reject(new TypeError(`no series ${id}`))
      return Promise.resolve(fakeHours(traceOf(series, made, range)))
    },
  }
}

function sourcesOf(fake: FakeView): readonly SourceStatus[] {
  const specs = [...new Map(fake.series.map((one) => [one.spec.signal, one.spec])).values()]
  if (specs.length === 0) return []
  return [
    fakeSource(
      specs.map((one) => fakeSignalHealth(one, fake.series, fake.now, fake.health ?? [])),
      {},
    ),
  ]
}

function countriesOf(fake: FakeView): readonly EntityNow[] {
  return fake.countries ?? fakeCountries(fake.series, fake.incidents, fake.now)
}

function matches(incident: Incident, filter: IncidentFilter): boolean {
  const end = incident.end?.at ?? Number.POSITIVE_INFINITY
  return (
    (filter.entity === undefined || incident.entity === filter.entity) &&
    (filter.country === undefined || entityParts(incident.entity).country === filter.country) &&
    (filter.states === undefined || filter.states.includes(incident.state)) &&
    (filter.since === undefined || end >= filter.since) &&
    (filter.until === undefined || incident.onset.at < filter.until) &&
    (filter.topLevelOnly !== true || incident.partOf === null)
  )
}

function traceOf(series: StoredSeries, made: FakeSeries, range: Range): Trace {
  const bins: number[] = []
  const first = binStart(plus(range.from, series.step - 1), series.step, series.phase)
  for (let bin = Math.max(first, made.from); bin < Math.min(range.until, made.until); bin += series.step) bins.push(bin)
  const column = (value: (bin: UnixSeconds) => number | null): Float64Array =>
    Float64Array.from(bins, (bin) => value(bin as UnixSeconds) ?? Number.NaN)
  const values = column(made.value)
  const expected = column((bin) => made.usual?.(bin) ?? null)
  return {
    series,
    spec: made.spec,
    bins: Float64Array.from(bins),
    values,
    expected,
    spread: expected.map((value) => value * 0.06),
    shares: values.map((value, index) => value / (expected[index] ?? Number.NaN)),
    readings: bins.map((bin) => made.reading(bin as UnixSeconds)),
    baseline: made.usual === null ? null : 'hour-of-week',
  }
}

export function spec(key: string, label: string, plane: Plane, change: Partial<SignalSpec>): SignalSpec {
  const [source = '', signal = ''] = key.split('/')
  return {
    source: source as SourceId,
    signal: signal as SignalId,
    label,
    plane,
    unit: '% of the window’s maximum',
    step: (30 * MINUTE) as Seconds,
    delay: (30 * MINUTE) as Seconds,
    badDirection: 'down',
    seasonality: 'daily',
    quantum: 0,
    windowNormalised: true,
    zeroIsOmitted: false,
    group: key,
    witness: 'none',
    licence: { class: 'unstated', name: 'not stated', url: null },
    citation: 'IODA, Georgia Institute of Technology',
    ...change,
  }
}

/** The same for the same bin, from −1 to 1, without chance. */
function wobble(bin: number, seed: number): number {
  return Math.sin((bin / 1800) * 12.9898 + seed * 78.233) * Math.cos((bin / 1800) * 4.137 + seed)
}

/** More by day than by night, from 0 to 1, by the clock of Tehran. */
function day(bin: number): number {
  return 0.5 - 0.5 * Math.cos((((bin + 12_600) / 86_400) * 2 - 0.3) * Math.PI)
}

/** Level over time: from each instant on, the share of usual that stands beside it. */
type Levels = readonly (readonly [string, number])[]

function levelAt(levels: readonly (readonly [number, number])[], bin: number): number {
  let level = 1
  for (const [from, share] of levels) {
    if (bin < from) break
    level = share
  }
  return level
}

const IR = 'country:IR' as EntityId
const IRAN_FROM = at('2025-12-18')
const IRAN_UNTIL = at('2026-01-29T15:30:00Z')

function iranSeries(
  signal: SignalSpec,
  levels: Levels,
  usual: (bin: number) => number,
  seed: number,
  gap: (bin: number) => BinReading | null,
): FakeSeries {
  const steps = levels.map(([from, share]) => [at(from), share] as const)
  return {
    spec: signal,
    entity: IR,
    from: IRAN_FROM,
    until: IRAN_UNTIL,
    usual: (bin) => usual(bin),
    value: (bin) =>
      gap(bin) === null ? Math.max(0, usual(bin) * levelAt(steps, bin) * (1 + 0.035 * wobble(bin, seed))) : null,
    reading: (bin) => gap(bin) ?? (levelAt(steps, bin) < 0.95 ? 'span' : 'quiet'),
  }
}

const noGap = (): null => null
const NEAR_ZERO_FROM = at('2026-01-08T17:00:00Z')
const NEAR_ZERO_UNTIL = at('2026-01-24T12:00:00Z')

/** Five signals in the shape of January 2026. The values are made up; the times are those of the real event. */
const IRAN_SERIES: readonly FakeSeries[] = [
  iranSeries(
    spec('ioda/google.search_traffic', 'Google (Search)', 'application', {}),
    [
      ['2026-01-08T18:00:00Z', 0.6],
      ['2026-01-08T18:30:00Z', 0.15],
      ['2026-01-08T20:00:00Z', 0.015],
      ['2026-01-18T13:00:00Z', 0.55],
      ['2026-01-19', 1],
    ],
    (bin) => 25 + 65 * day(bin),
    1,
    noGap,
  ),
  iranSeries(
    spec('ioda/telescope.unique_ips', 'Telescope (# Unique Source IPs)', 'traffic', { zeroIsOmitted: true }),
    [
      ['2026-01-06T09:00:00Z', 14],
      ['2026-01-06T15:00:00Z', 1],
      ['2026-01-08T17:00:00Z', 0.05],
      ['2026-01-24T12:00:00Z', 1],
    ],
    (bin) => 3 + day(bin),
    2,
    (bin) => {
      if (bin >= at('2026-01-02T04:00:00Z') && bin < at('2026-01-02T09:00:00Z')) return 'gap'
      return bin >= NEAR_ZERO_FROM && bin < NEAR_ZERO_UNTIL && wobble(bin, 9) > 0.25 ? 'ambiguous-gap' : null
    },
  ),
  iranSeries(
    spec('ioda/bgp.visible_slash24s', 'BGP (# Visible /24s)', 'routing', {}),
    [
      ['2026-01-08T18:00:00Z', 0.9],
      ['2026-01-09T09:00:00Z', 1],
      ['2026-01-11T20:00:00Z', 0.92],
      ['2026-01-22T04:00:00Z', 1],
    ],
    () => 96,
    0.1,
    noGap,
  ),
  iranSeries(
    spec('ioda/ping.up_slash24s', 'Active Probing (# /24s Up)', 'reachability', {}),
    [
      ['2026-01-08T16:30:00Z', 0.55],
      ['2026-01-08T17:00:00Z', 0.06],
      ['2026-01-08T20:00:00Z', 0.04],
      ['2026-01-27', 0.27],
      ['2026-01-27T07:00:00Z', 0.72],
      ['2026-01-27T10:00:00Z', 0.9],
      ['2026-01-28', 1],
    ],
    () => 92,
    3,
    noGap,
  ),
  iranSeries(
    spec('ioda/mozilla.city_count', 'Mozilla (City Count)', 'traffic', { step: HOUR }),
    [
      ['2026-01-08T18:00:00Z', 0.3],
      ['2026-01-08T20:00:00Z', 0.02],
      ['2026-01-23T12:00:00Z', 1],
    ],
    (bin) => 20 + 60 * day(bin),
    4,
    noGap,
  ),
]

/** As the end of the file leaves it: networks answer, nobody knows about people. */
export const IRAN_UNVERIFIED: Incident = iran({
  state: 'unverified',
  end: moment('2026-01-27T10:00:00Z'),
  share: 0.98 as Share,
  episodes: [{ onset: at('2026-01-08T16:30:00Z'), end: at('2026-01-27T10:00:00Z') }],
  evidence: [
    evidence('ioda/google.search_traffic', 'Google (Search)', 'application', 1, [
      span('2026-01-08T18:00:00Z', '2026-01-19T00:00:00Z', 0.015),
    ]),
    evidence('ioda/telescope.unique_ips', 'Telescope (# Unique Source IPs)', 'traffic', 1.02, [
      { ...span('2026-01-08T17:00:00Z', '2026-01-24T12:00:00Z', 0.05), gaps: { bins: 274, reading: 'ambiguous' } },
    ]),
    evidence('ioda/bgp.visible_slash24s', 'BGP (# Visible /24s)', 'routing', 0.99, [
      span('2026-01-08T18:00:00Z', '2026-01-09T09:00:00Z', 0.87),
      span('2026-01-11T20:00:00Z', '2026-01-22T04:00:00Z', 0.9),
    ]),
    evidence('ioda/ping.up_slash24s', 'Active Probing (# /24s Up)', 'reachability', 0.98, [
      { ...span('2026-01-08T16:30:00Z', '2026-01-27T10:00:00Z', 0.04), partialSince: at('2026-01-27T07:00:00Z') },
    ]),
    evidence('ioda/mozilla.city_count', 'Mozilla (City Count)', 'traffic', 1, [
      span('2026-01-08T18:00:00Z', '2026-01-23T12:00:00Z', 0.02),
    ]),
  ],
  contradictions: [
    { ...GOOGLE_UP, until: at('2026-01-27T07:00:00Z') },
    {
      up: 'ioda/bgp.visible_slash24s',
      down: 'ioda/ping.up_slash24s',
      since: at('2026-01-09T09:00:00Z'),
      until: at('2026-01-27T07:00:00Z'),
    },
  ],
})

export function revisionsOf(incident: Incident): readonly Revision[] {
  const first: Revision = {
    incident: { ...incident, state: 'suspected', end: null, confidence: { value: 0.4 as Ratio, agreeing: 1, able: 5 } },
    number: 1,
    publishedAt: incident.knownAt,
    reasons: ['opened'],
    ruleVersion: '1',
    snapshot: 12,
  }
  return [
    first,
    {
      ...first,
      incident: { ...incident, state: 'ongoing', end: null },
      number: 2,
      publishedAt: plus(incident.knownAt, HOUR),
      reasons: ['state', 'evidence'],
      snapshot: 14,
    },
    {
      ...first,
      incident,
      number: 3,
      publishedAt: plus(incident.knownAt, 19 * 24 * HOUR),
      reasons: ['state', 'end', 'contradiction'],
      snapshot: 2011,
    },
  ]
}

export const ZANJAN = 'place:IR-11.zanjan' as EntityId

/** The case of Iran, with a place within it. `incident` stands in place of the one that is there at the end. */
export function iranView(change: Partial<FakeView>): View {
  const zanjan: Incident = {
    ...IRAN_UNVERIFIED,
    id: 'IR-11.zanjan-2026-01-08-a' as IncidentId,
    entity: ZANJAN,
    partOf: IRAN_UNVERIFIED.id,
    evidence: [],
    contradictions: [],
    severity: 'minor',
    confidence: { value: 0.45 as Ratio, agreeing: 1, able: 1 },
  }
  return fakeView({
    id: 'iran-2026',
    title: 'Iran, January 2026',
    origin: 'measured',
    now: IRAN_UNTIL,
    series: IRAN_SERIES,
    incidents: [IRAN_UNVERIFIED, zanjan],
    revisions: revisionsOf(IRAN_UNVERIFIED),
    waypoints: [],
    notes: [
      {
        source: 'ioda' as SourceId,
        signal: 'ping.up_slash24s' as SignalId,
        entity: IR,
        since: at('2026-01-07T02:00:00Z'),
        until: at('2026-01-07T06:00:00Z'),
        worstShare: 0.9 as Share,
      },
    ],
    names: { [IR]: 'Iran', [ZANJAN]: 'Zanjan', 'region:IR-11': 'Zanjan Province' },
    ...change,
  })
}

/** Nothing was ever collected. */
export function emptyView(): View {
  return fakeView({
    id: 'live',
    title: 'Live',
    origin: null,
    now: at('2026-11-22T12:00:00Z'),
    series: [],
    incidents: [],
    revisions: [],
    waypoints: [],
    notes: [],
    names: {},
  })
}

/** Live and fresh: one country in trouble, one quiet, one with too little data. */
export function liveView(change: Partial<FakeView>): View {
  const now = at('2026-01-15T12:20:00Z')
  const ping = IRAN_SERIES.filter(({ spec: one }) => one.signal === 'ping.up_slash24s')
  const cut = ping.concat(IRAN_SERIES.filter(({ spec: one }) => one.signal === 'google.search_traffic'))
  const fresh = at('2026-01-15T12:00:00Z')
  const quiet = (entity: string): FakeSeries => ({
    spec: spec('ioda/ping.up_slash24s', 'Active Probing (# /24s Up)', 'reachability', {}),
    entity: entity as EntityId,
    from: IRAN_FROM,
    until: fresh,
    usual: () => 90,
    value: (bin) => 90 + 2 * wobble(bin, 5),
    reading: () => 'quiet',
  })
  return fakeView({
    id: 'live',
    title: 'Live',
    origin: 'measured',
    now,
    series: [
      ...cut.map((one) => ({ ...one, until: fresh })),
      quiet('country:KZ'),
      { ...quiet('country:TM'), usual: null },
    ],
    incidents: [iran({})],
    revisions: revisionsOf(iran({})),
    waypoints: [],
    notes: [],
    names: {},
    ...change,
  })
}

const KZ = 'country:KZ' as EntityId

/** A reconstruction: a curve through published facts, an incident judged from it, observers who differ. */
export function reconstructionView(): View {
  const levels: Levels = [
    ['2022-01-05T11:00:00Z', 0.02],
    ['2022-01-05T17:30:00Z', 0.7],
    ['2022-01-05T22:00:00Z', 0.03],
    ['2022-01-11T02:00:00Z', 1],
  ]
  const curve = iranSeries(
    spec('tocsin/reconstruction.connectivity', 'Connectivity (reconstructed)', 'reachability', {
      unit: '% of usual',
      step: (15 * MINUTE) as Seconds,
      licence: { class: 'attribution', name: 'CC BY 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
      citation: 'Published facts, each waypoint with its source',
      windowNormalised: false,
    }),
    levels,
    (bin) => 80 + 15 * day(bin),
    7,
    noGap,
  )
  const end = moment('2022-01-11T02:00:00Z')
  const incident: Incident = {
    ...iran({}),
    id: 'KZ-2022-01-05-a' as IncidentId,
    entity: KZ,
    origin: 'reconstructed',
    state: 'unverified',
    onset: moment('2022-01-05T11:00:00Z'),
    end,
    detectedAt: at('2022-01-05T11:45:00Z'),
    knownAt: at('2022-01-05T11:50:00Z'),
    confidence: { value: 0.5 as Ratio, agreeing: 1, able: 1 },
    episodes: [
      { onset: at('2022-01-05T11:00:00Z'), end: at('2022-01-05T17:30:00Z') },
      { onset: at('2022-01-05T22:00:00Z'), end: end.at },
    ],
    evidence: [
      {
        ...evidence('tocsin/reconstruction.connectivity', 'Connectivity (reconstructed)', 'reachability', 1, [
          span('2022-01-05T11:00:00Z', '2022-01-05T17:30:00Z', 0.02),
          span('2022-01-05T22:00:00Z', '2022-01-11T02:00:00Z', 0.03),
        ]),
        entity: KZ,
      },
    ],
    share: 1 as Share,
    troughShare: 0.02 as Share,
  }
  const waypoint = (when: string, observer: string, text: string): Waypoint => ({
    at: at(when),
    entity: KZ,
    observer,
    text,
    source: `${observer}, January 2022`,
    url: 'https://example.org/report',
  })
  return fakeView({
    id: 'kazakhstan-2022',
    title: 'Kazakhstan, January 2022',
    origin: 'reconstructed',
    now: at('2022-01-14'),
    series: [{ ...curve, entity: KZ, from: at('2022-01-01'), until: at('2022-01-14') }],
    incidents: [incident],
    revisions: revisionsOf(incident),
    waypoints: [
      waypoint('2022-01-05T10:30:00Z', 'Cloudflare', 'Full shutdown of the country.'),
      waypoint('2022-01-05T10:45:00Z', 'Kentik', 'Traffic falls to about nothing.'),
      waypoint('2022-01-05T11:15:00Z', 'RIPE Labs', 'Atlas probes go silent; networks stay visible in BGP.'),
    ],
    notes: [],
    names: {},
  })
}

const REPLAYS: readonly ReplayEntry[] = [
  {
    id: 'iran-2026',
    title: 'Iran, January 2026',
    summary: 'A national shutdown, and a return that signals tell differently.',
    origin: 'measured',
    unavailable: null,
    sources: [{ name: 'IODA', url: 'https://ioda.inetintel.cc.gatech.edu/', licence: 'not stated' }],
  },
  {
    id: 'kazakhstan-2022',
    title: 'Kazakhstan, January 2022',
    summary: 'Six days, with brief returns, from what observers published.',
    origin: 'reconstructed',
    unavailable: null,
    sources: [{ name: 'Published facts', url: null, licence: 'CC BY 4.0' }],
  },
  {
    id: 'iran-2019-places',
    title: 'Iran, November 2019, city by city',
    summary: '73 cities.',
    origin: 'measured',
    unavailable: 'its data lie in ../shared, which is not here',
    sources: [],
  },
]

/** @param events what a test publishes by; absent: what `iran` was published with. */
export function fakeObservatory(live: View, events?: FakeFeed): Observatory {
  const views = [iranView({}), reconstructionView()]
  return {
    live,
    events: events ?? fakeFeed(revisionsOf(iran({}))),
    replays: () => Promise.resolve(REPLAYS),
    replay: (id) => {
      const entry = REPLAYS.find((replay) => replay.id === id)
      if (entry !== undefined && entry.unavailable !== null) return Promise.reject(new CaseError(entry.unavailable))
      return Promise.resolve(views.find((view) => view.id === id) ?? null)
    },
  }
}
