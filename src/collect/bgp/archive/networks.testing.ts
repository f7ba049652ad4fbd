import type { EntityId } from '../../../model/brand.ts'
import type { Operator } from '../../../model/routing.ts'
import type { NetworkMap } from '../../../netdata/networks/network-map.ts'

/** ASes of documentation (RFC 5398) by country; the first of Kazakhstan belongs to an operator with mobile access. */
const COUNTRIES: Readonly<Record<number, string>> = { 64_501: 'KZ', 64_502: 'KZ', 64_503: 'BY' }

const KCELL: Operator = {
  entity: 'operator:KZ.kcell' as EntityId,
  country: 'KZ',
  access: 'mobile',
  names: { en: 'Kcell' },
  asns: [64_501],
  sources: [],
}

/** Who is who in a world of four ASes, made for tests. */
export const testNetworks: NetworkMap = {
  date: null,
  provenance: ['made for tests'],
  as: (asn) => {
    const country = COUNTRIES[asn] ?? null
    const why = country === null ? 'unregistered' : null
    return { asn, registered: country, country, why, registry: 'ripencc', disputed: [] }
  },
  operator: (asn) => (asn === 64_501 ? KCELL : null),
  operators: [KCELL],
  countryOf: (origin) => {
    const country = COUNTRIES[origin]
    return country === undefined ? 0 : country.charCodeAt(0) * 256 + country.charCodeAt(1)
  },
}
