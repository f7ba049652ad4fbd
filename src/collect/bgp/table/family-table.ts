import type { NetworkMap } from '../../../netdata/networks/network-map.ts'
import type { RouteCursor } from '../../../wire/route-sink.ts'
import { AddPaths } from './add-paths.ts'
import { CELLS, CHUNK_MASK, CHUNK_SHIFT, LAST_TIME, RIB_TIME, type CellBlock } from './cell-block.ts'
import { ChangeLog, CORRECTED, GAINED, LOST } from './change-log.ts'
import { countryNumber } from './country-number.ts'
import { longerUint16, longerUint32, longerUint8 } from './grow.ts'
import { MessageLog } from './message-log.ts'
import type { Origins } from './origins.ts'
import { PrefixRows } from './prefix-rows.ts'
import type { Feed } from './sessions.ts'

/** Fingerprint of a route that a message withdrew; 0: nothing was ever said of the cell. */
const WITHDRAWN = 0xffff

/** 1 … 0xfffe out of a 32-bit hash. */
function fingerprint(hash: number): number {
  return 1 + (((hash >>> 16) ^ (hash & 0xffff)) % 0xfffe)
}

/**
 * Which session carries which prefix by which origin, of one family, and what changed in the open bin. What it means
 * (who votes, what is visible, whose it is) is decided when the bin is closed.
 */
export class FamilyTable {
  readonly family: 4 | 6
  /** Lengths whose routes are kept, and up to which they cover whole blocks. */
  readonly shortest: number
  readonly longest: number
  readonly rows: PrefixRows
  readonly origins: Origins
  readonly changes = new ChangeLog()
  readonly updates = new MessageLog()
  readonly withdrawals = new MessageLog()
  /** Rows whose voting routes changed in the open bin. */
  dirtyRows = new Uint32Array(1 << 12)
  dirtyCount = 0
  readonly #networks: NetworkMap
  readonly #addPaths = new AddPaths()
  /** Messages of transferring sessions count too: for who has no table to compare with. */
  readonly #countAll: boolean
  #dirty = new Uint8Array(0)
  /** Last answer for the row of who is who: for which origin, and which country. */
  #countryFor = new Uint32Array(0)
  #country = new Uint16Array(0)
  #room = 0
  #lastRow = -1

  /** @param expected prefixes for which there is room without growing. */
  constructor(family: 4 | 6, origins: Origins, networks: NetworkMap, countAll: boolean, expected: number) {
    this.family = family
    this.shortest = family === 4 ? 8 : 16
    this.longest = family === 4 ? 24 : 48
    this.rows = new PrefixRows(family, expected)
    this.origins = origins
    this.#networks = networks
    this.#countAll = countAll
    this.#follow()
  }

  /** Number of the country that a prefix counts for when `origin` (a number) announces it. */
  countryOf(row: number, origin: number): number {
    if (this.#countryFor[row] === origin) return this.#country[row]!
    const { rows } = this
    const v6 = this.family === 6
    const packed = this.#networks.countryOf(
      this.origins.asn[origin]!,
      this.family,
      rows.word0[row]!,
      v6 ? rows.word1[row]! : 0,
      v6 ? rows.word2[row]! : 0,
      v6 ? rows.word3[row]! : 0,
      rows.length[row]!,
    )
    this.#countryFor[row] = origin
    return (this.#country[row] = countryNumber(packed))
  }

  #rowOf(route: RouteCursor): number {
    const { rows } = this
    const last = this.#lastRow
    if (
      last >= 0 &&
      rows.word0[last] === route.word0 &&
      rows.length[last] === route.length &&
      (this.family === 4 ||
        (rows.word1[last] === route.word1 && rows.word2[last] === route.word2 && rows.word3[last] === route.word3))
    )
      return last
    const row = rows.findOrAdd(route.word0, route.word1, route.word2, route.word3, route.length)
    if (rows.room !== this.#room) this.#follow()
    this.#lastRow = row
    return row
  }

  #follow(): void {
    const { room } = this.rows
    this.#dirty = longerUint8(this.#dirty, room)
    this.#countryFor = longerUint32(this.#countryFor, room)
    this.#country = longerUint16(this.#country, room)
    this.changes.follow(room)
    this.#room = room
  }

  #touch(row: number): void {
    if (this.#dirty[row] === 1) return
    this.#dirty[row] = 1
    if (this.dirtyCount === this.dirtyRows.length) this.dirtyRows = longerUint32(this.dirtyRows, this.dirtyCount * 2)
    this.dirtyRows[this.dirtyCount] = row
    this.dirtyCount += 1
  }

