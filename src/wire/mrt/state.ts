import { PathDigest, visitPath } from '../bgp/as-path.ts'
import { AttributeMap } from '../bgp/attributes.ts'
import type { BrokenReason } from '../broken.ts'
import type { PeerKey, RouteCursor, RouteSink } from '../route-sink.ts'
import { MrtCounts } from './counts.ts'

/** Every number of it as V8's double from the start, so that the first AS or address above 2³¹ does not undo compiled code. */
const WIDE = 4_294_967_295.5

class Cursor implements RouteCursor {
  time = WIDE
  micros = 0
  peer = 0
  family: 4 | 6 = 4
  length = 0
  word0 = WIDE
  word1 = WIDE
  word2 = WIDE
  word3 = WIDE
  pathId = WIDE
  origin = WIDE
  pathHash = WIDE
  since = WIDE
}

/** With numbers that may be looked at; how V8 holds them stays. */
function zeroed(cursor: Cursor): RouteCursor {
  const fields = cursor as unknown as Record<string, number>
  for (const name of Object.keys(fields)) if (fields[name] === WIDE) fields[name] = 0
  return cursor
}

class Key implements PeerKey {
  family: 4 | 6 = 4
  word0 = WIDE
  word1 = WIDE
  word2 = WIDE
  word3 = WIDE
  asn = WIDE
}

export interface MrtOptions {
  /**
   * Is given each record that is broken, header and all: a view into memory that is used again, valid during the call
   * only. `offset` counts uncompressed bytes from the start of the file. Of `record-too-long` the bytes up to the next
   * header come in as many pieces as they happen to be read in.
   */
  readonly onBroken?: (record: Uint8Array, reason: BrokenReason, offset: number) => void
  /** Longest record, header and all, that is believed, in bytes. Default 4 MiB: the longest table of peers takes 1.8 MB. */
  readonly maxRecordBytes?: number
  /**
   * For who prints, not for a table: also hands over what the collector sent itself (`_LOCAL`), multicast prefixes
   * (SAFI 2 and 3), routes whose AS path is unsound, and of a list of prefixes what stands before the fault. The record is
   * counted as broken all the same.
   */
  readonly forPrinting?: boolean
  /** Called behind each whole record, with what was wrong with it; what is on the wire of it still stands in the state. */
  readonly onRecord?: (broken: BrokenReason | null) => void
}

const PEER_CACHE = 1024

/** Neighbours have addresses and AS numbers in a row: each word is mixed in by itself. */
function peerSlot({ word0, word1, word2, word3, asn }: PeerKey): number {
  let mixed = Math.imul(word0 ^ Math.imul(asn, 0x85ebca6b), 0x9e3779b1)
  mixed = Math.imul((mixed ^ (mixed >>> 15)) + word1, 0xc2b2ae35)
  mixed = Math.imul((mixed ^ (mixed >>> 13)) + word2, 0x9e3779b1)
  mixed = Math.imul((mixed ^ (mixed >>> 15)) + word3, 0x85ebca6b)
  return (mixed ^ (mixed >>> 16)) & (PEER_CACHE - 1)
}

/**
 * What decoding must remember between records of one file, and the objects that are filled over and over. The fields that
 * are not counts say what is decoded right now: whoever takes routes from the sink may look at them for the rest of the
 * message (`tocsin mrt dump` does).
 */
export class MrtState {
  readonly counts = new MrtCounts()
  readonly route: RouteCursor = zeroed(new Cursor())
  readonly attributes = new AttributeMap()
  readonly key: PeerKey = new Key()
  readonly maxRecordBytes: number
  readonly forPrinting: boolean
  readonly onRecord: ((broken: BrokenReason | null) => void) | null
  readonly onBroken: ((record: Uint8Array, reason: BrokenReason, offset: number) => void) | null

