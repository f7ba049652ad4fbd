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
} from '../encode.testing.ts'

/** Numbers from a seed (mulberry32). @returns a function to a whole number in 0 … below − 1. */
export function seeded(seed: number): (below: number) => number {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const PEERS = [
  { address: '192.0.2.1', asn: 64_500 },
  { address: '2001:db8::1', asn: 4_200_000_000 },
]

/** A whole table of peers, to stand before RIB records. */
export const PEER_TABLE = peerIndexTable(1_600_000_000, PEERS)

/** One sound record of every kind that we read, and some that we pass over. */
export function everyKind(): Buffer[] {
  const time = 1_600_000_000
  const about = (width: 2 | 4): Buffer[] => [
    attribute(1, Buffer.from([0])),
    attribute(
      2,
      path(
        [
          [3, 65_001],
          [2, 64_500, 3356, 9198],
          [1, 5, 6],
        ],
        width,
      ),
    ),
    attribute(3, address('192.0.2.9')),
    attribute(4, u32(100)),
    attribute(5, u32(200)),
    attribute(6, Buffer.alloc(0)),
    attribute(7, Buffer.concat([width === 2 ? u16(23_456) : u32(7), address('192.0.2.7')]), 0xc0),
    attribute(8, Buffer.concat([u32(0xffffff01), u32(65_537)]), 0xc0),
    attribute(9, address('192.0.2.3'), 0x80),
    attribute(10, Buffer.concat([address('192.0.2.3'), address('192.0.2.4')]), 0x80),
    attribute(16, Buffer.concat([Buffer.from([0, 2]), u16(7), u32(8)]), 0xc0),
    ...(width === 2
      ? [
          attribute(
            17,
            path(
              [
                [2, 70_000, 9198],
                [1, 5, 6],
              ],
              4,
            ),
            0xc0,
          ),
          attribute(18, Buffer.concat([u32(70_000), address('192.0.2.8')]), 0xc0),
        ]
      : []),
    attribute(32, Buffer.concat([u32(1), u32(2), u32(3)]), 0xc0),
    attribute(99, Buffer.from('unknown'), 0xd0),
  ]
  const nlri = ['10.0.0.0/8', '192.0.2.128/25', '0.0.0.0/0', '198.51.100.1/32'].map((each) => prefix(each))
  const nlri6 = ['2001:db8::/32', '::/0', '2001:db8::1/128', '2001:db8:0:1::/61'].map((each) => prefix(each))
  const [peer, peer6] = PEERS as [(typeof PEERS)[0], (typeof PEERS)[0]]
  const reach = mpReach(2, 1, Buffer.concat([address('2001:db8::2'), address('fe80::1')]), nlri6)
  const messages: Buffer[] = []
  for (const [subtype, width] of [
    [1, 2],
    [4, 4],
    [6, 2],
    [7, 4],
  ] as const)
    for (const micros of [null, 123_456])
      messages.push(
        bgp4mp(time, subtype, peer, update({ withdrawn: nlri, attributes: about(width), nlri }), micros),
        bgp4mp(time, subtype, peer6, update({ attributes: [...about(width), reach, mpUnreach(2, 1, nlri6)] }), micros),
      )
  const ids = ['10.0.0.0/8', '192.0.2.128/25'].map((each, index) => prefix(each, index + 1))
  for (const [subtype, width] of [
    [8, 2],
    [9, 4],
    [10, 2],
    [11, 4],
  ] as const)
    messages.push(bgp4mp(time, subtype, peer, update({ withdrawn: ids, attributes: about(width), nlri: ids })))
  const entries = [0, 1].map((index) => ({ peer: index, originated: time - 60, attributes: about(4) }))
  return [
    ...messages,
    bgp4mp(time, 4, peer, update({})),
    bgp4mp(time, 4, peer, update({ attributes: [mpUnreach(2, 1, [])] })),
    bgp4mp(time, 0, peer, Buffer.concat([u16(1), u16(6)])),
    bgp4mp(time, 5, peer6, Buffer.concat([u16(6), u16(1)])),
    bgp4mp(
      time,
      4,
      peer,
      message(1, Buffer.concat([Buffer.from([4]), u16(64_500), u16(180), u32(1), Buffer.from([2, 2, 0])])),
    ),
    bgp4mp(time, 4, peer, message(3, Buffer.from([6, 2, 1, 2, 3]))),
    bgp4mp(time, 4, peer, message(4, Buffer.alloc(0))),
    bgp4mp(time, 2, peer, Buffer.alloc(20)),
    PEER_TABLE,
    rib(time, 1, '10.0.0.0/8', entries),
    rib(time, 2, '2001:db8::/32', entries),
    rib(
      time,
      3,
      '10.0.0.0/8',
      entries.map((each) => ({ ...each, pathId: 5 })),
    ),
    rib(
      time,
      4,
      '2001:db8::/32',
      entries.map((each) => ({ ...each, pathId: 5 })),
    ),
    rib(time, 5, '2001:db8::/32', [
      {
        peer: 1,
        originated: 1,
        attributes: [attribute(14, Buffer.concat([Buffer.from([16]), address('2001:db8::9')]), 0x80)],
      },
    ]),
    tableDump(time, '10.0.0.0/8', peer, { originated: 1, attributes: about(2) }),
    tableDump(time, '2001:db8::/32', peer6, { originated: 1, attributes: about(4) }, 4),
    oldBgp(time, peer, { withdrawn: nlri, attributes: about(2), nlri }),
    oldBgp(time, peer, [6, 1]),
    record(time, 13, 6, Buffer.alloc(20)),
    record(time, 11, 0, Buffer.alloc(20)),
  ]
}

const EDGES = [0, 1, 2, 4, 16, 32, 33, 64, 127, 128, 129, 254, 255]

/** A record with something wrong in it: bits turned, bytes of the edges, cut, grown, of two made one, or random altogether. */
export function mutate(records: readonly Uint8Array[], random: (below: number) => number): Buffer {
  const bytes = Buffer.from(records[random(records.length)]!)
  const at = random(bytes.length)
  switch (random(8)) {
    case 0:
      bytes[at]! ^= 1 << random(8)
      return bytes
    case 1:
      bytes[at] = EDGES[random(EDGES.length)]!
      return bytes
    case 2:
      for (let round = random(8); round >= 0; round -= 1) bytes[random(bytes.length)] = random(256)
      return bytes
    case 3:
      return relength(bytes.subarray(0, 12 + random(Math.max(1, bytes.length - 12))))
    case 4: {
      // A piece twice, or taken out, with the length of the record put right: what is in it is not.
      const end = at + random(bytes.length - at + 1)
      const piece =
        random(2) === 0 ? [bytes.subarray(0, end), bytes.subarray(at)] : [bytes.subarray(0, at), bytes.subarray(end)]
      return relength(Buffer.concat(piece))
    }
    case 5: {
      const other = records[random(records.length)]!
      return relength(Buffer.concat([bytes.subarray(0, at), other.subarray(random(other.length))]))
    }
    case 6:
      // Whatever stands here as a length: another one.
      if (at + 2 <= bytes.length) bytes.writeUInt16BE(random(4) === 0 ? 0xffff : random(300), at)
      return bytes
    default: {
      const body = Buffer.alloc(random(80))
      for (let index = 0; index < body.length; index += 1)
        body[index] = random(3) === 0 ? EDGES[random(EDGES.length)]! : random(256)
      const [type, subtypes] = [
        [5, 8],
        [12, 5],
        [13, 13],
        [16, 12],
        [17, 12],
      ][random(5)] as [number, number]
      return record(1_600_000_000, type, random(subtypes), body)
    }
  }
}

/** Most of the time the header tells the truth, so that what is behind it is looked at. */
function relength(bytes: Buffer): Buffer {
  if (bytes.length < 12) return bytes
  const own = Buffer.from(bytes)
  own.writeUInt32BE(own.length - 12, 8)
  return own
}
