import type { PeerTable } from './peer-table.ts'
import { makeRandom, mix, type Random } from './random.ts'
import { GOING_DARK, type World } from './world.ts'

/**
 * What happens in the laboratory: the noise of any two days, small networks that flap, sessions that end and come back
 * with their whole table, and one country that goes dark, operator by operator, and returns.
 */
export interface Scenario {
  readonly seed: number
  /** UTC seconds of the first bin, a midnight. */
  readonly start: number
  readonly bins: number
  /** Sessions with a full table; one more has a fiftieth of it. */
  readonly fullPeers: number
  /** About how many UPDATEs of noise all peers together send. */
  readonly noise: number
  /** When the first operator goes, and when the first comes back. */
  readonly darkAt: number
  readonly lightAt: number
}

/** Seconds after `darkAt`; what one operator withdraws goes within a minute and a half of its own time. */
const BETWEEN_OPERATORS = 120
const SPREAD = 40
const PEER_LAG = 20
/** Of a named operator: the last full peer keeps its routes, as a router that lost its withdrawals does. */
const STALE_OPERATOR = 41_798

export interface PeerEvent {
  readonly at: number
  readonly kind: 'announce' | 'withdraw'
  /** Of one origin, family and group. */
  readonly prefixes: readonly number[]
  readonly variant: number
}

export interface Departure {
  readonly asn: number
  readonly prefixes4: number
  readonly prefixes6: number
  /** When the first and the last of its prefixes was no longer carried by more than half of the full peers. */
  readonly lostFrom: number
  readonly lostUntil: number
  readonly returnedFrom: number
  readonly returnedUntil: number
}

export interface Darkness {
  /** Of each full peer, in order of time. */
  readonly events: readonly (readonly PeerEvent[])[]
  /** In the order of going dark. */
  readonly departures: readonly Departure[]
  /** Of each prefix, when more than half of the full peers no longer carried it, and when they did again. */
  readonly fates: readonly { readonly prefix: number; readonly lost: number; readonly returned: number }[]
}

export function planDarkness(world: World, scenario: Scenario): Darkness {
  const random = makeRandom(scenario.seed + 1)
  const events: PeerEvent[][] = Array.from({ length: scenario.fullPeers }, () => [])
  const departures: Departure[] = []
  const fates: Darkness['fates'][number][] = []
  const named = GOING_DARK.length
  world.origins.forEach(({ asn, country, first, until }) => {
    if (country !== 'KZ') return
    const rank = GOING_DARK.indexOf(asn as never)
    const goes =
      scenario.darkAt + (rank >= 0 ? rank * BETWEEN_OPERATORS : named * BETWEEN_OPERATORS + random.below(150))
    const comes = scenario.lightAt + (rank >= 0 ? (named - 1 - rank) * BETWEEN_OPERATORS : 720 + random.below(150))
    const lost: number[] = []
    const returned: number[] = []
    for (const prefixes of chunks(world, first, until, 12)) {
      const goesAt = goes + random.below(SPREAD)
      const comesAt = comes + random.below(SPREAD)
      const gone: number[] = []
      const back: number[] = []
      for (let peer = 0; peer < scenario.fullPeers; peer += 1) {
        const list = events[peer]!
        const at = goesAt + 15 + random.below(PEER_LAG)
        const stale = asn === STALE_OPERATOR && peer === scenario.fullPeers - 1
        // Before the last way is gone, some peers try another: path hunting.
        if (random.chance(0.3)) list.push({ at: at - 5 - random.below(10), kind: 'announce', prefixes, variant: 1 })
        if (!stale) {
          list.push({ at, kind: 'withdraw', prefixes, variant: 0 })
          gone.push(at)
        }
        const againAt = comesAt + random.below(PEER_LAG)
        list.push({ at: againAt, kind: 'announce', prefixes, variant: 0 })
        if (!stale) back.push(againAt)
      }
      // More than half of the peers must carry a route. A ghost always carries its own.
      const ghosts = scenario.fullPeers - gone.length
      gone.sort((a, b) => a - b)
      back.sort((a, b) => a - b)
      const lostAt = gone[Math.ceil(scenario.fullPeers / 2) - 1]!
      const returnedAt = back[Math.floor(scenario.fullPeers / 2) - ghosts]!
      lost.push(lostAt)
      returned.push(returnedAt)
      for (const prefix of prefixes) fates.push({ prefix, lost: lostAt, returned: returnedAt })
    }
    const families = Array.from({ length: until - first }, (_, n) => world.prefixes.family[first + n]!)
    departures.push({
      asn,
      prefixes4: families.filter((family) => family === 4).length,
      prefixes6: families.filter((family) => family === 6).length,
      lostFrom: Math.min(...lost),
      lostUntil: Math.max(...lost),
      returnedFrom: Math.min(...returned),
      returnedUntil: Math.max(...returned),
    })
  })
  for (const list of events) list.sort((a, b) => a.at - b.at)
  return { events, departures: departures.sort((a, b) => a.lostUntil - b.lostUntil), fates }
}

