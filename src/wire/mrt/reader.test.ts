import { describe, expect, it } from 'vitest'
import { CallLog } from '../call-log.testing.ts'
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
} from '../encode.testing.ts'
import { createMrtReader, createMrtState, scanMrt, type MrtOptions } from './reader.ts'

const PEER = { address: '192.0.2.1', asn: 64_500 }
const PEER6 = { address: '2001:db8::1', asn: 64_501 }
const T = 1_600_000_000

function read(bytes: Uint8Array, options?: MrtOptions) {
  const log = new CallLog()
  const reader = createMrtReader(log, options)
  reader.push(bytes)
  reader.end()
  return { lines: log.lines.map((line) => line.replace(/ path \d+/, '')), log, counts: reader.counts, reader }
}

/** Origin and hash of the one route that is announced with these attributes. */
function routeOf(subtype: number, attributes: readonly Uint8Array[]): string {
  const log = new CallLog()
  const reader = createMrtReader(log)
  reader.push(bgp4mp(T, subtype, PEER, update({ attributes, nlri: [prefix('10.0.0.0/8')] })))
  reader.end()
  expect(reader.counts.brokenReasons()).toEqual([])
  return log.lines[0]!.replace(/^.*from /, '')
}

const ORIGIN = attribute(1, Buffer.from([0]))
const asPath = (segments: Segments, width: 2 | 4): Buffer => attribute(2, path(segments, width))
const as4Path = (segments: Segments): Buffer => attribute(17, path(segments, 4), 0xc0)

