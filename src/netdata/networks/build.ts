import type { UnixSeconds } from '../../model/brand.ts'
import type { Operator } from '../../model/routing.ts'
import { toRfc3339 } from '../../model/time.ts'
import { isCountryCode } from '../iso.ts'
import { packCountry, unpackCountry } from './country-code.ts'
import type { Delegations, Registry } from './delegations.ts'
import { disputedAses } from './disputed.ts'
import type { AsRegistration, NetworkMap } from './network-map.ts'
import { MULTINATIONAL, OFFSHORE } from './places.ts'
import { maskOf } from './prefix-columns.ts'
import { ANYWHERE, collectAsns, collectIpv4, collectIpv6, placeOf, type Register } from './register.ts'
import { firstEndingFrom, rowAt, sharedLength } from './space-map.ts'

/**
 * How an AS came to a prefix that it announces, by the registries. `own`: the same holder has both. `domestic`: somebody
 * else of the same country. `foreign`: registered in another country: leased, bought and never re-registered, or a
 * customer's; registries do not tell which. `unknown`: one of the two is not delegated, or to no country.
 */
export type Tenure = 'own' | 'domestic' | 'foreign' | 'unknown'

/** A network map with what the registries say of space itself. */
export interface RegisteredNetworkMap extends NetworkMap {
  /** Country to which the registries delegated nine tenths of the delegated part of a prefix, offshore ones included. */
  registeredCountry(family: 4 | 6, word0: number, word1: number, length: number): string | null
  /** Registry and holder at the first address of a prefix; `null` where it is not delegated. */
  holderAt(
    family: 4 | 6,
    word0: number,
    word1: number,
  ): { readonly registry: Registry; readonly holder: string | null } | null
  tenure(origin: number, family: 4 | 6, word0: number, word1: number, length: number): Tenure
  /** AS numbers that are registered in a country, ascending, as stretches of first and last. */
  asnsOf(country: string): readonly (readonly [number, number])[]
  /** Delegated to a country, in /24 blocks of IPv4 and /48 blocks of IPv6; not rounded. */
  delegatedTo(country: string): { readonly slash24s: number; readonly slash48s: number }
}

export interface NetworkMapInput {
  /** One of each registry at most; none: the map is made of operators alone. */
  readonly delegated: readonly Delegations[]
  readonly operators: readonly Operator[]
  /** The instant that is spoken of: which rows of data/networks/disputed.toml hold. */
  readonly at: UnixSeconds
  /** For people: where the files are from. Left out: only registries and dates. */
  readonly provenance?: readonly string[]
}

/** Of the delegated space of a prefix, to name its country. docs/adr/0017. */
const LEAST_SHARE = 0.9

/** AS numbers below are looked up in a table; there is none above but documentation, private and future use. */
const TABLE_SIZE = 2 ** 19
/** In that table, beside countries: count by prefix; count for nobody. */
const BY_PREFIX = 0
const NOBODY = 1

/**
 * Makes a map that never changes: one comparison uses one map from its beginning to its end.
 *
 * An AS counts for the country of its operator row; else for that of its registration, unless that is offshore, the AS is
 * multinational, or its territory is disputed. Leased space goes with an AS that has a country: the subscribers behind it
 * are that network's, wherever the addresses were once registered. Without a country of the AS each prefix counts for
 * the country that nine tenths of its delegated space are registered in; a prefix registered offshore counts there only
 * where the AS is registered there too, both by the registry that serves that country. An AS of a disputed
 * territory counts for nobody where there is more than one view, and `as().disputed` holds them all. docs/adr/0017.
 */
