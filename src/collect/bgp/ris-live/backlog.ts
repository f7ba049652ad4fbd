import type { PeerKey, RouteCursor, RouteSink } from '../../../wire/route-sink.ts'
import { createBucket, emptyCursor, type Bucket } from './bucket.ts'
import { ANNOUNCE, END_OF_RIB, FAMILY_6, HAS_PATH, HAS_PATH_ID, LENGTH_SHIFT, STATE, WITHDRAW } from './packing.ts'

/** What became of messages, since the backlog was made. */
export interface BacklogCounts {
  /** Taken in, and handed on. */
  taken: number
  applied: number
  /** The same peer, time and content as another: a repetition, not applied. */
  duplicates: number
  /** Came after its second had been handed on, and was handed on with the next. */
  late: number
  /** Of a time that had not come, and so not kept. */
  ahead: number
  /** From before what is wanted: the archive has given it. */
  before: number
}

/**
 * Messages of a stream on their way into a table: decoded, packed into words (some 40 bytes a message, where its JSON has
 * 400), kept by the second of their time, handed on in the order of time.
 *
 * Who decodes a message calls `begin`, lets the decoder fill `sink`, and calls `commit` or `abandon`.
 */
export interface Backlog {
  /** Takes the routes of one message. Peers get their numbers of the table. */
  readonly sink: RouteSink
  begin(): void
  /**
   * The message is whole. One with a time after `notAfter` is not kept.
   *
   * @returns its time, in seconds; `null` when it held nothing that a table would want.
   */
  commit(notAfter: number): number | null
  /** The message is not to be kept. */
  abandon(): void
  /**
   * Hands on all messages with a time before `until`, in the order of time; of equal times, in that of arrival. Of messages
   * with equal peer, time and content one is handed on.
   */
  drain(until: number, into: RouteSink): void
  /** Messages from before `at` are not wanted any more, nor will be. */
  discardBefore(at: number): void
  /** Forgets what waits. */
  clear(): void
  /** Bytes that are held now. */
  bytes(): number
  readonly counts: BacklogCounts
}

/** So long what was handed on is remembered, to tell a late message from a repetition. */
const REMEMBERED_SECONDS = 300

/** Words of a message that is being taken in; grows with the longest one. */
const FIRST_MESSAGE_WORDS = 1024

