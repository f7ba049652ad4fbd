import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openArchiveFile } from '../src/collect/bgp/archive-file.ts'
import { createMrtReader, createMrtState, scanMrt, type MrtCounts } from '../src/wire/mrt/reader.ts'
import { DumpLines } from '../src/wire/mrt/dump-lines.ts'
import { JsonLines } from '../src/wire/mrt/json-lines.ts'
import { PeerTally } from '../src/wire/mrt/peer-tally.ts'
import { CallLog } from '../src/wire/call-log.testing.ts'
import {
  address,
  attribute,
  bgp4mp,
  message,
  mpReach,
  mpUnreach,
  oldBgp,
  path,
  peerIndexTable,
  prefix,
  record,
  rib,
  tableDump,
  u16,
  u32,
  update,
  type Segments,
} from '../src/wire/encode.testing.ts'
import { createRisLiveState, decodeRisLive } from '../src/wire/ris-live/message.ts'
import { describeShared, shared } from './shared.ts'

/** Real archives; what is known of each. Entries and so on are those that bgpdump prints, unless `differs` says why not. */
const ARCHIVES = [
  'bview.20020722.2337.gz',
  'bview.64k_stream_overflow.gz',
  'bview.ipv4_unicast_add_path.gz',
  'bview.ipv6_unicast_add_path.gz',
  'ris.rrc06.updates.1427846400.gz',
  'routeviews.route-views.jinx.updates.1427846400.bz2',
  'updates.20020722.2238.gz',
  'updates.20070211.0141.gz',
  'updates.20071015.1505.gz',
  'updates.20100722.2015.gz',
  'updates.20160811.1600.gz',
  'updates.long_withdrawal.gz',
  'updates.nlri_mask_trailing_bits.gz',
  'lab/bird-mrtdump_bgp',
  'lab/bird-mrtdump_rib',
  'lab/bird6-mrtdump_bgp',
  'lab/bird6-mrtdump_rib',
  'lab/bird6_bgp',
  'lab/bird_bgp',
  'lab/openbgpd_bgp',
  'lab/openbgpd_rib_table',
  'lab/openbgpd_rib_table-mp',
  'lab/openbgpd_rib_table-v2',
  'lab/quagga_bgp',
  'lab/quagga_rib',
] as const

const EXPECTED = ['updates.20071015.1505', 'updates.20100722.2015', 'updates.20160811.1600']

/**
 * Where we differ from bgpdump on purpose; docs/MRT.md says the same. Lines of ours that it has not, and of its that we have
 * not, each as often as it stands.
 */
const DIFFERS: Readonly<Record<string, { readonly ours: number; readonly theirs: number }>> = {
  // Prefixes with a length above 128 (add-path that the record does not declare) overwrite bgpdump's memory.
  'lab/bird6_bgp': { ours: 0, theirs: 8 },
}

/** Archives with broken records: their number by reason. All others have none. */
const BROKEN: Readonly<Record<string, readonly { readonly reason: string; readonly records: number }[]>> = {
  'updates.nlri_mask_trailing_bits.gz': [{ reason: 'prefix-overrun', records: 1 }],
  'lab/bird_bgp': [{ reason: 'prefix-length', records: 6 }],
  'lab/bird6_bgp': [{ reason: 'prefix-length', records: 6 }],
}

async function unpack(name: string): Promise<Buffer> {
  const file = await openArchiveFile(shared(`mrt/${name}`))
  const chunks: Uint8Array[] = []
  for await (const chunk of file.chunks) chunks.push(chunk)
  expect(file.damage).toBeNull()
  return Buffer.concat(chunks)
}

function dump(bytes: Uint8Array): { readonly text: string; readonly counts: MrtCounts } {
  const lines: string[] = []
  const sink = new DumpLines((line) => lines.push(line))
  const reader = createMrtReader(sink, { forPrinting: true })
  sink.wire = reader.state
  reader.push(bytes)
  reader.end()
  return { text: lines.join(''), counts: reader.counts }
}

