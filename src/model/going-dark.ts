import type { EntityId, SourceId, UnixSeconds } from './brand.ts'

/*
 * Who lost visibility in routing when, and when it came back. Told from route events, which speak of routes alone:
 * routes that stand do not mean that packets pass.
 */

/** IPv4 and IPv6 go dark apart. */
export type IpFamily = 'ipv4' | 'ipv6'

/** What an AS or operator lost of one family, over the time of an incident. */
export interface Loss {
  readonly family: IpFamily
  /** Prefixes that were out of sight at some time. */
  readonly prefixesLost: number
  /** Announced before; `null` = not counted by us. */
  readonly prefixesBefore: number | null
  /** /24 or /48 blocks that were out of sight at once at the worst, each counted once. */
  readonly blocksLost: number
  /** Visible before; `null` = not counted by us. */
  readonly blocksBefore: number | null
  /** Second in which the first prefix was lost; `null` where that was before what was looked at. */
  readonly firstLost: UnixSeconds | null
  /** Start of the 5-minute bin that holds it. */
  readonly firstLostBin: UnixSeconds | null
  /** By when 90 % of the blocks were gone; `null` = never so much at once, or before what was looked at. */
  readonly mostLost: UnixSeconds | null
  /** Of what: the blocks visible before, or, where nobody counted them, of those that ever went. */
  readonly mostOf: 'visible' | 'lost'
  /** First prefix back, after the worst; `null` = none. */
  readonly firstBack: UnixSeconds | null
  /** By when 90 % of what was gone at the worst was back; `null` = not yet. */
  readonly mostBack: UnixSeconds | null
}

/** An AS, an operator of several, or routes whose origin is a set of AS (`null`). */
export interface DarkNetwork {
  readonly entity: EntityId | null
  /** AS that it was seen with. */
  readonly asns: readonly number[]
  /** Operator that an AS belongs to; `null` where none is known, and for an operator itself. */
  readonly operator: EntityId | null
  /** What of it was lost, the family that went first first; empty = never lost. */
  readonly losses: readonly Loss[]
}

/** One prefix, and when it was out of sight. */
export interface DarkPrefix {
  readonly prefix: string
  readonly family: IpFamily
  /** Of the AS that had it when it went first; 0 where that was a set of several. */
  readonly origin: number
  /** All AS that it was seen with, in the order of time: several = multi-origin or moved. */
  readonly origins: readonly number[]
  /** AS that has it now, where that is another one; else `null`. */
  readonly movedTo: number | null
  readonly operator: EntityId | null
  readonly country: string | null
  readonly blocks: number
  /** In the order of time. `lost` is `null` where it was gone before what was looked at, `returned` while it is gone. */
  readonly spells: readonly { readonly lost: UnixSeconds | null; readonly returned: UnixSeconds | null }[]
}

/** Prefixes by time. */
export interface DarkMatrix {
  readonly from: UnixSeconds
  /** Seconds of one column: 300, or more where the time is long. */
  readonly step: number
  readonly columns: number
  readonly groups: readonly {
    readonly entity: EntityId | null
    /** One letter a column: `v` visible, `l` lost for half of it or more, `u` nobody can say: our view was unhealthy. */
    readonly rows: readonly { readonly prefix: DarkPrefix; readonly cells: string }[]
    /** Prefixes of the group that are left out. */
    readonly more: number
  }[]
}

/** The order of going dark. */
export interface GoingDark {
  /** Whose routes: of several sources the one with the most peers. `null` where no event is known. */
  readonly source: SourceId | null
  /** What was looked at. */
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  /** Most peers that voted on any of it. */
  readonly peers: number
  /** Operators, and AS of none, in the order in which they lost their first prefix; those that never did at the end. */
  readonly operators: readonly DarkNetwork[]
  /** Each AS by itself, in the same order. */
  readonly networks: readonly DarkNetwork[]
  /** In the order of loss. */
  readonly prefixes: readonly DarkPrefix[]
}