describe('BGP4MP', () => {
  it('gives what was announced and withdrawn, of both families, withdrawn first', () => {
    const { lines, counts } = read(
      bgp4mp(
        T,
        4,
        PEER6,
        update({
          withdrawn: [prefix('10.1.0.0/16')],
          attributes: [
            ORIGIN,
            asPath([[2, 64_501, 4_200_000_000]], 4),
            mpReach(2, 1, address('2001:db8::2'), [prefix('2001:db8:5::/48')]),
            mpUnreach(2, 1, [prefix('2001:db8:6::/48')]),
          ],
          nlri: [prefix('10.0.0.0/8'), prefix('192.0.2.128/25')],
        }),
      ),
    )
    const at = `${T}.0 2001:db8::1 AS64501`
    expect(lines).toEqual([
      `withdraw ${at} 10.1.0.0/16 #0`,
      `withdraw ${at} 2001:db8:6::/48 #0`,
      `announce ${at} 10.0.0.0/8 #0 from 4200000000 since ${T}`,
      `announce ${at} 192.0.2.128/25 #0 from 4200000000 since ${T}`,
      `announce ${at} 2001:db8:5::/48 #0 from 4200000000 since ${T}`,
    ])
    expect(counts).toMatchObject({ records: 1, messages: 1, announcements: 3, withdrawals: 2, broken: 0, skipped: 0 })
  })

  it('reads microseconds, add-path, and both at once', () => {
    const { lines } = read(
      bgp4mp(
        T,
        9,
        PEER,
        update({
          attributes: [ORIGIN, asPath([[2, 7]], 4)],
          nlri: [prefix('10.0.0.0/8', 3), prefix('10.0.0.0/8', 4_000_000_000)],
        }),
        123_456,
      ),
    )
    expect(lines).toEqual([
      `announce ${T}.123456 192.0.2.1 AS64500 10.0.0.0/8 #3 from 7 since ${T}`,
      `announce ${T}.123456 192.0.2.1 AS64500 10.0.0.0/8 #4000000000 from 7 since ${T}`,
    ])
  })

  it('tells state changes, and Quagga’s own states as Idle', () => {
    const { lines, counts } = read(
      Buffer.concat([
        bgp4mp(T, 0, PEER, Buffer.concat([u16(1), u16(6)])),
        bgp4mp(T + 1, 5, PEER6, Buffer.concat([u16(6), u16(7)])),
        bgp4mp(T + 2, 5, PEER6, Buffer.concat([u16(6), u16(9)])),
      ]),
    )
    expect(lines).toEqual([`state ${T}.0 192.0.2.1 AS64500 1 to 6`, `state ${T + 1}.0 2001:db8::1 AS64501 6 to 1`])
    expect(counts.brokenReasons()).toEqual([{ reason: 'session-state', records: 1 }])
  })

  it('knows End-of-RIB of both families from a message that says nothing', () => {
    const { lines } = read(
      Buffer.concat([
        bgp4mp(T, 4, PEER, update({})),
        bgp4mp(T, 4, PEER, update({ attributes: [mpUnreach(2, 1, [])] })),
        bgp4mp(T, 4, PEER, update({ attributes: [mpUnreach(1, 1, [])] })),
        // Of multicast, or with an attribute beside it: none.
        bgp4mp(T, 4, PEER, update({ attributes: [mpUnreach(2, 2, [])] })),
        bgp4mp(T, 4, PEER, update({ attributes: [ORIGIN, mpUnreach(2, 1, [])] })),
      ]),
    )
    expect(lines).toEqual([4, 6, 4].map((family) => `end-of-rib ${T} 192.0.2.1 AS64500 ${family}`))
  })

  it('counts what the collector sent itself and keeps it from the table', () => {
    const own = bgp4mp(T, 7, PEER, update({ withdrawn: [prefix('10.0.0.0/8')] }))
    expect(read(own).lines).toEqual([])
    expect(read(own).counts).toMatchObject({ messages: 1, localMessages: 1, withdrawals: 0 })
    expect(read(own, { forPrinting: true }).lines).toHaveLength(1)
  })

  it('passes over multicast, VPNs and what has no routes', () => {
    const { lines, counts } = read(
      Buffer.concat([
        bgp4mp(T, 4, PEER, update({ attributes: [mpReach(1, 2, address('192.0.2.1'), [prefix('10.0.0.0/8')])] })),
        bgp4mp(T, 4, PEER, update({ attributes: [mpReach(1, 128, Buffer.alloc(12), [Buffer.alloc(15, 0x70)])] })),
        bgp4mp(T, 4, PEER, message(4, Buffer.alloc(0))),
        bgp4mp(T, 4, PEER, message(1, Buffer.alloc(10))),
        bgp4mp(T, 2, PEER, Buffer.alloc(30)),
        record(T, 32, 0, Buffer.alloc(3)),
        record(T, 13, 6, Buffer.alloc(3)),
        record(T, 13, 5, Buffer.alloc(3)),
        record(T, 5000, 7, Buffer.alloc(3)),
      ]),
    )
    expect(lines).toEqual([])
    expect(counts).toMatchObject({ records: 9, messages: 4, otherFamilies: 2, skipped: 5, broken: 0 })
    expect(counts.skippedTypes()).toEqual([
      { type: 13, subtype: 5, records: 1 },
      { type: 13, subtype: 6, records: 1 },
      { type: 16, subtype: 2, records: 1 },
      { type: 32, subtype: 0, records: 1 },
      { type: 5000, subtype: 7, records: 1 },
    ])
  })
})

