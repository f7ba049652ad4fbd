import type { BrokenReason } from '../broken.ts'
import { readU16, readU32 } from '../bytes.ts'
import type { RouteSink } from '../route-sink.ts'
import { decodeBgp4mp, decodeOldBgp } from './message.ts'
import { decodePeerIndexTable, decodeRib, decodeTableDump } from './rib.ts'
import type { MrtState } from './state.ts'
import { BGP4MP, OLD_BGP, RIB, TYPE } from './types.ts'

/** Time, type, subtype and length: RFC 6396 §2. */
export const MRT_HEADER = 12

/** Bytes that `isPlausible` wants to see. */
export const PEEK = MRT_HEADER + 8

/** Farthest that a record's time may be from that of the last good one when a header is searched for, seconds. */
const NEAR = 86_400

/**
 * Decodes the whole records in `bytes` from `from` on whose header time is before `untilTime` (UTC seconds; `Infinity`:
 * all), and hands their routes to the sink. Stops at the first record that is later or not whole. Records that are broken
 * are counted and passed over.
 *
 * @returns offset of the first byte that was not decoded: the beginning of a record, or what is left of it.
 */
export function scanMrt(bytes: Uint8Array, from: number, untilTime: number, sink: RouteSink, state: MrtState): number {
  return scanRecords(bytes, from, bytes.length, untilTime, sink, state, 0)
}

/** Records in one go. V8 compiles what is called often; one call for a gigabyte would run half of it before that is in use. */
const AT_ONCE = 1024

/** As `scanMrt`, up to `to`; `base` is the offset in the file of `bytes[0]`, for who is told of broken records. */
export function scanRecords(
  given: Uint8Array,
  from: number,
  to: number,
  untilTime: number,
  sink: RouteSink,
  state: MrtState,
  base: number,
): number {
  // One kind of array only, and V8 reads it twice as fast: a Buffer is another kind than what it is made of.
  const bytes =
    given.constructor === Uint8Array ? given : new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
  state.use(sink)
  state.bytes = bytes
  let at = from
  for (;;) {
    const before = state.counts.records
    at = scanSome(bytes, at, to, untilTime, sink, state, base)
    if (state.counts.records - before < AT_ONCE) return at
  }
}

function scanSome(
  bytes: Uint8Array,
  from: number,
  to: number,
  untilTime: number,
  sink: RouteSink,
  state: MrtState,
  base: number,
): number {
  const { counts, route, maxRecordBytes } = state
  const last = counts.records + AT_ONCE
  let at = from
  while (counts.records < last) {
    if (state.isSearching) {
      const next = findHeader(bytes, at, to, state)
      lose(bytes, at, next, base, state)
      at = next
      if (at + PEEK > to) break
      state.isSearching = false
    }
    if (at + MRT_HEADER > to) break
    const length = readU32(bytes, at + 8)
    if (length + MRT_HEADER > maxRecordBytes) {
      counts.records += 1
      counts.countBroken('record-too-long')
      state.isSearching = true
      lose(bytes, at, at + 1, base, state)
      at += 1
      continue
    }
    const end = at + MRT_HEADER + length
    if (end > to) break
    const time = readU32(bytes, at)
    if (time >= untilTime) break
    route.time = time
    route.since = time
    route.micros = 0
    state.recordAt = at + MRT_HEADER
    state.recordEnd = end
    state.wasSkipped = false
    state.messageAt = end
    state.messageEnd = end
    state.type = readU16(bytes, at + 4)
    state.subtype = readU16(bytes, at + 6)
    counts.records += 1
    if (counts.firstTime !== counts.firstTime) counts.firstTime = time
    counts.lastTime = time
    counts.bytes += end - at
    counts.countType(state.type, state.subtype)
    const broken = decodeBody(bytes, at + MRT_HEADER, end, state, sink)
    if (broken !== null) {
      counts.countBroken(broken)
      if (state.onBroken !== null) state.onBroken(bytes.subarray(at, end), broken, base + at)
    }
    if (state.onRecord !== null) state.onRecord(broken)
    at = end
  }
  return at
}

/** Bytes that belong to no record; a stretch of them may come in pieces, for it may be as long as the file. */
function lose(bytes: Uint8Array, from: number, to: number, base: number, state: MrtState): void {
  if (from >= to) return
  state.counts.bytes += to - from
  state.counts.lostBytes += to - from
  if (state.onBroken !== null) state.onBroken(bytes.subarray(from, to), 'record-too-long', base + from)
}

