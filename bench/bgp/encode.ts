/**
 * BGP messages as the speaker sends them: RFC 4271, with 4-byte ASes (RFC 6793), IPv6 by RFC 4760, communities of RFC
 * 1997 and RFC 8092. Only what an honest router sends; broken messages are made elsewhere.
 */

/** One byte of length in bits, then as many bytes of the prefix as that takes (RFC 4271 §4.3). Bits past it are 0. */
export type Nlri = Uint8Array

export interface Attributes {
  /** The peer's own AS first; whoever originates, last. A set (RFC 4271 §5.1.2) may end it. */
  readonly path: readonly number[]
  readonly setAtEnd?: readonly number[]
  /** Each `asn * 65536 + value`. */
  readonly communities?: readonly number[]
  readonly largeCommunities?: readonly (readonly [number, number, number])[]
  readonly med?: number
  /** 0 IGP, 1 EGP, 2 incomplete. */
  readonly originCode?: 0 | 1 | 2
}

const MARKER_BYTES = 16
export const HEADER_BYTES = 19
/** RFC 4271 §4.1. */
const MESSAGE_BYTES = 4096

export const MESSAGE = { open: 1, update: 2, notification: 3, keepalive: 4 } as const

type MessageType = (typeof MESSAGE)[keyof typeof MESSAGE]

function message(type: MessageType, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  bytes.fill(0xff, 0, MARKER_BYTES)
  bytes[16] = bytes.length >>> 8
  bytes[17] = bytes.length & 0xff
  bytes[18] = type
  bytes.set(body, HEADER_BYTES)
  return bytes
}

function u16(value: number): number[] {
  return [(value >>> 8) & 0xff, value & 0xff]
}

function u32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}

/**
 * Capabilities: IPv4 and IPv6 unicast, 4-byte AS. No graceful restart, so that a daemon drops the routes of a session that
 * ends at once; End-of-RIB markers may be sent all the same.
 *
 * @param routerId 32 bits, unsigned, not 0.
 */
export function encodeOpen(asn: number, routerId: number, holdSeconds: number): Uint8Array {
  const capabilities = [1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1, 65, 4, ...u32(asn)]
  const as2 = asn > 0xffff ? 23_456 : asn
  return message(
    MESSAGE.open,
    Uint8Array.from([
      4,
      ...u16(as2),
      ...u16(holdSeconds),
      ...u32(routerId),
      capabilities.length + 2,
      2,
      capabilities.length,
      ...capabilities,
    ]),
  )
}

export function encodeKeepalive(): Uint8Array {
  return message(MESSAGE.keepalive, new Uint8Array(0))
}

/** Codes of RFC 4271 §4.5: (6, 2) is Cease, Administrative Shutdown (RFC 4486). */
export function encodeNotification(code: number, subcode: number): Uint8Array {
  return message(MESSAGE.notification, Uint8Array.of(code, subcode))
}

/** Where attributes are put together, one set at a time: a big world has millions of them. */
const scratch = Buffer.alloc(MESSAGE_BYTES)
let end = 0

/** Head of an attribute of `length` bytes (RFC 4271 §4.3). */
function begin(flags: number, type: number, length: number): void {
  const long = length > 255
  scratch[end++] = long ? flags | 0x10 : flags
  scratch[end++] = type
  if (long) scratch[end++] = length >>> 8
  scratch[end++] = length & 0xff
}

function put32(value: number): void {
  end = scratch.writeUInt32BE(value, end)
}

/** ORIGIN, AS_PATH, then for IPv4 NEXT_HOP, MED, communities: in order of their type code, without MP_REACH. */
export function encodeAttributes(attributes: Attributes, nextHop4: readonly number[] | null): Uint8Array {
  const { path, setAtEnd = [], communities = [], largeCommunities = [], med, originCode = 0 } = attributes
  end = 0
  begin(0x40, 1, 1)
  scratch[end++] = originCode
  const segments = [path, setAtEnd]
  begin(
    0x40,
    2,
    segments.reduce((sum, list) => sum + (list.length === 0 ? 0 : 2 + list.length * 4), 0),
  )
  for (const [n, list] of segments.entries()) {
    if (list.length === 0) continue
    scratch[end++] = n === 0 ? 2 : 1
    scratch[end++] = list.length
    for (const asn of list) put32(asn)
  }
  if (nextHop4 !== null) {
    begin(0x40, 3, 4)
    for (const byte of nextHop4) scratch[end++] = byte
  }
  if (med !== undefined) {
    begin(0x80, 4, 4)
    put32(med)
  }
  if (communities.length > 0) {
    begin(0xc0, 8, communities.length * 4)
    for (const community of communities) put32(community)
  }
  if (largeCommunities.length > 0) {
    begin(0xc0, 32, largeCommunities.length * 12)
    for (const community of largeCommunities) for (const part of community) put32(part)
  }
  return Uint8Array.from(scratch.subarray(0, end))
}

