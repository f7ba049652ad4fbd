import type { Operator } from '../../../model/routing.ts'
import { packCountry } from '../../../netdata/networks/country-code.ts'
import type { AsRegistration, NetworkMap } from '../../../netdata/networks/network-map.ts'

/**
 * Who is who where nothing is known: ASes are counted, countries and operators are not.
 *
 * @internal
 */
export const noNetworks: NetworkMap = {
  date: null,
  provenance: [],
  as: (asn): AsRegistration => ({
    asn,
    registered: null,
    country: null,
    why: 'unregistered',
    registry: null,
    disputed: [],
  }),
  operator: () => null,
  operators: [],
  countryOf: () => 0,
}

/** Who is who by curated rows alone: what `buildNetworkMap` makes without registries, for who cannot wait for it to load. */
export function operatorNetworks(operators: readonly Operator[]): NetworkMap {
  const byAsn = new Map<number, Operator>()
  for (const operator of operators) for (const asn of operator.asns) if (!byAsn.has(asn)) byAsn.set(asn, operator)
  return {
    ...noNetworks,
    operators,
    operator: (asn) => byAsn.get(asn) ?? null,
    as(asn) {
      const country = byAsn.get(asn)?.country ?? null
      return { ...noNetworks.as(asn), country, why: country === null ? 'unregistered' : null }
    },
    countryOf(origin) {
      const operator = byAsn.get(origin)
      return operator === undefined ? 0 : packCountry(operator.country)
    },
  }
}
