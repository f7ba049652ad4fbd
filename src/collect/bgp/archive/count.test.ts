import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join as joinPath } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SourceId, UnixSeconds } from '../../../model/brand.ts'
import type { RouteEvent } from '../../../model/routing.ts'
import { countingTable } from '../route-events.ts'
import { createRouteTable } from '../table/route-table.ts'
import { countArchive, type CountedBin } from './count.ts'
import { chooseFiles, listArchive, openCollectors } from './folder.ts'
import { join, writeRib, writeUpdate, type WrittenPeer, type WrittenRoute } from './mrt.testing.ts'
import { dateInName } from './names.ts'
import { testNetworks } from './networks.testing.ts'

/** A Thursday at 00:00 UTC. */
const AT = 1_700_092_800

const peer = (n: number): WrittenPeer => ({ address: `192.0.2.${n}`, asn: 64_000 + n })
const route = (prefix: string, origin: number, from: WrittenPeer): WrittenRoute => ({
  prefix,
  path: [from.asn, origin],
})
const TABLE: readonly (readonly [string, number])[] = [
  ['10.0.0.0/22', 64_501],
  ['10.0.4.0/24', 64_502],
  ['10.1.0.0/23', 64_503],
  ['2001:db8::/47', 64_501],
  // Enough of elsewhere that a peer which loses one of those above still has a full table.
  ...Array.from({ length: 12 }, (_, i) => [`10.2.${i}.0/24`, 64_510] as const),
  ...Array.from({ length: 12 }, (_, i) => [`2001:db8:${i + 2}::/48`, 64_510] as const),
]
const table = (from: WrittenPeer): readonly WrittenRoute[] =>
  TABLE.map(([prefix, origin]) => route(prefix, origin, from))

