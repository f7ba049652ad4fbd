import type { EntityId, SourceId, UnixSeconds } from './brand.ts'

/**
 * A prefix that the world lost sight of, or sees again: more than half of the full-feed peers lost the route, or have it.
 * First-hand of Tocsin's own routing plane; kept for ever for what incidents are told of.
 */
export interface RouteEvent {
  readonly source: SourceId
  /** Second in which the deciding peer changed its mind, by the collector's clock. */
  readonly at: UnixSeconds
  readonly kind: 'lost' | 'returned'
  /** `203.0.113.0/24`, `2001:db8::/32` (RFC 5952). */
  readonly prefix: string
  /** AS that originated it when it was lost, or originates it now. */
  readonly origin: number
  /** Country that it counts for, ISO 3166-1; `null` where none can be named. */
  readonly country: string | null
  /** /24 or /48 blocks in the prefix; 0 for longer ones. */
  readonly blocks: number
  /** Peer ASes that carried it after the change, of those that voted. */
  readonly carrying: number
  readonly voting: number
}

/** What kind of access an operator sells; what stays up in a blackout (`hosting`, `exchange`, `transit`) is no people's. */
export type AccessKind = 'fixed' | 'mobile' | 'mixed' | 'transit' | 'hosting' | 'exchange' | 'unknown'

/** A curated row of data/operators: who runs which AS. */
export interface Operator {
  readonly entity: EntityId
  /** ISO 3166-1. */
  readonly country: string
  readonly access: AccessKind
  /** By language code; `en` is always there. */
  readonly names: Readonly<Record<string, string>>
  readonly asns: readonly number[]
  /** Where this is written, and the day on which it was looked up there. */
  readonly sources: readonly { readonly text: string; readonly url: string | null; readonly date: string }[]
}
