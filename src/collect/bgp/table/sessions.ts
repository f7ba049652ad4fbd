import { formatAddress } from '../../../wire/prefix.ts'
import type { PeerKey } from '../../../wire/route-sink.ts'
import type { CellBlock } from './cell-block.ts'

/** What one session announces in one family. */
export interface Feed {
  /** Number within the table, over all collectors and both families. */
  readonly id: number
  readonly session: Session
  readonly block: CellBlock
  /** −1 until the session announces the first route of this family. */
  column: number
  /** Routes that stand now. */
  routes: number
  /** Of these, those of lengths that count (IPv4 8–24, IPv6 16–48): the size of its table. */
  size: number
  /** The session came up, or sends its table anew: its routes are not yet what it knows. */
  transferring: boolean
  /** Voted at the end of the last closed bin. */
  voting: boolean
  /** The session ended within this bin, whether it came back or not. */
  ended: boolean
  /** Routes that came where none was, within this bin. */
  gained: number
  /** Prefixes announced again with the path that stood, within this bin. */
  reannounced: number
  /** One bit a row: counted in `reannounced`. */
  again: Uint32Array | null
  /** Entries in the RIB that is being read. */
  entries: number
}

/** A BGP session of a collector. */
export interface Session {
  /** Number within the table. */
  readonly number: number
  readonly collector: string
  readonly asn: number
  /** For people: `AS3333 193.0.0.56 at rrc00`. */
  readonly text: string
  readonly feed4: Feed
  readonly feed6: Feed
  /** By its last state change, and nothing came since. */
  down: boolean
  /** UTC seconds of the newest message; 0: none yet. RIB entries count only where nothing was heard before. */
  lastHeard: number
  /** Some of its routes carry path identifiers (RFC 7911). */
  addPath: boolean
}

/** Same session, same text: a key for a Map. */
export function sessionKey(key: PeerKey): string {
  return `${key.asn} ${key.family} ${key.word0} ${key.word1} ${key.word2} ${key.word3}`
}

export function createSession(
  number: number,
  collector: string,
  key: PeerKey,
  block4: CellBlock,
  block6: CellBlock,
): Session {
  const feed = (id: number, block: CellBlock): Omit<Feed, 'session'> => ({
    id,
    block,
    column: -1,
    routes: 0,
    size: 0,
    transferring: false,
    voting: false,
    ended: false,
    gained: 0,
    reannounced: 0,
    again: null,
    entries: 0,
  })
  const feed4 = feed(number * 2, block4) as { -readonly [K in keyof Feed]: Feed[K] }
  const feed6 = feed(number * 2 + 1, block6) as { -readonly [K in keyof Feed]: Feed[K] }
  const session: Session = {
    number,
    collector,
    asn: key.asn,
    text: `AS${key.asn} ${formatAddress(key)}${collector === '' ? '' : ` at ${collector}`}`,
    feed4,
    feed6,
    down: false,
    lastHeard: 0,
    addPath: false,
  }
  feed4.session = session
  feed6.session = session
  return session
}