describe('an AS path', () => {
  const four = (segments: Segments): string => routeOf(4, [ORIGIN, asPath(segments, 4)])
  const two = (segments: Segments, more: readonly Uint8Array[] = []): string =>
    routeOf(1, [ORIGIN, asPath(segments, 2), ...more])

  it('has the same origin and hash in numbers of 2 bytes and of 4', () => {
    expect(two([[2, 64_500, 3356]])).toBe(four([[2, 64_500, 3356]]))
  })

  it('is merged with AS4_PATH by RFC 6793', () => {
    const merged = four([[2, 1, 70_000, 80_000]])
    expect(two([[2, 1, 23_456, 23_456]], [as4Path([[2, 1, 70_000, 80_000]])])).toBe(merged)
    expect(two([[2, 1, 23_456, 23_456]], [as4Path([[2, 70_000, 80_000]])])).toBe(merged)
    expect(merged).toMatch(/^80000 /)
  })

  it('counts a set as one hop when it is merged', () => {
    const merged = four([
      [2, 1],
      [1, 5, 6],
      [2, 70_000],
    ])
    expect(
      two(
        [
          [2, 1],
          [1, 5, 6],
          [2, 23_456],
        ],
        [as4Path([[2, 70_000]])],
      ),
    ).toBe(merged)
    expect(
      two(
        [
          [2, 1],
          [1, 5, 6],
          [2, 23_456],
        ],
        [
          as4Path([
            [1, 6, 5],
            [2, 70_000],
          ]),
        ],
      ),
    ).toBe(merged)
  })

  it('keeps the segments of a confederation in front, and counts them as nothing', () => {
    const merged = four([
      [3, 65_001, 65_002],
      [2, 1, 70_000],
    ])
    expect(
      two(
        [
          [3, 65_001, 65_002],
          [2, 1, 23_456],
        ],
        [as4Path([[2, 1, 70_000]])],
      ),
    ).toBe(merged)
  })

  it('is taken as it is where AS4_PATH is longer, unsound, or older than the aggregator', () => {
    const alone = two([[2, 1, 23_456]])
    expect(two([[2, 1, 23_456]], [as4Path([[2, 1, 2, 70_000]])])).toBe(alone)
    expect(two([[2, 1, 23_456]], [attribute(17, Buffer.from([2, 9, 1]), 0xc0)])).toBe(alone)
    const by = attribute(7, Buffer.concat([u16(64_500), u32(1)]), 0xc0)
    const by4 = attribute(18, Buffer.concat([u32(70_000), u32(1)]), 0xc0)
    expect(two([[2, 1, 23_456]], [by, by4, as4Path([[2, 70_000]])])).toBe(alone)
    expect(two([[2, 1, 23_456]], [by, as4Path([[2, 70_000]])])).not.toBe(alone)
    // Between speakers of 4-byte numbers AS4_PATH says nothing.
    expect(routeOf(4, [ORIGIN, asPath([[2, 1, 2]], 4), as4Path([[2, 9]])])).toBe(four([[2, 1, 2]]))
  })

  it('hashes alike when a sequence is cut in two, and a set in any order', () => {
    expect(four([[2, 1, 2, 3]])).toBe(
      four([
        [2, 1],
        [2, 2, 3],
      ]),
    )
    expect(
      four([
        [2, 1],
        [1, 2, 3],
      ]),
    ).toBe(
      four([
        [2, 1],
        [1, 3, 2],
      ]),
    )
  })

  it('hashes apart when anything else differs', () => {
    const all: Segments[] = [
      [[2, 1, 2, 3]],
      [[2, 1, 3, 2]],
      [[2, 1, 2]],
      [[2, 1, 2, 2]],
      [
        [2, 1],
        [1, 2, 3],
      ],
      [
        [2, 1],
        [1, 2],
        [1, 3],
      ],
      [
        [2, 1],
        [1, 2, 2, 3],
      ],
      [[1, 1, 2, 3]],
      [
        [3, 1],
        [2, 2, 3],
      ],
      [
        [4, 1, 2],
        [2, 3],
      ],
      [
        [3, 1, 2],
        [2, 3],
      ],
      [],
    ]
    expect(new Set(all.map((each) => four(each).replace(/^\d+ /, ''))).size).toBe(all.length)
  })

  it('names no origin where it ends in a set of several, the peer’s own AS where it is empty', () => {
    expect(
      four([
        [2, 1],
        [1, 2, 3],
      ]),
    ).toMatch(/^0 /)
    expect(
      four([
        [2, 1],
        [1, 2],
      ]),
    ).toMatch(/^2 /)
    expect(
      four([
        [2, 1],
        [1, 2, 2],
      ]),
    ).toMatch(/^2 /)
    expect(four([])).toMatch(/^64500 /)
    expect(four([[3, 65_001]])).toMatch(/^64500 /)
    expect(
      four([
        [2, 7],
        [3, 65_001],
      ]),
    ).toMatch(/^7 /)
  })
})