  /** An announcement of the route's prefix by `feed`. Lengths below `shortest` are the caller's to leave out. */
  announce(feed: Feed, route: RouteCursor): void {
    const row = this.#rowOf(route)
    const { block } = feed
    if (feed.column < 0) feed.column = block.addColumn()
    const chunk = block.chunks[row >>> CHUNK_SHIFT] ?? block.open(row)
    const base = (row & CHUNK_MASK) * block.stride
    const { time } = route
    if (time < chunk[base + RIB_TIME]!) return
    if (time > chunk[base + LAST_TIME]!) chunk[base + LAST_TIME] = time
    const origin = this.origins.index(route.origin)
    const print = fingerprint(route.pathHash)
    if (route.pathId !== 0 || feed.session.addPath) {
      feed.session.addPath = true
      const was = this.#addPaths.first(row, feed.id)
      const first = this.#addPaths.put(row, feed.id, route.pathId, origin, print)
      if (was !== -1 && !first) return
    }
    this.#set(feed, row, chunk, base, origin, print, time)
  }

  withdraw(feed: Feed, route: RouteCursor): void {
    const row = this.#rowOf(route)
    const { block } = feed
    if (feed.column < 0) feed.column = block.addColumn()
    const chunk = block.chunks[row >>> CHUNK_SHIFT] ?? block.open(row)
    const base = (row & CHUNK_MASK) * block.stride
    const { time } = route
    if (time < chunk[base + RIB_TIME]!) return
    if (time > chunk[base + LAST_TIME]!) chunk[base + LAST_TIME] = time
    if (feed.session.addPath) {
      const first = this.#addPaths.first(row, feed.id)
      const { origin, print } = this.#addPaths.remove(row, feed.id, route.pathId)
      if (print !== 0) {
        if (first === route.pathId) this.#set(feed, row, chunk, base, origin, print, time)
        return
      }
    }
    const cell = base + CELLS + feed.column
    const old = chunk[cell]!
    setPrint(chunk, base, block, feed.column, WITHDRAWN)
    if (old === 0) return
    chunk[cell] = 0
    feed.routes -= 1
    if (this.rows.length[row]! <= this.longest) feed.size -= 1
    if (feed.voting) {
      this.changes.add(row, feed.id, time, LOST)
      this.#touch(row)
    }
    if (this.#countAll || !feed.transferring) this.withdrawals.add(feed.id, old, row)
  }

  #set(feed: Feed, row: number, chunk: Uint32Array, base: number, origin: number, print: number, time: number): void {
    const { block, column } = feed
    const cell = base + CELLS + column
    const old = chunk[cell]!
    const oldPrint = printOf(chunk, base, block, column)
    if (old === origin && oldPrint === print) {
      this.#again(feed, row)
      return
    }
    chunk[cell] = origin
    if (oldPrint !== print) setPrint(chunk, base, block, column, print)
    if (old === 0) {
      feed.gained += 1
      feed.routes += 1
      if (this.rows.length[row]! <= this.longest) feed.size += 1
      if (feed.voting) {
        this.changes.add(row, feed.id, time, GAINED)
        this.#touch(row)
      }
      // The same route as before its session ended.
      if (oldPrint === print) return
    } else if (old !== origin && feed.voting) this.#touch(row)
    if (this.#countAll || !feed.transferring) this.updates.add(feed.id, origin, row)
  }

  #again(feed: Feed, row: number): void {
    const word = row >>> 5
    if (feed.again === null || word >= feed.again.length) {
      const again = new Uint32Array(((this.rows.room + 31) >>> 5) + 1)
      if (feed.again !== null) again.set(feed.again)
      feed.again = again
    }
    const bit = 1 << (row & 31)
    if ((feed.again[word]! & bit) !== 0) return
    feed.again[word]! |= bit
    feed.reannounced += 1
  }

  /**
   * An entry of a RIB. It neither counts as an update nor as an event. What messages said later than the record stands.
   *
   * @param seen bits by row × column to set, while a RIB is compared with what is held; `null`: nothing to compare with.
   */
  entry(feed: Feed, route: RouteCursor, seen: SeenCells | null): void {
    const row = this.#rowOf(route)
    const { block } = feed
    if (feed.column < 0) feed.column = block.addColumn()
    const { column } = feed
    const chunk = block.chunks[row >>> CHUNK_SHIFT] ?? block.open(row)
    const base = (row & CHUNK_MASK) * block.stride
    const { time } = route
    feed.entries += 1
    if (seen !== null) seen.set(row, column)
    const cell = base + CELLS + column
    const old = chunk[cell]!
    const oldPrint = printOf(chunk, base, block, column)
    // Later messages know better; of a cell that none ever spoke of, the record does.
    if (time < chunk[base + LAST_TIME]! && oldPrint !== 0) return
    if (time > chunk[base + RIB_TIME]!) chunk[base + RIB_TIME] = time
    const origin = this.origins.index(route.origin)
    const print = fingerprint(route.pathHash)
    if (route.pathId !== 0 || feed.session.addPath) {
      feed.session.addPath = true
      const was = this.#addPaths.first(row, feed.id)
      const first = this.#addPaths.put(row, feed.id, route.pathId, origin, print)
      if (was !== -1 && !first) return
    }
    if (old === origin && oldPrint === print) return
    chunk[cell] = origin
    if (oldPrint !== print) setPrint(chunk, base, block, column, print)
    if (old === 0) {
      feed.routes += 1
      if (this.rows.length[row]! <= this.longest) feed.size += 1
    }
    if (feed.voting && old !== origin) {
      if (old === 0) this.changes.add(row, feed.id, time, CORRECTED)
      this.#touch(row)
    }
  }

