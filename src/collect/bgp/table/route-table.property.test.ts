import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyPrefix, formatPrefix, parsePrefix, type PrefixWords } from '../../../wire/prefix.ts'
import type { RouteCursor } from '../../../wire/route-sink.ts'
import { BruteForce, type BruteBin, type BruteMessage, type BruteSession } from './brute-force.testing.ts'
import { smallWorld } from './networks.testing.ts'
import { prefixText } from './prefix-text.ts'
import { createRouteTable, type RouteTable, type TableBin } from './route-table.ts'

/** Prefixes that lie in one another, end where counting begins and ends, and cover no block at all. */
const NESTED = `
  0.0.0.0/0 10.0.0.0/7 10.0.0.0/15 10.0.0.0/16 10.1.0.0/16 10.0.0.0/17 10.0.0.0/22 10.0.0.0/23
  10.0.0.0/24 10.0.1.0/24 10.0.2.0/24 10.0.2.0/25 10.0.3.0/32 10.0.128.0/20 10.0.128.0/21
  10.1.4.0/22 10.1.5.0/24 192.0.2.0/24 192.0.2.0/31
  ::/0 2001::/15 2001::/16 2001:db8::/29 2001:db8::/32 2001:db9::/32 2001:db8::/33
  2001:db8::/47 2001:db8::/48 2001:db8:0:1::/64 2001:db8:1::/48 2001:db8:ffff::/48
  2001:db8::1/128 2a00::/20`
  .trim()
  .split(/\s+/)

/** Then what makes tables large enough for a few withdrawals to leave them full. */
const PREFIXES: readonly PrefixWords[] = [
  ...NESTED,
  ...Array.from({ length: 14 }, (_, index) => `198.18.${index * 2}.0/24`),
  ...Array.from({ length: 14 }, (_, index) => `2001:2:${index + 1}::/48`),
].map((text) => {
  const prefix = emptyPrefix()
  if (!parsePrefix(text, prefix)) throw new TypeError(text)
  return prefix
})

const PEERS = [
  { collector: 'a', asn: 101, address: 1 },
  { collector: 'a', asn: 102, address: 2 },
  { collector: 'a', asn: 103, address: 3 },
  { collector: 'b', asn: 101, address: 4 },
  { collector: 'b', asn: 104, address: 5 },
  { collector: 'b', asn: 101, address: 6 },
] as const

const RULES = { networks: smallWorld, leastPeers: 2, silentAfter: 1500, transferLeast: 4 }

type Action =
  | {
      do: 'announce' | 'withdraw'
      peer: number
      prefix: number
      origin: number
      path: number
      later: number
      late: number
    }
  | { do: 'state'; peer: number; to: 1 | 3 | 6; later: number }
  | { do: 'end-of-rib'; peer: number; family: 4 | 6; later: number }
  | { do: 'rib'; collector: 'a' | 'b'; whole: boolean; missing: readonly number[]; origin: number; late: number }
  | { do: 'again'; peer: number; later: number }
  | { do: 'all'; prefix: number; gone: boolean; origin: number; later: number }
  | { do: 'close'; bins: number }

const peer = fc.integer({ min: 0, max: PEERS.length - 1 })
const prefix = fc.integer({ min: 0, max: NESTED.length + 3 })
const origin = fc.constantFrom(0, 1, 1, 2, 3, 4, 10, 30, 31)
const path = fc.integer({ min: 1, max: 3 })
const later = fc.constantFrom(0, 0, 1, 20, 100)
const late = fc.constantFrom(0, 0, 0, 0, 1, 30, 400)
const message = { peer, prefix, origin, path, later, late }
const announce = fc.record({ do: fc.constant('announce'), ...message })
const withdraw = fc.record({ do: fc.constant('withdraw'), ...message })
const all = fc.record({ do: fc.constant('all'), prefix, gone: fc.boolean(), origin, later })
const close = fc.record({ do: fc.constant('close'), bins: fc.constantFrom(1, 1, 1, 1, 2, 6) })
const again = fc.record({ do: fc.constant('again'), peer, later })
const state = fc.record({ do: fc.constant('state'), peer, to: fc.constantFrom(1, 3, 6), later })
const endOfRib = fc.record({ do: fc.constant('end-of-rib'), peer, family: fc.constantFrom(4, 6), later })
const rib = fc.record({
  do: fc.constant('rib'),
  collector: fc.constantFrom('a', 'b'),
  whole: fc.boolean(),
  missing: fc.array(fc.integer({ min: 0, max: PREFIXES.length * PEERS.length - 1 }), { maxLength: 12 }),
  origin,
  late,
})
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.WeightedArbitrary<T> => ({ weight, arbitrary })
const messages = [often(10, announce), often(6, withdraw), often(10, all), often(5, close)]
const calm = fc.oneof(...messages)
const wild = fc.oneof(...messages, often(1, rib), often(2, again), often(2, state), often(3, endOfRib))
const sized = { minLength: 5, maxLength: 90, size: 'max' } as const
const actions = fc.oneof(fc.array(calm, sized), fc.array(wild, sized)) as fc.Arbitrary<Action[]>

