import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyPrefix, parsePrefix } from '../../../wire/prefix.ts'
import type { RouteCursor } from '../../../wire/route-sink.ts'
import { viewHealth } from './health.ts'
import { changedOrigins, listPrefixes, lonelyRoutes, originRemarks, severalOrigins } from './listing.ts'
import { smallWorld } from './networks.testing.ts'
import { noNetworks } from './no-networks.ts'
import { prefixText } from './prefix-text.ts'
import { createRouteTable, type RouteTable, type RouteTableOptions, type TableBin } from './route-table.ts'

const AT = 1_700_092_800

/** Twelve /24s of elsewhere: who loses a few others still has a full table. */
const ELSEWHERE = Array.from({ length: 12 }, (_, index) => [`198.18.${index}.0/24`, 30] as const)

type Table = readonly (readonly [prefix: string, origin: number])[]

class Laboratory {
  readonly table: RouteTable
  readonly #peers: { collector: string; number: number }[] = []
  bin = AT

  constructor(options: Partial<RouteTableOptions> = {}) {
    this.table = createRouteTable({ networks: smallWorld, leastPeers: 2, ases: 'all', ...options })
  }

  /** @returns the peer's number in this laboratory. */
  peer(asn: number, collector = 'one'): number {
    const address = this.#peers.length + 1
    const key = { family: 4 as const, word0: address, word1: 0, word2: 0, word3: 0, asn }
    this.#peers.push({ collector, number: this.table.collector(collector).peer(key) })
    return this.#peers.length - 1
  }

  cursor(peer: number, prefix: string, origin: number, second: number, path = 1, pathId = 0): RouteCursor {
    const words = emptyPrefix()
    if (!parsePrefix(prefix, words)) throw new TypeError(prefix)
    const time = this.bin + second
    const { number } = this.#peers[peer]!
    return { ...words, time, micros: 0, peer: number, pathId, origin, pathHash: path * 1000 + origin, since: time }
  }