  /** The session ended: its routes go, their fingerprints stay, and nothing was withdrawn. */
  clear(feed: Feed): void {
    const { block, column } = feed
    feed.ended = true
    if (feed.routes === 0) return
    const { count, length } = this.rows
    for (let index = 0; index < block.chunks.length; index += 1) {
      const chunk = block.chunks[index]
      if (chunk === undefined) continue
      const first = index << CHUNK_SHIFT
      const end = Math.min(count - first, CHUNK_MASK + 1)
      for (let row = 0, cell = CELLS + column; row < end; row += 1, cell += block.stride) {
        if (chunk[cell] === 0) continue
        chunk[cell] = 0
        feed.routes -= 1
        if (length[first + row]! <= this.longest) feed.size -= 1
        if (feed.session.addPath) this.#addPaths.forget(first + row, feed.id)
        if (feed.voting) this.#touch(first + row)
      }
    }
  }

  /**
   * Takes away what a whole RIB no longer has, for the feeds given, where no message later than `time` spoke of the
   * prefix. Counts as nothing: we had missed it.
   */
  removeUnseen(block: CellBlock, feeds: readonly Feed[], seen: SeenCells, time: number): void {
    const { count, length } = this.rows
    for (let row = 0; row < count; row += 1) {
      const chunk = block.chunks[row >>> CHUNK_SHIFT]
      if (chunk === undefined) continue
      const base = (row & CHUNK_MASK) * block.stride
      if (chunk[base + LAST_TIME]! > time) continue
      for (const feed of feeds) {
        const cell = base + CELLS + feed.column
        if (chunk[cell] === 0 || seen.has(row, feed.column)) continue
        chunk[cell] = 0
        setPrint(chunk, base, block, feed.column, WITHDRAWN)
        feed.routes -= 1
        if (length[row]! <= this.longest) feed.size -= 1
        if (feed.session.addPath) this.#addPaths.forget(row, feed.id)
        if (!feed.voting) continue
        this.changes.add(row, feed.id, time, CORRECTED)
        this.#touch(row)
      }
    }
  }

  /** Forgets what changed in the bin that was closed. */
  beginBin(feeds: readonly Feed[]): void {
    for (let index = 0; index < this.dirtyCount; index += 1) this.#dirty[this.dirtyRows[index]!] = 0
    this.dirtyCount = 0
    this.changes.clear()
    this.updates.count = 0
    this.withdrawals.count = 0
    for (const feed of feeds) {
      if (feed.reannounced > 0) feed.again!.fill(0)
      feed.reannounced = 0
      feed.gained = 0
      feed.ended = false
    }
  }

  /** Bytes held in typed arrays, but for the cells: these are the collectors'. */
  get bytes(): number {
    return (
      this.rows.bytes +
      this.dirtyRows.byteLength +
      this.#dirty.byteLength +
      this.#countryFor.byteLength +
      this.#country.byteLength +
      this.changes.newest.byteLength
    )
  }
}

/** Which cells a RIB has entries for. */
export class SeenCells {
  readonly #words: number
  #bits: Uint32Array

  /** @param columns those that held routes before; later ones have nothing to be compared with. */
  constructor(columns: number, rows: number) {
    this.#words = (columns + 31) >>> 5
    this.#bits = new Uint32Array(this.#words * rows)
  }

  set(row: number, column: number): void {
    const word = column >>> 5
    if (word >= this.#words) return
    const at = row * this.#words + word
    // Rows that are new have nothing to be compared with either.
    if (at < this.#bits.length) this.#bits[at]! |= 1 << (column & 31)
  }

  has(row: number, column: number): boolean {
    const word = column >>> 5
    const at = row * this.#words + word
    return word >= this.#words || at >= this.#bits.length || (this.#bits[at]! & (1 << (column & 31))) !== 0
  }
}

function printOf(chunk: Uint32Array, base: number, block: CellBlock, column: number): number {
  return (chunk[base + CELLS + block.room + (column >>> 1)]! >>> ((column & 1) << 4)) & 0xffff
}

function setPrint(chunk: Uint32Array, base: number, block: CellBlock, column: number, print: number): void {
  const at = base + CELLS + block.room + (column >>> 1)
  const shift = (column & 1) << 4
  chunk[at] = (chunk[at]! & ~(0xffff << shift)) | (print << shift)
}
