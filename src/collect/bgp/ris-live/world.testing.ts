import type { EntityId } from '../../../model/brand.ts'
import { packCountry } from '../../../netdata/networks/country-code.ts'
import type { NetworkMap } from '../../../netdata/networks/network-map.ts'
import { noNetworks } from '../table/no-networks.ts'
import { seededRandom } from '../../keeper.testing.ts'
import { join, writeRib, writeState, writeUpdate, type WrittenPeer, type WrittenRoute } from '../archive/mrt.testing.ts'

/** A session of a world: at one collector. */
export interface WorldPeer extends WrittenPeer {
  readonly collector: string
}

/** One message that a collector heard, of one second and some microseconds. */
export type WorldMessage = {
  /** UTC seconds. */
  readonly time: number
  /** A multiple of 10,000: RIS Live gives hundredths of a second. */
  readonly micros: number
  readonly peer: WorldPeer
} & (
  | { readonly kind: 'announce'; readonly route: WrittenRoute }
  | { readonly kind: 'withdraw'; readonly prefix: string }
  | { readonly kind: 'state'; readonly from: number; readonly to: number }
)

export const COLLECTORS: readonly string[] = ['rrc00', 'rrc01']

/** AS64503 speaks to both collectors: one vote. */
export const PEERS: readonly WorldPeer[] = [
  { collector: 'rrc00', address: '192.0.2.1', asn: 64_501 },
  { collector: 'rrc00', address: '192.0.2.2', asn: 64_502 },
  { collector: 'rrc00', address: '192.0.2.3', asn: 64_503 },
  { collector: 'rrc01', address: '198.51.100.3', asn: 64_503 },
  { collector: 'rrc01', address: '198.51.100.4', asn: 64_504 },
  { collector: 'rrc01', address: '198.51.100.5', asn: 64_505 },
]

/** Of two countries and nobody, with a longer prefix within a shorter one of another. */
const PREFIXES: readonly (readonly [string, number])[] = [
  ['2.72.0.0/13', 9198],
  ['2.72.16.0/20', 29_355],
  ['2.78.0.0/24', 9198],
  ['5.34.0.0/20', 29_355],
  ['37.150.0.0/16', 9198],
  ['46.56.0.0/17', 6697],
  ['46.56.32.0/22', 6697],
  ['178.120.0.0/13', 6697],
  ['203.0.113.0/24', 64_999],
  ['2a00:5da0::/32', 9198],
  ['2a00:5da0:1000::/36', 29_355],
  ['2a02:2208::/29', 6697],
  ['2001:db8:77::/48', 64_999],
]

/** Who is who in it. */
export const NETWORKS: NetworkMap = {
  ...noNetworks,
  operators: [
    {
      entity: 'operator:KZ.kcell' as EntityId,
      country: 'KZ',
      access: 'mobile',
      names: { en: 'Kcell' },
      asns: [29_355],
      sources: [],
    },
  ],
  countryOf(origin) {
    if (origin === 9198 || origin === 29_355) return packCountry('KZ')
    return origin === 6697 ? packCountry('BY') : 0
  },
}

/** Most seconds without any message, unless said otherwise. */
const LONGEST_PAUSE = 24

/**
 * A world of routes for days: the messages of two collectors, and what each peer had at any time. The same seed gives the
 * same world.
 */
export interface World {
  /** In order of time. */
  readonly messages: readonly WorldMessage[]
  /** Those with a time in `[from, until)`. */
  between(from: number, until: number): readonly WorldMessage[]
  /** A RIB of a collector, uncompressed. */
  rib(collector: string, at: number): Uint8Array
  /** What it recorded in `[from, until)`, uncompressed. */
  updates(collector: string, from: number, until: number): Uint8Array
}

