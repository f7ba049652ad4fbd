import { ATTRIBUTE, type AttributeMap } from './attributes.ts'

/** Kinds of segments: RFC 4271 §4.3 and, of confederations, RFC 5065 §3. */
export const SEGMENT = { set: 1, sequence: 2, confedSequence: 3, confedSet: 4 } as const

export const AS_TRANS = 23_456

/** Takes a path segment by segment: `count` numbers of `width` bytes at `at`. */
export interface SegmentVisitor {
  segment(bytes: Uint8Array, type: number, at: number, count: number, width: 2 | 4): void
}

/** @returns whether the segments fill the attribute to its end (RFC 7606 §7.2), each with one AS or more, each of a known kind. */
function isPathSound(bytes: Uint8Array, from: number, end: number, width: 2 | 4): boolean {
  let at = from
  while (at < end) {
    if (at + 2 > end) return false
    const type = bytes[at]!
    const count = bytes[at + 1]!
    if (type < 1 || type > 4 || count === 0) return false
    at += 2 + count * width
  }
  return at === end
}

/** Length of a path as RFC 6793 §4.2.3 counts it: a set is one, confederations are nothing. */
function countHops(bytes: Uint8Array, from: number, end: number, width: 2 | 4): number {
  let hops = 0
  for (let at = from; at < end; at += 2 + bytes[at + 1]! * width) {
    if (bytes[at] === SEGMENT.sequence) hops += bytes[at + 1]!
    else if (bytes[at] === SEGMENT.set) hops += 1
  }
  return hops
}

/**
 * Hands the AS path of a message to `visitor`, merged per RFC 6793 §4.2.3 where it came over a session of 2-byte AS
 * numbers: AS4_PATH takes the place of the last hops, unless it is longer than AS_PATH, unsound, or AGGREGATOR and
 * AS4_AGGREGATOR disagree (then a router that does not know AS4_PATH has aggregated after it was made).
 *
 * @returns false where AS_PATH is unsound; nothing has been handed over then.
 */
export function visitPath(bytes: Uint8Array, attributes: AttributeMap, width: 2 | 4, visitor: SegmentVisitor): boolean {
  if (!attributes.has(ATTRIBUTE.asPath)) return true
  if (!isPathSound(bytes, attributes.at[ATTRIBUTE.asPath]!, attributes.end[ATTRIBUTE.asPath]!, width)) return false
  visitSegments(bytes, attributes, width, visitor)
  return true
}

/** As `visitPath`, of an AS_PATH that is there, and whose segments the caller knows to fill it. */
export function visitSegments(
  bytes: Uint8Array,
  attributes: AttributeMap,
  width: 2 | 4,
  visitor: SegmentVisitor,
): void {
  if (width === 2 && attributes.has(ATTRIBUTE.as4Path)) {
    visitMerged(bytes, attributes, visitor)
    return
  }
  const end = attributes.end[ATTRIBUTE.asPath]!
  for (let at = attributes.at[ATTRIBUTE.asPath]!; at < end; at += 2 + bytes[at + 1]! * width)
    visitor.segment(bytes, bytes[at]!, at + 2, bytes[at + 1]!, width)
}

function visitMerged(bytes: Uint8Array, attributes: AttributeMap, visitor: SegmentVisitor): void {
  const from = attributes.at[ATTRIBUTE.asPath]!
  const end = attributes.end[ATTRIBUTE.asPath]!
  const from4 = attributes.at[ATTRIBUTE.as4Path]!
  const end4 = attributes.end[ATTRIBUTE.as4Path]!
  const isSound4 = !isAggregatedByOld(bytes, attributes) && isPathSound(bytes, from4, end4, 4)
  const hops = countHops(bytes, from, end, 2)
  const hops4 = isSound4 ? countHops(bytes, from4, end4, 4) : 0
  const isMerged = hops4 > 0 && hops4 <= hops
  let left = isMerged ? hops - hops4 : hops
  for (let at = from; at < end; at += 2 + bytes[at + 1]! * 2) {
    const type = bytes[at]!
    let count = bytes[at + 1]!
    // A segment of a confederation stays where it leads or follows one that stays.
    if (type === SEGMENT.sequence || type === SEGMENT.set) {
      if (left === 0) break
      if (type === SEGMENT.sequence) count = Math.min(count, left)
      left -= type === SEGMENT.sequence ? count : 1
    }
    visitor.segment(bytes, type, at + 2, count, 2)
    if (count < bytes[at + 1]!) break
  }
  if (!isMerged) return
  for (let at = from4; at < end4; at += 2 + bytes[at + 1]! * 4)
    if (bytes[at] === SEGMENT.sequence || bytes[at] === SEGMENT.set)
      visitor.segment(bytes, bytes[at]!, at + 2, bytes[at + 1]!, 4)
}

