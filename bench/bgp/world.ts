import type { Attributes } from './encode.ts'
import { makeRandom, mix, type Random } from './random.ts'

/**
 * An invented Internet: who is registered where, and what everybody announces. Addresses are taken one after another
 * from all unicast space and belong to nobody in it; the AS numbers of Kazakhstan's operators are real, as labels of
 * invented prefixes, so that the names of data/operators show. The same seed makes the same world.
 */
export interface WorldSize {
  readonly seed: number
  readonly prefixes4: number
  readonly prefixes6: number
  /** AS that originate something. In Kazakhstan are 300 of them, or a tenth where that is less. */
  readonly origins: number
}

export interface Origin {
  readonly asn: number
  readonly country: string
  /** Its prefixes are those from `first` to before `until`. */
  readonly first: number
  readonly until: number
}

export interface World {
  readonly origins: readonly Origin[]
  readonly prefixes: Prefixes
  /** Registry → lines of its delegated-extended statistics, without the head. */
  readonly delegations: ReadonlyMap<string, readonly string[]>
}

/** Columns by prefix. */
export interface Prefixes {
  readonly count: number
  readonly family: Uint8Array
  /** Row of `World.origins`. */
  readonly origin: Uint32Array
  /** Prefixes of one origin with the same number share their attributes. */
  readonly group: Uint8Array
  /** As BGP writes it: length in bits, then its bytes. */
  nlri(prefix: number): Uint8Array
}

/** Kazakhstan's networks that go dark by name, in that order; then all others of the country. */
export const GOING_DARK = [29_355, 21_299, 48_503, 41_798, 35_104, 9198] as const
/** Further real ones of data/operators that have no minute of their own. */
const OTHERS_OF_KAZAKHSTAN = [8393, 35_168, 31_253, 206_026, 29_555, 39_824, 15_549]

/** Weight: about how many AS a country has, in hundreds. */
const COUNTRIES: readonly (readonly [string, string, number])[] = [
  ['US', 'arin', 180],
  ['BR', 'lacnic', 90],
  ['RU', 'ripencc', 55],
  ['IN', 'apnic', 45],
  ['ID', 'apnic', 30],
  ['DE', 'ripencc', 27],
  ['PL', 'ripencc', 24],
  ['GB', 'ripencc', 24],
  ['UA', 'ripencc', 21],
  ['CA', 'arin', 20],
  ['AU', 'apnic', 20],
  ['FR', 'ripencc', 16],
  ['NL', 'ripencc', 14],
  ['BD', 'apnic', 13],
  ['AR', 'lacnic', 12],
  ['RO', 'ripencc', 11],
  ['IT', 'ripencc', 11],
  ['IR', 'ripencc', 8],
  ['TR', 'ripencc', 7],
  ['JP', 'apnic', 7],
  ['ES', 'ripencc', 9],
  ['SE', 'ripencc', 7],
  ['CH', 'ripencc', 8],
  ['CZ', 'ripencc', 7],
  ['ZA', 'afrinic', 7],
  ['MX', 'lacnic', 5],
  ['CO', 'lacnic', 4],
  ['CL', 'lacnic', 4],
  ['PK', 'apnic', 4],
  ['NG', 'afrinic', 3],
  ['KE', 'afrinic', 3],
  ['UZ', 'ripencc', 3],
  ['GE', 'ripencc', 3],
  ['KG', 'ripencc', 3],
  ['AM', 'ripencc', 3],
  ['AZ', 'ripencc', 3],
  ['BY', 'ripencc', 3],
  ['MM', 'apnic', 3],
  ['IQ', 'ripencc', 3],
  ['VE', 'lacnic', 3],
]

const TRANSIT = [174, 1299, 2914, 3257, 3356, 3491, 5511, 6453, 6461, 6762, 6939, 7018, 9002, 12_956, 20_485]

/** /8s that hold special addresses are left out as a whole. */
const SKIPPED = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203])
/** Share of new space by length, in hundredths. */
const ALLOCATIONS: readonly (readonly [number, number])[] = [
  [16, 2],
  [17, 3],
  [18, 6],
  [19, 10],
  [20, 19],
  [21, 18],
  [22, 42],
]
const DELEGATED_ON = '20120101'