  rib(peers: readonly number[], table: Table, whole = true, pathIds: readonly number[] = [0]): void {
    const collectors = new Set(peers.map((peer) => this.#peers[peer]!.collector))
    for (const collector of collectors) {
      const sink = this.table.collector(collector)
      sink.ribBegins(this.bin)
      for (const [prefix, origin] of [...table, ...ELSEWHERE])
        for (const peer of peers)
          for (const pathId of pathIds)
            if (this.#peers[peer]!.collector === collector) sink.entry(this.cursor(peer, prefix, origin, 0, 1, pathId))
      sink.ribEnds(whole)
    }
  }

  announce(peer: number, prefix: string, origin: number, second: number, path = 1, pathId = 0): void {
    this.table.collector(this.#peers[peer]!.collector).announce(this.cursor(peer, prefix, origin, second, path, pathId))
  }

  withdraw(peer: number, prefix: string, second: number, pathId = 0): void {
    this.table.collector(this.#peers[peer]!.collector).withdraw(this.cursor(peer, prefix, 0, second, 1, pathId))
  }

  state(peer: number, to: 1 | 6, second: number): void {
    const { collector, number } = this.#peers[peer]!
    this.table.collector(collector).state(this.bin + second, 0, number, 0, to)
  }

  endOfRib(peer: number, second: number): void {
    const { collector, number } = this.#peers[peer]!
    this.table.collector(collector).endOfRib(this.bin + second, number, 4)
  }

  close(): TableBin {
    const counts = this.table.closeBin(this.bin)
    this.bin += 300
    return counts
  }

  /** Of the bin that was closed last: second, kind, prefix, origin, carriers of voters. */
  events(): string[] {
    return this.table.changes().map(({ at, kind, row, family, origin, carrying, voting }) => {
      const prefix = prefixText(this.table.parts[family].table, row)
      return `${at - this.bin + 300} ${kind} ${prefix} AS${origin} ${carrying}/${voting}`
    })
  }
}

type Column = 'slash24s' | 'slash48s' | 'prefixes4' | 'updates4' | 'withdrawals4'

function count(counts: TableBin, entity: string, column: Column = 'slash24s'): number | undefined {
  return counts[column][counts.entities.indexOf(entity as never)]
}

describe('whose a block is', () => {
  const start = (): { lab: Laboratory; peers: number[] } => {
    const lab = new Laboratory()
    const peers = [lab.peer(101), lab.peer(102), lab.peer(103)]
    lab.rib(peers, [
      ['10.0.0.0/8', 10],
      ['10.0.0.0/22', 1],
      ['10.0.1.0/24', 2],
      ['0.0.0.0/0', 3],
      ['16.0.0.0/7', 3],
      ['10.0.2.128/25', 4],
    ])
    return { lab, peers }
  }

  it('is the AS of the most specific route; default, too short and too long routes hold none', () => {
    const { lab } = start()
    const counts = lab.close()
    expect(counts.voting4).toBe(3)
    expect(['as:1', 'as:2', 'as:10', 'as:3', 'as:4'].map((entity) => count(counts, entity))).toEqual([
      3,
      1,
      65_536 - 4,
      undefined,
      0,
    ])
    expect(count(counts, 'as:4', 'prefixes4')).toBe(1)
    expect(count(counts, 'country:KZ')).toBe(4)
    expect(count(counts, 'operator:KZ.one')).toBe(4)
    expect(count(counts, 'access:KZ.mobile')).toBe(4)
    expect(count(counts, 'operator:KZ.two')).toBe(1)
  })

  it('goes to who announces the aggregate when more than half withdrew the specific one', () => {
    const { lab, peers } = start()
    lab.close()
    lab.withdraw(peers[0]!, '10.0.0.0/22', 10)
    lab.close()
    expect(lab.events()).toEqual([])
    lab.withdraw(peers[2]!, '10.0.0.0/22', 17)
    const counts = lab.close()
    expect(count(counts, 'as:1')).toBe(0)
    expect(count(counts, 'as:2')).toBe(1)
    expect(count(counts, 'as:10')).toBe(65_536 - 1)
    expect(count(counts, 'as:1', 'withdrawals4')).toBe(1 / 3)
    expect(lab.events()).toEqual(['17 lost 10.0.0.0/22 AS1 1/3'])
    expect(listPrefixes(lab.table, (origin) => origin === 1)).toEqual([
      {
        prefix: '10.0.0.0/22',
        family: 4,
        origin: 1,
        country: 'KZ',
        carrying: 1,
        voting: 3,
        blocks: 3,
        blocksOf: 10,
      },
    ])
  })

  it('takes a specific route that comes in the midst of the aggregate’s space, and gives it back', () => {
    const { lab, peers } = start()
    lab.close()
    for (const peer of peers) lab.announce(peer, '10.0.0.0/23', 4, 5)
    const counts = lab.close()
    expect(['as:1', 'as:2', 'as:4'].map((entity) => count(counts, entity))).toEqual([2, 1, 1])
    for (const peer of peers) lab.withdraw(peer, '10.0.0.0/23', 5)
    expect(count(lab.close(), 'as:1')).toBe(3)
  })

  it('is nobody’s but the country’s where the origin cannot be named', () => {
    const { lab, peers } = start()
    for (const peer of peers) lab.announce(peer, '10.1.0.0/24', 0, 5)
    const counts = lab.close()
    expect(count(counts, 'country:BY')).toBe(1)
    expect(counts.entities).not.toContain('as:0')
  })
})

describe('who votes', () => {
  it('is an AS, however many sessions it has: two sessions of one AS outvote nobody', () => {
    const lab = new Laboratory()
    const [a, b, c, d] = [lab.peer(101), lab.peer(102), lab.peer(101, 'two'), lab.peer(101, 'two')] as const
    lab.rib([a, b, c, d], [['10.0.0.0/24', 1]])
    expect(lab.close().voting4).toBe(2)
    lab.withdraw(b, '10.0.0.0/24', 1)
    lab.announce(a, '198.18.0.0/24', 2, 5)
    lab.announce(d, '198.18.1.0/24', 2, 5)
    const counts = lab.close()
    expect(count(counts, 'as:1')).toBe(0)
    expect(lab.events()).toEqual(['1 lost 10.0.0.0/24 AS1 1/2'])
    // A third of an update each from two of three sessions of one of two voters.
    expect(count(counts, 'as:2', 'updates4')).toBe(1 / 3)
    expect(count(counts, 'as:1', 'withdrawals4')).toBe(1 / 2)
  })

  it('is counted beyond 32 and beyond 64 voters', () => {
    const lab = new Laboratory()
    const peers = Array.from({ length: 71 }, (_, index) => lab.peer(1000 + index))
    lab.rib(peers, [
      ['10.0.0.0/24', 1],
      ['10.0.0.0/23', 2],
    ])
    expect(lab.close().voting4).toBe(71)
    for (const peer of peers.slice(0, 35)) lab.withdraw(peer, '10.0.0.0/24', peer)
    expect(count(lab.close(), 'as:1')).toBe(1)
    lab.withdraw(peers[70]!, '10.0.0.0/24', 99)
    expect(count(lab.close(), 'as:1')).toBe(0)
    expect(lab.events()).toEqual(['99 lost 10.0.0.0/24 AS1 35/71'])
  })

  it('is told: below the least nothing is said, and why the others do not vote', () => {
    const lab = new Laboratory({ leastPeers: 3, silentAfter: 900 })
    const [a, b, c, d] = [lab.peer(101), lab.peer(102), lab.peer(103), lab.peer(104, 'two')] as const
    lab.rib([a, b, d], [['10.0.0.0/24', 1]])
    lab.announce(c, '10.0.0.0/24', 1, 1)
    const first = lab.close()
    expect(count(first, 'as:1')).toBe(1)
    expect(first.notVoting).toEqual([{ peer: 'AS103 0.0.0.3 at one, IPv4', reason: 'transferring' }])
    lab.endOfRib(c, 2)
    lab.state(b, 1, 3)
    const second = lab.close()
    expect(second.voting4).toBe(2)
    expect(count(second, 'as:1')).toBeNaN()
    expect(second.notVoting.map(({ reason }) => reason)).toEqual(['down', 'partial-table'])
    lab.announce(a, '10.0.0.0/24', 1, 1)
    lab.close()
    expect(viewHealth(lab.table).silentCollectors).toEqual(['two'])
    expect(viewHealth(lab.table).sessions.find(({ collector }) => collector === 'two')).toMatchObject({
      reason: 'silent',
      routes: 13,
      lastHeard: AT,
    })
  })
})

describe('what is our blindness', () => {
  const three = (): { lab: Laboratory; a: number; b: number; c: number } => {
    const lab = new Laboratory({ transferLeast: 5 })
    const [a, b, c] = [lab.peer(101), lab.peer(102), lab.peer(103)] as const
    lab.rib([a, b, c], [['10.0.0.0/22', 1]])
    lab.close()
    return { lab, a, b, c }
  }

  it('steps nothing when a session ends and comes back, and its routes are no updates', () => {
    const { lab, a } = three()
    lab.state(a, 1, 10)
    const down = lab.close()
    expect([down.voting4, count(down, 'as:1'), count(down, 'as:1', 'withdrawals4')]).toEqual([2, 4, 0])
    expect(lab.events()).toEqual([])
    lab.state(a, 6, 10)
    for (const [prefix, origin] of ELSEWHERE) lab.announce(a, prefix, origin, 11)
    lab.endOfRib(a, 12)
    // One that comes late, with the path that it had.
    lab.announce(a, '10.0.0.0/22', 1, 20)
    const back = lab.close()
    expect([back.voting4, count(back, 'as:1'), count(back, 'as:1', 'updates4')]).toEqual([3, 4, 0])
    expect(lab.events()).toEqual([])
  })

  it('leaves a session out that announces its table anew without having said that it ended', () => {
    const { lab, a } = three()
    for (const [prefix, origin] of ELSEWHERE) lab.announce(a, prefix, origin, 11)
    lab.announce(a, '10.0.0.0/22', 1, 12, 2)
    const during = lab.close()
    expect(during.notVoting).toEqual([{ peer: 'AS101 0.0.0.1 at one, IPv4', reason: 'transferring' }])
    expect(count(during, 'as:1', 'updates4')).toBe(0)
    lab.announce(a, '10.0.0.0/22', 1, 12, 3)
    expect(lab.close().voting4).toBe(3)
  })

  it('is set right by the next RIB, without withdrawals and events, but not by one that broke off', () => {
    const { lab, a, b, c } = three()
    lab.rib([a, b, c], [], false)
    expect(count(lab.close(), 'as:1')).toBe(4)
    lab.rib([a, b, c], [])
    const counts = lab.close()
    expect([count(counts, 'as:1'), count(counts, 'as:1', 'withdrawals4')]).toEqual([0, 0])
    expect(lab.events()).toEqual([])
  })

  it('does not apply what is older than the record of the RIB, nor the record over what is newer', () => {
    const { lab, a, b, c } = three()
    for (const peer of [a, b, c]) lab.withdraw(peer, '10.0.0.0/22', -301)
    expect(count(lab.close(), 'as:1')).toBe(4)
    for (const peer of [a, b, c]) lab.withdraw(peer, '10.0.0.0/22', 1)
    lab.rib([a, b, c], [['10.0.0.0/22', 1]])
    expect(count(lab.close(), 'as:1')).toBe(0)
  })

  it('lists who keeps what all others have long withdrawn', () => {
    const { lab, a, b, c } = three()
    for (const peer of [a, b]) lab.withdraw(peer, '10.0.0.0/22', 1)
    expect(count(lab.close(), 'as:1')).toBe(0)
    expect(lonelyRoutes(lab.table)).toEqual([{ peer: 'AS103 0.0.0.3 at one', family: 4, routes: 13, alone: 1 }])
    expect(c).toBe(2)
  })

  it('counts the last route of several, told apart by path identifiers, as the loss', () => {
    const lab = new Laboratory()
    const peers = [lab.peer(101), lab.peer(102)]
    lab.rib(peers, [['10.0.0.0/24', 1]], true, [3, 5])
    lab.close()
    for (const peer of peers) lab.withdraw(peer, '10.0.0.0/24', 1, 3)
    const one = lab.close()
    expect([count(one, 'as:1'), count(one, 'as:1', 'withdrawals4')]).toEqual([1, 0])
    for (const peer of peers) lab.withdraw(peer, '10.0.0.0/24', 1, 4)
    expect(count(lab.close(), 'as:1')).toBe(1)
    for (const peer of peers) lab.withdraw(peer, '10.0.0.0/24', 1, 5)
    const none = lab.close()
    expect([count(none, 'as:1'), count(none, 'as:1', 'withdrawals4')]).toEqual([0, 1])
  })
})

describe('origins', () => {
  it('lists prefixes of several origins, and those that came to another AS', () => {
    const lab = new Laboratory({ networks: noNetworks })
    const [a, b, c] = [lab.peer(101), lab.peer(102), lab.peer(103)] as const
    lab.rib([a, b, c], [['10.0.0.0/24', 5]])
    lab.close()
    lab.announce(a, '10.0.0.0/24', 7, 1)
    expect(count(lab.close(), 'as:5')).toBe(1)
    expect(severalOrigins(lab.table)).toMatchObject([{ prefix: '10.0.0.0/24', origin: 5 }])
    expect([...severalOrigins(lab.table)[0]!.origins]).toEqual([
      [7, 1],
      [5, 2],
    ])
    expect(changedOrigins(lab.table)).toEqual([])
    lab.announce(b, '10.0.0.0/24', 7, 1)
    const counts = lab.close()
    expect([count(counts, 'as:5'), count(counts, 'as:7')]).toEqual([0, 1])
    expect(lab.events()).toEqual([])
    expect(changedOrigins(lab.table)).toMatchObject([{ prefix: '10.0.0.0/24', origin: 7, originBefore: 5 }])
    expect(originRemarks(lab.table, 4)).toEqual({ several: 1, changed: 1, visible: 13 })
  })
})

describe('files of updates alone', () => {
  it('say nothing of what is visible, and means over who spoke', () => {
    const lab = new Laboratory({ messagesOf: 'speakers' })
    const peers = [lab.peer(101), lab.peer(102), lab.peer(103)]
    for (const peer of peers.slice(0, 2))
      for (let path = 1; path <= 3; path += 1) lab.announce(peer, '10.0.0.0/24', 1, 1, path)
    lab.endOfRib(peers[0]!, 2)
    lab.endOfRib(peers[1]!, 2)
    const counts = lab.close()
    expect([counts.voting4, counts.messagesOf4]).toEqual([0, 2])
    expect([count(counts, 'as:1'), count(counts, 'as:1', 'updates4')]).toEqual([NaN, 3])
  })
})

describe('several collectors', () => {
  const message = fc.record({
    peer: fc.nat(5),
    prefix: fc.constantFrom('10.0.0.0/22', '10.0.1.0/24', '10.0.0.0/23', '10.1.0.0/24'),
    origin: fc.constantFrom(1, 2, 10),
    second: fc.nat(299),
    kind: fc.constantFrom('announce', 'withdraw', 'withdraw', 'end'),
  })

  it('may be read in any order within a bin', () => {
    const run = (
      order: (peers: readonly { peer: number }[]) => number[],
      messages: readonly (typeof message extends fc.Arbitrary<infer T> ? T : never)[],
    ) => {
      const lab = new Laboratory()
      const peers = [101, 102, 103, 101, 104, 105].map((asn, index) => lab.peer(asn, index < 3 ? 'one' : 'two'))
      lab.rib(peers, [
        ['10.0.0.0/22', 1],
        ['10.0.1.0/24', 2],
      ])
      lab.close()
      for (const index of order(messages)) {
        const { peer, prefix, origin, second, kind } = messages[index]!
        if (kind === 'announce') lab.announce(peers[peer]!, prefix, origin, second)
        else if (kind === 'withdraw') lab.withdraw(peers[peer]!, prefix, second)
        else if (second % 5 === 0) lab.state(peers[peer]!, 1, second)
      }
      const { entities, ...columns } = lab.close()
      const counts = entities.map((entity, row) => [
        entity,
        columns.slash24s[row],
        columns.prefixes4[row],
        columns.updates4[row],
        columns.withdrawals4[row],
      ])
      return { counts: counts.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)), events: lab.events() }
    }
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60, size: 'max' }), (messages) => {
        // Each collector writes in the order of time; how their files are merged is ours.
        const inTime = [...messages].sort((a, b) => a.second - b.second)
        const all = inTime.map((_, index) => index)
        const of = (collector: number): number[] =>
          all.filter((index) => (inTime[index]!.peer < 3 ? 0 : 1) === collector)
        const merged = run(() => all, inTime)
        expect(run(() => [...of(0), ...of(1)], inTime)).toEqual(merged)
        expect(run(() => [...of(1), ...of(0)], inTime)).toEqual(merged)
      }),
      { numRuns: 100 },
    )
  })
})