const hasBgpdump = spawnSync('bgpdump', ['-T']).error === undefined

describeShared(['mrt'], 'real archives', () => {
  for (const name of EXPECTED)
    it(`dumps ${name} as the text beside it says`, async () => {
      const expected = gunzipSync(readFileSync(shared(`mrt/${name}.expected-bgpdump-m.txt.gz`))).toString('latin1')
      expect(dump(await unpack(`${name}.gz`)).text === expected).toBe(true)
    })

  for (const name of ARCHIVES) {
    it.skipIf(!hasBgpdump)(`dumps ${name} as Debian’s bgpdump -m does`, async () => {
      const theirs = spawnSync('bgpdump', ['-m', shared(`mrt/${name}`)], { maxBuffer: 2 ** 30 }).stdout.toString(
        'latin1',
      )
      const ours = dump(await unpack(name)).text
      const differs = DIFFERS[name]
      if (differs === undefined) expect(firstDifference(ours, theirs)).toBeNull()
      else expect({ ours: without(ours, theirs), theirs: without(theirs, ours) }).toEqual(differs)
    })

    it(`finds in ${name} no other broken records than it has`, async () => {
      const reader = createMrtReader(new PeerTally(), { forPrinting: true })
      reader.push(await unpack(name))
      reader.end()
      const { counts } = reader
      expect(counts.brokenReasons()).toEqual(BROKEN[name] ?? [])
      expect(counts).toMatchObject({ truncatedAt: null, lostBytes: 0 })
    })

    it(`shows of ${name} the same routes to a table as to a printer`, async () => {
      const bytes = await unpack(name)
      const log = new CallLog()
      const reader = createMrtReader(log)
      reader.push(bytes)
      reader.end()
      const printed = new CallLog()
      const json: string[] = []
      const sink = new JsonLines((line) => json.push(line))
      const other = createMrtReader(sink, { forPrinting: true, onRecord: (broken) => sink.record(broken) })
      sink.wire = other.state
      other.push(bytes)
      expect(json).toHaveLength(reader.counts.records)
      for (const line of json) replayJson(JSON.parse(line) as JsonRecord, printed)
      const isOfTable = (line: string): boolean => !line.startsWith('rib ')
      expect(log.lines.filter(isOfTable).map(withoutHash)).toEqual(printed.lines)
    })

    it(`reads ${name} the same however it is cut`, async () => {
      const bytes = await unpack(name)
      const whole = new CallLog()
      const state = createMrtState()
      expect(scanMrt(bytes, 0, Infinity, whole, state)).toBe(bytes.length)
      for (const size of bytes.length < 50_000 ? [1, 7, 4096] : [4093]) {
        const log = new CallLog()
        const reader = createMrtReader(log)
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
        reader.end()
        expect(log.lines.length).toBe(whole.lines.length)
        expect(log.lines.every((line, index) => line === whole.lines[index])).toBe(true)
        expect(reader.counts).toEqual(state.counts)
      }
    })
  }
})

/** A record as `tocsin mrt dump --json` prints it; the fields that the calls of a sink can be made of again. */
interface JsonRecord {
  readonly time: number
  readonly micros?: number
  readonly type: string
  readonly subtype: string
  readonly peer?: { readonly address: string; readonly asn: number }
  readonly local?: boolean
  readonly prefix?: string
  readonly originAsn?: number
  readonly entries?: readonly {
    readonly peer: { readonly address: string; readonly asn: number }
    readonly originated: number
    readonly pathId?: number
    readonly originAsn: number
    readonly attributes: JsonAttributes
  }[]
  readonly withdrawn?: readonly JsonRoute[]
  readonly announced?: readonly JsonRoute[]
  readonly attributes?: JsonAttributes
  readonly state?: { readonly from: number; readonly to: number }
  readonly endOfRib?: 'ipv4' | 'ipv6'
  readonly broken?: string
}

type JsonRoute = string | { readonly prefix: string; readonly pathId?: number; readonly safi?: string }

interface JsonAttributes {
  readonly asPath?: readonly (number | readonly number[] | object)[]
  readonly mpReach?: { readonly safi?: string }
}

