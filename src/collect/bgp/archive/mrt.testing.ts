/** A peer of a collector of ours. IPv4 sessions only; they carry both families. */
export interface WrittenPeer {
  /** `192.0.2.1` */
  readonly address: string
  readonly asn: number
}

/** A route as it is written: `203.0.113.0/24` or `2001:db8::/32`. */
export interface WrittenRoute {
  readonly prefix: string
  /** From the peer to the origin. */
  readonly path: readonly number[]
}

const u16 = (value: number): number[] => [(value >>> 8) & 255, value & 255]
const u32 = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

/** Address bytes of text; IPv6 in any form without an embedded IPv4 address. */
function addressOf(text: string): number[] {
  if (!text.includes(':')) return text.split('.').map(Number)
  const [head = '', tail] = text.split('::')
  const words = (part: string): number[] => (part === '' ? [] : part.split(':').map((each) => parseInt(each, 16)))
  const before = words(head)
  const after = tail === undefined ? [] : words(tail)
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return all.flatMap(u16)
}

/** Length and as many bytes as it needs: RFC 4271 §4.3. */
function nlri(prefix: string): number[] {
  const [address = '', length = '0'] = prefix.split('/')
  return [Number(length), ...addressOf(address).slice(0, Math.ceil(Number(length) / 8))]
}

function attribute(type: number, body: readonly number[], flags = 0x40): number[] {
  return body.length > 255 ? [flags | 0x10, type, ...u16(body.length), ...body] : [flags, type, body.length, ...body]
}

const isSix = (prefix: string): boolean => prefix.includes(':')

function pathAttributes(path: readonly number[]): number[] {
  return [...attribute(1, [0]), ...attribute(2, path.length === 0 ? [] : [2, path.length, ...path.flatMap(u32)])]
}

/** A record with its header: RFC 6396 §2. */
export function record(time: number, type: number, subtype: number, body: readonly number[]): Uint8Array {
  return Uint8Array.from([...u32(time), ...u16(type), ...u16(subtype), ...u32(body.length), ...body])
}

/** TABLE_DUMP_V2 (RFC 6396 §4.3): the table of peers, and one record a prefix. `routes[i]` are those of peer `i`. */
export function writeRib(
  time: number,
  peers: readonly WrittenPeer[],
  routes: readonly (readonly WrittenRoute[])[],
): Uint8Array {
  const table = peers.flatMap(({ address, asn }) => [2, ...addressOf(address), ...addressOf(address), ...u32(asn)])
  const records = [record(time, 13, 1, [192, 0, 2, 254, ...u16(0), ...u16(peers.length), ...table])]
  const prefixes = [...new Set(routes.flatMap((list) => list.map(({ prefix }) => prefix)))].sort()
  for (const [sequence, prefix] of prefixes.entries()) {
    const entries = routes.flatMap((list, peer) =>
      list.filter((each) => each.prefix === prefix).map(({ path }) => ({ peer, path })),
    )
    const body = entries.flatMap(({ peer, path }) => {
      const next = isSix(prefix) ? attribute(14, [16, ...addressOf('2001:db8::1')]) : attribute(3, [192, 0, 2, 1])
      const attributes = [...pathAttributes(path), ...next]
      return [...u16(peer), ...u32(time - 86_400), ...u16(attributes.length), ...attributes]
    })
    const subtype = isSix(prefix) ? 4 : 2
    records.push(record(time, 13, subtype, [...u32(sequence), ...nlri(prefix), ...u16(entries.length), ...body]))
  }
  return join(records)
}

/** One BGP4MP_MESSAGE_AS4 with an UPDATE: one route announced, or one prefix withdrawn. */
export function writeUpdate(
  time: number,
  peer: WrittenPeer,
  change: { readonly announce: WrittenRoute } | { readonly withdraw: string },
): Uint8Array {
  let withdrawn: number[] = []
  let attributes: number[] = []
  let announced: number[] = []
  if ('withdraw' in change) {
    if (isSix(change.withdraw)) attributes = attribute(15, [0, 2, 1, ...nlri(change.withdraw)], 0x80)
    else withdrawn = nlri(change.withdraw)
  } else {
    const { prefix, path } = change.announce
    const reach = [0, 2, 1, 16, ...addressOf('2001:db8::1'), 0, ...nlri(prefix)]
    attributes = [
      ...pathAttributes(path),
      ...(isSix(prefix) ? attribute(14, reach, 0x80) : attribute(3, [192, 0, 2, 1])),
    ]
    if (!isSix(prefix)) announced = nlri(prefix)
  }
  const update = [...u16(withdrawn.length), ...withdrawn, ...u16(attributes.length), ...attributes, ...announced]
  const message = [...Array<number>(16).fill(255), ...u16(19 + update.length), 2, ...update]
  return record(time, 16, 4, [...session(peer), ...message])
}

/** BGP4MP_STATE_CHANGE_AS4. */
export function writeState(time: number, peer: WrittenPeer, from: number, to: number): Uint8Array {
  return record(time, 16, 5, [...session(peer), ...u16(from), ...u16(to)])
}

/** BGP4MP_MESSAGE_AS4 with a KEEPALIVE: the session says that it is there. */
export function writeKeepalive(time: number, peer: WrittenPeer): Uint8Array {
  return record(time, 16, 4, [...session(peer), ...Array<number>(16).fill(255), ...u16(19), 4])
}

function session({ address, asn }: WrittenPeer): number[] {
  return [...u32(asn), ...u32(12_654), ...u16(0), ...u16(1), ...addressOf(address), 192, 0, 2, 254]
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
