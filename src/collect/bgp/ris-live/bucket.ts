import type { RouteCursor, RouteSink, SessionState } from '../../../wire/route-sink.ts'
import { END_OF_RIB, FAMILY_6, HAS_PATH, HAS_PATH_ID, KIND_MASK, LENGTH_SHIFT, STATE, WITHDRAW } from './packing.ts'

/**
 * Messages of one second, packed into words: microseconds, peer, second of its time, number of words, then the words. `add`
 * copies them.
 */
export interface Bucket {
  /** @param second of the message's time where the bucket is not of one second alone; else 0. */
  add(micros: number, peer: number, words: Uint32Array, length: number, second: number): void
  /** Messages in it. */
  size(): number
  /** Hands them on in the order of their microseconds, of equals one. @returns how many were handed on. */
  replay(second: number, cursor: RouteCursor, into: RouteSink): number
  /** Hands them on as they came, each with its own second. @returns how many. */
  replayAsCome(cursor: RouteCursor, into: RouteSink): number
  /** Lets go of the messages; `has` alone may be asked from then on, of buckets that were replayed. */
  keepFingerprints(): void
  /** Whether a message of this second was replayed, as far as 32 bits can tell. */
  has(micros: number, peer: number, words: Uint32Array, length: number): boolean
  reset(): void
  /** Held now. */
  bytes(): number
}

const HEADER = 4
const FIRST_WORDS = 64
const FIRST_MESSAGES = 4

export function createBucket(): Bucket {
  let held = new Uint32Array(FIRST_WORDS)
  let used = 0
  let starts = new Uint32Array(FIRST_MESSAGES)
  let count = 0
  /** Open addressing: fingerprints, 0 for none. */
  let prints = new Uint32Array(0)
  /** Beside them, while the messages are here: where the message starts, plus one. */
  let owners = new Uint32Array(0)

  const equal = (a: number, b: number): boolean => {
    const words = HEADER + (held[a + 3] ?? 0)
    for (let i = 0; i < words; i++) if (held[a + i] !== held[b + i]) return false
    return true
  }

  /** @returns false when an equal message is noted already. */
  const note = (start: number): boolean => {
    const print = fingerprint(held, start + HEADER, held[start + 3]!, held[start]!, held[start + 1]!)
    const mask = prints.length - 1
    for (let slot = print & mask; ; slot = (slot + 1) & mask) {
      if (prints[slot] === 0) {
        prints[slot] = print
        owners[slot] = start + 1
        return true
      }
      if (prints[slot] === print && equal(owners[slot]! - 1, start)) return false
    }
  }

  return {
    add(micros, peer, words, length, second) {
      if (used + HEADER + length > held.length) {
        const longer = new Uint32Array(Math.max(held.length * 2, used + HEADER + length))
        longer.set(held.subarray(0, used))
        held = longer
      }
      if (count === starts.length) {
        const longer = new Uint32Array(count * 2)
        longer.set(starts)
        starts = longer
      }
      starts[count++] = used
      held[used] = micros
      held[used + 1] = peer
      held[used + 2] = second
      held[used + 3] = length
      used += HEADER
      for (let i = 0; i < length; i++) held[used + i] = words[i]!
      used += length
    },

    size: () => count,

    replay(second, cursor, into) {
      const order = starts.subarray(0, count)
      // Stable: of equal times the first to come goes first. Starts ascend as messages come.
      if (!isSorted(held, order)) order.sort((a, b) => held[a]! - held[b]! || a - b)
      const size = tableSize(count)
      prints = new Uint32Array(size)
      owners = new Uint32Array(size)
      let handed = 0
      for (let i = 0; i < count; i++) {
        const start = order[i]!
        if (!note(start)) continue
        handed += 1
        replayOne(held, start, second, cursor, into)
      }
      return handed
    },

    replayAsCome(cursor, into) {
      for (let i = 0; i < count; i++) replayOne(held, starts[i]!, held[starts[i]! + 2]!, cursor, into)
      return count
    },

    keepFingerprints() {
      held = new Uint32Array(0)
      starts = new Uint32Array(0)
      owners = new Uint32Array(0)
      used = 0
    },

    has(micros, peer, words, length) {
      if (prints.length === 0) return false
      const print = fingerprint(words, 0, length, micros, peer)
      const mask = prints.length - 1
      for (let slot = print & mask; prints[slot] !== 0; slot = (slot + 1) & mask) {
        if (prints[slot] === print) return true
      }
      return false
    },

    reset() {
      used = 0
      count = 0
      if (held.length <= FIRST_WORDS * 64) return
      held = new Uint32Array(FIRST_WORDS)
      starts = new Uint32Array(FIRST_MESSAGES)
    },

    bytes: () => 4 * (held.length + starts.length + prints.length + owners.length),
  }
}

function isSorted(held: Uint32Array, order: Uint32Array): boolean {
  for (let i = 1; i < order.length; i++) if (held[order[i]!]! < held[order[i - 1]!]!) return false
  return true
}

/** A power of two, never more than half full. */
function tableSize(count: number): number {
  let size = 8
  while (size < count * 2) size *= 2
  return size
}

/** Of a message: never 0. */
function fingerprint(words: Uint32Array, from: number, length: number, micros: number, peer: number): number {
  let hash = Math.imul(micros ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(peer + 1, 0xc2b2ae35)
  for (let i = from; i < from + length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x01000193)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0 || 1
}

function replayOne(held: Uint32Array, start: number, second: number, cursor: RouteCursor, into: RouteSink): void {
  const micros = held[start]!
  const peer = held[start + 1]!
  const end = start + HEADER + held[start + 3]!
  cursor.time = second
  cursor.since = second
  cursor.micros = micros
  cursor.peer = peer
  let origin = 0
  let hash = 0
  for (let at = start + HEADER; at < end;) {
    const tag = held[at++]!
    const kind = tag & KIND_MASK
    const family = (tag & FAMILY_6) === 0 ? 4 : 6
    if (kind === STATE) {
      const before = ((tag >>> LENGTH_SHIFT) & 255) as SessionState | 0
      into.state(second, micros, peer, before, (tag >>> (LENGTH_SHIFT + 8)) as SessionState)
      continue
    }
    if (kind === END_OF_RIB) {
      into.endOfRib(second, peer, family)
      continue
    }
    const length = tag >>> LENGTH_SHIFT
    cursor.family = family
    cursor.length = length
    cursor.pathId = (tag & HAS_PATH_ID) === 0 ? 0 : held[at++]!
    cursor.word0 = held[at++]!
    const is6 = family === 6
    cursor.word1 = is6 && length > 32 ? held[at++]! : 0
    cursor.word2 = is6 && length > 64 ? held[at++]! : 0
    cursor.word3 = is6 && length > 96 ? held[at++]! : 0
    if (kind === WITHDRAW) {
      cursor.origin = 0
      cursor.pathHash = 0
      into.withdraw(cursor)
      continue
    }
    if ((tag & HAS_PATH) !== 0) {
      origin = held[at++]!
      hash = held[at++]!
    }
    cursor.origin = origin
    cursor.pathHash = hash
    into.announce(cursor)
  }
}

/** @returns a cursor to fill over and over. */
export function emptyCursor(): RouteCursor {
  return {
    time: 0,
    micros: 0,
    peer: 0,
    family: 4,
    length: 0,
    word0: 0,
    word1: 0,
    word2: 0,
    word3: 0,
    pathId: 0,
    origin: 0,
    pathHash: 0,
    since: 0,
  }
}