/** The calls that a table gets for this record, made of what is printed alone: the path by itself, not by its digest. */
function replayJson(json: JsonRecord, log: CallLog): void {
  if (json.broken !== undefined || json.local === true) return
  const at = `${json.time}.${json.micros ?? 0}`
  for (const { peer, originated, pathId, attributes } of json.entries ?? [])
    log.lines.push(
      `entry ${at} ${peer.address} AS${peer.asn} ${json.prefix} #${pathId ?? 0} from ${originOf(attributes, peer.asn)} since ${originated}`,
    )
  const { peer } = json
  if (peer === undefined) return
  const who = `${at} ${peer.address} AS${peer.asn}`
  const route = (of: JsonRoute): string => (typeof of === 'string' ? `${of} #0` : `${of.prefix} #${of.pathId ?? 0}`)
  const isUnicast = (of: JsonRoute): boolean => typeof of === 'string' || of.safi === undefined
  for (const each of (json.withdrawn ?? []).filter(isUnicast)) log.lines.push(`withdraw ${who} ${route(each)}`)
  for (const each of (json.announced ?? []).filter(isUnicast))
    log.lines.push(`announce ${who} ${route(each)} from ${originOf(json.attributes!, peer.asn)} since ${json.time}`)
  if (json.state !== undefined) {
    const [from, to] = [json.state.from, json.state.to].map((each) => (each > 6 ? 1 : each))
    log.lines.push(`state ${who} ${from} to ${to}`)
  }
  if (json.endOfRib !== undefined)
    log.lines.push(`end-of-rib ${json.time} ${peer.address} AS${peer.asn} ${json.endOfRib === 'ipv4' ? 4 : 6}`)
}

/** As RouteCursor defines it. */
function originOf({ asPath = [] }: JsonAttributes, peerAsn: number): number {
  const last = asPath.filter((each) => typeof each === 'number' || Array.isArray(each)).at(-1)
  if (last === undefined) return peerAsn
  if (typeof last === 'number') return last
  const members = new Set(last as readonly number[])
  return members.size === 1 ? [...members][0]! : 0
}

function withoutHash(line: string): string {
  return line.replace(/ path \d+/, '')
}

/** The first line in which two texts differ, in both; `null` where they are the same. A whole text says nothing in a report. */
function firstDifference(ours: string, theirs: string): { line: number; ours: string; theirs: string } | null {
  if (ours === theirs) return null
  const [a, b] = [ours.split('\n'), theirs.split('\n')]
  const line = a.findIndex((each, index) => each !== b[index])
  return line < 0
    ? { line: a.length, ours: '', theirs: b[a.length] ?? '' }
    : { line: line + 1, ours: a[line]!, theirs: b[line] ?? '' }
}

/** How many lines of one text are not in the other, each as often as it stands. */
function without(text: string, other: string): number {
  const left = new Map<string, number>()
  for (const line of other.split('\n')) left.set(line, (left.get(line) ?? 0) + 1)
  let count = 0
  for (const line of text.split('\n')) {
    const remaining = left.get(line) ?? 0
    if (remaining === 0) count += 1
    else left.set(line, remaining - 1)
  }
  return count
}