export function makeWorld(size: WorldSize): World {
  const random = makeRandom(size.seed)
  const homes = homesOf(size.origins)
  const writer = makeWriter(size.prefixes4 + size.prefixes6 + 4096)
  const origins: Origin[] = []
  const delegations = new Map<string, string[]>()
  const space4 = { at: 2 ** 24 }
  const space6 = { at: 0 }
  const weights = homes.map(({ asn }) =>
    GOING_DARK.includes(asn as never) ? 40 : Math.min(200, random.next() ** -0.85),
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  homes.forEach(({ asn, country, registry }, row) => {
    const lines = delegations.get(registry) ?? []
    delegations.set(registry, lines)
    const holder = `holder-${asn}`
    lines.push(`${registry}|${country}|asn|${asn}|1|${DELEGATED_ON}|allocated|${holder}`)
    const first = writer.count()
    const quota4 = Math.max(1, Math.round((size.prefixes4 * weights[row]!) / total))
    announce4(random, quota4, row, writer, space4, (start, count) =>
      lines.push(`${registry}|${country}|ipv4|${start}|${count}|${DELEGATED_ON}|allocated|${holder}`),
    )
    const quota6 = Math.round((size.prefixes6 * weights[row]!) / total + random.next() - 0.5)
    announce6(random, quota6, row, writer, space6, (start, length) =>
      lines.push(`${registry}|${country}|ipv6|${start}|${length}|${DELEGATED_ON}|allocated|${holder}`),
    )
    origins.push({ asn, country, first, until: writer.count() })
  })
  return { origins, prefixes: writer.columns(), delegations }
}

interface Home {
  readonly asn: number
  readonly country: string
  readonly registry: string
}

/** Kazakhstan first, then everybody; IANA has given numbers from 420,000 on to nobody yet. */
function homesOf(origins: number): readonly Home[] {
  const homes: Home[] = []
  const named = [...GOING_DARK, ...OTHERS_OF_KAZAKHSTAN]
  const inKazakhstan = Math.max(Math.min(300, Math.floor(origins / 10)), Math.round(origins / 300))
  for (let n = 0; n < inKazakhstan; n += 1) {
    homes.push({ asn: named[n] ?? 420_000 + n, country: 'KZ', registry: 'ripencc' })
  }
  const total = COUNTRIES.reduce((sum, [, , weight]) => sum + weight, 0)
  const rest = origins - inKazakhstan
  let done = 0
  let sum = 0
  for (const [country, registry, weight] of COUNTRIES) {
    sum += weight
    for (; done < Math.round((rest * sum) / total); done += 1) {
      homes.push({ asn: 421_000 + done, country, registry })
    }
  }
  return homes
}

interface Writer {
  add(family: 4 | 6, origin: number, group: number, bytes: readonly number[]): void
  count(): number
  columns(): Prefixes
}

function makeWriter(most: number): Writer {
  const family = new Uint8Array(most)
  const origin = new Uint32Array(most)
  const group = new Uint8Array(most)
  const starts = new Uint32Array(most + 1)
  const bytes = new Uint8Array(most * 8)
  let count = 0
  return {
    count: () => count,
    add(ofFamily, ofOrigin, ofGroup, nlri) {
      if (count === most) throw new RangeError('more prefixes than asked for')
      family[count] = ofFamily
      origin[count] = ofOrigin
      group[count] = ofGroup
      bytes.set(nlri, starts[count])
      starts[count + 1] = starts[count]! + nlri.length
      count += 1
    },
    columns: () => ({ count, family, origin, group, nlri: (n) => bytes.subarray(starts[n], starts[n + 1]) }),
  }
}

/** Room for 2 ** (32 - length) addresses on its own boundary. */
function allocate4(space: { at: number }, length: number): number {
  const size = 2 ** (32 - length)
  for (;;) {
    const at = Math.ceil(space.at / size) * size
    const top = Math.floor(at / 2 ** 24)
    if (top > 223) throw new RangeError('the world is full: fewer prefixes, please')
    if (!SKIPPED.has(top)) {
      space.at = at + size
      return at
    }
    space.at = (top + 1) * 2 ** 24
  }
}

function bytes4(address: number, length: number): readonly number[] {
  const all = [address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff]
  return [length, ...all.slice(0, Math.ceil(length / 8))]
}

function drawLength(random: Random): number {
  let at = random.next() * 100
  for (const [length, share] of ALLOCATIONS) {
    at -= share
    if (at < 0) return length
  }
  return 22
}

/** About six of ten are /24s, as in the real table; many lie within an aggregate of the same origin. */
function announce4(
  random: Random,
  quota: number,
  origin: number,
  writer: Writer,
  space: { at: number },
  delegate: (start: string, count: number) => void,
): void {
  let left = quota
  let allocation = 0
  while (left > 0) {
    const length = left === 1 ? 22 + random.below(3) : drawLength(random)
    const start = allocate4(space, length)
    delegate([start >>> 24, (start >>> 16) & 0xff, (start >>> 8) & 0xff, start & 0xff].join('.'), 2 ** (32 - length))
    const group = allocation % 4
    allocation += 1
    const aggregate = left === 1 || length === 24 || random.chance(0.7)
    if (aggregate) {
      writer.add(4, origin, group, bytes4(start, length))
      left -= 1
    }
    if (length === 24 || (aggregate && random.chance(0.3))) continue
    const specific = random.chance(0.8) ? 24 : length + 1 + random.below(24 - length)
    const most = Math.min(left, 2 ** (specific - length), 1 + random.below(64))
    const other = random.chance(0.3) ? (group + 1) % 4 : group
    for (let n = 0; n < most; n += 1) {
      writer.add(4, origin, other, bytes4((start + n * 2 ** (32 - specific)) >>> 0, specific))
    }
    left -= most
  }
}

/** Allocations of /32 within 2a00::/12; half of what is announced are /48s. */
function announce6(
  random: Random,
  quota: number,
  origin: number,
  writer: Writer,
  space: { at: number },
  delegate: (start: string, length: number) => void,
): void {
  let left = quota
  while (left > 0) {
    const at = space.at
    space.at += 1
    const high = 0x2a00 + (at >>> 16)
    const low = at & 0xffff
    delegate(`${high.toString(16)}:${low.toString(16)}::`, 32)
    const start = [high >>> 8, high & 0xff, low >>> 8, low & 0xff]
    writer.add(6, origin, 0, [32, ...start])
    left -= 1
    const specific = random.chance(0.7) ? 48 : 36 + 4 * random.below(3)
    const most = Math.min(left, 2 ** Math.min(10, specific - 32), random.below(40))
    for (let n = 0; n < most; n += 1) {
      // Spread over the /32, so that they are no neighbours.
      const tail = specific === 48 ? n * 61 : (n << (48 - specific)) & 0xffff
      writer.add(6, origin, 1, [specific, ...start, tail >>> 8, tail & 0xff].slice(0, 1 + Math.ceil(specific / 8)))
    }
    left -= most
  }
}

/**
 * What a peer says of a group of an origin's prefixes: the same whenever it is asked for. Paths of three to six AS with
 * some prepending, up to ten communities, now and then a MED or a large community.
 *
 * @param variant 0 is how things usually are; others are ways round.
 */
export function attributesOf(peerAsn: number, origin: Origin, group: number, variant: number): Attributes {
  const hash = mix(peerAsn, origin.asn, group, variant)
  const path = [peerAsn]
  path.push(TRANSIT[hash % TRANSIT.length]!)
  if ((hash & 0x30) !== 0) path.push(TRANSIT[(hash >>> 8) % TRANSIT.length]!)
  const way = mix(origin.asn, group, variant)
  if (way % 3 !== 0) path.push(origin.country === 'KZ' && origin.asn !== 9198 ? 9198 : 520_000 + (way % 97))
  const prepended = way % 11 === 0 ? 3 : 1
  for (let n = 0; n < prepended; n += 1) path.push(origin.asn)
  const distinct = path.filter((asn, n) => asn !== path[n - 1] || n >= path.length - prepended)
  const communities = Array.from(
    { length: hash % 11 },
    (_, n) => (distinct[1]! & 0xffff) * 65_536 + (mix(hash, n) % 4000),
  )
  return {
    path: distinct,
    communities: [...new Set(communities)].sort((a, b) => a - b),
    ...(hash % 7 === 0 ? { med: hash % 1000 } : {}),
    ...(hash % 9 === 0 ? { largeCommunities: [[origin.asn, 1, hash % 100]] } : {}),
    originCode: hash % 13 === 0 ? 2 : 0,
  }
}
