import type { UnixSeconds } from '../../model/brand.ts'
import type { Operator } from '../../model/routing.ts'

/** Why an AS or a prefix carries no weight of a country. */
export type NoCountry = 'offshore' | 'multinational' | 'disputed' | 'unregistered'

export interface AsRegistration {
  readonly asn: number
  /** Country of the registrant by the registry, as it writes it; `null` where it is not delegated. */
  readonly registered: string | null
  /** Country that its space counts for as a whole; `null` = only prefix by prefix, or none. */
  readonly country: string | null
  readonly why: NoCountry | null
  /** Regional registry: `ripencc`, `apnic`, `arin`, `lacnic`, `afrinic`; `null` where it is not delegated. */
  readonly registry: string | null
  /** Where the territory is disputed: countries by which registry or operator row. */
  readonly disputed: readonly string[]
}

/**
 * Who is who at one date: prefix → origin → operator → country. Frozen: one comparison uses one map from beginning to end,
 * so that a change of registration is no outage.
 */
export interface NetworkMap {
  /** Date of the newest delegation file that it was built from; `null` when it was built from operators alone. */
  readonly date: UnixSeconds | null
  /** For people: which files, of which dates, from where. */
  readonly provenance: readonly string[]
  as(asn: number): AsRegistration
  operator(asn: number): Operator | null
  readonly operators: readonly Operator[]
  /**
   * Country that a prefix announced by `origin` counts for, as `code[0] * 256 + code[1]` of ISO 3166-1, 0 for none. The
   * AS's own country where it has one; else the place of the prefix by the registries, where nine tenths of its delegated
   * space have one. Allocates nothing.
   */
  countryOf(
    origin: number,
    family: 4 | 6,
    word0: number,
    word1: number,
    word2: number,
    word3: number,
    length: number,
  ): number
}