/** Both sides of the comparison, fed alike. */
class Both {
  readonly table: RouteTable
  readonly brute = new BruteForce(RULES)
  readonly #peers: readonly { number: number; session: BruteSession }[]
  time = 10_000
  bin = 9_900

  constructor(transferring: boolean) {
    this.table = createRouteTable({ ...RULES, ases: 'all' })
    this.#peers = PEERS.map(({ collector, asn, address }) => ({
      number: this.table.collector(collector).peer({ family: 4, word0: address, word1: 0, word2: 0, word3: 0, asn }),
      session: this.brute.session(`AS${asn} 0.0.0.${address} at ${collector}`, collector, asn),
    }))
    if (transferring) return
    this.rib('a', this.time, true, new Set(), null)
    this.rib('b', this.time, true, new Set(), null)
    this.close()
  }

  #cursor(peer: number, { time, prefix, origin, path }: BruteMessage): RouteCursor {
    const { number } = this.#peers[peer]!
    return { ...prefix, time, micros: 0, peer: number, pathId: 0, origin, pathHash: path * 100 + origin, since: time }
  }

  #sink(peer: number) {
    return this.table.collector(PEERS[peer]!.collector)
  }

  announce(peer: number, message: BruteMessage): void {
    this.#sink(peer).announce(this.#cursor(peer, message))
    this.brute.announce(this.#peers[peer]!.session, { ...message, path: message.path * 100 + message.origin })
  }

  withdraw(peer: number, message: BruteMessage): void {
    this.#sink(peer).withdraw(this.#cursor(peer, message))
    this.brute.withdraw(this.#peers[peer]!.session, message)
  }

  state(peer: number, to: 1 | 3 | 6): void {
    this.#sink(peer).state(this.time, 0, this.#peers[peer]!.number, 0, to)
    this.brute.state(this.#peers[peer]!.session, this.time, to)
  }

  endOfRib(peer: number, family: 4 | 6): void {
    this.#sink(peer).endOfRib(this.time, this.#peers[peer]!.number, family)
    this.brute.endOfRib(this.#peers[peer]!.session, this.time, family)
  }

  /** What the sessions of the collector have, or all prefixes where they have none; without some, with one changed. */
  rib(collector: 'a' | 'b', time: number, whole: boolean, missing: ReadonlySet<number>, changed: number | null): void {
    const sink = this.table.collector(collector)
    const entries: (BruteMessage & { session: BruteSession })[] = []
    sink.ribBegins(time)
    for (let prefix = 0; prefix < PREFIXES.length; prefix += 1)
      for (let peer = 0; peer < PEERS.length; peer += 1) {
        if (PEERS[peer]!.collector !== collector || missing.has(prefix * PEERS.length + peer)) continue
        const { session } = this.#peers[peer]!
        const words = PREFIXES[prefix]!
        const held = session.side[words.family].routes
        const origin = changed !== null && prefix % 5 === 0 ? changed : (prefix * 7) % 12
        // A session that has hardly anything stays so.
        if (changed !== null && held.size < 3 && prefix % 7 !== 0) continue
        const message = { time, prefix: words, origin, path: 1 }
        sink.entry(this.#cursor(peer, message))
        entries.push({ ...message, path: 100 + origin, session })
      }
    sink.ribEnds(whole)
    this.brute.rib(collector, time, whole, entries)
  }

  close(): { table: TableBin; brute: BruteBin } {
    const closed = { table: this.table.closeBin(this.bin), brute: this.brute.closeBin(this.bin) }
    this.bin += 300
    this.time = Math.max(this.time, this.bin)
    return closed
  }

  perform(action: Action): void {
    if ('later' in action) this.time = Math.min(this.time + action.later, this.bin + 299)
    switch (action.do) {
      case 'announce':
      case 'withdraw': {
        const { prefix, origin, path, late } = action
        this[action.do](action.peer, { time: this.time - late, prefix: PREFIXES[prefix]!, origin, path })
        break
      }
      case 'state':
        this.state(action.peer, action.to)
        break
      case 'end-of-rib':
        this.endOfRib(action.peer, action.family)
        break
      case 'rib':
        this.rib(action.collector, this.time - action.late, action.whole, new Set(action.missing), action.origin)
        break
      case 'again': {
        // The whole table, as after a reset.
        const { side } = this.#peers[action.peer]!.session
        for (let index = 0; index < PREFIXES.length; index += 1) {
          const prefix = PREFIXES[index]!
          const route = [...side[prefix.family].routes].find(([text]) => text === formatPrefix(prefix))?.[1]
          if (route !== undefined)
            this.announce(action.peer, {
              time: this.time,
              prefix,
              origin: route.origin,
              path: (route.path - route.origin) / 100,
            })
          else if (index % 3 === 0)
            this.announce(action.peer, { time: this.time, prefix, origin: (index * 7) % 12, path: 1 })
        }
        break
      }
      case 'all':
        for (let peer = 0; peer < PEERS.length; peer += 1) {
          const message = { time: this.time + peer, prefix: PREFIXES[action.prefix]!, origin: action.origin, path: 1 }
          if (action.gone) this.withdraw(peer, message)
          else this.announce(peer, message)
        }
        break
      case 'close':
        break
    }
  }
}

/** By entity; those for which nothing was counted are left out. */
function countsOf(bin: TableBin): Map<string, number[]> {
  const columns = [
    bin.slash24s,
    bin.prefixes4,
    bin.updates4,
    bin.withdrawals4,
    bin.slash48s,
    bin.prefixes6,
    bin.updates6,
    bin.withdrawals6,
  ]
  const counts = new Map<string, number[]>()
  bin.entities.forEach((entity, row) => {
    const of = columns.map((column) => Number(column[row]!.toFixed(9)))
    if (of.some((count) => count !== 0 && !Number.isNaN(count))) counts.set(entity, of)
  })
  return counts
}

function rounded(counts: ReadonlyMap<string, readonly number[]>): Map<string, number[]> {
  const of = new Map<string, number[]>()
  for (const [entity, values] of counts)
    if (values.some((count) => count !== 0 && !Number.isNaN(count)))
      of.set(
        entity,
        values.map((value) => Number(value.toFixed(9))),
      )
  return of
}

function eventsOf(table: RouteTable): unknown[] {
  return table
    .changes()
    .map(({ at, family, row, kind, origin, carrying, voting }) => ({
      at,
      prefix: prefixText(table.parts[family].table, row),
      kind,
      origin,
      carrying,
      voting,
    }))
    .sort(byTimeAndPrefix)
}

function byTimeAndPrefix(a: { at: number; prefix: string }, b: { at: number; prefix: string }): number {
  return a.at - b.at || (a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0)
}

function compare({ table, brute }: { table: TableBin; brute: BruteBin }, of: RouteTable): void {
  expect({ 4: table.voting4, 6: table.voting6 }).toEqual(brute.voting)
  expect(new Set(table.notVoting.map(({ peer, reason }) => `${peer}: ${reason}`))).toEqual(brute.notVoting)
  // NaN of one family hides in an entity that has counts of the other.
  const few = (counts: Map<string, number[]>): Map<string, number[]> => {
    for (const values of counts.values()) {
      if (table.voting4 < RULES.leastPeers) values.fill(-1, 0, 4)
      if (table.voting6 < RULES.leastPeers) values.fill(-1, 4, 8)
    }
    return counts
  }
  expect(few(countsOf(table))).toEqual(few(rounded(brute.counts)))
  expect(eventsOf(of)).toEqual([...brute.events].sort(byTimeAndPrefix))
}

describe('createRouteTable', () => {
  it('counts what a brute force over maps and enumerated blocks counts, whatever comes in whatever order', () => {
    let events = 0
    let counted = 0
    fc.assert(
      fc.property(
        fc.nat(4).map((n) => n === 0),
        actions,
        (transferring, actions) => {
          const both = new Both(transferring)
          for (const action of actions) {
            both.perform(action)
            for (let bins = action.do === 'close' ? action.bins : 0; bins > 0; bins -= 1) {
              const closed = both.close()
              compare(closed, both.table)
              events += closed.brute.events.length
              counted += closed.brute.counts.size
            }
          }
          compare(both.close(), both.table)
        },
      ),
      { numRuns: 200 },
    )
    // The sequences reach what is to be compared.
    expect(events).toBeGreaterThan(300)
    expect(counted).toBeGreaterThan(10_000)
  })
})