describe('RIBs', () => {
  const about = [ORIGIN, asPath([[2, 1, 70_000]], 4)]

  it('gives every entry its peer, and each dump its beginning', () => {
    const { lines, counts } = read(
      Buffer.concat([
        peerIndexTable(T, [PEER, PEER6]),
        rib(T, 0, '10.0.0.0/8', [
          { peer: 0, originated: T - 60, attributes: about },
          { peer: 1, originated: T - 30, attributes: about },
        ]),
        // BIRD writes one table of peers for each of its tables.
        peerIndexTable(T, [PEER6]),
        rib(T, 0, '2001:db8::/32', [{ peer: 0, originated: 5, attributes: about, pathId: 9 }]),
        peerIndexTable(T + 7200, [PEER]),
      ]),
    )
    expect(lines).toEqual([
      `rib ${T}`,
      `entry ${T}.0 192.0.2.1 AS64500 10.0.0.0/8 #0 from 70000 since ${T - 60}`,
      `entry ${T}.0 2001:db8::1 AS64501 10.0.0.0/8 #0 from 70000 since ${T - 30}`,
      `entry ${T}.0 2001:db8::1 AS64501 2001:db8::/32 #9 from 70000 since 5`,
      `rib ${T + 7200}`,
    ])
    expect(counts).toMatchObject({ records: 5, entries: 3, broken: 0 })
  })

  it('reads TABLE_DUMP, of 2 bytes and of 4', () => {
    const { lines } = read(
      Buffer.concat([
        tableDump(T, '10.0.0.0/8', PEER, { originated: 7, attributes: [ORIGIN, asPath([[2, 1, 2]], 2)] }),
        tableDump(T, '2001:db8::/32', PEER6, { originated: 8, attributes: about }, 4),
      ]),
    )
    expect(lines).toEqual([
      `rib ${T}`,
      `entry ${T}.0 192.0.2.1 AS64500 10.0.0.0/8 #0 from 2 since 7`,
      `entry ${T}.0 2001:db8::1 AS64501 2001:db8::/32 #0 from 70000 since 8`,
    ])
  })

  it('believes no entry without its peer, and none behind a broken table of peers', () => {
    const entry = rib(T, 0, '10.0.0.0/8', [{ peer: 1, originated: T, attributes: about }])
    const broken = peerIndexTable(T, [PEER, PEER6])
    broken.writeUInt16BE(60_000, 12 + 10)
    expect(read(entry).counts.brokenReasons()).toEqual([{ reason: 'peer-index-missing', records: 1 }])
    const { lines, counts } = read(
      Buffer.concat([peerIndexTable(T, [PEER]), entry, peerIndexTable(T, [PEER, PEER6]), broken, entry]),
    )
    expect(lines).toEqual([`rib ${T}`])
    expect(counts.brokenReasons()).toEqual([
      { reason: 'peer-index-table', records: 1 },
      { reason: 'peer-index-missing', records: 2 },
    ])
  })
})

describe('the BGP type of 1999', () => {
  it('gives routes and states', () => {
    const { lines } = read(
      Buffer.concat([
        oldBgp(T, PEER, {
          withdrawn: [prefix('10.1.0.0/16')],
          attributes: [ORIGIN, asPath([[2, 9]], 2)],
          nlri: [prefix('10.0.0.0/8')],
        }),
        oldBgp(T, PEER, [6, 1]),
        record(T, 5, 7, Buffer.alloc(12)),
      ]),
    )
    expect(lines).toEqual([
      `withdraw ${T}.0 192.0.2.1 AS64500 10.1.0.0/16 #0`,
      `announce ${T}.0 192.0.2.1 AS64500 10.0.0.0/8 #0 from 9 since ${T}`,
      `state ${T}.0 192.0.2.1 AS64500 6 to 1`,
    ])
  })
})