/** Cuts prefixes into runs that take at most `room` bytes each, and makes a message of each run. */
function packed(prefixes: readonly Nlri[], room: number, make: (run: Uint8Array) => Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = []
  let from = 0
  while (from < prefixes.length) {
    let bytes = 0
    let until = from
    while (until < prefixes.length && bytes + prefixes[until]!.length <= room) bytes += prefixes[until++]!.length
    if (until === from) throw new RangeError(`attributes leave ${room} bytes, which no prefix fits into`)
    const run = new Uint8Array(bytes)
    let at = 0
    for (; from < until; from += 1) {
      run.set(prefixes[from]!, at)
      at += prefixes[from]!.length
    }
    messages.push(make(run))
  }
  return messages
}

/** As many prefixes a message as fit. @param attributes as `encodeAttributes` gives them, NEXT_HOP included. */
export function encodeAnnouncements4(attributes: Uint8Array, prefixes: readonly Nlri[]): Uint8Array[] {
  const room = MESSAGE_BYTES - HEADER_BYTES - 4 - attributes.length
  return packed(prefixes, room, (run) => {
    const body = new Uint8Array(4 + attributes.length + run.length)
    body[2] = attributes.length >>> 8
    body[3] = attributes.length & 0xff
    body.set(attributes, 4)
    body.set(run, 4 + attributes.length)
    return message(MESSAGE.update, body)
  })
}

/** @param attributes without NEXT_HOP: MP_REACH_NLRI has its own. @param nextHop6 16 bytes. */
export function encodeAnnouncements6(
  attributes: Uint8Array,
  nextHop6: Uint8Array,
  prefixes: readonly Nlri[],
): Uint8Array[] {
  const room = MESSAGE_BYTES - HEADER_BYTES - 4 - attributes.length - 4 - 5 - nextHop6.length
  return packed(prefixes, room, (run) => {
    const value = 5 + nextHop6.length + run.length
    const length = attributes.length + 4 + value
    const body = new Uint8Array(4 + length)
    body.set([length >>> 8, length & 0xff], 2)
    body.set(attributes, 4)
    let at = 4 + attributes.length
    body.set([0x90, 14, value >>> 8, value & 0xff, 0, 2, 1, nextHop6.length], at)
    at += 8
    body.set(nextHop6, at)
    at += nextHop6.length
    body[at] = 0
    body.set(run, at + 1)
    return message(MESSAGE.update, body)
  })
}

export function encodeWithdrawals4(prefixes: readonly Nlri[]): Uint8Array[] {
  return packed(prefixes, MESSAGE_BYTES - HEADER_BYTES - 4, (run) => {
    const body = new Uint8Array(4 + run.length)
    body[0] = run.length >>> 8
    body[1] = run.length & 0xff
    body.set(run, 2)
    return message(MESSAGE.update, body)
  })
}

export function encodeWithdrawals6(prefixes: readonly Nlri[]): Uint8Array[] {
  return packed(prefixes, MESSAGE_BYTES - HEADER_BYTES - 4 - 7, (run) => {
    const value = 3 + run.length
    const length = 4 + value
    const body = new Uint8Array(4 + length)
    body.set([length >>> 8, length & 0xff, 0x90, 15, value >>> 8, value & 0xff, 0, 2, 1], 2)
    body.set(run, 11)
    return message(MESSAGE.update, body)
  })
}

/** End-of-RIB (RFC 4724 §2): an UPDATE of nothing; for IPv6, an MP_UNREACH_NLRI of nothing. */
export function encodeEndOfRib(family: 4 | 6): Uint8Array {
  if (family === 4) return message(MESSAGE.update, new Uint8Array(4))
  return message(MESSAGE.update, Uint8Array.of(0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1))
}

/** `203.0.113.0/24`, `2001:db8::/32`. For tests and small worlds; big ones make their bytes themselves. */
export function nlri(text: string): Nlri {
  const [address = '', bits = ''] = text.split('/')
  const length = Number(bits)
  const bytes = address.includes(':') ? bytesOf6(address) : Uint8Array.from(address.split('.').map(Number))
  const kept = Math.ceil(length / 8)
  const out = new Uint8Array(1 + kept)
  out[0] = length
  out.set(bytes.subarray(0, kept), 1)
  if (length % 8 !== 0) out[kept] = out[kept]! & (0xff << (8 - (length % 8)))
  return out
}

/** 16 bytes of an IPv6 address; no dotted tail. */
export function bytesOf6(address: string): Uint8Array {
  const [head = '', tail] = address.split('::')
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16))
  const before = words(head)
  const after = tail === undefined ? [] : words(tail)
  const middle = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return Uint8Array.from([...before, ...middle, ...after].flatMap(u16))
}
