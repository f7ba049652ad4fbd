import type { PeerKey, RouteCursor, RouteSink, SessionState } from '../../../wire/route-sink.ts'
import { CellBlock } from './cell-block.ts'
import { SeenCells, type FamilyTable } from './family-table.ts'
import { createSession, sessionKey, type Feed, type Session } from './sessions.ts'

/** What the sinks of all collectors share. */
export interface Shared {
  readonly table4: FamilyTable
  readonly table6: FamilyTable
  /** By number. */
  readonly sessions: Session[]
  /** Share of a table that is announced anew with the paths that stood, from which on it is a transfer. */
  readonly transferShare: number
  /** Fewer prefixes announced anew are no transfer, however small the table is. */
  readonly transferLeast: number
}

/** A RIB that holds less than this share of what its sessions had is taken as broken off: it removes nothing. */
const WHOLE_RIB_SHARE = 0.75

/**
 * Takes what one collector saw. Sessions are told apart by collector, AS and address. A RIB ends with `ribEnds`, or with
 * the first message after it, or when a bin is closed.
 */
export class CollectorSink implements RouteSink {
  readonly name: string
  readonly block4 = new CellBlock()
  readonly block6 = new CellBlock()
  readonly sessions: Session[] = []
  /** UTC seconds of the newest message; 0: none yet. */
  lastHeard = 0
  readonly #shared: Shared
  readonly #byKey = new Map<string, Session>()
  #ribTime = -1
  #seen4: SeenCells | null = null
  #seen6: SeenCells | null = null
  /** Routes that stood when the RIB began, by feed. */
  #held = new Map<Feed, number>()

  constructor(name: string, shared: Shared) {
    this.name = name
    this.#shared = shared
  }

  peer(key: PeerKey): number {
    const text = sessionKey(key)
    const known = this.#byKey.get(text)
    if (known !== undefined) return known.number
    const { sessions } = this.#shared
    const session = createSession(sessions.length, this.name, key, this.block4, this.block6)
    this.#byKey.set(text, session)
    this.sessions.push(session)
    sessions.push(session)
    this.block4.sessions += 1
    this.block6.sessions += 1
    return session.number
  }

  ribBegins(time: number): void {
    this.ribEnds(true)
    this.#ribTime = time
    const { table4, table6 } = this.#shared
    for (const { feed4, feed6 } of this.sessions) {
      feed4.entries = 0
      feed6.entries = 0
      if (feed4.column >= 0) this.#held.set(feed4, feed4.routes)
      if (feed6.column >= 0) this.#held.set(feed6, feed6.routes)
    }
    if (this.block4.columns > 0) this.#seen4 = new SeenCells(this.block4.columns, table4.rows.count)
    if (this.block6.columns > 0) this.#seen6 = new SeenCells(this.block6.columns, table6.rows.count)
  }

  entry(route: RouteCursor): void {
    const session = this.#shared.sessions[route.peer]!
    if (session.lastHeard === 0) session.lastHeard = route.time
    if (session.down) {
      // It was dumped after it went down: it is up, and nobody said so.
      if (route.time < session.lastHeard) return
      session.down = false
    }
    if (route.family === 4) {
      if (route.length < this.#shared.table4.shortest) return
      this.#shared.table4.entry(session.feed4, route, this.#seen4)
    } else {
      if (route.length < this.#shared.table6.shortest) return
      this.#shared.table6.entry(session.feed6, route, this.#seen6)
    }
  }

  /**
   * The RIB is over: what it no longer has, for sessions that it has routes of, goes without being counted.
   *
   * @param whole false where the dump broke off: then nothing goes.
   */
  ribEnds(whole: boolean): void {
    if (this.#ribTime === -1) return
    const time = this.#ribTime
    this.#ribTime = -1
    const { table4, table6 } = this.#shared
    const inRib = this.sessions.filter(({ feed4, feed6 }) => feed4.entries + feed6.entries > 0)
    for (const { feed4, feed6 } of inRib) {
      if (feed4.entries > 0) feed4.transferring = false
      if (feed6.entries > 0) feed6.transferring = false
    }
    if (whole) {
      this.#removeUnseen(
        table4,
        this.block4,
        this.#seen4,
        inRib.map(({ feed4 }) => feed4),
        time,
      )
      this.#removeUnseen(
        table6,
        this.block6,
        this.#seen6,
        inRib.map(({ feed6 }) => feed6),
        time,
      )
    }
    this.#seen4 = null
    this.#seen6 = null
    this.#held.clear()
  }

  #removeUnseen(table: FamilyTable, block: CellBlock, seen: SeenCells | null, feeds: Feed[], time: number): void {
    const known = feeds.filter((feed) => this.#held.has(feed))
    let held = 0
    let entries = 0
    for (const feed of known) {
      held += this.#held.get(feed)!
      entries += feed.entries
    }
    if (seen !== null && entries > 0 && entries >= held * WHOLE_RIB_SHARE) table.removeUnseen(block, known, seen, time)
  }

  announce(route: RouteCursor): void {
    const session = this.#hear(route.peer, route.time)
    if (session.down) this.#comeUp(session)
    if (route.family === 4) {
      if (route.length < this.#shared.table4.shortest) return
      this.#shared.table4.announce(session.feed4, route)
      if (session.feed4.reannounced >= this.#shared.transferLeast) this.#watch(session.feed4)
    } else {
      if (route.length < this.#shared.table6.shortest) return
      this.#shared.table6.announce(session.feed6, route)
      if (session.feed6.reannounced >= this.#shared.transferLeast) this.#watch(session.feed6)
    }
  }

  withdraw(route: RouteCursor): void {
    const session = this.#hear(route.peer, route.time)
    if (session.down) this.#comeUp(session)
    if (route.family === 4) {
      if (route.length >= this.#shared.table4.shortest) this.#shared.table4.withdraw(session.feed4, route)
    } else if (route.length >= this.#shared.table6.shortest) this.#shared.table6.withdraw(session.feed6, route)
  }

  state(time: number, _micros: number, peer: number, _from: SessionState | 0, to: SessionState): void {
    const session = this.#hear(peer, time)
    this.#shared.table4.clear(session.feed4)
    this.#shared.table6.clear(session.feed6)
    if (to === 6) this.#comeUp(session)
    else session.down = true
  }

  endOfRib(time: number, peer: number, family: 4 | 6): void {
    const session = this.#hear(peer, time)
    const feed = family === 4 ? session.feed4 : session.feed6
    feed.transferring = false
    if (feed.reannounced > 0) feed.again!.fill(0)
    feed.reannounced = 0
  }

  #hear(peer: number, time: number): Session {
    if (this.#ribTime !== -1) this.ribEnds(true)
    const session = this.#shared.sessions[peer]!
    // Never seen in a RIB: what it has comes bit by bit.
    if (session.lastHeard === 0) this.#comeUp(session)
    if (time > session.lastHeard) session.lastHeard = time
    if (time > this.lastHeard) this.lastHeard = time
    return session
  }

  #comeUp(session: Session): void {
    session.down = false
    session.feed4.transferring = true
    session.feed6.transferring = true
  }

  /** A session that was reset without word announces again what it announced before. */
  #watch(feed: Feed): void {
    if (feed.reannounced >= feed.size * this.#shared.transferShare) feed.transferring = true
  }
}
