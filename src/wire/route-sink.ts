/**
 * One route as it stood on the wire. Decoders fill **one** object over and over and hand it to a `RouteSink`, so that a
 * table of millions of routes costs no object a route: whoever wants to keep it copies what it needs.
 */
export interface RouteCursor {
  /** UTC seconds of the record (MRT header) or message (RIS Live). */
  time: number
  /** Microseconds within that second; 0 where the format has none. */
  micros: number
  /** Number that the sink gave the peer (`RouteSink.peer`). */
  peer: number
  family: 4 | 6
  /** Prefix length, 0–32 or 0–128. */
  length: number
  /** The address in 32-bit words, unsigned, first word first. IPv4 uses `word0` alone; bits past `length` are 0. */
  word0: number
  word1: number
  word2: number
  word3: number
  /** Add-path identifier (RFC 7911); 0 where the session has none. */
  pathId: number
  /**
   * AS that originates the route: last AS of the path merged per RFC 6793, the peer's own where the path is empty. 0
   * where nobody can be named: the path ends in an AS_SET of several.
   */
  origin: number
  /** 32-bit hash of the merged AS path alone; equal paths hash alike whatever encoding they came in. Never 0. */
  pathHash: number
  /** RIB entries: when the peer announced it, UTC seconds, as the dump says. Announcements: same as `time`. */
  since: number
}

/** A BGP session as a collector sees it. Address in four words; an IPv4 address in `word0`, the rest 0. */
export interface PeerKey {
  family: 4 | 6
  word0: number
  word1: number
  word2: number
  word3: number
  asn: number
}

/** RFC 4271 §8.2.2, as MRT numbers them: 1 Idle … 6 Established. */
export type SessionState = 1 | 2 | 3 | 4 | 5 | 6

/**
 * Takes what is decoded, in the order of the wire. MRT archives and RIS Live feed the same sink, so that both lead to
 * the same counts.
 */
export interface RouteSink {
  /** Gives a session its number; the same key always the same one. The key object is reused by the caller. */
  peer(key: PeerKey): number
  /** A RIB dump begins (its first PEER_INDEX_TABLE, or first TABLE_DUMP record). */
  ribBegins(time: number): void
  /** One entry of a RIB. Entries of one prefix come together. */
  entry(route: RouteCursor): void
  announce(route: RouteCursor): void
  /** `origin` and `pathHash` say nothing. */
  withdraw(route: RouteCursor): void
  /** A session changed its state. `from` is 0 where the format does not say (RIS Live). */
  state(time: number, micros: number, peer: number, from: SessionState | 0, to: SessionState): void
  /** End-of-RIB marker (RFC 4724): the peer has sent its whole table. */
  endOfRib(time: number, peer: number, family: 4 | 6): void
}
