import { decodeUpdate } from '../bgp/update.ts'
import type { BrokenReason } from '../broken.ts'
import { readU16, readU32 } from '../bytes.ts'
import type { PeerKey, RouteSink, SessionState } from '../route-sink.ts'
import type { MrtState } from './state.ts'
import { BGP4MP, OLD_BGP } from './types.ts'

/** Types of BGP messages, RFC 4271 §4.1, and RFC 2918 the last. */
export const MESSAGE = { open: 1, update: 2, notification: 3, keepalive: 4, routeRefresh: 5 } as const

const BGP_HEADER = 19

/** Which AS width a BGP4MP record of this subtype has, whether it has path identifiers, and whether the collector sent it. */
const WIDTHS: readonly (2 | 4)[] = [2, 2, 2, 2, 4, 4, 2, 4, 2, 4, 2, 4]

export function hasPathIds(subtype: number): boolean {
  return subtype >= BGP4MP.messageAddPath
}

export function isLocal(subtype: number): boolean {
  return (
    subtype === BGP4MP.messageLocal ||
    subtype === BGP4MP.messageAs4Local ||
    subtype === BGP4MP.messageLocalAddPath ||
    subtype === BGP4MP.messageAs4LocalAddPath
  )
}

/** BGP4MP and, behind its microseconds, BGP4MP_ET: RFC 6396 §4.4 and §4.5, RFC 8050 §3. The peer goes to `state.key`. */
export function decodeBgp4mp(
  bytes: Uint8Array,
  from: number,
  to: number,
  state: MrtState,
  sink: RouteSink,
): BrokenReason | null {
  const { subtype, key, route, counts } = state
  const width = WIDTHS[subtype]!
  state.width = width
  // Both AS numbers, interface, address family.
  let at = from + width * 2 + 4
  const isStateChange = subtype === BGP4MP.stateChange || subtype === BGP4MP.stateChangeAs4
  if (at > to) return 'record-too-short'
  const afi = readU16(bytes, at - 2)
  // Zebra of 2001 and 2002 wrote state changes without any address. Nobody can say whose they are; bgpdump prints them.
  if (isStateChange && to - from === 8 && width === 2 && state.forPrinting) {
    clearAddress(key)
    key.asn = readU16(bytes, from)
    return decodeStateChange(bytes, from + 4, to, state, sink)
  }
  if (afi !== 1 && afi !== 2) return 'address-family'
  const size = afi === 1 ? 4 : 16
  if (at + size * 2 > to) return 'record-too-short'
  key.asn = width === 4 ? readU32(bytes, from) : readU16(bytes, from)
  key.family = afi === 1 ? 4 : 6
  key.word0 = readU32(bytes, at)
  key.word1 = afi === 2 ? readU32(bytes, at + 4) : 0
  key.word2 = afi === 2 ? readU32(bytes, at + 8) : 0
  key.word3 = afi === 2 ? readU32(bytes, at + 12) : 0
  at += size * 2
  if (isStateChange) return decodeStateChange(bytes, at, to, state, sink)

  if (at + BGP_HEADER > to) return 'record-too-short'
  for (let word = 0; word < 16; word += 4) if (readU32(bytes, at + word) !== 0xffffffff) return 'message-marker'
  const length = readU16(bytes, at + 16)
  if (length < BGP_HEADER || at + length > to) return 'message-length'
  state.messageAt = at
  state.messageEnd = at + length
  counts.messages += 1
  const isOwn = isLocal(subtype)
  if (isOwn) counts.localMessages += 1
  if (bytes[at + 18] !== MESSAGE.update || (isOwn && !state.forPrinting)) return null
  route.peer = state.peerOf(sink)
  return decodeUpdate(bytes, at + BGP_HEADER, at + length, state, sink, key.asn, hasPathIds(subtype))
}

/** The BGP type of 1999 and 2000, RFC 6396 appendix B.2: IPv4 only, AS numbers of 2 bytes, an UPDATE without its header. */
export function decodeOldBgp(
  bytes: Uint8Array,
  from: number,
  to: number,
  state: MrtState,
  sink: RouteSink,
): BrokenReason | null {
  const { subtype, key, route, counts } = state
  if (from + 6 > to) return 'record-too-short'
  state.width = 2
  clearAddress(key)
  key.asn = readU16(bytes, from)
  key.word0 = readU32(bytes, from + 2)
  if (subtype === OLD_BGP.stateChange) return decodeStateChange(bytes, from + 6, to, state, sink)
  if (from + 12 > to) return 'record-too-short'
  state.messageAt = from + 12
  state.messageEnd = to
  counts.messages += 1
  route.peer = state.peerOf(sink)
  return decodeUpdate(bytes, from + 12, to, state, sink, key.asn, false)
}

function decodeStateChange(
  bytes: Uint8Array,
  at: number,
  to: number,
  state: MrtState,
  sink: RouteSink,
): BrokenReason | null {
  if (at + 4 > to) return 'record-too-short'
  state.stateFrom = readU16(bytes, at)
  state.stateTo = readU16(bytes, at + 2)
  const now = sessionState(state.stateTo)
  if (now === 0 && !state.forPrinting) return 'session-state'
  const { route, counts } = state
  counts.stateChanges += 1
  sink.state(route.time, route.micros, state.peerOf(sink), sessionState(state.stateFrom), now === 0 ? 1 : now)
  return now === 0 ? 'session-state' : null
}

function clearAddress(key: PeerKey): void {
  key.family = 4
  key.word0 = 0
  key.word1 = 0
  key.word2 = 0
  key.word3 = 0
}

/** Zebra and Quagga also have 7 Clearing and 8 Deleted: the session is gone, Idle to everybody else. */
function sessionState(number: number): SessionState | 0 {
  switch (number) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return number
    case 7:
    case 8:
      return 1
    default:
      return 0
  }
}