describe('counting archives', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(joinPath(tmpdir(), 'count-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const put = (path: string, body: Uint8Array): void => {
    mkdirSync(dirname(joinPath(folder, path)), { recursive: true })
    writeFileSync(joinPath(folder, path), path.endsWith('.gz') ? gzipSync(body) : body)
  }
  const rib = (collector: string, at: number, peers: readonly WrittenPeer[]): void =>
    put(`${collector}/2023.11/bview.${dateInName(at as UnixSeconds)}.gz`, writeRib(at, peers, peers.map(table)))
  const updates = (collector: string, at: number, records: readonly Uint8Array[]): void =>
    put(`${collector}/2023.11/updates.${dateInName(at as UnixSeconds)}.gz`, join(records))
  /** A peer that says something of no importance: it is there. */
  const hello = (at: number, from: WrittenPeer): Uint8Array =>
    writeUpdate(at, from, { announce: route('10.1.0.0/23', 64_503, from) })

  const span = (fromMinute: number, untilMinute: number): { from: UnixSeconds; until: UnixSeconds } => ({
    from: (AT + fromMinute * 60) as UnixSeconds,
    until: (AT + untilMinute * 60) as UnixSeconds,
  })

  async function count(fromMinute: number, untilMinute: number): Promise<CountedBin<readonly RouteEvent[]>[]> {
    const wanted = span(fromMinute, untilMinute)
    const collectors = openCollectors(chooseFiles(await listArchive(folder), wanted))
    const routes = createRouteTable({ networks: testNetworks, leastPeers: 2, ases: 'all', silentAfter: 900 })
    const bins: CountedBin<readonly RouteEvent[]>[] = []
    const counting = countingTable(routes, 'bgp' as SourceId)
    for await (const bin of countArchive({ collectors, ...wanted, table: counting })) bins.push(bin)
    return bins
  }
  const of = (
    bins: readonly CountedBin<unknown>[],
    entity: string,
    column: 'slash24s' | 'slash48s' | 'updates4' = 'slash24s',
  ): readonly (number | undefined)[] =>
    bins.map(({ counts }) => counts[column][counts.entities.indexOf(entity as never)])
  const votes = (bins: readonly CountedBin<unknown>[]): readonly number[] => bins.map(({ counts }) => counts.voting4)

  it('reads the RIB, follows the updates of two collectors in order of time, and closes a bin every five minutes', async () => {
    const [one, two, three] = [peer(1), peer(2), peer(3)]
    rib('rrc00', AT, [one, two])
    rib('rrc01', AT, [three])
    updates('rrc00', AT, [
      writeUpdate(AT + 10, one, { withdraw: '10.0.0.0/22' }),
      writeUpdate(AT + 299, two, { announce: route('10.0.4.0/24', 64_502, three) }),
    ])
    updates('rrc00', AT + 300, [writeUpdate(AT + 310, two, { withdraw: '10.0.0.0/22' })])
    updates('rrc00', AT + 600, [writeUpdate(AT + 700, one, { announce: route('10.0.0.0/22', 64_501, one) })])
    for (const at of [0, 300, 600]) updates('rrc01', AT + at, [hello(AT + at + 1, three)])
    const bins = await count(0, 60)
    expect(bins.map(({ counts }) => counts.bin - AT)).toEqual([0, 300, 600])
    expect(votes(bins)).toEqual([3, 3, 3])
    // Lost with the second of three, back with the first.
    expect(of(bins, 'country:KZ')).toEqual([5, 1, 5])
    expect(of(bins, 'operator:KZ.kcell')).toEqual([4, 0, 4])
    expect(of(bins, 'access:KZ.mobile')).toEqual([4, 0, 4])
    expect(of(bins, 'as:64502')).toEqual([1, 1, 1])
    expect(of(bins, 'country:BY')).toEqual([2, 2, 2])
    expect(of(bins, 'country:KZ', 'slash48s')).toEqual([2, 2, 2])
    expect(of(bins, 'as:64502', 'updates4')).toEqual([1 / 3, 0, 0])
    const events = bins.flatMap((bin) => bin.events)
    expect(events.map(({ at, kind, prefix, country }) => [at - AT, kind, prefix, country])).toEqual([
      [310, 'lost', '10.0.0.0/22', 'KZ'],
      [700, 'returned', '10.0.0.0/22', 'KZ'],
    ])
    expect(bins.flatMap(({ files }) => files).filter(({ failure }) => failure !== null)).toEqual([])
    expect(bins.flatMap(({ files }) => files)).toHaveLength(2 + 3 + 3)
  })

  it('begins at the newest RIB before the span and gives the bins of the span only', async () => {
    const peers = [peer(1), peer(2)]
    rib('rrc00', AT - 3600, peers.slice(0, 1))
    rib('rrc00', AT, peers)
    rib('rrc00', AT + 3600, peers)
    updates('rrc00', AT - 300, [writeUpdate(AT - 7, peer(1), { withdraw: '10.0.4.0/24' })])
    updates('rrc00', AT, [writeUpdate(AT + 7, peer(1), { withdraw: '10.0.0.0/22' })])
    updates('rrc00', AT + 300, [hello(AT + 301, peer(1))])
    const bins = await count(5, 30)
    expect(bins.map(({ counts }) => counts.bin - AT)).toEqual([300])
    expect(of(bins, 'country:KZ')).toEqual([1])
  })

  it('says nothing while files of the only collector are missing, and goes on with its next RIB', async () => {
    const peers = [peer(1), peer(2), peer(3)]
    rib('rrc00', AT, peers)
    rib('rrc00', AT + 900, peers)
    const all = (at: number): void =>
      updates(
        'rrc00',
        at,
        peers.map((each) => hello(at + 2, each)),
      )
    for (const minute of [0, 10, 15, 20]) all(AT + minute * 60)
    const bins = await count(0, 25)
    expect(votes(bins)).toEqual([3, 0, 0, 3, 3])
    expect(of(bins, 'country:KZ')).toEqual([5, NaN, NaN, 5, 5])
    expect(bins.flatMap((bin) => bin.events)).toEqual([])
    expect(of(bins, 'as:64501', 'updates4').filter((each) => each !== 0)).toEqual([NaN, NaN])
  })

  it('goes on with the others while files of one collector are missing', async () => {
    const [one, two, three] = [peer(1), peer(2), peer(3)]
    rib('rrc00', AT, [one, two])
    rib('rrc01', AT, [three])
    for (const minute of [0, 5, 10, 15])
      updates('rrc00', AT + minute * 60, [hello(AT + minute * 60 + 1, one), hello(AT + minute * 60 + 1, two)])
    for (const minute of [0, 10, 15]) updates('rrc01', AT + minute * 60, [hello(AT + minute * 60 + 1, three)])
    const bins = await count(0, 20)
    expect(votes(bins)).toEqual([3, 2, 2, 2])
    expect(of(bins, 'country:KZ')).toEqual([5, 5, 5, 5])
  })

  it('does not take a part of a table for all of it, where a RIB or a file of updates is cut off', async () => {
    const peers = [peer(1), peer(2), peer(3)]
    const whole = writeRib(AT, peers, peers.map(table))
    put('rrc00/bview.20231116.0000.gz', whole.subarray(0, whole.length - 60))
    for (const minute of [0, 5])
      updates(
        'rrc00',
        AT + minute * 60,
        peers.map((each) => hello(AT + minute * 60 + 3, each)),
      )
    const cut = await count(0, 10)
    expect(votes(cut)).toEqual([0, 0])
    expect(cut[0]?.files[0]?.counts.truncatedAt).not.toBeNull()
    put('rrc00/bview.20231116.0000.gz', whole)
    const packed = gzipSync(join(peers.map((each) => hello(AT + 303, each))))
    put('rrc00/2023.11/updates.20231116.0005', packed.subarray(0, packed.length - 12))
    rmSync(joinPath(folder, 'rrc00/2023.11/updates.20231116.0005.gz'))
    updates(
      'rrc00',
      AT + 600,
      peers.map((each) => hello(AT + 603, each)),
    )
    const damaged = await count(0, 15)
    expect(votes(damaged)).toEqual([3, 0, 0])
    expect(damaged.flatMap(({ files }) => files.map(({ failure }) => failure)).filter((each) => each !== null)).toEqual(
      ['the gzip stream ends early: the file is cut off'],
    )
  })

  it('waits for no collector whose archive begins later, and takes none for silent that has not begun', async () => {
    const [one, two] = [peer(1), peer(2)]
    rib('rrc00', AT, [one, two])
    rib('rrc01', AT + 3600, [peer(3)])
    for (let minute = 0; minute < 70; minute += 5)
      updates('rrc00', AT + minute * 60, [hello(AT + minute * 60 + 1, one), hello(AT + minute * 60 + 1, two)])
    for (const minute of [60, 65]) updates('rrc01', AT + minute * 60, [hello(AT + minute * 60 + 1, peer(3))])
    expect(votes(await count(50, 70))).toEqual([2, 2, 3, 3])
  })

  it('names what is missing where there is no RIB at all', async () => {
    updates('rrc00', AT, [hello(AT + 1, peer(1))])
    await expect(count(0, 5)).rejects.toThrow(
      /no RIB before 2023-11-16T00:05:00Z among 1 files.*add a file such as bview/,
    )
  })

  it('reads the layouts of RIS and of RouteViews, and a flat folder', async () => {
    for (const path of [
      'rrc00/2023.11/bview.20231116.0000.gz',
      'bgpdata/2023.11/RIBS/rib.20231116.0000.bz2',
      'route-views.linx/bgpdata/2023.11/UPDATES/updates.20231116.0000.bz2',
      'ris.rrc06.updates.1700092800.gz',
      'notes.txt',
    ])
      put(path, new Uint8Array(0))
    const listed = await listArchive(folder)
    expect(listed.map(({ collector, kind, from }) => [collector, kind, from])).toEqual([
      ['ris.rrc06', 'updates', AT],
      ['route-views.linx', 'updates', AT],
      ['route-views2', 'rib', AT],
      ['rrc00', 'rib', AT],
    ])
  })
})