describeShared(['mrt/ris-live-stream.json'], 'RIS Live as it was sent', () => {
  it('is read line by line: a route, a session that went down, an error, others, and a last line that is cut off', () => {
    const log = new CallLog()
    const state = createRisLiveState()
    const hosts: string[] = []
    const outcomes = readFileSync(shared('mrt/ris-live-stream.json'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const outcome = decodeRisLive(
          line,
          (host) => {
            hosts.push(host)
            return log
          },
          state,
        )
        return outcome.kind === 'other' ? outcome.type : outcome.kind
      })
    expect(outcomes).toEqual(['routes', 'state', 'error', 'OPEN', 'NOTIFICATION', 'KEEPALIVE', 'broken'])
    expect(hosts).toEqual(['rrc00', 'rrc01'])
    expect(log.lines.map(withoutHash)).toEqual([
      'announce 1553627987.890000 72.22.223.9 AS11708 45.161.192.0/23 #0 from 268481 since 1553627987',
      'state 1553625081.880000 195.66.224.59 AS24931 0 to 1',
    ])
  })

  it('gives its route the origin and hash that its raw form has in an archive', () => {
    const [line] = readFileSync(shared('mrt/ris-live-stream.json'), 'utf8').split('\n')
    const { data } = JSON.parse(line!) as { data: { raw: string; timestamp: number } }
    const live = new CallLog()
    decodeRisLive(line!, () => live, createRisLiveState())
    const archived = new CallLog()
    const raw = Buffer.from(data.raw, 'hex')
    const reader = createMrtReader(archived)
    reader.push(bgp4mp(1_553_627_987, 4, { address: '72.22.223.9', asn: 11_708 }, raw, 890_000))
    reader.end()
    expect(live.lines).toEqual(archived.lines)
  })
})

