import { readU16, readU32 } from '../bytes.ts'
import { formatIpv4 } from '../prefix.ts'
import { readAsn, SEGMENT, visitPath, type SegmentVisitor } from './as-path.ts'
import { aggregatorOf, aggregatorWidth, ipv4At, ipv6At, mpNextHops, originOf, wordOf } from './attribute-values.ts'
import { ATTRIBUTE, type AttributeMap } from './attributes.ts'

/** A hop; a set of them; or a segment of a confederation. */
export type PathElement =
  | number
  | readonly number[]
  | { readonly confedSequence: readonly number[] }
  | { readonly confedSet: readonly number[] }

class PathList implements SegmentVisitor {
  elements: PathElement[] = []

  segment(bytes: Uint8Array, type: number, at: number, count: number, width: 2 | 4): void {
    const asns = Array.from({ length: count }, (_, index) => readAsn(bytes, at + index * width, width) >>> 0)
    if (type === SEGMENT.sequence) this.elements.push(...asns)
    else if (type === SEGMENT.set) this.elements.push(asns)
    else this.elements.push(type === SEGMENT.confedSet ? { confedSet: asns } : { confedSequence: asns })
  }
}

const ORIGINS = ['IGP', 'EGP', 'INCOMPLETE']

const AFI_NAMES: Readonly<Record<number, string>> = { 1: 'ipv4', 2: 'ipv6', 25: 'l2vpn', 16_388: 'bgp-ls' }
const SAFI_NAMES: Readonly<Record<number, string>> = {
  1: 'unicast',
  2: 'multicast',
  3: 'unicast+multicast',
  4: 'labeled-unicast',
  66: 'mdt',
  70: 'evpn',
  128: 'vpn',
  133: 'flowspec',
}

function hex(bytes: Uint8Array, at: number, end: number): string {
  let text = ''
  for (let index = at; index < end; index += 1) text += bytes[index]!.toString(16).padStart(2, '0')
  return text
}

/** 4-byte units as text; `null` where the length is no multiple of the unit. */
function each(
  attributes: AttributeMap,
  type: number,
  unit: number,
  text: (at: number) => string,
): readonly string[] | null {
  const at = attributes.at[type]!
  const count = (attributes.end[type]! - at) / unit
  if (!Number.isInteger(count)) return null
  return Array.from({ length: count }, (_, index) => text(at + index * unit))
}

/**
 * All located attributes as JSON has them, in the order of the wire. Numbers and addresses as people write them; an
 * attribute of a length that it cannot have as `{ malformed: hexadecimal }`; one that we do not know under `unknown`.
 *
 * @param inRib  RIBs may have the next hop of MP_REACH_NLRI alone.
 */
export function attributesJson(
  bytes: Uint8Array,
  attributes: AttributeMap,
  width: 2 | 4,
  inRib: boolean,
): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  const unknown: { type: number; flags: number; hex: string }[] = []
  for (let index = 0; index < attributes.count; index += 1) {
    const type = attributes.order[index]!
    const at = attributes.at[type]!
    const end = attributes.end[type]!
    const put = (name: string, value: unknown): void => {
      json[name] = value ?? { malformed: hex(bytes, at, end) }
    }
    switch (type) {
      case ATTRIBUTE.origin: {
        const origin = originOf(bytes, attributes)
        put('origin', origin === null ? null : (ORIGINS[origin] ?? origin))
        break
      }
      case ATTRIBUTE.asPath: {
        const path = new PathList()
        put('asPath', visitPath(bytes, attributes, width, path) ? path.elements : null)
        break
      }
      case ATTRIBUTE.nextHop:
        put('nextHop', word(wordOf(bytes, attributes, type)))
        break
      case ATTRIBUTE.med:
        put('med', wordOf(bytes, attributes, type))
        break
      case ATTRIBUTE.localPref:
        put('localPref', wordOf(bytes, attributes, type))
        break
      case ATTRIBUTE.atomicAggregate:
        put('atomicAggregate', end === at ? true : null)
        break
      case ATTRIBUTE.aggregator: {
        const asnWidth = aggregatorWidth(attributes)
        const by = asnWidth === null ? null : aggregatorOf(bytes, attributes, asnWidth)
        put('aggregator', by === null ? null : { asn: by.asn, address: formatIpv4(by.address) })
        break
      }
      case ATTRIBUTE.communities:
        put(
          'communities',
          each(attributes, type, 4, (at) => `${readU16(bytes, at)}:${readU16(bytes, at + 2)}`),
        )
        break
      case ATTRIBUTE.originatorId:
        put('originatorId', word(wordOf(bytes, attributes, type)))
        break
      case ATTRIBUTE.clusterList:
        put(
          'clusterList',
          each(attributes, type, 4, (at) => ipv4At(bytes, at)),
        )
        break
      case ATTRIBUTE.mpReach:
        put('mpReach', mpReachJson(bytes, attributes, inRib))
        break
      case ATTRIBUTE.mpUnreach:
        put('mpUnreach', at + 3 > end ? null : familyJson(bytes, at, at + 3, end))
        break
      case ATTRIBUTE.extendedCommunities:
        put(
          'extendedCommunities',
          each(attributes, type, 8, (at) => extendedCommunity(bytes, at)),
        )
        break
      case ATTRIBUTE.largeCommunities:
        put(
          'largeCommunities',
          each(
            attributes,
            type,
            12,
            (at) => `${readU32(bytes, at)}:${readU32(bytes, at + 4)}:${readU32(bytes, at + 8)}`,
          ),
        )
        break
      case ATTRIBUTE.as4Path:
        put('as4Path', as4PathJson(bytes, at, end))
        break
      case ATTRIBUTE.as4Aggregator:
        put('as4Aggregator', end - at === 8 ? { asn: readU32(bytes, at), address: ipv4At(bytes, at + 4) } : null)
        break
      default:
        unknown.push({ type, flags: attributes.flags[type]!, hex: hex(bytes, at, end) })
    }
  }
  if (unknown.length > 0) json.unknown = unknown
  return json
}