  /** Where the record in hand lies, behind its header, and what its header says. */
  bytes: Uint8Array = new Uint8Array(0)
  recordAt = 0
  recordEnd = 0
  type = 0
  subtype = 0
  /** Whether the record in hand was passed over because of its type. */
  wasSkipped = false
  /** Offset of the BGP message in the record in hand, from its marker on; of the old BGP type, of its body. */
  messageAt = 0
  messageEnd = 0
  /** Offset of the address of the prefix in hand: all its bits, those past the length too. */
  prefixAt = 0
  /** Whether the prefix in hand stands in MP_REACH_NLRI or MP_UNREACH_NLRI. */
  isMp = false
  /** Its subsequent address family: 1 unicast, 2 multicast, 3 both. */
  safi = 1
  /** Index of the peer of the RIB entry in hand in the table of peers. */
  peerIndex = 0
  /** States of the state change in hand, as written. */
  stateFrom = 0
  stateTo = 0
  /** Width of AS numbers in the record in hand. */
  width: 2 | 4 = 4
  /** Peers of the PEER_INDEX_TABLE in force: the sink's number, AS, and address. */
  peerCount = 0
  peerNumbers = new Int32Array(0)
  peerAsns = new Uint32Array(0)
  peerFamilies = new Uint8Array(0)
  /** Four words a peer. */
  peerWords = new Uint32Array(0)
  hasPeerTable = false
  /** A length that cannot be has lost us the thread: the next header is searched for. */
  isSearching = false
  /** UTC seconds of the last RIB record or table of peers; NaN before the first. */
  ribTime = NaN

  private readonly digest = new PathDigest()
  private sink: RouteSink | null = null
  private readonly cacheWords = new Uint32Array(PEER_CACHE * 6)
  private readonly cacheNumbers = new Int32Array(PEER_CACHE).fill(-1)

  constructor(options: MrtOptions = {}) {
    this.onBroken = options.onBroken ?? null
    this.maxRecordBytes = options.maxRecordBytes ?? 4 * 1024 * 1024
    this.forPrinting = options.forPrinting ?? false
    this.onRecord = options.onRecord ?? null
  }

  /** Numbers of peers are a sink's own: those of another are forgotten. */
  use(sink: RouteSink): void {
    if (this.sink === sink) return
    if (this.sink !== null) {
      this.cacheNumbers.fill(-1)
      this.numberPeers(sink)
    }
    this.sink = sink
  }

  /** Asks the sink for the number of each peer in the table in force. */
  numberPeers(sink: RouteSink): void {
    for (let index = 0; index < this.peerCount; index += 1) {
      this.takePeer(index)
      this.peerNumbers[index] = sink.peer(this.key)
    }
  }

  /** Peer `index` of the table in force into `key`. */
  takePeer(index: number): void {
    const { key, peerWords } = this
    key.family = this.peerFamilies[index] === 6 ? 6 : 4
    key.word0 = peerWords[index * 4]!
    key.word1 = peerWords[index * 4 + 1]!
    key.word2 = peerWords[index * 4 + 2]!
    key.word3 = peerWords[index * 4 + 3]!
    key.asn = this.peerAsns[index]!
  }

  /** Number of the session in `key`: from a small cache, for updates of one session come in a row. */
  peerOf(sink: RouteSink): number {
    const { key, cacheWords } = this
    const slot = peerSlot(key)
    const at = slot * 6
    const number = this.cacheNumbers[slot]!
    if (
      number >= 0 &&
      cacheWords[at] === key.word0 &&
      cacheWords[at + 1] === key.word1 &&
      cacheWords[at + 2] === key.word2 &&
      cacheWords[at + 3] === key.word3 &&
      cacheWords[at + 4] === key.asn &&
      cacheWords[at + 5] === key.family
    )
      return number
    const given = sink.peer(key)
    cacheWords[at] = key.word0
    cacheWords[at + 1] = key.word1
    cacheWords[at + 2] = key.word2
    cacheWords[at + 3] = key.word3
    cacheWords[at + 4] = key.asn
    cacheWords[at + 5] = key.family
    this.cacheNumbers[slot] = given
    return given
  }

  /** Origin and hash of the path of the located attributes into the route. @returns false where the path is unsound. */
  digestPath(bytes: Uint8Array, peerAsn: number): boolean {
    const { digest, route } = this
    digest.start()
    if (!visitPath(bytes, this.attributes, this.width, digest)) return false
    route.origin = digest.origin(peerAsn)
    route.pathHash = digest.hash()
    return true
  }

  /** Told at the first record of a dump of a RIB, and again where another dump follows in the same file. */
  ribRecord(sink: RouteSink, time: number, mayBegin: boolean): void {
    // Tables of one dump follow each other at once, however many PEER_INDEX_TABLEs they have.
    if (mayBegin && !(Math.abs(time - this.ribTime) < 60)) sink.ribBegins(time)
    this.ribTime = time
  }
}

/** State for `scanMrt`: one for each file. */
export function createMrtState(options?: MrtOptions): MrtState {
  return new MrtState(options)
}
