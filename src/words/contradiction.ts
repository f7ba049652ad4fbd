import type { UnixSeconds } from '../model/brand.ts'
import type { Contradiction } from '../model/incident.ts'
import type { Standpoint } from '../model/page.ts'
import type { Plane, SignalKey } from '../model/signal.ts'

/** A signal as contradictions name it. */
export interface SignalName {
  readonly key: SignalKey
  readonly label: string
  readonly plane: Plane
}

/**
 * What a contradiction means, so that it can be said in a sentence of its own.
 * `service`: one service is back while networks do not answer. `announced`: routes stand, packets do not pass.
 * `machines`: machines answer, people's traffic is missing.
 */
export type ContradictionCase = 'service-networks' | 'service' | 'announced' | 'machines' | 'other'

/** Signals that see one company's service only: their return is that service's. */
const ONE_SERVICE: ReadonlySet<string> = new Set(['ioda/google.search_traffic'])

export function contradictionCase(up: SignalName, down: SignalName): ContradictionCase {
  if (ONE_SERVICE.has(up.key)) return down.plane === 'reachability' ? 'service-networks' : 'service'
  if (up.plane === 'routing') return 'announced'
  if (up.plane === 'reachability' && (down.plane === 'traffic' || down.plane === 'application')) return 'machines'
  return 'other'
}

const TELLING: readonly ContradictionCase[] = ['service-networks', 'service', 'machines', 'announced', 'other']

/** A contradiction with its signals by name. Unknown keys stand as they are. */
export interface NamedContradiction {
  readonly up: SignalName
  readonly down: SignalName
  readonly since: Contradiction['since']
  readonly until: Contradiction['until']
}

/** Of signals that an incident need not have among its evidence: routes that stand are not off their usual. */
const PLANES: Readonly<Partial<Record<SignalKey, Plane>>> = {
  'ioda/bgp.visible_slash24s': 'routing',
  'ioda/ping.up_slash24s': 'reachability',
  'ioda/telescope.unique_ips': 'traffic',
  'ioda/google.search_traffic': 'application',
  'ioda/mozilla.city_count': 'application',
}

export function nameContradictions(
  contradictions: readonly Contradiction[],
  names: readonly SignalName[],
): readonly NamedContradiction[] {
  const find = (key: SignalKey): SignalName =>
    names.find((name) => name.key === key) ?? { key, label: key, plane: PLANES[key] ?? 'collateral' }
  return contradictions.map((one) => ({ ...one, up: find(one.up), down: find(one.down) }))
}

/** Where our data end in the past, what lasted is told up to there: what happened since we cannot see. */
export function seenUntil(one: NamedContradiction, standpoint: Standpoint): NamedContradiction {
  if (one.until !== null || standpoint.kind === 'replay' || !standpoint.stale) return one
  return { ...one, until: standpoint.newest }
}

/** What one signal contradicted: every other that was down beside it, in one sentence and a list of times. */
export interface ContradictionGroup {
  /** The one that tells the most: its sentence stands for all. */
  readonly telling: NamedContradiction
  readonly against: readonly {
    readonly down: SignalName
    readonly times: readonly { readonly since: UnixSeconds; readonly until: UnixSeconds | null }[]
  }[]
}

/** By the signal that was up, those that last apart from those that are over. Most telling first. */
export function groupContradictions(contradictions: readonly NamedContradiction[]): readonly ContradictionGroup[] {
  const groups = groupBy(contradictions, (one) => `${one.until === null} ${one.up.key}`)
  const made = [...groups.values()].flatMap((group): ContradictionGroup[] => {
    const telling = group.reduce((best, one) => (rank(one) < rank(best) ? one : best))
    const byDown = groupBy(group, (one) => one.down.key)
    const against = [...byDown.values()].flatMap((times) => times.slice(0, 1).map(({ down }) => ({ down, times })))
    return [{ telling, against }]
  })
  return made.sort((a, b) => rank(a.telling) - rank(b.telling) || a.telling.since - b.telling.since)
}

/** By what it means, and among equals networks that do not answer before all others. */
function rank(one: NamedContradiction): number {
  return 2 * TELLING.indexOf(contradictionCase(one.up, one.down)) + (one.down.plane === 'reachability' ? 0 : 1)
}

/** The one that belongs into a headline: it lasts, and tells the most. `null` when none lasts. */
export function mostTelling(contradictions: readonly NamedContradiction[]): NamedContradiction | null {
  const lasting = contradictions.filter((one) => one.until === null)
  return lasting.reduce<NamedContradiction | null>(
    (best, one) => (best === null || rank(one) < rank(best) ? one : best),
    null,
  )
}

/** `Map.groupBy`, which Node 20 lacks. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