export function buildNetworkMap(input: NetworkMapInput): RegisteredNetworkMap {
  const asns = collectAsns(input.delegated)
  const ipv4 = collectIpv4(input.delegated)
  const ipv6 = collectIpv6(input.delegated)
  const disputed = disputedAses(input.at)
  const operatorOf = new Map<number, Operator>()
  for (const operator of input.operators) {
    for (const asn of operator.asns) if (!operatorOf.has(asn)) operatorOf.set(asn, operator)
  }

  const as = (asn: number): AsRegistration => {
    const row = rowAt(asns.map, asn, 0)
    const registered = row === -1 ? null : unpackCountry(asns.country[row]!)
    const registry = row === -1 ? null : (asns.registries[asns.file[row]!] ?? null)
    const operator = operatorOf.get(asn)
    const claim = disputed.get(asn)
    const views =
      claim === undefined ? [] : [...new Set([...(registered === null ? [] : [registered]), ...claim.countries])]
    const known = { asn, registered, registry, disputed: views }
    if (operator !== undefined) return { ...known, country: operator.country, why: null }
    // One name for all: there are no two views to choose between.
    if (views.length > 1) return { ...known, country: null, why: 'disputed' }
    if (MULTINATIONAL.has(asn)) return { ...known, country: null, why: 'multinational' }
    if (registered === null || !isCountryCode(registered)) return { ...known, country: null, why: 'unregistered' }
    if (OFFSHORE[registered] !== undefined) return { ...known, country: null, why: 'offshore' }
    return { ...known, country: registered, why: null }
  }

  const codeOf = (asn: number): number => {
    const { country, why } = as(asn)
    return country !== null ? packCountry(country) : why === 'disputed' ? NOBODY : BY_PREFIX
  }
  const table = new Uint16Array(TABLE_SIZE)
  for (let i = 0; i < asns.map.count; i += 1) {
    const last = Math.min(asns.map.last0[i]!, TABLE_SIZE - 1)
    // One registration, one country: what stands out is put right below.
    const { place } = asns
    const code = placeOf(place[asns.map.row[i]!]!, 0)
    for (let asn = asns.map.start0[i]!; asn <= last; asn += 1) table[asn] = code
  }
  for (const asn of [...operatorOf.keys(), ...disputed.keys(), ...MULTINATIONAL.keys()]) {
    if (asn < TABLE_SIZE) table[asn] = codeOf(asn)
  }

  /** Country of a registration offshore that the serving registry made, packed; else 0. */
  const offshoreHome = (asn: number): number => {
    if (MULTINATIONAL.has(asn)) return 0
    const row = rowAt(asns.map, asn, 0)
    if (row === -1) return 0
    const code = asns.country[row]!
    return placeOf(asns.place[row]!, code) === code && placeOf(asns.place[row]!, 0) === 0 ? code : 0
  }

  const countryByPrefix = (register: Register, word0: number, word1: number, length: number, own: number): number => {
    const last0 = (word0 | ~maskOf(length)) >>> 0
    const last1 = (word1 | ~maskOf(length - 32)) >>> 0
    const { map, place } = register
    const first = firstEndingFrom(map, word0, word1)
    // Whoever holds more than half is left standing; then it is measured.
    let candidate = 0
    let lead = 0
    for (let at = first; at < map.count && beginsBy(register, at, last0, last1); at += 1) {
      const size = sharedLength(map, at, word0, word1, last0, last1)
      const code = placeOf(place[map.row[at]!]!, own)
      if (lead === 0 || code === candidate) {
        candidate = lead === 0 ? code : candidate
        lead += size
      } else if (lead >= size) lead -= size
      else {
        candidate = code
        lead = size - lead
      }
    }
    if (candidate === 0) return 0
    let all = 0
    let its = 0
    for (let at = first; at < map.count && beginsBy(register, at, last0, last1); at += 1) {
      const size = sharedLength(map, at, word0, word1, last0, last1)
      all += size
      if (placeOf(place[map.row[at]!]!, own) === candidate) its += size
    }
    return its >= LEAST_SHARE * all ? candidate : 0
  }

  const registerOf = (family: 4 | 6): Register => (family === 4 ? ipv4 : ipv6)

  const holderOf = (register: Register, row: number): string | null => {
    const holder = register.holders[register.file[row]!]?.[register.holder[row]!] ?? ''
    return holder === '' ? null : holder
  }

  const registeredCountry = (family: 4 | 6, word0: number, word1: number, length: number): string | null =>
    unpackCountry(countryByPrefix(registerOf(family), word0, word1, length, ANYWHERE))

  const dates = input.delegated.map(({ date }) => date)
  const contested = asns.map.contested + ipv4.map.contested + ipv6.map.contested
  const provenance = [
    ...(input.provenance ??
      input.delegated.map(
        ({ registry, date }) => `delegated statistics of ${registry}, ${toRfc3339(date).slice(0, 10)}`,
      )),
    ...(contested === 0
      ? []
      : [`${contested} stretches that more than one registry lists go to the newest delegation`]),
  ]

  return Object.freeze({
    date: dates.length === 0 ? null : (Math.max(...dates) as UnixSeconds),
    provenance: Object.freeze(provenance),
    operators: input.operators,
    as,
    operator: (asn: number) => operatorOf.get(asn) ?? null,
    countryOf(origin, family, word0, word1, _word2, _word3, length) {
      const code = origin < TABLE_SIZE ? table[origin]! : codeOf(origin)
      if (code > NOBODY) return code
      if (code === NOBODY) return 0
      return countryByPrefix(family === 4 ? ipv4 : ipv6, word0, word1, length, offshoreHome(origin))
    },
    registeredCountry,
    holderAt(family, word0, word1) {
      const register = registerOf(family)
      const row = rowAt(register.map, word0, word1)
      if (row === -1) return null
      return { registry: register.registries[register.file[row]!]!, holder: holderOf(register, row) }
    },
    tenure(origin, family, word0, word1, length) {
      const asRow = rowAt(asns.map, origin, 0)
      const register = registerOf(family)
      const row = rowAt(register.map, word0, word1)
      if (asRow === -1 || row === -1) return 'unknown'
      const holder = holderOf(register, row)
      if (holder !== null && asns.file[asRow] === register.file[row] && holder === holderOf(asns, asRow)) return 'own'
      const asCountry = unpackCountry(asns.country[asRow]!)
      const prefixCountry = registeredCountry(family, word0, word1, length)
      if (asCountry === null || !isCountryCode(asCountry) || prefixCountry === null) return 'unknown'
      return asCountry === prefixCountry ? 'domestic' : 'foreign'
    },
    asnsOf(country) {
      const wanted = packCountry(country)
      const found: [number, number][] = []
      for (let at = 0; at < asns.map.count; at += 1) {
        if (asns.country[asns.map.row[at]!] !== wanted) continue
        const before = found.at(-1)
        if (before !== undefined && before[1] + 1 === asns.map.start0[at]) before[1] = asns.map.last0[at]!
        else found.push([asns.map.start0[at]!, asns.map.last0[at]!])
      }
      return found
    },
    delegatedTo(country) {
      const wanted = packCountry(country)
      const size = ({ map, country: codes }: Register): number => {
        let sum = 0
        for (let at = 0; at < map.count; at += 1) {
          if (codes[map.row[at]!] === wanted) sum += sharedLength(map, at, 0, 0, 0xffff_ffff, 0xffff_ffff)
        }
        return sum
      }
      // A position of IPv4 is 2^32 wide in the pair of words; a /48 holds 65,536 of the /64 that IPv6 is counted in.
      return { slash24s: size(ipv4) / 2 ** 40, slash48s: size(ipv6) / 65_536 }
    },
  } satisfies RegisteredNetworkMap)
}

function beginsBy({ map }: Register, at: number, last0: number, last1: number): boolean {
  const s0 = map.start0[at]!
  return s0 < last0 || (s0 === last0 && map.start1[at]! <= last1)
}