describe('a broken record', () => {
  const good = bgp4mp(T, 4, PEER, update({ withdrawn: [prefix('10.0.0.0/8')] }))
  const about = [ORIGIN, asPath([[2, 1]], 4)]
  const cases: readonly (readonly [string, Buffer])[] = [
    ['record-too-short', record(T, 16, 4, Buffer.alloc(5))],
    ['record-too-short', record(T, 17, 4, Buffer.alloc(3))],
    ['record-too-short', record(T, 12, 1, Buffer.alloc(9))],
    ['record-too-short', record(T, 5, 1, Buffer.alloc(9))],
    ['address-family', bgp4mpWithFamily(3)],
    ['message-marker', bgp4mp(T, 4, PEER, Buffer.alloc(23))],
    ['message-length', bgp4mp(T, 4, PEER, update({}).subarray(0, 22))],
    ['withdrawn-overrun', bgp4mp(T, 4, PEER, message(2, Buffer.from([0, 9, 0, 0])))],
    ['attributes-overrun', bgp4mp(T, 4, PEER, message(2, Buffer.from([0, 0, 0, 9])))],
    ['attribute-overrun', bgp4mp(T, 4, PEER, update({ attributes: [Buffer.from([0x40, 1, 2, 0])] }))],
    ['attribute-overrun', bgp4mp(T, 4, PEER, update({ attributes: [Buffer.from([0x50, 1, 0])] }))],
    ['attribute-twice', bgp4mp(T, 4, PEER, update({ attributes: [mpUnreach(2, 1, []), mpUnreach(2, 1, [])] }))],
    ['as-path', bgp4mp(T, 4, PEER, update({ attributes: [asPath([[5, 1]], 4)], nlri: [prefix('10.0.0.0/8')] }))],
    ['as-path', bgp4mp(T, 4, PEER, update({ attributes: [asPath([[2]], 4)], nlri: [prefix('10.0.0.0/8')] }))],
    ['as-path', bgp4mp(T, 4, PEER, update({ attributes: [asPath([[2, 1]], 2)], nlri: [prefix('10.0.0.0/8')] }))],
    ['mp-reach', bgp4mp(T, 4, PEER, update({ attributes: [attribute(14, Buffer.from([0, 2, 1, 16, 0]))] }))],
    ['mp-unreach', bgp4mp(T, 4, PEER, update({ attributes: [attribute(15, Buffer.from([0, 2]))] }))],
    ['prefix-length', bgp4mp(T, 4, PEER, update({ attributes: about, nlri: [Buffer.from([33, 1, 2, 3, 4, 5])] }))],
    ['prefix-length', bgp4mp(T, 4, PEER, update({ attributes: [mpUnreach(2, 1, [Buffer.from([129])])] }))],
    ['prefix-overrun', bgp4mp(T, 4, PEER, update({ withdrawn: [Buffer.from([8, 10, 16, 1])] }))],
    ['prefix-overrun', bgp4mp(T, 9, PEER, update({ withdrawn: [Buffer.from([0, 0, 0, 1])] }))],
    ['prefix-length', rib(T, 0, '::/33', []).fill(2, 7, 8)],
    ['prefix-overrun', record(T, 13, 2, Buffer.from([0, 0, 0, 0, 32, 1, 2]))],
  ]

  function bgp4mpWithFamily(family: number): Buffer {
    const bytes = bgp4mp(T, 4, PEER, update({}))
    bytes.writeUInt16BE(family, 12 + 10)
    return bytes
  }

  it('is counted by its reason, handed over with its bytes, and leaves its neighbours alone', () => {
    for (const [reason, bytes] of cases) {
      const kept: { record: string; reason: string; offset: number }[] = []
      const { lines, counts } = read(Buffer.concat([good, bytes, good]), {
        onBroken: (record, reason, offset) =>
          kept.push({ record: Buffer.from(record).toString('hex'), reason, offset }),
      })
      expect([reason, counts.brokenReasons()]).toEqual([reason, [{ reason, records: 1 }]])
      expect(kept).toEqual([{ record: bytes.toString('hex'), reason, offset: good.length }])
      expect(lines.filter((line) => line.includes('10.0.0.0/8'))).toHaveLength(2)
      expect(lines).toHaveLength(2)
      expect(counts.bytes).toBe(good.length * 2 + bytes.length)
    }
  })

  it('of a list of prefixes shows a printer what stands before the fault', () => {
    const bytes = bgp4mp(T, 4, PEER, update({ attributes: about, nlri: [prefix('10.0.0.0/8'), Buffer.from([24, 1])] }))
    const { lines, counts } = read(bytes, { forPrinting: true })
    expect(lines).toEqual([`announce ${T}.0 192.0.2.1 AS64500 10.0.0.0/8 #0 from 1 since ${T}`])
    expect(counts.brokenReasons()).toEqual([{ reason: 'prefix-overrun', records: 1 }])
  })

  it('with a length that cannot be costs what lies up to the next header, and no more', () => {
    const bad = Buffer.from(good)
    bad.writeUInt32BE(0xfffffff0, 8)
    const pieces: Buffer[] = []
    const { lines, counts } = read(Buffer.concat([good, bad, Buffer.alloc(5000, 0x55), good, good]), {
      onBroken: (record) => pieces.push(Buffer.from(record)),
    })
    expect(lines).toHaveLength(3)
    expect(counts.brokenReasons()).toEqual([{ reason: 'record-too-long', records: 1 }])
    expect(counts.lostBytes).toBe(bad.length + 5000)
    expect(Buffer.concat(pieces)).toEqual(Buffer.concat([bad, Buffer.alloc(5000, 0x55)]))
  })

  it('holds no more than the longest record that is believed, however long the file', () => {
    const maxRecordBytes = 1024 * 1024
    const chunk = Buffer.alloc(256 * 1024, 0x55)
    for (const length of [maxRecordBytes - 12, 0x7fffffff]) {
      const reader = createMrtReader(new CallLog(), { maxRecordBytes })
      const before = process.memoryUsage().arrayBuffers
      reader.push(Buffer.concat([record(T, 16, 4, Buffer.alloc(0)).subarray(0, 8), u32(length)]))
      for (let round = 0; round < 200; round += 1) reader.push(chunk)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * maxRecordBytes)
      reader.end()
      expect(reader.counts.bytes).toBe(12 + 200 * chunk.length)
    }
  })
})

