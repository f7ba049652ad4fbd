import { readU16, readU32 } from '../bytes.ts'
import { formatIpv4, formatIpv6 } from '../prefix.ts'
import { AS_TRANS } from './as-path.ts'
import { ATTRIBUTE, type AttributeMap } from './attributes.ts'

/** Values of located attributes, for printing. Where an attribute is missing or of a length that it cannot have: `null`. */

export interface Aggregator {
  readonly asn: number
  /** IPv4 address as a 32-bit word. */
  readonly address: number
}

function sized(attributes: AttributeMap, type: number, bytes: number): number {
  if (!attributes.has(type)) return -1
  const at = attributes.at[type]!
  return attributes.end[type]! - at === bytes ? at : -1
}

/** ORIGIN: 0 IGP, 1 EGP, 2 INCOMPLETE (RFC 4271 §5.1.1). */
export function originOf(bytes: Uint8Array, attributes: AttributeMap): number | null {
  const at = sized(attributes, ATTRIBUTE.origin, 1)
  return at < 0 ? null : bytes[at]!
}

/** An attribute of one 32-bit word, unsigned: MED, LOCAL_PREF, NEXT_HOP, ORIGINATOR_ID. */
export function wordOf(bytes: Uint8Array, attributes: AttributeMap, type: number): number | null {
  const at = sized(attributes, type, 4)
  return at < 0 ? null : readU32(bytes, at)
}

/**
 * AGGREGATOR, or AS4_AGGREGATOR in its place where it has the number that did not fit (RFC 6793 §4.2.3).
 *
 * @param width  of its AS number. Some write 4 bytes among paths of 2: `aggregatorWidth` goes by the length.
 */
export function aggregatorOf(bytes: Uint8Array, attributes: AttributeMap, width: 2 | 4): Aggregator | null {
  if (!attributes.has(ATTRIBUTE.aggregator)) return null
  const at = attributes.at[ATTRIBUTE.aggregator]!
  if (at + width + 4 > attributes.end[ATTRIBUTE.aggregator]!) return null
  const asn = width === 4 ? readU32(bytes, at) : readU16(bytes, at)
  if (width === 2 && asn === AS_TRANS) {
    const at4 = sized(attributes, ATTRIBUTE.as4Aggregator, 8)
    if (at4 >= 0) return { asn: readU32(bytes, at4), address: readU32(bytes, at4 + 4) }
  }
  return { asn, address: readU32(bytes, at + width) }
}

/** Width of the AS number in AGGREGATOR by its length; `null` where it has none that it can have. */
export function aggregatorWidth(attributes: AttributeMap): 2 | 4 | null {
  const length = attributes.end[ATTRIBUTE.aggregator]! - attributes.at[ATTRIBUTE.aggregator]!
  return length === 6 ? 2 : length === 8 ? 4 : null
}

/**
 * First next hop of MP_REACH_NLRI: an offset and its length, `null` where there is none. Entries of RIBs have the next hop
 * alone (RFC 6396 §4.3.4), though some write the whole attribute: an address family begins with 0 there, a length does not.
 */
export function mpNextHops(
  bytes: Uint8Array,
  attributes: AttributeMap,
  mayBeShort: boolean,
): { readonly at: number; readonly length: number } | null {
  if (!attributes.has(ATTRIBUTE.mpReach)) return null
  const at = attributes.at[ATTRIBUTE.mpReach]!
  const end = attributes.end[ATTRIBUTE.mpReach]!
  const lengthAt = mayBeShort && at < end && bytes[at] !== 0 ? at : at + 3
  if (lengthAt >= end) return null
  const length = bytes[lengthAt]!
  return lengthAt + 1 + length > end ? null : { at: lengthAt + 1, length }
}

/** 16 bytes as an IPv6 address. */
export function ipv6At(bytes: Uint8Array, at: number): string {
  return formatIpv6(readU32(bytes, at), readU32(bytes, at + 4), readU32(bytes, at + 8), readU32(bytes, at + 12))
}

/** Four bytes as an IPv4 address. */
export function ipv4At(bytes: Uint8Array, at: number): string {
  return formatIpv4(readU32(bytes, at))
}
