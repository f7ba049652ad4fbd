import type { BrokenReason } from '../broken.ts'

/** Type codes of path attributes, as IANA numbers them. */
export const ATTRIBUTE = {
  origin: 1,
  asPath: 2,
  nextHop: 3,
  med: 4,
  localPref: 5,
  atomicAggregate: 6,
  aggregator: 7,
  communities: 8,
  originatorId: 9,
  clusterList: 10,
  mpReach: 14,
  mpUnreach: 15,
  extendedCommunities: 16,
  as4Path: 17,
  as4Aggregator: 18,
  largeCommunities: 32,
} as const

/**
 * Where each path attribute of one message or RIB entry stands: one walk finds them all, and who needs a value decodes it
 * from there. Filled over and over; nothing is cleared between messages, an attribute is there when its round is the
 * current one.
 */
export class AttributeMap {
  /** Offset of the value by type code; says something only where `has` does. */
  readonly at = new Int32Array(256)
  /** Offset behind the value. */
  readonly end = new Int32Array(256)
  readonly flags = new Uint8Array(256)
  /** Type codes in the order of the wire; `count` of them. */
  readonly order = new Uint8Array(256)
  count = 0
  private readonly round = new Int32Array(256)
  private current = 0

  /** Another number for each message or entry: who keeps what it made of one knows by it whether it still holds. */
  get serial(): number {
    return this.current
  }

  has(type: number): boolean {
    return this.round[type] === this.current
  }

  clear(): void {
    this.current = (this.current + 1) | 0
    // After 2³² messages the rounds come again: nothing may look as if it were of this one.
    if (this.current === 0) {
      this.round.fill(0)
      this.current = 1
    }
    this.count = 0
  }

  /**
   * Walks the attributes in `bytes` from `from` to `to` (RFC 4271 §4.3). Of an attribute that stands twice the first counts
   * (RFC 7606 §3 g), except that MP_REACH and MP_UNREACH must not.
   */
  locate(bytes: Uint8Array, from: number, to: number): BrokenReason | null {
    this.clear()
    let at = from
    while (at < to) {
      if (at + 3 > to) return 'attribute-overrun'
      const flags = bytes[at]!
      const type = bytes[at + 1]!
      let length = bytes[at + 2]!
      at += 3
      if ((flags & 0x10) !== 0) {
        if (at >= to) return 'attribute-overrun'
        length = (length << 8) | bytes[at]!
        at += 1
      }
      const end = at + length
      if (end > to) return 'attribute-overrun'
      if (this.round[type] !== this.current) {
        this.round[type] = this.current
        this.at[type] = at
        this.end[type] = end
        this.flags[type] = flags
        this.order[this.count] = type
        this.count += 1
      } else if (type === ATTRIBUTE.mpReach || type === ATTRIBUTE.mpUnreach) return 'attribute-twice'
      at = end
    }
    return null
  }
}