describe('a file that is cut off', () => {
  const whole = Buffer.concat(
    [0, 1, 2].map((second) => bgp4mp(T + second, 4, PEER, update({ withdrawn: [prefix('10.0.0.0/8')] }))),
  )

  it('gives all whole records and says where the last one begins', () => {
    const length = whole.length / 3
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const { lines, counts } = read(whole.subarray(0, cut))
      expect(lines).toHaveLength(Math.floor(cut / length))
      expect(counts.truncatedAt).toBe(cut % length === 0 ? null : Math.floor(cut / length) * length)
      expect(counts.bytes).toBe(cut)
    }
  })
})

describe('scanMrt', () => {
  it('stops at the first record that is not before the time, and goes on from there', () => {
    const one = bgp4mp(T, 4, PEER, update({ withdrawn: [prefix('10.0.0.0/8')] }))
    const other = bgp4mp(T + 300, 4, PEER, update({ withdrawn: [prefix('10.0.0.0/8')] }))
    const bytes = Buffer.concat([one, one, other, one.subarray(0, 20)])
    const log = new CallLog()
    const state = createMrtState()
    const first = scanMrt(bytes, 0, T + 300, log, state)
    expect(first).toBe(one.length * 2)
    expect(scanMrt(bytes, first, T + 300, log, state)).toBe(first)
    expect(scanMrt(bytes, first, T + 600, log, state)).toBe(one.length * 2 + other.length)
    expect(log.lines).toHaveLength(3)
  })

  it('asks another sink for its own numbers of peers', () => {
    const update1 = bgp4mp(T, 4, PEER6, update({ withdrawn: [prefix('10.0.0.0/8')] }))
    const entry = rib(T, 0, '10.0.0.0/8', [{ peer: 1, originated: 1, attributes: [] }])
    const state = createMrtState()
    const one = new CallLog()
    scanMrt(Buffer.concat([peerIndexTable(T, [PEER, PEER6]), entry, update1]), 0, Infinity, one, state)
    const other = new CallLog()
    other.peers.push('someone else')
    scanMrt(Buffer.concat([entry, update1]), 0, Infinity, other, state)
    expect(other.lines.map((line) => /AS\d+/.exec(line)?.[0])).toEqual(['AS64501', 'AS64501'])
  })
})
