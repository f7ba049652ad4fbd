import { longerInt32, longerUint32, longerUint8 } from './grow.ts'

/** A feed got a route for a prefix, lost it, or was set right by a RIB (no message of the network). */
export type Change = 0 | 1 | 2
export const LOST = 0
export const GAINED = 1
export const CORRECTED = 2

/** What changed in a bin in whether voting feeds carry a prefix: a chain for each row, newest first. */
export class ChangeLog {
  count = 0
  feed = new Uint32Array(1 << 12)
  time = new Uint32Array(1 << 12)
  kind = new Uint8Array(1 << 12)
  /** Number of the change of the same row before this one; −1: none. */
  before = new Int32Array(1 << 12)
  /** By row: newest change; −1: none. */
  newest = new Int32Array(0)
  /** Rows that have a chain. */
  rows = new Uint32Array(1 << 12)
  rowCount = 0

  add(row: number, feed: number, time: number, kind: Change): void {
    const at = this.count
    if (at === this.kind.length) this.#grow()
    const before = this.newest[row]!
    if (before === -1) {
      if (this.rowCount === this.rows.length) this.rows = longerUint32(this.rows, this.rowCount * 2)
      this.rows[this.rowCount] = row
      this.rowCount += 1
    }
    this.feed[at] = feed
    this.time[at] = time
    this.kind[at] = kind
    this.before[at] = before
    this.newest[row] = at
    this.count = at + 1
  }

  #grow(): void {
    const room = this.count * 2
    this.feed = longerUint32(this.feed, room)
    this.time = longerUint32(this.time, room)
    this.kind = longerUint8(this.kind, room)
    this.before = longerInt32(this.before, room, -1)
  }

  follow(room: number): void {
    this.newest = longerInt32(this.newest, room, -1)
  }

  clear(): void {
    for (let index = 0; index < this.rowCount; index += 1) this.newest[this.rows[index]!] = -1
    this.rowCount = 0
    this.count = 0
  }
}