function decodeBody(
  bytes: Uint8Array,
  from: number,
  to: number,
  state: MrtState,
  sink: RouteSink,
): BrokenReason | null {
  const { type, subtype } = state
  if (type === TYPE.tableDumpV2)
    switch (subtype) {
      case RIB.ipv4Unicast:
        return decodeRib(bytes, from, to, 4, false, state, sink)
      case RIB.ipv6Unicast:
        return decodeRib(bytes, from, to, 6, false, state, sink)
      case RIB.ipv4UnicastAddPath:
        return decodeRib(bytes, from, to, 4, true, state, sink)
      case RIB.ipv6UnicastAddPath:
        return decodeRib(bytes, from, to, 6, true, state, sink)
      case RIB.peerIndexTable:
        return decodePeerIndexTable(bytes, from, to, state, sink)
      default:
    }
  else if (type === TYPE.bgp4mp) {
    if (isFollowed(subtype)) return decodeBgp4mp(bytes, from, to, state, sink)
  } else if (type === TYPE.bgp4mpEt) {
    if (isFollowed(subtype)) {
      if (from + 4 > to) return 'record-too-short'
      state.route.micros = readU32(bytes, from)
      return decodeBgp4mp(bytes, from + 4, to, state, sink)
    }
  } else if (type === TYPE.tableDump) {
    if (subtype >= 1 && subtype <= 4) return decodeTableDump(bytes, from, to, state, sink)
  } else if (type === TYPE.bgp && (subtype === OLD_BGP.update || subtype === OLD_BGP.stateChange))
    return decodeOldBgp(bytes, from, to, state, sink)
  state.wasSkipped = true
  state.counts.countSkipped(type, subtype)
  return null
}

/** ENTRY and SNAPSHOT are passed over, as by bgpdump: no archive of them is known. */
function isFollowed(subtype: number): boolean {
  return subtype <= BGP4MP.messageAs4LocalAddPath && subtype !== BGP4MP.entry && subtype !== BGP4MP.snapshot
}

/**
 * First offset from `at` on at which a record may begin; where there is none, the offset from which on too little is in
 * hand to tell.
 */
function findHeader(bytes: Uint8Array, from: number, to: number, state: MrtState): number {
  for (let at = from; at + PEEK <= to; at += 1) if (isPlausible(bytes, at, state)) return at
  return Math.max(from, Math.min(to, to - PEEK + 1))
}

/** Whether what stands at `at` looks like a record that we decode: a known type, a length, a time near the last, and what comes first in it. */
function isPlausible(bytes: Uint8Array, at: number, state: MrtState): boolean {
  // The high bytes of the type are 0, and a length below 16 MiB begins with 0: looked at first, for this runs byte by byte.
  if (bytes[at + 4] !== 0 || bytes[at + 6] !== 0 || bytes[at + 8] !== 0) return false
  const type = bytes[at + 5]!
  const subtype = bytes[at + 7]!
  const length = readU32(bytes, at + 8)
  if (length < 8 || length + MRT_HEADER > state.maxRecordBytes) return false
  const { lastTime } = state.counts
  if (lastTime === lastTime && Math.abs(readU32(bytes, at) - lastTime) > NEAR) return false
  const body = at + MRT_HEADER
  switch (type) {
    case TYPE.tableDumpV2:
      if (subtype === RIB.peerIndexTable) return true
      if (subtype === RIB.ipv4Unicast || subtype === RIB.ipv4UnicastAddPath) return bytes[body + 4]! <= 32
      return (subtype === RIB.ipv6Unicast || subtype === RIB.ipv6UnicastAddPath) && bytes[body + 4]! <= 128
    case TYPE.bgp4mp: {
      if (!isFollowed(subtype)) return false
      const isAs4 = subtype === 4 || subtype === 5 || subtype === 7 || subtype === 9 || subtype === 11
      const afi = isAs4 ? -1 : readU16(bytes, body + 6)
      return isAs4 || afi === 1 || afi === 2
    }
    case TYPE.bgp4mpEt:
      return isFollowed(subtype) && readU32(bytes, body) < 1_000_000
    case TYPE.tableDump:
      return subtype >= 1 && subtype <= 4
    default:
      return false
  }
}
