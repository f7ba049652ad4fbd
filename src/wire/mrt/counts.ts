import { BROKEN_REASONS, type BrokenReason } from '../broken.ts'

/** Types and subtypes below this are counted in an array; what is above is rare and goes to a map. */
const SMALL_TYPE = 64
const SMALL_SUBTYPE = 16

export interface TypeCount {
  readonly type: number
  readonly subtype: number
  readonly records: number
}

/** What was read, in whole numbers since the start. A record is whole, skipped or broken, never two of them. */
export class MrtCounts {
  /** Bytes taken in (uncompressed), whole records and the rest. */
  bytes = 0
  /** Records with a header, broken ones among them. */
  records = 0
  /** Entries of RIBs: one prefix of one peer each. */
  entries = 0
  announcements = 0
  withdrawals = 0
  /** BGP messages of any kind, sent by us too. */
  messages = 0
  stateChanges = 0
  endOfRibs = 0
  /** Messages that the collector sent itself (RFC 6396 §4.4.5 and RFC 8050 `_LOCAL`): decoded, but no peer's routes. */
  localMessages = 0
  /** Routes of another kind than IPv4 and IPv6 unicast, such as multicast, VPN or flow specification: attributes that are passed over. */
  otherFamilies = 0
  /** Skipped on purpose: types that carry no unicast route. Also counted in `types`. */
  skipped = 0
  broken = 0
  /** Bytes between records that belong to none: skipped while the next header was searched for. */
  lostBytes = 0
  /** UTC seconds of the first and the last record in the order of the file; NaN before the first. */
  firstTime = NaN
  lastTime = NaN
  /** Offset at which the last record begins when the file ends within it; `null` when it ends with a record. */
  truncatedAt: number | null = null

  private readonly small = new Uint32Array(SMALL_TYPE * SMALL_SUBTYPE)
  private readonly large = new Map<number, number>()
  private readonly skippedKeys = new Set<number>()
  private readonly reasons = new Map<BrokenReason, number>()

  countType(type: number, subtype: number): void {
    if (type < SMALL_TYPE && subtype < SMALL_SUBTYPE) this.small[type * SMALL_SUBTYPE + subtype]! += 1
    else this.countLarge(type * 65_536 + subtype)
  }

  /** At most 2¹⁶ kinds, so that random bytes cannot make it grow without end; the rest is counted as one. */
  private countLarge(key: number): void {
    const kept = this.large.has(key) || this.large.size < 65_536 ? key : -1
    this.large.set(kept, (this.large.get(kept) ?? 0) + 1)
  }

  countSkipped(type: number, subtype: number): void {
    this.skipped += 1
    if (this.skippedKeys.size < 65_536) this.skippedKeys.add(type * 65_536 + subtype)
  }

  countBroken(reason: BrokenReason): void {
    this.broken += 1
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }

  /** Records by type and subtype, lowest first; a type of −1 sums up what was too much to tell apart. */
  types(): TypeCount[] {
    const all: TypeCount[] = []
    for (let type = 0; type < SMALL_TYPE; type += 1)
      for (let subtype = 0; subtype < SMALL_SUBTYPE; subtype += 1) {
        const records = this.small[type * SMALL_SUBTYPE + subtype]!
        if (records > 0) all.push({ type, subtype, records })
      }
    for (const [key, records] of this.large)
      all.push(key < 0 ? { type: -1, subtype: -1, records } : { type: key >>> 16, subtype: key & 0xffff, records })
    return all.sort((one, other) => one.type - other.type || one.subtype - other.subtype)
  }

  /** Those of `types` that were skipped. */
  skippedTypes(): TypeCount[] {
    return this.types().filter(({ type, subtype }) => type < 0 || this.skippedKeys.has(type * 65_536 + subtype))
  }

  /** Broken records by reason; reasons that did not happen are not listed. */
  brokenReasons(): { readonly reason: BrokenReason; readonly records: number }[] {
    return BROKEN_REASONS.flatMap((reason) => {
      const records = this.reasons.get(reason) ?? 0
      return records === 0 ? [] : [{ reason, records }]
    })
  }
}
