import type { UnixSeconds } from '../../model/brand.ts'

export const REGISTRIES = ['ripencc', 'apnic', 'arin', 'lacnic', 'afrinic'] as const
/** A regional Internet registry, as its statistics name it. */
export type Registry = (typeof REGISTRIES)[number]

export const STATUSES = ['allocated', 'assigned', 'available', 'reserved'] as const
/** @internal */
export type Status = (typeof STATUSES)[number]

/** What all three kinds of records say, in columns. */
export interface DelegationColumns {
  readonly count: number
  /** As `packCountry` writes it and the registry gives it: also `EU`, `AP`, `ZZ`; 0 where it gives none. */
  readonly country: Uint16Array
  /** Place in STATUSES. */
  readonly status: Uint8Array
  /** `yyyymmdd` as a number; 0 where the registry gives none. */
  readonly date: Uint32Array
  /** Who holds it: place in `Delegations.holders`; 0 where the file does not say. */
  readonly holder: Uint32Array
}

/** Numbers from `first` to `last`, both included: AS numbers or IPv4 addresses (whose count is often no power of two). */
export interface RangeColumns extends DelegationColumns {
  readonly first: Uint32Array
  readonly last: Uint32Array
}

/** Prefixes of IPv6, of 0 to 64 bits: nothing longer is delegated. */
export interface Ipv6Columns extends DelegationColumns {
  readonly word0: Uint32Array
  readonly word1: Uint32Array
  readonly length: Uint8Array
}

/** What one registry has delegated by one day. */
export interface Delegations {
  readonly registry: Registry
  /** UTC midnight of the last day that the file speaks of. */
  readonly date: UnixSeconds
  readonly asns: RangeColumns
  readonly ipv4: RangeColumns
  readonly ipv6: Ipv6Columns
  /** Identifiers of holders, the registry's own and of this file alone; the first is empty: not said. */
  readonly holders: readonly string[]
}

/** Delegated to somebody: neither free nor kept back. */
export function isDelegated(status: number): boolean {
  return status <= 1
}
