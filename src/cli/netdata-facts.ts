import type { AsUsers, UsersEstimate } from '../collect/netdata/users.ts'
import type { Origin, Origins } from '../collect/netdata/origins.ts'
import type { Operator } from '../model/routing.ts'
import type { RegisteredNetworkMap, Tenure } from '../netdata/networks/build.ts'
import { unpackCountry } from '../netdata/networks/country-code.ts'
import type { AsRegistration } from '../netdata/networks/network-map.ts'
import { createPrefixList, type PrefixList } from '../netdata/networks/prefix-columns.ts'
import { buildPrefixSet } from '../netdata/networks/prefix-set.ts'
import { formatPrefix, type PrefixWords } from '../wire/prefix.ts'

/** All that is known for one instant. */
export interface Known {
  readonly map: RegisteredNetworkMap
  /** Of a RIB that somebody named; `null` where nobody did. */
  readonly origins: Origins | null
  /** `null`: nobody put a file of estimates there. */
  readonly users: AsUsers | null
}

/** What ASes originate of one family, by the RIB. */
export interface Originated {
  readonly prefixes: number
  /** Blocks that are in them whole, overlaps once: /24 of IPv4, /48 of IPv6. */
  readonly blocks: number
  /** Prefixes by how the AS came to them. */
  readonly tenure: Readonly<Record<Tenure, number>>
  /** Registered in other countries: prefixes by country, the most first. */
  readonly foreign: Readonly<Record<string, number>>
}

export interface AsFacts extends AsRegistration {
  readonly operator: Operator | null
  readonly users: UsersEstimate | null
  /** `null`: no RIB. */
  readonly originates: { readonly ipv4: Originated; readonly ipv6: Originated } | null
}

/** A row as everybody may read it: without what only those who keep the tables need. */
export function publicOperator({ entity, country, access, names, asns, sources }: Operator): Operator {
  return { entity, country, access, names, asns, sources }
}

function operatorAt(map: RegisteredNetworkMap, asn: number): Operator | null {
  const operator = map.operator(asn)
  return operator === null ? null : publicOperator(operator)
}

export function asFacts({ map, origins, users }: Known, asn: number): AsFacts {
  return {
    ...map.as(asn),
    operator: operatorAt(map, asn),
    users: users?.of(asn) ?? null,
    originates:
      origins === null ? null : { ipv4: originated(map, origins, 4, asn), ipv6: originated(map, origins, 6, asn) },
  }
}

function originated(map: RegisteredNetworkMap, origins: Origins, family: 4 | 6, asn: number): Originated {
  const { prefixes, from, asns } = family === 4 ? origins.ipv4 : origins.ipv6
  const own = createPrefixList()
  const tenure: Record<Tenure, number> = { own: 0, domestic: 0, foreign: 0, unknown: 0 }
  const foreign = new Map<string, number>()
  for (let row = 0; row < prefixes.count; row += 1) {
    if (!asns.subarray(from[row], from[row + 1]).includes(asn)) continue
    const [word0, word1, length] = [prefixes.word0[row]!, prefixes.word1[row]!, prefixes.length[row]!]
    own.add(word0, word1, prefixes.word2[row]!, prefixes.word3[row]!, length)
    const how = map.tenure(asn, family, word0, word1, length)
    tenure[how] += 1
    const country = how === 'foreign' ? map.registeredCountry(family, word0, word1, length) : null
    if (country !== null) foreign.set(country, (foreign.get(country) ?? 0) + 1)
  }
  return {
    prefixes: own.count,
    blocks: buildPrefixSet(family, own).blocks(),
    tenure,
    foreign: Object.fromEntries([...foreign].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))),
  }
}

export interface OriginFacts extends Origin {
  readonly operator: Operator | null
  /** Country that the prefix counts for with this origin. */
  readonly country: string | null
  readonly tenure: Tenure
}

export interface PrefixFacts {
  readonly prefix: string
  readonly registry: string | null
  readonly holder: string | null
  /** Country that nine tenths of its delegated space are registered in; also offshore ones. */
  readonly registered: string | null
  /** The most specific route that is the prefix or covers it; `null`: no RIB, or none in it. */
  readonly route: {
    readonly prefix: string
    readonly sessions: number
    readonly origins: readonly OriginFacts[]
  } | null
  /** Routes inside the prefix, itself left out; `null`: no RIB. */
  readonly moreSpecific: number | null
}

export function prefixFacts({ map, origins }: Known, asked: PrefixWords): PrefixFacts {
  const { family, word0, word1, word2, word3, length } = asked
  const place = map.holderAt(family, word0, word1)
  const shared = {
    prefix: formatPrefix(asked),
    registry: place?.registry ?? null,
    holder: place?.holder ?? null,
    registered: map.registeredCountry(family, word0, word1, length),
  }
  if (origins === null) return { ...shared, route: null, moreSpecific: null }
  const { prefixes, lpm } = family === 4 ? origins.ipv4 : origins.ipv6
  const row = lpm().covering(word0, word1, word2, word3, length)
  return {
    ...shared,
    route: row === -1 ? null : routeFacts(map, origins, family, row),
    moreSpecific: inside(asked, prefixes),
  }
}

function routeFacts(map: RegisteredNetworkMap, origins: Origins, family: 4 | 6, row: number): PrefixFacts['route'] {
  const { prefixes } = family === 4 ? origins.ipv4 : origins.ipv6
  const [word0, word1, word2, word3] = [
    prefixes.word0[row]!,
    prefixes.word1[row]!,
    prefixes.word2[row]!,
    prefixes.word3[row]!,
  ]
  const length = prefixes.length[row]!
  return {
    prefix: formatPrefix({ family, word0, word1, word2, word3, length }),
    sessions: origins.sessions,
    origins: origins.originsOf(family, row).map((origin) => ({
      ...origin,
      operator: operatorAt(map, origin.asn),
      country: unpackCountry(map.countryOf(origin.asn, family, word0, word1, word2, word3, length)),
      tenure: map.tenure(origin.asn, family, word0, word1, length),
    })),
  }
}

function inside({ family, word0, word1, word2, word3, length }: PrefixWords, prefixes: PrefixList): number {
  const around = createPrefixList()
  around.add(word0, word1, word2, word3, length)
  const set = buildPrefixSet(family, around)
  let found = 0
  for (let row = 0; row < prefixes.count; row += 1) {
    const its = prefixes.length[row]!
    if (its <= length) continue
    if (set.covers(prefixes.word0[row]!, prefixes.word1[row]!, prefixes.word2[row]!, prefixes.word3[row]!, its))
      found += 1
  }
  return found
}

export interface CountryFacts {
  readonly country: string
  /** What the registries delegated to it; `null`: no file of theirs. */
  readonly registered: {
    /** AS numbers. */
    readonly asns: number
    /** Blocks, not rounded. */
    readonly slash24s: number
    readonly slash48s: number
  } | null
  readonly operators: readonly Operator[]
  /** Curated AS of which this country is one of several views. */
  readonly disputed: readonly AsRegistration[]
}

/** @param disputed AS numbers of data/networks/disputed.toml at that instant. */
export function countryFacts({ map }: Known, country: string, disputed: Iterable<number>): CountryFacts {
  const asns = map.asnsOf(country).reduce((sum, [first, last]) => sum + last - first + 1, 0)
  return {
    country,
    registered: map.date === null ? null : { asns, ...map.delegatedTo(country) },
    operators: map.operators.filter((each) => each.country === country).map(publicOperator),
    disputed: [...disputed].map((asn) => map.as(asn)).filter((each) => each.disputed.includes(country)),
  }
}
