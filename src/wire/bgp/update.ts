import type { BrokenReason } from '../broken.ts'
import { readU16, readU32 } from '../bytes.ts'
import type { MrtState } from '../mrt/state.ts'
import type { RouteSink } from '../route-sink.ts'
import { ATTRIBUTE } from './attributes.ts'
import { checkPrefixes, readPrefix, soundEnd } from './prefixes.ts'

const UNICAST = 1

/** Address family of an MP attribute, or null where we do not follow routes of its kind. */
function familyOf(state: MrtState, afi: number, safi: number): 4 | 6 | null {
  if (safi !== UNICAST && !(state.forPrinting && (safi === 2 || safi === 3))) return null
  return afi === 1 ? 4 : afi === 2 ? 6 : null
}

/**
 * Decodes the body of a BGP UPDATE (RFC 4271 §4.3, RFC 4760) in `bytes` from `from` to `to` and hands its routes to the
 * sink: withdrawn ones first, for a prefix that is both withdrawn and announced is announced (RFC 4271 §4.3). A message is
 * taken whole or not at all. `state.route` holds peer and time, `state.width` the width of AS numbers.
 */
export function decodeUpdate(
  bytes: Uint8Array,
  from: number,
  to: number,
  state: MrtState,
  sink: RouteSink,
  peerAsn: number,
  hasPathIds: boolean,
): BrokenReason | null {
  // Whoever looks at the attributes of a broken message must not see those of the last.
  state.attributes.clear()
  if (from + 4 > to) return 'withdrawn-overrun'
  const withdrawnAt = from + 2
  const withdrawnEnd = withdrawnAt + readU16(bytes, from)
  if (withdrawnEnd + 2 > to) return 'withdrawn-overrun'
  const attributesAt = withdrawnEnd + 2
  const attributesEnd = attributesAt + readU16(bytes, withdrawnEnd)
  if (attributesEnd > to) return 'attributes-overrun'
  const { attributes, route, counts } = state
  const broken = attributes.locate(bytes, attributesAt, attributesEnd)
  if (broken !== null) return broken

  let reachFamily: 4 | 6 | null = null
  let reachAt = 0
  let reachEnd = 0
  if (attributes.has(ATTRIBUTE.mpReach)) {
    const at = attributes.at[ATTRIBUTE.mpReach]!
    reachEnd = attributes.end[ATTRIBUTE.mpReach]!
    if (at + 5 > reachEnd) return 'mp-reach'
    reachFamily = familyOf(state, readU16(bytes, at), bytes[at + 2]!)
    // Behind the next hop stands an octet that once counted SNPAs and is reserved now.
    reachAt = at + 5 + bytes[at + 3]!
    if (reachAt > reachEnd) return 'mp-reach'
    if (reachFamily === null) counts.otherFamilies += 1
  }
  let unreachFamily: 4 | 6 | null = null
  let unreachAt = 0
  let unreachEnd = 0
  if (attributes.has(ATTRIBUTE.mpUnreach)) {
    const at = attributes.at[ATTRIBUTE.mpUnreach]!
    unreachEnd = attributes.end[ATTRIBUTE.mpUnreach]!
    unreachAt = at + 3
    if (unreachAt > unreachEnd) return 'mp-unreach'
    unreachFamily = familyOf(state, readU16(bytes, at), bytes[at + 2]!)
    if (unreachFamily === null) counts.otherFamilies += 1
  }
  let fault =
    checkPrefixes(bytes, withdrawnAt, withdrawnEnd, 4, hasPathIds) ??
    checkPrefixes(bytes, attributesEnd, to, 4, hasPathIds) ??
    (reachFamily === null ? null : checkPrefixes(bytes, reachAt, reachEnd, reachFamily, hasPathIds)) ??
    (unreachFamily === null ? null : checkPrefixes(bytes, unreachAt, unreachEnd, unreachFamily, hasPathIds))
  if ((attributesEnd < to || reachFamily !== null) && !state.digestPath(bytes, peerAsn)) fault ??= 'as-path'
  let plainEnd = withdrawnEnd
  let nlriEnd = to
  if (fault !== null) {
    if (!state.forPrinting) return fault
    plainEnd = soundEnd(bytes, withdrawnAt, withdrawnEnd, 4, hasPathIds)
    nlriEnd = soundEnd(bytes, attributesEnd, to, 4, hasPathIds)
    if (reachFamily !== null) reachEnd = soundEnd(bytes, reachAt, reachEnd, reachFamily, hasPathIds)
    if (unreachFamily !== null) unreachEnd = soundEnd(bytes, unreachAt, unreachEnd, unreachFamily, hasPathIds)
  }

  state.isMp = false
  state.safi = UNICAST
  withdrawAll(bytes, withdrawnAt, plainEnd, 4, hasPathIds, state, sink)
  if (unreachFamily !== null) {
    state.isMp = true
    state.safi = bytes[unreachAt - 1]!
    withdrawAll(bytes, unreachAt, unreachEnd, unreachFamily, hasPathIds, state, sink)
    state.isMp = false
    state.safi = UNICAST
  }
  announceAll(bytes, attributesEnd, nlriEnd, 4, hasPathIds, state, sink)
  if (reachFamily !== null) {
    state.isMp = true
    state.safi = bytes[attributes.at[ATTRIBUTE.mpReach]! + 2]!
    announceAll(bytes, reachAt, reachEnd, reachFamily, hasPathIds, state, sink)
  }
  if (fault !== null) return fault

  // RFC 4724 §2: nothing at all, or an MP_UNREACH that withdraws nothing and stands alone.
  if (withdrawnEnd === withdrawnAt && attributesEnd === to) {
    const isPlain = attributesEnd === attributesAt
    const isMp =
      attributes.count === 1 && unreachFamily !== null && unreachAt === unreachEnd && bytes[unreachAt - 1] === UNICAST
    if (isPlain || isMp) {
      counts.endOfRibs += 1
      sink.endOfRib(route.time, route.peer, isPlain ? 4 : unreachFamily!)
    }
  }
  return null
}

function withdrawAll(
  bytes: Uint8Array,
  from: number,
  to: number,
  family: 4 | 6,
  hasPathIds: boolean,
  state: MrtState,
  sink: RouteSink,
): void {
  const { route, counts } = state
  setFamily(state, family)
  let at = from
  while (at < to) {
    if (hasPathIds) {
      route.pathId = readU32(bytes, at)
      at += 4
    }
    state.prefixAt = at + 1
    at = readPrefix(bytes, at + 1, family, bytes[at]!, route)
    counts.withdrawals += 1
    sink.withdraw(route)
  }
}

function announceAll(
  bytes: Uint8Array,
  from: number,
  to: number,
  family: 4 | 6,
  hasPathIds: boolean,
  state: MrtState,
  sink: RouteSink,
): void {
  const { route, counts } = state
  setFamily(state, family)
  let at = from
  while (at < to) {
    if (hasPathIds) {
      route.pathId = readU32(bytes, at)
      at += 4
    }
    state.prefixAt = at + 1
    at = readPrefix(bytes, at + 1, family, bytes[at]!, route)
    counts.announcements += 1
    sink.announce(route)
  }
}

function setFamily(state: MrtState, family: 4 | 6): void {
  const { route } = state
  route.family = family
  route.pathId = 0
  route.word1 = 0
  route.word2 = 0
  route.word3 = 0
}
