import type { EntityId, Seconds, SourceId } from '../../../model/brand.ts'
import type { SeriesInfo } from '../../../model/series.ts'
import {
  ANNOUNCED_PREFIXES,
  ROUTING_STEP,
  UPDATES,
  VISIBLE_SLASH24S,
  VISIBLE_SLASH48S,
  WITHDRAWALS,
} from '../signals.ts'
import { join, writeRib, writeUpdate, type WrittenPeer, type WrittenRoute } from './mrt.testing.ts'
import type { ArchiveContent } from './server.testing.ts'

/** A prefix that comes and goes: away in every fifth bin, each in another one. */
interface Comer {
  readonly prefix: string
  readonly origin: number
  readonly entities: readonly string[]
  readonly blocks: number
  readonly family: 4 | 6
  readonly turn: number
}

const KCELL = ['country:KZ', 'operator:KZ.kcell', 'access:KZ.mobile']

const COMERS: readonly Comer[] = [
  { prefix: '10.0.0.0/22', origin: 64_501, entities: KCELL, blocks: 4, family: 4, turn: 0 },
  { prefix: '10.0.4.0/23', origin: 64_501, entities: KCELL, blocks: 2, family: 4, turn: 1 },
  { prefix: '10.0.8.0/24', origin: 64_502, entities: ['country:KZ'], blocks: 1, family: 4, turn: 3 },
  { prefix: '10.1.0.0/21', origin: 64_503, entities: ['country:BY'], blocks: 8, family: 4, turn: 2 },
  { prefix: '2001:db8::/46', origin: 64_501, entities: KCELL, blocks: 4, family: 6, turn: 2 },
  { prefix: '2001:db8:8::/48', origin: 64_503, entities: ['country:BY'], blocks: 1, family: 6, turn: 4 },
]

/** Of elsewhere, and always there: so many that a peer which lost some of the others still has a full table. */
const STAYERS: readonly string[] = Array.from({ length: 12 }, (_, i) => [
  `10.2.${i}.0/24`,
  `2001:db8:1${i}::/48`,
]).flat()

const FIRST: readonly WrittenPeer[] = [
  { address: '192.0.2.1', asn: 64_001 },
  { address: '192.0.2.2', asn: 64_002 },
]

const PEERS: Readonly<Record<string, readonly WrittenPeer[]>> = {
  rrc00: FIRST,
  'route-views.test': FIRST,
  rrc01: [
    { address: '192.0.2.3', asn: 64_003 },
    { address: '192.0.2.4', asn: 64_004 },
  ],
}

/** Whether it is there at the end of a bin. */
const isUp = ({ turn }: Comer, bin: number): boolean => (bin / 300 + turn) % 5 !== 0

const peersOf = (collector: string): readonly WrittenPeer[] => PEERS[collector] ?? []

/** Everything that happens, at all times: the same whatever is asked for. */
export const WORLD: ArchiveContent = {
  rib(collector, at) {
    const peers = peersOf(collector)
    const table = ({ asn }: WrittenPeer): readonly WrittenRoute[] => [
      ...STAYERS.map((prefix) => ({ prefix, path: [asn, 64_510] })),
      ...COMERS.filter((each) => isUp(each, at - 300)).map(({ prefix, origin }) => ({ prefix, path: [asn, origin] })),
    ]
    return writeRib(at, peers, peers.map(table))
  },
  updates(collector, begin, seconds, shift) {
    const records: { readonly time: number; readonly bytes: Uint8Array }[] = []
    const [first = ''] = STAYERS
    for (let at = begin; at < begin + seconds; at += 300) {
      for (const [i, peer] of peersOf(collector).entries()) {
        const write = (time: number, change: Parameters<typeof writeUpdate>[2]): void => {
          records.push({ time, bytes: writeUpdate(time + shift, peer, change) })
        }
        // Nothing new: a peer that is there.
        write(at + 1, { announce: { prefix: first, path: [peer.asn, 64_510] } })
        for (const comer of COMERS) {
          const { prefix, origin } = comer
          if (isUp(comer, at) === isUp(comer, at - 300)) continue
          const path = [peer.asn, origin]
          write(at + 20 + 10 * i, isUp(comer, at) ? { announce: { prefix, path } } : { withdraw: prefix })
        }
      }
    }
    records.sort((a, b) => a.time - b.time)
    return join(records.map(({ bytes }) => bytes))
  },
}

/** What a source should give for a bin. */
export function held({ signal, entity, facet }: SeriesInfo, bin: number): number {
  const family = signal === VISIBLE_SLASH48S || facet === 'ipv6' ? 6 : 4
  const own = COMERS.filter((each) => each.entities.includes(entity) && each.family === family)
  const count = (of: (comer: Comer) => number | boolean): number => own.reduce((sum, each) => sum + Number(of(each)), 0)
  switch (signal) {
    case VISIBLE_SLASH24S:
    case VISIBLE_SLASH48S:
      return count((each) => (isUp(each, bin) ? each.blocks : 0))
    case ANNOUNCED_PREFIXES:
      return count((each) => isUp(each, bin))
    case UPDATES:
      return count((each) => isUp(each, bin) && !isUp(each, bin - 300))
    case WITHDRAWALS:
      return count((each) => !isUp(each, bin) && isUp(each, bin - 300))
    default:
      throw new TypeError(`no such signal: ${signal}`)
  }
}

const ENTITIES = [...KCELL, 'country:BY'] as unknown as readonly EntityId[]

/** All series that there are. */
export function seriesOf(source: 'ris' | 'routeviews'): readonly SeriesInfo[] {
  return ENTITIES.flatMap((entity) => {
    const common = {
      source: source as SourceId,
      entity,
      origin: 'measured',
      step: ROUTING_STEP,
      phase: 0 as Seconds,
    } as const
    const whole = [VISIBLE_SLASH24S, VISIBLE_SLASH48S].map((signal) => ({ ...common, signal, facet: null }))
    const parts = [ANNOUNCED_PREFIXES, UPDATES, WITHDRAWALS].flatMap((signal) =>
      ['ipv4', 'ipv6'].map((facet) => ({ ...common, signal, facet })),
    )
    return [...whole, ...parts]
  })
}