function word(value: number | null): string | null {
  return value === null ? null : formatIpv4(value)
}

/** AS4_PATH as it was sent; `asPath` holds what was made of both. */
function as4PathJson(bytes: Uint8Array, from: number, end: number): PathElement[] | null {
  const path = new PathList()
  for (let at = from; at < end; at += 2 + bytes[at + 1]! * 4) {
    if (at + 2 > end || at + 2 + bytes[at + 1]! * 4 > end || bytes[at]! < 1 || bytes[at]! > 4) return null
    path.segment(bytes, bytes[at]!, at + 2, bytes[at + 1]!, 4)
  }
  return path.elements
}

function familyJson(bytes: Uint8Array, at: number, nlriAt: number, end: number): Record<string, unknown> {
  const afi = readU16(bytes, at)
  const safi = bytes[at + 2]!
  const json: Record<string, unknown> = { afi: AFI_NAMES[afi] ?? afi, safi: SAFI_NAMES[safi] ?? safi }
  // Prefixes of IPv4 and IPv6 stand with the routes; what we do not follow stands here as it came.
  if ((afi !== 1 && afi !== 2) || safi > 3) json.nlri = hex(bytes, nlriAt, end)
  return json
}

function mpReachJson(bytes: Uint8Array, attributes: AttributeMap, inRib: boolean): Record<string, unknown> | null {
  const at = attributes.at[ATTRIBUTE.mpReach]!
  const end = attributes.end[ATTRIBUTE.mpReach]!
  const hops = mpNextHops(bytes, attributes, inRib)
  if (hops === null) return null
  const nextHops =
    hops.length === 4
      ? [ipv4At(bytes, hops.at)]
      : hops.length === 16
        ? [ipv6At(bytes, hops.at)]
        : hops.length === 32
          ? [ipv6At(bytes, hops.at), ipv6At(bytes, hops.at + 16)]
          : [hex(bytes, hops.at, hops.at + hops.length)]
  const isShort = hops.at === at + 1
  return isShort ? { nextHops } : { ...familyJson(bytes, at, Math.min(hops.at + hops.length + 1, end), end), nextHops }
}

/** Route target and site of origin in words (RFC 4360, RFC 5668); anything else in hexadecimal. */
function extendedCommunity(bytes: Uint8Array, at: number): string {
  const kind = bytes[at + 1] === 2 ? 'rt' : bytes[at + 1] === 3 ? 'soo' : null
  if (kind !== null && bytes[at] === 0) return `${kind}:${readU16(bytes, at + 2)}:${readU32(bytes, at + 4)}`
  if (kind !== null && bytes[at] === 1) return `${kind}:${ipv4At(bytes, at + 2)}:${readU16(bytes, at + 6)}`
  if (kind !== null && bytes[at] === 2) return `${kind}:${readU32(bytes, at + 2)}:${readU16(bytes, at + 6)}`
  return `0x${hex(bytes, at, at + 8)}`
}
