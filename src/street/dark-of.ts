import { operatorOf as rowOf, operatorOfAs } from '../netdata/operators.ts'
import type { EntityId, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { DarkNetwork, GoingDark, IpFamily } from '../model/going-dark.ts'
import type { HealthCondition } from '../model/health.ts'
import { BLINDING } from '../model/health.ts'
import type { Incident } from '../model/incident.ts'
import { union, type Interval, type Intervals } from '../model/intervals.ts'
import type { RouteEvent } from '../model/routing.ts'
import { DAY, HOUR, plus } from '../model/time.ts'
import type { Range, StoredSeries } from '../store/store.ts'
import { asEntity, goingDark } from './going-dark.ts'
import type { Before } from './losses.ts'
import { countryWithin } from './scope.ts'
import type { Trace, View } from './view.ts'

/** Routes are often withdrawn hours before the traffic stops, and announced hours after it is back. */
const LEAD = 6 * HOUR
/** Of an incident that lasts for months the beginning is told. */
const LONGEST = 60 * DAY

export interface DarkTimes {
  /** Events that are looked at. */
  readonly range: Range
  /** What was out of sight in it is told. */
  readonly told: Range
}

/** @param seen up to where there are data. */
export function darkTimes(incident: Pick<Incident, 'onset' | 'end'>, seen: UnixSeconds): DarkTimes {
  const from = incident.onset.earliest
  const until = Math.max(from + 1, Math.min(incident.end?.latest ?? seen, from + LONGEST)) as UnixSeconds
  return {
    range: { from: plus(from, -LEAD), until: Math.max(until, Math.min(seen, until + LEAD)) as UnixSeconds },
    told: { from, until },
  }
}

/** The order, with the events that it was told from: of its source, and of prefixes that are told. */
export interface DarkAnswer {
  readonly dark: GoingDark
  readonly events: readonly RouteEvent[]
}

const VISIBLE = { ipv4: 'bgp.visible_slash24s', ipv6: 'bgp.visible_slash48s' } as const
const ANNOUNCED = 'bgp.announced_prefixes'

/**
 * The order of going dark of a country or network over some time.
 *
 * @returns `null` where routes cannot be placed: regions and places have none of their own, and the world too many.
 */
export async function goingDarkOf(view: View, entity: EntityId, times: DarkTimes): Promise<DarkAnswer | null> {
  const near = await networksNear(view, entity)
  if (near === null) return null
  const events = await eventsOf(view, near, times.range)
  const networks = new Set<EntityId>(near.known)
  for (const { origin } of events) {
    if (origin === 0) continue
    networks.add(`as:${origin}` as EntityId)
    const operator = operatorIn(view, origin)
    if (operator !== null) networks.add(operator)
  }
  // Where nothing happened nobody asks what was there before.
  const before = await countedBefore(view, events.length === 0 ? new Set() : networks, {
    from: times.range.from,
    until: times.told.from,
  })
  const dark = goingDark({
    events,
    ...times,
    known: near.known,
    before: (of, family, source) => before.get(`${source}/${of}/${family}`) ?? { blocks: null, prefixes: null },
    operatorOf: (asn) => operatorIn(view, asn),
  })
  const told = new Set(dark.prefixes.map(({ prefix }) => prefix))
  return { dark, events: events.filter(({ source, prefix }) => source === dark.source && told.has(prefix)) }
}

/** Only what one AS or operator lost of it; also what never lost anything. */
export function onlyOf({ dark, events }: DarkAnswer, entity: EntityId): DarkAnswer {
  const is = (each: DarkNetwork): boolean => each.entity === entity || each.operator === entity
  const prefixes = dark.prefixes.filter(({ origin, operator }) => operator === entity || asEntity(origin) === entity)
  const own = new Set(prefixes.map(({ prefix }) => prefix))
  // An AS is not its operator: what others of that operator lost is not its own.
  const networks = dark.networks.filter(is)
  const operators = entity.startsWith('as:') ? networks : dark.operators.filter(is)
  return { dark: { ...dark, operators, networks, prefixes }, events: events.filter(({ prefix }) => own.has(prefix)) }
}

/** By what the view holds to be so at its time; else by the curated rows. `null` = unknown. */
export function operatorIn(view: Pick<View, 'hierarchy'>, asn: number): EntityId | null {
  if (asn === 0) return null
  const parent = view.hierarchy.parent(`as:${asn}` as EntityId)
  if (parent !== null && entityParts(parent).kind === 'operator') return parent
  return operatorOfAs(asn)?.entity ?? null
}

/** AS of an operator: those of its row, and those that the view puts under it, in order. */
export async function asnsOf(view: View, operator: EntityId): Promise<readonly number[]> {
  const placed = (await asOfView(view)).filter((asn) => operatorIn(view, asn) === operator)
  const listed = (rowOf(operator)?.asns ?? []).filter((asn) => operatorIn(view, asn) === operator)
  return [...new Set([...placed, ...listed])].sort((a, b) => a - b)
}

async function asOfView(view: View): Promise<readonly number[]> {
  const entities = (await view.entities()).map(({ entity }) => entity)
  for (const { entity } of await view.series({})) if (entity.startsWith('as:')) entities.push(entity)
  return [...new Set(entities)].flatMap((entity) => {
    const parts = entityParts(entity)
    return parts.kind === 'as' ? [parts.asn] : []
  })
}

interface Near {
  /** Its events are those of these AS, or of this country. */
  readonly origins: readonly number[] | null
  readonly country: string | null
  /** Networks to name though they never lost anything. */
  readonly known: readonly EntityId[]
}

async function networksNear(view: View, entity: EntityId): Promise<Near | null> {
  const parts = entityParts(entity)
  switch (parts.kind) {
    case 'world':
    case 'region':
    case 'place':
      return null
    case 'country':
      return { origins: null, country: parts.country, known: await operatorsWithin(view, entity, parts.country) }
    case 'as': {
      const operator = operatorIn(view, parts.asn)
      const country =
        countryWithin(entity, view.hierarchy) ?? (operator === null ? null : entityParts(operator).country)
      return { origins: [parts.asn], country, known: [entity] }
    }
    case 'operator': {
      const origins = await asnsOf(view, entity)
      return { origins, country: parts.country, known: origins.map((asn) => `as:${asn}` as EntityId) }
    }
    case 'access': {
      const operators = await operatorsWithin(view, entity, parts.country)
      const origins = await Promise.all(operators.map((each) => asnsOf(view, each)))
      return { origins: origins.flat(), country: parts.country, known: operators }
    }
  }
}

/** Operators that are watched in the routing plane. */
async function operatorsWithin(view: View, entity: EntityId, country: string): Promise<readonly EntityId[]> {
  const watched = new Set<EntityId>()
  for (const signal of Object.values(VISIBLE)) {
    for (const series of await view.series({ signal })) {
      const parts = entityParts(series.entity)
      if (parts.kind !== 'operator' || parts.country !== country) continue
      if (entity.startsWith('country:') || view.hierarchy.parent(series.entity) === entity) watched.add(series.entity)
    }
  }
  return [...watched].sort()
}

async function eventsOf(view: View, { origins, country }: Near, range: Range): Promise<readonly RouteEvent[]> {
  if (origins === null) return view.routeEvents({ ...(country === null ? {} : { country }), range })
  const own = await view.routeEvents({ origins, range })
  if (country === null || own.length === 0) return own
  // A prefix that comes back from another AS is still the same prefix.
  const prefixes = new Set(own.map(({ prefix }) => prefix))
  const wider = await view.routeEvents({ country, range })
  const kept = wider.filter(({ prefix, origin }) => prefixes.has(prefix) && !origins.includes(origin))
  return kept.length === 0 ? own : [...own, ...kept].sort((a, b) => a.at - b.at)
}

/** The most that was visible in the hours before, by `source/entity/family`. */
async function countedBefore(
  view: View,
  networks: ReadonlySet<EntityId>,
  range: Range,
): Promise<ReadonlyMap<string, Before>> {
  const counted = new Map<string, { blocks: number | null; prefixes: number | null }>()
  const put = async (series: StoredSeries, family: IpFamily, what: 'blocks' | 'prefixes'): Promise<void> => {
    const { values } = await view.trace(series.id, range, null)
    const most = values.reduce((a, b) => (Number.isFinite(b) ? Math.max(a, b) : a), Number.NEGATIVE_INFINITY)
    if (!Number.isFinite(most)) return
    const key = `${series.source}/${series.entity}/${family}`
    const of = counted.get(key) ?? { blocks: null, prefixes: null }
    of[what] = most
    counted.set(key, of)
  }
  for (const family of ['ipv4', 'ipv6'] as const) {
    for (const series of await view.series({ signal: VISIBLE[family] })) {
      if (networks.has(series.entity)) await put(series, family, 'blocks')
    }
    for (const series of await view.series({ signal: ANNOUNCED })) {
      if (networks.has(series.entity) && series.facet === family) await put(series, family, 'prefixes')
    }
  }
  return counted
}

/** Where values may come late, or never: it blinds only where no value shows that they came. */
const UNFED: readonly HealthCondition[] = ['unreachable', 'unreadable', 'stale', 'partial']

/** Stretches in which nobody can say what was visible of an entity by a source's routes. */
export async function routingBlindness(
  view: View,
  entity: EntityId,
  source: SourceId,
  range: Range,
): Promise<Intervals> {
  const signals: readonly SignalId[] = Object.values(VISIBLE).map((signal) => signal as SignalId)
  const own = (await view.series({ source, entity })).filter(({ signal }) => signals.includes(signal))
  const traces = await Promise.all(own.map((series) => view.trace(series.id, range, null)))
  const health = (await view.health(entity, range)).filter(
    (each) =>
      each.source === source && each.signal.startsWith('bgp.') && [...BLINDING, ...UNFED].includes(each.condition),
  )
  const blinding = health
    .filter((each) => BLINDING.includes(each.condition) || traces.length === 0)
    .map((each) => ({ from: each.from, until: each.until ?? range.until }))
  return union([], [...blinding, ...withoutValues(traces)])
}

/** Bins in which none of the traces has a value: too few peers, or nobody asked. */
function withoutValues(traces: readonly Trace[]): readonly Interval[] {
  const [first] = traces
  if (first === undefined) return []
  const seen = new Set<number>()
  for (const { bins, values } of traces) {
    bins.forEach((bin, index) => {
      if (Number.isFinite(values[index])) seen.add(bin)
    })
  }
  return [...first.bins]
    .filter((bin) => !seen.has(bin))
    .map((bin) => ({ from: bin as UnixSeconds, until: plus(bin as UnixSeconds, first.series.step) }))
}
