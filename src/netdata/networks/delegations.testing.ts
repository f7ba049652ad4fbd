import type { UnixSeconds } from '../../model/brand.ts'
import { packCountry } from './country-code.ts'
import { STATUSES, type Delegations, type Registry, type Status } from './delegations.ts'

interface Row {
  readonly country: string
  readonly status?: Status
  readonly date?: number
  readonly holder?: string
}

/** What a registry has delegated, by hand. IPv4 and AS numbers from first to last; IPv6 as its first two words. */
export interface Rows {
  readonly registry: Registry
  readonly date?: number
  readonly asns?: readonly (Row & { readonly asn: readonly [number, number] })[]
  readonly ipv4?: readonly (Row & { readonly range: readonly [number, number] })[]
  readonly ipv6?: readonly (Row & { readonly prefix: readonly [number, number, number] })[]
}

export function delegationsOf({ registry, date = 0, asns = [], ipv4 = [], ipv6 = [] }: Rows): Delegations {
  const holders = ['']
  const holderOf = (name = ''): number => {
    if (!holders.includes(name)) holders.push(name)
    return holders.indexOf(name)
  }
  const common = (rows: readonly Row[]) => ({
    count: rows.length,
    country: Uint16Array.from(rows.map(({ country }) => (country === '' ? 0 : packCountry(country)))),
    status: Uint8Array.from(rows.map(({ status }) => STATUSES.indexOf(status ?? 'allocated'))),
    date: Uint32Array.from(rows.map((row) => row.date ?? 20_200_101)),
    holder: Uint32Array.from(rows.map(({ holder }) => holderOf(holder))),
  })
  const range = (rows: readonly (readonly [number, number])[]) => ({
    first: Uint32Array.from(rows.map(([first]) => first)),
    last: Uint32Array.from(rows.map(([, last]) => last)),
  })
  return {
    registry,
    date: date as UnixSeconds,
    asns: { ...common(asns), ...range(asns.map(({ asn }) => asn)) },
    ipv4: { ...common(ipv4), ...range(ipv4.map((row) => row.range)) },
    ipv6: {
      ...common(ipv6),
      word0: Uint32Array.from(ipv6.map(({ prefix }) => prefix[0])),
      word1: Uint32Array.from(ipv6.map(({ prefix }) => prefix[1])),
      length: Uint8Array.from(ipv6.map(({ prefix }) => prefix[2])),
    },
    holders,
  }
}