function isAggregatedByOld(bytes: Uint8Array, attributes: AttributeMap): boolean {
  if (!attributes.has(ATTRIBUTE.aggregator) || !attributes.has(ATTRIBUTE.as4Aggregator)) return false
  const at = attributes.at[ATTRIBUTE.aggregator]!
  return attributes.end[ATTRIBUTE.aggregator]! - at === 6 && ((bytes[at]! << 8) | bytes[at + 1]!) !== AS_TRANS
}

/** Origin and hash of a path, of its segments as they come; RIS Live feeds the same sums from numbers. */
export class PathDigest implements SegmentVisitor {
  private state = 0
  private last = 0
  private isEmpty = true

  start(): void {
    this.state = 0x2545f491
    this.isEmpty = true
    this.last = 0
  }

  segment(bytes: Uint8Array, type: number, at: number, count: number, width: 2 | 4): void {
    if (type === SEGMENT.sequence) {
      let state = this.state
      let asn = 0
      const end = at + count * width
      if (width === 4)
        for (let here = at; here < end; here += 4) {
          asn = (bytes[here]! << 24) | (bytes[here + 1]! << 16) | (bytes[here + 2]! << 8) | bytes[here + 3]!
          state = mix(state, asn)
        }
      else
        for (let here = at; here < end; here += 2) {
          asn = (bytes[here]! << 8) | bytes[here + 1]!
          state = mix(state, asn)
        }
      this.state = state
      this.last = asn
      this.isEmpty = false
      return
    }
    if (type === SEGMENT.confedSequence) {
      this.state = mark(this.state, CONFED_SEQUENCE)
      for (let index = 0; index < count; index += 1)
        this.state = mix(this.state, readAsn(bytes, at + index * width, width))
      this.state = mark(this.state, CONFED_SEQUENCE)
      return
    }
    this.setBegins()
    for (let index = 0; index < count; index += 1) this.setMember(readAsn(bytes, at + index * width, width))
    this.setEnds(type === SEGMENT.confedSet)
  }

  /** One more AS of a sequence. */
  hop(asn: number): void {
    this.state = mix(this.state, asn)
    this.last = asn | 0
    this.isEmpty = false
  }

  private members = 0
  private sum = 0
  private sole = 0
  private isSole = true

  setBegins(): void {
    this.members = 0
    this.sum = 0
    this.isSole = true
  }

  setMember(asn: number): void {
    // A set has no order: equal sets must hash alike however they are written.
    this.sum = (this.sum + mix(0x3c6ef372, asn)) | 0
    if (this.members > 0 && this.sole !== (asn | 0)) this.isSole = false
    this.sole = asn | 0
    this.members += 1
  }

  setEnds(isConfed: boolean): void {
    if (this.members === 0) return
    this.state = mix(mark(this.state, isConfed ? CONFED_SET : SET), this.sum)
    if (isConfed) return
    this.last = this.isSole ? this.sole : 0
    this.isEmpty = false
  }

  /** See `RouteCursor.origin`. */
  origin(peerAsn: number): number {
    return this.isEmpty ? peerAsn : this.last >>> 0
  }

  /** See `RouteCursor.pathHash`. */
  hash(): number {
    let state = this.state
    state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
    state ^= state >>> 16
    return state === 0 ? 1 : state >>> 0
  }
}

const SET = 0x85ebca6b
const CONFED_SEQUENCE = 0xc2b2ae35
const CONFED_SET = 0x27d4eb2f

/** What no AS number does: a step of another multiplier says that something else than a hop of a sequence begins or ends. */
function mark(state: number, kind: number): number {
  const next = Math.imul(state ^ (state >>> 13) ^ 0x5bd1e995, kind)
  return next ^ (next >>> 16)
}

function mix(state: number, asn: number): number {
  const next = Math.imul(state ^ asn, 0x9e3779b1)
  return next ^ (next >>> 15)
}

/** Signed: `>>> 0` makes an AS number of it. */
export function readAsn(bytes: Uint8Array, at: number, width: 2 | 4): number {
  if (width === 2) return (bytes[at]! << 8) | bytes[at + 1]!
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}
