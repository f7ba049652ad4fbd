import { longerUint32 } from './grow.ts'

/** Updates, or withdrawals, of a bin as they came: who sent them, of what AS and which prefix they are. */
export class MessageLog {
  count = 0
  feed = new Uint32Array(1 << 12)
  /** Number of the origin. */
  origin = new Uint32Array(1 << 12)
  /** Of the prefix. */
  row = new Uint32Array(1 << 12)

  add(feed: number, origin: number, row: number): void {
    const at = this.count
    if (at === this.feed.length) {
      this.feed = longerUint32(this.feed, at * 2)
      this.origin = longerUint32(this.origin, at * 2)
      this.row = longerUint32(this.row, at * 2)
    }
    this.feed[at] = feed
    this.origin[at] = origin
    this.row[at] = row
    this.count = at + 1
  }
}
