import type { EntityId, SourceId } from '../model/brand.ts'
import type { DarkNetwork, DarkPrefix, GoingDark, IpFamily, Loss } from '../model/going-dark.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { Range } from '../store/store.ts'
import { lossOf, type Before } from './losses.ts'
import { isLostWithin, prefixesOf } from './spells.ts'

export interface DarkQuestion {
  /** All that are known of the entity within `range`, of any source, in the order of time. */
  readonly events: readonly RouteEvent[]
  readonly range: Range
  /** The time of the incident: a prefix that came back before it, or went after it, is not told. */
  readonly told: Range
  /** Networks that are known to be there, AS and operators, with what they had before. */
  readonly known: readonly EntityId[]
  readonly before: (entity: EntityId, family: IpFamily, source: SourceId) => Before
  readonly operatorOf: (asn: number) => EntityId | null
}

const FAMILIES: readonly IpFamily[] = ['ipv4', 'ipv6']
const UNKNOWN: Before = { blocks: null, prefixes: null }

/** From route events to the order of going dark. The same events in the same order give the same answer. */
export function goingDark(question: DarkQuestion): GoingDark {
  const { range, told, known, operatorOf } = question
  const source = chooseSource(question.events)
  const events = question.events.filter((event) => event.source === source)
  const prefixes = prefixesOf(events, operatorOf)
    .filter((prefix) => isLostWithin(prefix, told.from, told.until))
    .map((prefix) => ({
      ...prefix,
      spells: prefix.spells.filter((spell) => isLostWithin({ ...prefix, spells: [spell] }, told.from, told.until)),
    }))
    .sort(byLoss)
  const before: DarkQuestion['before'] = (entity, family, of) => question.before(entity, family, of)

  const networkOf = (entity: EntityId | null, own: readonly DarkPrefix[], operator: EntityId | null): DarkNetwork => ({
    entity,
    asns: [...new Set(own.map(({ origin }) => origin))].filter((asn) => asn !== 0).sort((a, b) => a - b),
    operator,
    losses: FAMILIES.flatMap((family): readonly Loss[] => {
      const of = own.filter((each) => each.family === family)
      const counted = entity === null || source === null ? UNKNOWN : before(entity, family, source)
      const loss = lossOf(family, of, counted)
      return loss === null ? [] : [loss]
    }).sort((a, b) => (a.firstLost ?? 0) - (b.firstLost ?? 0)),
  })

  const byAs = grouped(prefixes, ({ origin }) => asEntity(origin))
  const byOperator = grouped(prefixes, ({ origin, operator }) => operator ?? asEntity(origin))
  const networks = [...byAs].map(([entity, own]) => networkOf(entity, own, own[0]?.operator ?? null))
  const operators = [...byOperator].map(([entity, own]) => networkOf(entity, own, null))
  const rest = known.filter((entity) => !byAs.has(entity) && !byOperator.has(entity))
  const operatorOfEntity = (entity: EntityId): EntityId | null =>
    entity.startsWith('as:') ? operatorOf(Number(entity.slice(3))) : null
  const never = rest.map((entity) => ({
    ...networkOf(entity, [], operatorOfEntity(entity)),
    asns: entity.startsWith('as:') ? [Number(entity.slice(3))] : [],
  }))
  const isAs = ({ entity }: DarkNetwork): boolean => entity?.startsWith('as:') === true
  return {
    source,
    from: range.from,
    until: range.until,
    peers: events.reduce((most, { voting }) => Math.max(most, voting), 0),
    operators: [...operators, ...never.filter((each) => !isAs(each) || each.operator === null)].sort(byFirstLoss),
    networks: [...networks, ...never.filter(isAs)].sort(byFirstLoss),
    prefixes,
  }
}

/** @returns `null` for a set of several AS. */
export function asEntity(asn: number): EntityId | null {
  return asn === 0 ? null : (`as:${asn}` as EntityId)
}

/** That with the most peers; of those that are level, that with the most events. */
function chooseSource(events: readonly RouteEvent[]): SourceId | null {
  const sources = new Map<SourceId, { peers: number; count: number }>()
  for (const { source, voting } of events) {
    const of = sources.get(source) ?? { peers: 0, count: 0 }
    of.peers = Math.max(of.peers, voting)
    of.count += 1
    sources.set(source, of)
  }
  const [best] = [...sources].sort(
    ([a, one], [b, other]) => other.peers - one.peers || other.count - one.count || (a < b ? -1 : 1),
  )
  return best?.[0] ?? null
}

function grouped(
  prefixes: readonly DarkPrefix[],
  keyOf: (prefix: DarkPrefix) => EntityId | null,
): ReadonlyMap<EntityId | null, readonly DarkPrefix[]> {
  const groups = new Map<EntityId | null, DarkPrefix[]>()
  for (const prefix of prefixes) {
    const key = keyOf(prefix)
    const list = groups.get(key)
    if (list === undefined) groups.set(key, [prefix])
    else list.push(prefix)
  }
  return groups
}

/** Gone since before anybody looked is first of all. */
function lossTime({ spells }: DarkPrefix): number {
  return spells[0]?.lost ?? 0
}

function byLoss(a: DarkPrefix, b: DarkPrefix): number {
  return lossTime(a) - lossTime(b) || (a.prefix < b.prefix ? -1 : 1)
}

const NEVER = Number.MAX_SAFE_INTEGER

function byFirstLoss(a: DarkNetwork, b: DarkNetwork): number {
  const first = ({ losses }: DarkNetwork): number => (losses[0] === undefined ? NEVER : (losses[0].firstLost ?? 0))
  const most = ({ losses }: DarkNetwork): number => losses[0]?.mostLost ?? NEVER
  return first(a) - first(b) || most(a) - most(b) || ((a.entity ?? '') < (b.entity ?? '') ? -1 : 1)
}
