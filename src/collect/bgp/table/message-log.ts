import { longerUint16, longerUint32 } from './grow.ts'

/** Updates, or withdrawals, of a bin as they came: who sent them, and what AS and country they are of. */
export class MessageLog {
  count = 0
  feed = new Uint32Array(1 << 12)
  /** Number of the origin. */
  origin = new Uint32Array(1 << 12)
  /** Number of the country, as FamilyTable numbers them. */
  country = new Uint16Array(1 << 12)

  add(feed: number, origin: number, country: number): void {
    const at = this.count
    if (at === this.feed.length) {
      this.feed = longerUint32(this.feed, at * 2)
      this.origin = longerUint32(this.origin, at * 2)
      this.country = longerUint16(this.country, at * 2)
    }
    this.feed[at] = feed
    this.origin[at] = origin
    this.country[at] = country
    this.count = at + 1
  }
}