/** @param peer gives a session its number, as the table that messages go to does. */
export function createBacklog(peer: (key: PeerKey) => number): Backlog {
  const buckets = new Map<number, Bucket>()
  const counts: BacklogCounts = { taken: 0, applied: 0, duplicates: 0, late: 0, ahead: 0, before: 0 }
  const cursor = emptyCursor()
  let bytes = 0
  /** All before this second was handed on, or is not wanted. */
  let drained = -Infinity
  /** Nothing from before this second is wanted. */
  let floor = -Infinity
  /** Seconds that were handed on and are remembered, by their fingerprints. */
  const remembered = new Map<number, Bucket>()
  const lateOnes = createBucket()

  let words = new Uint32Array(FIRST_MESSAGE_WORDS)
  let length = 0
  let time = -1
  let micros = 0
  let from = -1
  let lastOrigin = -1
  let lastHash = -1

  const room = (): void => {
    if (length + 16 <= words.length) return
    const longer = new Uint32Array(words.length * 2)
    longer.set(words)
    words = longer
  }

  const stamp = (at: number, fraction: number, ofPeer: number): void => {
    if (time >= 0) return
    time = at
    micros = fraction
    from = ofPeer
  }

  const prefix = (route: RouteCursor): void => {
    if (route.pathId !== 0) words[length++] = route.pathId
    words[length++] = route.word0
    if (route.family === 4) return
    if (route.length > 32) words[length++] = route.word1
    if (route.length > 64) words[length++] = route.word2
    if (route.length > 96) words[length++] = route.word3
  }

  const tagOf = (kind: number, route: RouteCursor): number =>
    kind | (route.family === 6 ? FAMILY_6 : 0) | (route.pathId === 0 ? 0 : HAS_PATH_ID) | (route.length << LENGTH_SHIFT)

  const nothing = (): void => {}

  const sink: RouteSink = {
    peer,
    ribBegins: nothing,
    entry: nothing,
    announce(route) {
      room()
      stamp(route.time, route.micros, route.peer)
      const isOther = route.pathHash !== lastHash || route.origin !== lastOrigin
      words[length++] = tagOf(ANNOUNCE, route) | (isOther ? HAS_PATH : 0)
      prefix(route)
      if (!isOther) return
      words[length++] = lastOrigin = route.origin
      words[length++] = lastHash = route.pathHash
    },
    withdraw(route) {
      room()
      stamp(route.time, route.micros, route.peer)
      words[length++] = tagOf(WITHDRAW, route)
      prefix(route)
    },
    state(at, fraction, ofPeer, before, now) {
      room()
      stamp(at, fraction, ofPeer)
      words[length++] = STATE | (before << LENGTH_SHIFT) | (now << (LENGTH_SHIFT + 8))
    },
    endOfRib(at, ofPeer, family) {
      room()
      stamp(at, 0, ofPeer)
      words[length++] = END_OF_RIB | (family === 6 ? FAMILY_6 : 0)
    },
  }

  const abandon = (): void => {
    length = 0
    time = -1
    lastOrigin = -1
    lastHash = -1
  }

  const bucketOf = (second: number): Bucket => {
    let bucket = buckets.get(second)
    if (bucket === undefined) {
      bucket = createBucket()
      buckets.set(second, bucket)
      bytes += bucket.bytes()
    }
    return bucket
  }

  const apply = (bucket: Bucket, second: number, into: RouteSink): void => {
    const before = bucket.size()
    const applied = bucket.replay(second, cursor, into)
    counts.applied += applied
    counts.duplicates += before - applied
  }

  /** What came late goes first: it is older than all that waits. */
  const applyLate = (into: RouteSink): void => {
    if (lateOnes.size() === 0) return
    counts.applied += lateOnes.replayAsCome(cursor, into)
    bytes -= lateOnes.bytes()
    lateOnes.reset()
    bytes += lateOnes.bytes()
  }

  const forget = (second: number): void => {
    for (const each of remembered.keys()) {
      if (each >= second - REMEMBERED_SECONDS) break
      bytes -= remembered.get(each)?.bytes() ?? 0
      remembered.delete(each)
    }
  }

  bytes += lateOnes.bytes()

  return {
    sink,
    counts,
    abandon,
    begin: abandon,

    commit(notAfter) {
      if (time < 0) {
        abandon()
        return null
      }
      const at = time
      counts.taken += 1
      if (at > notAfter) {
        counts.ahead += 1
      } else if (at < floor) {
        counts.before += 1
      } else if (at >= drained) {
        const bucket = bucketOf(at)
        const before = bucket.bytes()
        bucket.add(micros, from, words, length, 0)
        bytes += bucket.bytes() - before
      } else if (remembered.get(at)?.has(micros, from, words, length) === true) {
        counts.duplicates += 1
      } else {
        counts.late += 1
        const before = lateOnes.bytes()
        lateOnes.add(micros, from, words, length, at)
        bytes += lateOnes.bytes() - before
      }
      abandon()
      return at
    },

    drain(until, into) {
      const due = [...buckets.keys()].filter((second) => second < until).sort((a, b) => a - b)
      applyLate(into)
      for (const second of due) {
        const bucket = buckets.get(second)
        if (bucket === undefined) continue
        apply(bucket, second, into)
        buckets.delete(second)
        bytes -= bucket.bytes()
        bucket.keepFingerprints()
        bytes += bucket.bytes()
        remembered.set(second, bucket)
      }
      if (until > drained) drained = until
      forget(drained)
    },

    discardBefore(at) {
      for (const [second, bucket] of buckets) {
        if (second >= at) continue
        buckets.delete(second)
        bytes -= bucket.bytes()
        counts.before += bucket.size()
      }
      counts.before += lateOnes.size()
      bytes -= lateOnes.bytes()
      lateOnes.reset()
      bytes += lateOnes.bytes()
      if (at > drained) drained = at
      if (at > floor) floor = at
    },

    clear() {
      abandon()
      buckets.clear()
      remembered.clear()
      lateOnes.reset()
      bytes = lateOnes.bytes()
    },

    bytes: () => bytes,
  }
}
