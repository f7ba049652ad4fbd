import { emptyPrefix, parseAddress, parsePrefix } from './prefix.ts'

/** A small encoder of MRT and BGP for tests: what it writes, the decoders must read. */

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** An address by itself: 4 or 16 bytes. */
export function address(text: string): Buffer {
  const words = emptyPrefix()
  if (!parseAddress(text, words)) throw new Error(`no address: ${text}`)
  return words.family === 4
    ? u32(words.word0)
    : Buffer.concat([words.word0, words.word1, words.word2, words.word3].map(u32))
}

/** Length and as many bytes as it needs; before it a path identifier where there is one. */
export function prefix(text: string, pathId?: number): Buffer {
  const words = emptyPrefix()
  if (!parsePrefix(text, words)) throw new Error(`no prefix: ${text}`)
  const whole = address(text.slice(0, text.indexOf('/')))
  const body = Buffer.concat([Buffer.from([words.length]), whole.subarray(0, (words.length + 7) >>> 3)])
  return pathId === undefined ? body : Buffer.concat([u32(pathId), body])
}

/** What does not fit into 2 bytes is AS_TRANS (RFC 6793 §9). */
export function asn(value: number, width: 2 | 4): Buffer {
  return width === 2 ? u16(value > 65_535 ? 23_456 : value) : u32(value)
}

/** Segments of a path: type and numbers. */
export type Segments = readonly (readonly [type: number, ...asns: number[]])[]

export function path(segments: Segments, width: 2 | 4): Buffer {
  return Buffer.concat(
    segments.map(([type, ...asns]) =>
      Buffer.concat([Buffer.from([type, asns.length]), ...asns.map((each) => asn(each, width))]),
    ),
  )
}

export function attribute(type: number, value: Uint8Array, flags = 0x40): Buffer {
  const isLong = value.length > 255 || (flags & 0x10) !== 0
  return Buffer.concat([
    Buffer.from([isLong ? flags | 0x10 : flags, type]),
    isLong ? u16(value.length) : Buffer.from([value.length]),
    value,
  ])
}

export function mpReach(afi: number, safi: number, nextHop: Uint8Array, nlri: readonly Uint8Array[]): Buffer {
  return attribute(
    14,
    Buffer.concat([u16(afi), Buffer.from([safi, nextHop.length]), nextHop, Buffer.from([0]), ...nlri]),
    0x80,
  )
}

export function mpUnreach(afi: number, safi: number, nlri: readonly Uint8Array[]): Buffer {
  return attribute(15, Buffer.concat([u16(afi), Buffer.from([safi]), ...nlri]), 0x80)
}

export interface Update {
  readonly withdrawn?: readonly Uint8Array[]
  readonly attributes?: readonly Uint8Array[]
  readonly nlri?: readonly Uint8Array[]
}

/** The body of an UPDATE, without its header. */
export function updateBody({ withdrawn = [], attributes = [], nlri = [] }: Update): Buffer {
  const gone = Buffer.concat(withdrawn)
  const about = Buffer.concat(attributes)
  return Buffer.concat([u16(gone.length), gone, u16(about.length), about, ...nlri])
}

export function message(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.alloc(16, 0xff), u16(19 + body.length), Buffer.from([type]), body])
}

export function update(of: Update): Buffer {
  return message(2, updateBody(of))
}

export function record(time: number, type: number, subtype: number, body: Uint8Array): Buffer {
  return Buffer.concat([u32(time), u16(type), u16(subtype), u32(body.length), body])
}

export interface Session {
  readonly address: string
  readonly asn: number
}

const WIDTHS = [2, 2, 2, 2, 4, 4, 2, 4, 2, 4, 2, 4] as const

/** A BGP4MP record of this subtype: `inner` is the message, or both states. With `micros` a BGP4MP_ET. */
export function bgp4mp(
  time: number,
  subtype: number,
  peer: Session,
  inner: Uint8Array,
  micros: number | null = null,
): Buffer {
  const width = WIDTHS[subtype]!
  const from = address(peer.address)
  const body = Buffer.concat([
    ...(micros === null ? [] : [u32(micros)]),
    asn(peer.asn, width),
    asn(12_654, width),
    u16(0),
    u16(from.length === 4 ? 1 : 2),
    from,
    from,
    inner,
  ])
  return record(time, micros === null ? 16 : 17, subtype, body)
}

export function peerIndexTable(time: number, peers: readonly Session[]): Buffer {
  return record(
    time,
    13,
    1,
    Buffer.concat([
      u32(0xc0000201),
      u16(4),
      Buffer.from('view'),
      u16(peers.length),
      ...peers.map((peer) => {
        const at = address(peer.address)
        return Buffer.concat([Buffer.from([at.length === 16 ? 3 : 2]), u32(1), at, u32(peer.asn)])
      }),
    ]),
  )
}

export interface Entry {
  readonly peer: number
  readonly originated: number
  readonly attributes: readonly Uint8Array[]
  readonly pathId?: number
}

/** A RIB record of TABLE_DUMP_V2; add-path where the entries have a path identifier. */
export function rib(time: number, sequence: number, of: string, entries: readonly Entry[]): Buffer {
  const isIpv6 = of.includes(':')
  const isAddPath = entries.some((each) => each.pathId !== undefined)
  return record(
    time,
    13,
    (isIpv6 ? 4 : 2) + (isAddPath ? 6 : 0),
    Buffer.concat([
      u32(sequence),
      prefix(of),
      u16(entries.length),
      ...entries.map(({ peer, originated, attributes, pathId }) => {
        const about = Buffer.concat(attributes)
        return Buffer.concat([
          u16(peer),
          u32(originated),
          ...(isAddPath ? [u32(pathId ?? 0)] : []),
          u16(about.length),
          about,
        ])
      }),
    ]),
  )
}

/** A TABLE_DUMP record; subtypes 3 and 4 where `width` is 4. */
export function tableDump(
  time: number,
  of: string,
  peer: Session,
  entry: Omit<Entry, 'peer'>,
  width: 2 | 4 = 2,
): Buffer {
  const words = emptyPrefix()
  if (!parsePrefix(of, words)) throw new Error(`no prefix: ${of}`)
  const about = Buffer.concat(entry.attributes)
  return record(
    time,
    12,
    (words.family === 4 ? 1 : 2) + (width === 4 ? 2 : 0),
    Buffer.concat([
      u16(0),
      u16(7),
      address(of.slice(0, of.indexOf('/'))),
      Buffer.from([words.length, 1]),
      u32(entry.originated),
      address(peer.address),
      asn(peer.asn, width),
      u16(about.length),
      about,
    ]),
  )
}

/** A record of the BGP type of 1999: UPDATE or, with two states, STATE_CHANGE. */
export function oldBgp(time: number, peer: Session, inner: Update | readonly [number, number]): Buffer {
  const head = [u16(peer.asn), address(peer.address)]
  return 'length' in inner
    ? record(time, 5, 3, Buffer.concat([...head, u16(inner[0]), u16(inner[1])]))
    : record(time, 5, 1, Buffer.concat([...head, u16(12_654), address('192.0.2.254'), updateBody(inner)]))
}