/** Prefixes from `first` to before `until` in runs of one family and group. */
function* chunks(world: World, first: number, until: number, most: number): Iterable<readonly number[]> {
  const alike = new Map<number, number[]>()
  for (let prefix = first; prefix < until; prefix += 1) {
    const key = world.prefixes.group[prefix]! * 16 + world.prefixes.family[prefix]!
    const list = alike.get(key) ?? []
    alike.set(key, list)
    list.push(prefix)
  }
  for (const list of alike.values()) {
    for (let at = 0; at < list.length; at += most) yield list.slice(at, at + most)
  }
}

/** Does this peer have this prefix at all? Full tables lack one in two hundred; what goes dark, everybody has. */
export function hasPrefix(world: World, scenario: Scenario, peer: number, prefix: number): boolean {
  if (peer >= scenario.fullPeers) return mix(scenario.seed, peer, prefix) % 50 === 0
  return world.origins[world.prefixes.origin[prefix]!]!.country === 'KZ' || mix(scenario.seed, peer, prefix) % 200 !== 0
}

/** The noise of one peer, a bin at a time. Half of it comes from few networks. */
export interface Noise {
  /** In order of time. What is withdrawn comes back within minutes, maybe in a later bin. */
  bin(n: number, table: PeerTable): readonly PeerEvent[]
}

export function makeNoise(world: World, scenario: Scenario, peer: number): Noise {
  const random = makeRandom(mix(scenario.seed, 77, peer))
  const perBin = scenario.noise / scenario.bins / (scenario.fullPeers + 0.05)
  const share = peer < scenario.fullPeers ? 1 : 0.05
  const later = new Map<number, PeerEvent[]>()
  const restless = Math.min(400, Math.ceil(world.origins.length / 40))
  const endOf = (bin: number): number => scenario.start + (bin + 1) * 300
  const isDark = (at: number): boolean => at > scenario.darkAt - 600 && at < scenario.lightAt + 1800
  return {
    bin(n, table) {
      const events = later.get(n) ?? []
      later.delete(n)
      const from = scenario.start + n * 300
      const count = Math.round(perBin * share * (0.8 + 0.4 * random.next()))
      for (let k = 0; k < count; k += 1) {
        const at = from + random.below(300)
        const row = random.chance(0.5)
          ? mix(scenario.seed, 5, random.below(restless)) % world.origins.length
          : random.below(world.origins.length)
        const { country, first, until } = world.origins[row]!
        if (country === 'KZ' && isDark(at)) continue
        const prefixes = someOf(world, first, until, random).filter((prefix) => table.carries(prefix))
        if (prefixes.length === 0) continue
        const kind = random.next()
        const standing = table.variantOf(prefixes[0]!)
        if (kind < 0.12 && country !== 'KZ') {
          events.push({ at, kind: 'withdraw', prefixes, variant: 0 })
          const again = { at: at + 15 + random.below(400), kind: 'announce', prefixes, variant: standing } as const
          if (again.at < endOf(n)) events.push(again)
          else {
            const bin = Math.floor((again.at - scenario.start) / 300)
            later.set(bin, [...(later.get(bin) ?? []), again])
          }
        } else if (kind < 0.25) events.push({ at, kind: 'announce', prefixes, variant: standing })
        else events.push({ at, kind: 'announce', prefixes, variant: random.chance(0.5) ? 0 : 1 + random.below(3) })
      }
      return events.sort((a, b) => a.at - b.at)
    },
  }
}

function someOf(world: World, first: number, until: number, random: Random): readonly number[] {
  const { family, group } = world.prefixes
  const one = first + random.below(until - first)
  const list = [one]
  const most = random.chance(0.3) ? 1 + random.below(8) : 1
  for (let next = one + 1; next < until && list.length < most; next += 1) {
    if (family[next] === family[one] && group[next] === group[one]) list.push(next)
  }
  return list
}

/** Small networks elsewhere that all full peers lose for some minutes: two or three in a bin, as on any day. */
export function planFlaps(world: World, scenario: Scenario): readonly (readonly PeerEvent[])[] {
  const random = makeRandom(scenario.seed + 2)
  const events: PeerEvent[][] = Array.from({ length: scenario.fullPeers }, () => [])
  const end = scenario.start + scenario.bins * 300
  for (let n = 0; n < scenario.bins * 2.5; n += 1) {
    const { country, first, until } = world.origins[random.below(world.origins.length)]!
    const at = scenario.start + random.below(scenario.bins * 300)
    const back = at + 60 + random.below(900)
    if (country === 'KZ' || until - first > 4 || back > end - 60) continue
    for (let peer = 0; peer < scenario.fullPeers; peer += 1) {
      for (const chunk of chunks(world, first, until, 4)) {
        const prefixes = chunk.filter((prefix) => hasPrefix(world, scenario, peer, prefix))
        if (prefixes.length === 0) continue
        events[peer]!.push({ at: at + random.below(20), kind: 'withdraw', prefixes, variant: 0 })
        events[peer]!.push({ at: back + random.below(20), kind: 'announce', prefixes, variant: 0 })
      }
    }
  }
  return events
}