describe('the dump of what the archives do not hold', () => {
  const peer = { address: '192.0.2.1', asn: 64_500 }
  const peer6 = { address: '2001:db8::1', asn: 64_501 }
  const about = (width: 2 | 4): Buffer[] => [
    attribute(1, Buffer.from([2])),
    attribute(
      2,
      path(
        [
          [3, 65_001, 65_002],
          [2, 1, 2],
          [1, 5, 6],
          [4, 65_003, 65_004],
        ],
        width,
      ),
    ),
    attribute(3, address('192.0.2.9')),
    attribute(4, u32(4_000_000_000)),
    attribute(6, Buffer.alloc(0)),
    attribute(7, Buffer.concat([width === 2 ? u16(7) : u32(7), address('192.0.2.7')]), 0xc0),
    attribute(
      8,
      Buffer.concat([u32(0xffffff01), u32(0xffffff02), u32(0xffffff03), u32(0xffffff04), u32(65_537)]),
      0xc0,
    ),
  ]
  const nlri = [prefix('10.0.0.0/8'), Buffer.from([9, 255, 255])]
  const many = (count: number): Buffer =>
    Buffer.concat(Array.from({ length: count }, (_, index) => u32(index * 65_537)))
  const records = [
    bgp4mp(1, 1, peer, update({ withdrawn: nlri, attributes: about(2), nlri })),
    bgp4mp(2, 4, peer6, update({ withdrawn: nlri, attributes: about(4), nlri }), 42),
    bgp4mp(3, 6, peer, update({ withdrawn: nlri, attributes: about(2), nlri })),
    bgp4mp(4, 7, peer, update({ attributes: about(4), nlri }), 999_999),
    bgp4mp(
      5,
      9,
      peer,
      update({ withdrawn: [prefix('10.0.0.0/8', 5)], attributes: about(4), nlri: [prefix('10.0.0.0/8', 4e9)] }),
    ),
    bgp4mp(
      7,
      4,
      peer,
      update({
        attributes: [...about(4), mpReach(2, 1, address('2001:db8::2'), [prefix('2001:db8::/32'), prefix('::/0')])],
      }),
    ),
    bgp4mp(
      8,
      4,
      peer6,
      update({
        attributes: [
          mpReach(2, 2, Buffer.concat([address('2001:db8:0:1:0:0:0:2'), address('fe80::1')]), [
            prefix('2001:db8::/32'),
          ]),
        ],
      }),
    ),
    bgp4mp(9, 4, peer, update({ attributes: [...about(4), mpReach(1, 1, address('192.0.2.3'), nlri)] })),
    bgp4mp(10, 4, peer, update({ attributes: [mpUnreach(2, 1, [prefix('2001:db8::/32')])] })),
    bgp4mp(11, 4, peer6, update({ attributes: [mpUnreach(1, 2, nlri)] })),
    bgp4mp(12, 5, peer6, Buffer.concat([u16(6), u16(8)])),
    bgp4mp(13, 0, peer, Buffer.concat([u16(1), u16(3)]), 5),
    // AS4_PATH and AS4_AGGREGATOR: merged, of equal length, too long, and refused because of the aggregator.
    ...([[[2, 70_000]], [[2, 70_000, 70_001, 70_002]], [[2, 1, 2, 3, 4]]] satisfies Segments[]).flatMap((path4) =>
      [23_456, 64_500].map((by) =>
        bgp4mp(
          14,
          1,
          peer,
          update({
            attributes: [
              attribute(2, path([[2, 1, 23_456, 23_456]], 2)),
              attribute(7, Buffer.concat([u16(by), address('192.0.2.7')]), 0xc0),
              attribute(17, path(path4, 4), 0xc0),
              attribute(18, Buffer.concat([u32(70_009), address('192.0.2.8')]), 0xc0),
            ],
            nlri,
          }),
        ),
      ),
    ),
    bgp4mp(
      14,
      1,
      peer,
      update({
        attributes: [
          attribute(
            2,
            path(
              [
                [3, 65_001],
                [2, 1, 23_456],
              ],
              2,
            ),
          ),
          attribute(17, path([[2, 1, 70_000]], 4), 0xc0),
        ],
        nlri,
      }),
    ),
    // RFC 8950: IPv4 by an IPv6 next hop.
    bgp4mp(14, 4, peer, update({ attributes: [mpReach(1, 1, address('2001:db8::2'), nlri)] })),
    // No attribute at all, and a path that no one can read.
    bgp4mp(15, 4, peer, update({ nlri })),
    bgp4mp(16, 4, peer, update({ attributes: [attribute(2, Buffer.from([9, 1, 0, 0, 0, 1]))], nlri })),
    bgp4mp(17, 4, peer, update({ attributes: [attribute(2, Buffer.alloc(0))], nlri })),
    // More communities, and a longer path, than bgpdump has room for.
    bgp4mp(18, 4, peer, update({ attributes: [attribute(8, many(900), 0xc0)], nlri })),
    bgp4mp(
      19,
      4,
      peer,
      update({
        attributes: [
          attribute(
            2,
            path(
              Array.from({ length: 4 }, (): [number, ...number[]] => [2, ...Array<number>(250).fill(4_200_000_000)]),
              4,
            ),
          ),
        ],
        nlri,
      }),
    ),
    record(20, 16, 0, Buffer.concat([u16(64_500), u16(12_654), u16(1), u16(6)])),
    tableDump(21, '10.1.2.3/8', peer, { originated: 5, attributes: about(2) }),
    tableDump(22, '2001:db8::/32', peer6, {
      originated: 5,
      attributes: [...about(2), mpReach(2, 1, address('2001:db8::2'), [])],
    }),
    tableDump(23, '10.0.0.0/8', peer, { originated: 5, attributes: about(4) }, 4),
    peerIndexTable(24, [peer, peer6]),
    rib(24, 1, '10.0.0.0/8', [
      { peer: 0, originated: 1, attributes: about(4) },
      { peer: 1, originated: 1, attributes: [] },
    ]),
    rib(24, 1, '2001:db8::/32', [
      {
        peer: 1,
        originated: 1,
        attributes: [attribute(14, Buffer.concat([Buffer.from([16]), address('2001:db8::9')]), 0x80)],
      },
    ]),
    rib(24, 1, '2001:db8::/32', [
      { peer: 1, originated: 1, attributes: [mpReach(2, 1, address('2001:db8::9'), [])], pathId: 77 },
    ]),
    oldBgp(26, peer, [6, 1]),
    record(27, 13, 6, Buffer.alloc(9)),
    bgp4mp(28, 2, peer, Buffer.alloc(9)),
    bgp4mp(29, 4, peer, message(1, Buffer.alloc(10))),
  ]

  /** What bgpdump gets wrong; docs/MRT.md says of each why. `theirs` is `null` where it ends by an assertion of its own. */
  const differing: readonly { readonly record: Buffer; readonly ours: string; readonly theirs: string | null }[] = [
    {
      record: oldBgp(4, peer, { attributes: about(2).slice(-1), nlri: [prefix('10.0.0.0/8')] }),
      ours: 'BGP|4|A|192.0.2.1|64500|10.0.0.0/8||INCOMPLETE|255.255.255.255|0|0|no-export no-advertise local-AS 65535:65284 1:1|NAG||\n',
      theirs:
        'BGP|4|A|192.0.2.1|64500|10.0.0.0/8||INCOMPLETE|255.255.255.255|0|0no-export no-advertise local-AS 65535:65284 1:1|NAG||\n',
    },
    {
      record: oldBgp(5, peer, { withdrawn: [prefix('10.0.0.0/8')] }),
      ours: 'BGP|5|W|192.0.2.1|64500|10.0.0.0/8\n',
      theirs: 'BGP|5|W|192.0.2.1|64500|192.0.2.1/8\n',
    },
    {
      record: bgp4mp(6, 11, peer, update({ withdrawn: [prefix('10.0.0.0/8', 5)] })),
      ours: 'BGP4MP_LOCAL_AP|6|W|192.0.2.1|64500|10.0.0.0/8|5\n',
      theirs: 'BGP4MP_AP|6|W|192.0.2.1|12654|10.0.0.0/8|5\n',
    },
    {
      record: bgp4mp(7, 7, peer, update({ attributes: [mpUnreach(2, 1, [prefix('2001:db8::/32')])] })),
      ours: 'BGP4MP_LOCAL|7|W|192.0.2.1|64500|2001:db8::/32\n',
      theirs: 'BGP4MP_LOCAL|7|W|c000:201::|64500|2001:db8::/32\n',
    },
    {
      record: tableDump(8, '2001:db8::/32', peer6, { originated: 5, attributes: [] }, 4),
      ours: 'TABLE_DUMP|8|B|2001:db8::1|64501|2001:db8::/32||INCOMPLETE|255.255.255.255|0|0||NAG||\n',
      theirs: 'TABLE_DUMP|8|B|32.1.13.184|64501|32.1.13.184/32||INCOMPLETE|255.255.255.255|0|0||NAG||\n',
    },
    {
      record: bgp4mp(
        11,
        4,
        peer,
        update({
          attributes: [attribute(1, Buffer.from([0])), attribute(1, Buffer.from([1]))],
          nlri: [prefix('10.0.0.0/8')],
        }),
      ),
      ours: 'BGP4MP|11|A|192.0.2.1|64500|10.0.0.0/8||IGP|255.255.255.255|0|0||NAG||\n',
      theirs: null,
    },
    {
      record: bgp4mp(12, 4, peer, update({ attributes: [Buffer.from([0x40, 1, 9, 0])], nlri: [prefix('10.0.0.0/8')] })),
      ours: '',
      theirs: 'BGP4MP|12|A|192.0.2.1|64500|10.0.0.0/8||INCOMPLETE|255.255.255.255|0|0||NAG||\n',
    },
  ]

  it.skipIf(!hasBgpdump)('is that of Debian’s bgpdump, record by record', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-mrt-'))
    try {
      const file = join(folder, 'made.mrt')
      for (const [index, each] of records.entries()) {
        const table = each.readUInt16BE(4) === 13 ? [peerIndexTable(24, [peer, peer6])] : []
        writeFileSync(file, Buffer.concat([...table, each]))
        const theirs = spawnSync('bgpdump', ['-m', file])
        expect([
          index,
          theirs.status,
          firstDifference(dump(readFileSync(file)).text, theirs.stdout.toString('latin1')),
        ]).toEqual([index, 0, null])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('differs from bgpdump where bgpdump is wrong, and there only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-mrt-'))
    try {
      const file = join(folder, 'made.mrt')
      for (const { record, ours, theirs } of differing) {
        expect(dump(record).text).toBe(ours)
        if (!hasBgpdump) continue
        writeFileSync(file, record)
        const ran = spawnSync('bgpdump', ['-m', file])
        expect([ours, ran.status === 0 ? ran.stdout.toString('latin1') : null]).toEqual([ours, theirs])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
