import type { AsRegistration, NetworkMap } from '../../../netdata/networks/network-map.ts'

/** Who is who where nothing is known: ASes are counted, countries and operators are not. */
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