export function createWorld(from: number, until: number, seed: number, longestPause = LONGEST_PAUSE): World {
  const random = seededRandom(seed)
  const messages: WorldMessage[] = []
  const tables = new Map(PEERS.map((peer) => [peer, fullTable(peer, 0)]))
  const down = new Set<WorldPeer>()
  const ribEvery = 8 * 3600
  const ribs = new Map<string, Uint8Array>()
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!

  const dump = (at: number): void => {
    for (const collector of COLLECTORS) {
      const own = PEERS.filter((peer) => peer.collector === collector)
      const routes = own.map((peer) => (down.has(peer) ? [] : [...(tables.get(peer)?.values() ?? [])]))
      ribs.set(`${collector}/${at}`, writeRib(at, own, routes))
    }
  }

  let time = from
  let nextRib = Math.ceil(from / ribEvery) * ribEvery
  /** Peers that are down, and until when. */
  const returns = new Map<WorldPeer, number>()
  while (time < until) {
    const next = time + 1 + Math.floor(random() * longestPause)
    for (; nextRib <= next; nextRib += ribEvery) dump(nextRib)
    time = next
    let micros = Math.floor(random() * 40) * 10_000
    const add = (what: WorldMessage): void => {
      messages.push(what)
      // Some within the same hundredth of a second.
      if (random() < 0.8) micros = Math.min(990_000, micros + 10_000)
    }
    for (const [peer, at] of returns) {
      if (at > time) continue
      returns.delete(peer)
      down.delete(peer)
      add({ time, micros, peer, kind: 'state', from: 3, to: 6 })
      const table = fullTable(peer, 0)
      tables.set(peer, table)
      for (const route of table.values()) add({ time, micros, peer, kind: 'announce', route })
    }
    if (random() < 0.002) {
      const peer = pick(PEERS)
      if (!down.has(peer)) {
        down.add(peer)
        returns.set(peer, time + 60 + Math.floor(random() * 3000))
        add({ time, micros, peer, kind: 'state', from: 6, to: 1 })
        tables.set(peer, new Map())
      }
    }
    const before = messages.length
    for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
      const [prefix, origin] = pick(PREFIXES)
      // A change that many peers see, or one.
      const isWide = random() < 0.3
      const isLost = random() < 0.4
      const variant = Math.floor(random() * 3)
      for (const peer of isWide ? PEERS : [pick(PEERS)]) {
        if (down.has(peer)) continue
        const table = tables.get(peer)!
        if (isLost && table.has(prefix)) {
          table.delete(prefix)
          add({ time, micros, peer, kind: 'withdraw', prefix })
        } else {
          const route = { prefix, path: pathOf(peer, origin, variant) }
          table.set(prefix, route)
          add({ time, micros, peer, kind: 'announce', route })
        }
      }
    }
    // Somebody always speaks, as in the world.
    const speaker = PEERS.find((peer) => !down.has(peer))
    if (messages.length === before && speaker !== undefined) {
      const [[prefix, origin]] = PREFIXES as [readonly [string, number]]
      const route = { prefix, path: pathOf(speaker, origin, Math.floor(random() * 3)) }
      tables.get(speaker)!.set(prefix, route)
      add({ time, micros, peer: speaker, kind: 'announce', route })
    }
  }

  const between = (start: number, end: number): readonly WorldMessage[] =>
    messages.slice(firstFrom(messages, start), firstFrom(messages, end))

  return {
    messages,
    between,
    rib: (collector, at) => ribs.get(`${collector}/${at}`) ?? new Uint8Array(0),
    updates: (collector, start, end) =>
      join(
        between(start, end)
          .filter(({ peer }) => peer.collector === collector)
          .map(mrtOf),
      ),
  }
}

function fullTable(peer: WorldPeer, variant: number): Map<string, WrittenRoute> {
  return new Map(PREFIXES.map(([prefix, origin]) => [prefix, { prefix, path: pathOf(peer, origin, variant) }]))
}

const pathOf = (peer: WorldPeer, origin: number, variant: number): readonly number[] => [
  peer.asn,
  3356 + variant,
  ...(variant === 2 ? [origin, origin] : []),
  origin,
]

function firstFrom(messages: readonly WorldMessage[], time: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (messages[middle]!.time < time) low = middle + 1
    else high = middle
  }
  return low
}

/** BGP4MP_ET (RFC 6396 §4.5): the microseconds stand before what BGP4MP has. */
function mrtOf(message: WorldMessage): Uint8Array {
  const { time, micros, peer } = message
  const plain =
    message.kind === 'state'
      ? writeState(time, peer, message.from, message.to)
      : writeUpdate(
          time,
          peer,
          message.kind === 'announce' ? { announce: message.route } : { withdraw: message.prefix },
        )
  const extended = new Uint8Array(plain.length + 4)
  extended.set(plain.subarray(0, 12))
  extended.set(plain.subarray(12), 16)
  const view = new DataView(extended.buffer)
  view.setUint16(4, 17)
  view.setUint32(8, plain.length - 12 + 4)
  view.setUint32(12, micros)
  return extended
}

/** The same as RIS Live sends it. */
export function jsonOf(message: WorldMessage): string {
  const { time, micros, peer } = message
  const timestamp = Number(`${time}.${String(micros).padStart(6, '0')}`)
  const common = {
    timestamp,
    peer: peer.address,
    peer_asn: String(peer.asn),
    id: `${peer.address}-${time}-${micros}`,
    host: peer.collector,
  }
  const data = (): object => {
    switch (message.kind) {
      case 'state':
        return { ...common, type: 'RIS_PEER_STATE', state: message.to === 6 ? 'connected' : 'down' }
      case 'withdraw':
        return { ...common, type: 'UPDATE', withdrawals: [message.prefix] }
      case 'announce': {
        const hop = message.route.prefix.includes(':') ? '2001:db8::1' : '192.0.2.1'
        const announcements = [{ next_hop: hop, prefixes: [message.route.prefix] }]
        return { ...common, type: 'UPDATE', path: message.route.path, origin: 'igp', announcements }
      }
      default:
        return message satisfies never
    }
  }
  return JSON.stringify({ type: 'ris_message', data: data() })
}
