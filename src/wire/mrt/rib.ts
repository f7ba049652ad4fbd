import { readPrefix } from '../bgp/prefixes.ts'
import type { BrokenReason } from '../broken.ts'
import { readU16, readU32 } from '../bytes.ts'
import type { RouteSink } from '../route-sink.ts'
import type { MrtState } from './state.ts'

/** Bits of a peer's type, RFC 6396 §4.3.1. */
const PEER_IS_IPV6 = 1
const PEER_IS_AS4 = 2

/** PEER_INDEX_TABLE, RFC 6396 §4.3.1. One that is broken leaves no table in force: its peers would be the wrong ones. */
export function decodePeerIndexTable(
  bytes: Uint8Array,
  from: number,
  to: number,
  state: MrtState,
  sink: RouteSink,
): BrokenReason | null {
  state.hasPeerTable = false
  state.peerCount = 0
  if (from + 8 > to) return 'peer-index-table'
  let at = from + 6 + readU16(bytes, from + 4)
  if (at + 2 > to) return 'peer-index-table'
  const count = readU16(bytes, at)
  at += 2
  // A peer takes 11 bytes or more: a count that cannot be is not believed before memory is set aside for it.
  if (at + count * 11 > to) return 'peer-index-table'
  if (state.peerNumbers.length < count) {
    state.peerNumbers = new Int32Array(count)
    state.peerAsns = new Uint32Array(count)
    state.peerFamilies = new Uint8Array(count)
    state.peerWords = new Uint32Array(count * 4)
  }
  const { peerAsns, peerFamilies, peerWords } = state
  for (let index = 0; index < count; index += 1) {
    if (at + 5 > to) return 'peer-index-table'
    const type = bytes[at]!
    const isIpv6 = (type & PEER_IS_IPV6) !== 0
    const isAs4 = (type & PEER_IS_AS4) !== 0
    at += 5
    const behind = at + (isIpv6 ? 16 : 4) + (isAs4 ? 4 : 2)
    if (behind > to) return 'peer-index-table'
    peerFamilies[index] = isIpv6 ? 6 : 4
    for (let word = 0; word < 4; word += 1)
      peerWords[index * 4 + word] = isIpv6 || word === 0 ? readU32(bytes, at + word * 4) : 0
    at += isIpv6 ? 16 : 4
    peerAsns[index] = isAs4 ? readU32(bytes, at) : readU16(bytes, at)
    at = behind
  }
  state.ribRecord(sink, state.route.time, true)
  state.peerCount = count
  state.numberPeers(sink)
  state.hasPeerTable = true
  return null
}

/**
 * AFI/SAFI-specific RIB, RFC 6396 §4.3.2, with RFC 8050 §4.1 where `hasPathIds`. Entries before one that is broken stand:
 * each is a whole route of another peer; what follows it is lost.
 */
export function decodeRib(
  bytes: Uint8Array,
  from: number,
  to: number,
  family: 4 | 6,
  hasPathIds: boolean,
  state: MrtState,
  sink: RouteSink,
): BrokenReason | null {
  if (from + 7 > to) return 'record-too-short'
  const length = bytes[from + 4]!
  if (length > (family === 4 ? 32 : 128)) return 'prefix-length'
  let at = from + 5 + ((length + 7) >>> 3)
  if (at + 2 > to) return 'prefix-overrun'
  if (!state.hasPeerTable) return 'peer-index-missing'
  const { route, attributes, counts, peerNumbers, peerAsns, peerCount } = state
  route.family = family
  route.word1 = 0
  route.word2 = 0
  route.word3 = 0
  route.pathId = 0
  state.prefixAt = from + 5
  readPrefix(bytes, from + 5, family, length, route)
  state.width = 4
  state.ribRecord(sink, route.time, false)
  const count = readU16(bytes, at)
  at += 2
  const fixed = hasPathIds ? 12 : 8
  let fault: BrokenReason | null = null
  for (let index = 0; index < count; index += 1) {
    if (at + fixed > to) return 'entry-overrun'
    const peer = readU16(bytes, at)
    if (peer >= peerCount) return 'peer-index-missing'
    route.since = readU32(bytes, at + 2)
    if (hasPathIds) route.pathId = readU32(bytes, at + 6)
    const attributesAt = at + fixed
    at = attributesAt + readU16(bytes, attributesAt - 2)
    if (at > to) return 'entry-overrun'
    const broken = attributes.locate(bytes, attributesAt, at)
    if (broken !== null) return broken
    if (!state.digestPath(bytes, peerAsns[peer]!)) {
      if (!state.forPrinting) return 'as-path'
      fault = 'as-path'
    }
    state.peerIndex = peer
    route.peer = peerNumbers[peer]!
    counts.entries += 1
    sink.entry(route)
  }
  return fault
}

/** TABLE_DUMP, RFC 6396 §4.2: one prefix of one peer. Subtypes 3 and 4 are bgpdump's, with AS numbers of 4 bytes. */
export function decodeTableDump(
  bytes: Uint8Array,
  from: number,
  to: number,
  state: MrtState,
  sink: RouteSink,
): BrokenReason | null {
  const { route, key } = state
  const family = state.subtype === 1 || state.subtype === 3 ? 4 : 6
  const width = state.subtype >= 3 ? 4 : 2
  const size = family === 4 ? 4 : 16
  // View and sequence, prefix, length, status, originated, peer's address and AS, length of the attributes.
  const attributesAt = from + 4 + size + 6 + size + width + 2
  if (attributesAt > to) return 'record-too-short'
  let at = from + 4
  const length = bytes[at + size]!
  if (length > size * 8) return 'prefix-length'
  route.family = family
  route.word1 = 0
  route.word2 = 0
  route.word3 = 0
  route.pathId = 0
  state.prefixAt = at
  readPrefix(bytes, at, family, length, route)
  at += size + 2
  route.since = readU32(bytes, at)
  at += 4
  key.family = family
  key.word0 = readU32(bytes, at)
  key.word1 = family === 6 ? readU32(bytes, at + 4) : 0
  key.word2 = family === 6 ? readU32(bytes, at + 8) : 0
  key.word3 = family === 6 ? readU32(bytes, at + 12) : 0
  at += size
  key.asn = width === 4 ? readU32(bytes, at) : readU16(bytes, at)
  const end = attributesAt + readU16(bytes, attributesAt - 2)
  if (end > to) return 'attributes-overrun'
  state.width = width
  const broken = state.attributes.locate(bytes, attributesAt, end)
  if (broken !== null) return broken
  const isSound = state.digestPath(bytes, key.asn)
  if (!isSound && !state.forPrinting) return 'as-path'
  state.ribRecord(sink, route.time, true)
  route.peer = state.peerOf(sink)
  state.counts.entries += 1
  sink.entry(route)
  return isSound ? null : 'as-path'
}
