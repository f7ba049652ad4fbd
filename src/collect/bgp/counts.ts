import type { EntityId, UnixSeconds } from '../../model/brand.ts'

/** One 5-minute bin of everything, in columns by a row number that an entity keeps as long as the table lives. */
export interface BinCounts {
  /** Start, a multiple of 300 s. */
  readonly bin: UnixSeconds
  /** Peer ASes whose vote counted at the bin's end, by family. Fewer than the least asked for: the counts are `NaN`. */
  readonly voting4: number
  readonly voting6: number
  /** Why fewer peers vote than there are, for people: sessions down, silent, still transferring, without a full table. */
  readonly notVoting: readonly {
    readonly peer: string
    readonly reason: 'down' | 'silent' | 'transferring' | 'partial-table'
  }[]
  /** `country:KZ`, `operator:KZ.kcell`, `access:KZ.mobile`, `as:29355`; grows only. */
  readonly entities: readonly EntityId[]
  /** /24 blocks covered for more than half of the voting peer ASes at the bin's end; a peer's default route is none. */
  readonly slash24s: Float64Array
  readonly slash48s: Float64Array
  /** Exact prefixes carried by more than half of the voting peer ASes at the bin's end. */
  readonly prefixes4: Float64Array
  readonly prefixes6: Float64Array
  /** Route changes announced within the bin, mean over voting peers. What repeats the path that stands is none. */
  readonly updates4: Float64Array
  readonly updates6: Float64Array
  /** Routes withdrawn within the bin, mean over voting peers. A session that ends withdraws nothing. */
  readonly withdrawals4: Float64Array
  readonly withdrawals6: Float64Array
}
