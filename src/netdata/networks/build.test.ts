import { describe, expect, it } from 'vitest'
import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import type { Operator } from '../../model/routing.ts'
import { parseRfc3339 } from '../../model/time.ts'
import { buildNetworkMap, type NetworkMapInput } from './build.ts'
import { unpackCountry } from './country-code.ts'
import { delegationsOf } from './delegations.testing.ts'
import { OFFSHORE } from './places.ts'

const at = parseRfc3339('2024-01-01') ?? (0 as UnixSeconds)
/** 11.n.0.0/16, which nobody has. */
const net = (n: number): readonly [number, number] => [0x0b00_0000 + n * 65_536, 0x0b00_0000 + n * 65_536 + 65_535]

const operator: Operator = {
  entity: 'operator:KZ.example' as EntityId,
  country: 'KZ',
  access: 'mobile',
  names: { en: 'Example' },
  asns: [64_511, 64_510],
  sources: [],
}

const delegated = [
  delegationsOf({
    registry: 'ripencc',
    date: 1_700_000_000,
    asns: [
      { asn: [64_496, 64_497], country: 'KZ', holder: 'a' },
      { asn: [64_498, 64_498], country: 'SC' },
      { asn: [64_499, 64_499], country: 'CY', holder: 'c' },
      { asn: [64_500, 64_500], country: 'EU' },
      { asn: [64_501, 64_501], country: 'KZ', status: 'reserved' },
      { asn: [64_510, 64_510], country: 'SC' },
      { asn: [1299, 1299], country: 'SE' },
      { asn: [47_203, 47_203], country: 'RU' },
      { asn: [1547, 1547], country: 'MD' },
      { asn: [21_246, 21_246], country: 'AL' },
      { asn: [4_200_000_100, 4_200_000_100], country: 'KZ' },
    ],
    ipv4: [
      { range: net(0), country: 'KZ', holder: 'a' },
      { range: net(1), country: 'RU' },
      { range: net(2), country: 'CY', holder: 'c' },
      { range: net(3), country: 'SC' },
      { range: net(4), country: 'EU' },
      { range: net(5), country: 'UA', status: 'reserved' },
      // 11.16.0.0/12: nine tenths and a little of its delegated space Ukrainian.
      { range: [0x0b10_0000, 0x0b10_0000 + 899], country: 'UA' },
      { range: [0x0b11_0000, 0x0b11_0000 + 99], country: 'PL' },
      { range: [0x0b12_0000, 0x0b12_0000], country: 'UA' },
      // 11.32.0.0/12: a little less.
      { range: [0x0b20_0000, 0x0b20_0000 + 898], country: 'UA' },
      { range: [0x0b21_0000, 0x0b21_0000 + 99], country: 'EU' },
    ],
    ipv6: [
      { prefix: [0x2a01_0000, 0, 32], country: 'KZ' },
      { prefix: [0x2a02_0000, 0x1_0000, 48], country: 'UA' },
    ],
  }),
  delegationsOf({
    registry: 'afrinic',
    date: 1_600_000_000,
    asns: [{ asn: [64_502, 64_502], country: 'SC', holder: 'a' }],
    ipv4: [
      { range: net(6), country: 'SC' },
      // The same space as in the other registry, delegated later.
      { range: net(1), country: 'ZA', date: 20_230_505 },
    ],
  }),
]

const input: NetworkMapInput = { delegated, operators: [operator], at }
const map = buildNetworkMap(input)
const of4 = (origin: number, word0: number, length: number): string | null =>
  unpackCountry(map.countryOf(origin, 4, word0, 0, 0, 0, length))
const of = (origin: number, n: number): string | null => of4(origin, net(n)[0], 16)

describe('the country of an AS', () => {
  it.each([
    [64_496, 'KZ', null, 'KZ'],
    [64_497, 'KZ', null, 'KZ'],
    [4_200_000_100, 'KZ', null, 'KZ'],
    [64_498, 'SC', 'offshore', null],
    [64_499, 'CY', 'offshore', null],
    [64_500, 'EU', 'unregistered', null],
    [64_501, null, 'unregistered', null],
    [64_505, null, 'unregistered', null],
    [1299, 'SE', 'multinational', null],
    [47_203, 'RU', 'disputed', null],
    // One view alone of where it is: its registration is not disputed, its territory is.
    [1547, 'MD', null, 'MD'],
    // Its operator's row goes before its registration, and before its lack of one.
    [64_510, 'SC', null, 'KZ'],
    [64_511, null, null, 'KZ'],
  ])('AS%d, registered %s, why not %s: %s', (asn, registered, why, country) => {
    expect(map.as(asn)).toMatchObject({ asn, registered, why, country })
  })

  it('names the registry', () => {
    expect([64_496, 64_502, 64_505].map((asn) => map.as(asn).registry)).toEqual(['ripencc', 'afrinic', null])
  })

  it('keeps all views of a disputed territory, the registry’s first', () => {
    expect(map.as(47_203).disputed).toEqual(['RU', 'UA'])
    expect(map.as(21_246)).toMatchObject({ disputed: ['AL', 'XK', 'RS'], country: null, why: 'disputed' })
    expect(map.as(1547).disputed).toEqual(['MD'])
    expect(map.as(64_496).disputed).toEqual([])
  })

  it('knows no dispute before it began', () => {
    const before = buildNetworkMap({ ...input, at: parseRfc3339('2013-01-01') ?? at })
    expect(before.as(47_203)).toMatchObject({ country: 'RU', disputed: [] })
  })

  it('names the operator', () => {
    expect(map.operator(64_511)).toBe(operator)
    expect(map.operator(64_496)).toBeNull()
  })
})

describe('the country that a prefix counts for', () => {
  it('is that of an AS which has one, also for space registered elsewhere', () => {
    expect(of(64_496, 0)).toBe('KZ')
    expect(of(64_496, 1)).toBe('KZ')
    expect(of(64_496, 9)).toBe('KZ')
    expect(of(4_200_000_100, 1)).toBe('KZ')
    expect(of(64_511, 3)).toBe('KZ')
  })

  it('is that of its own registration where the AS is multinational, offshore, of no country, or nobody’s', () => {
    for (const origin of [1299, 64_498, 64_500, 64_501, 64_505, 0, 4_294_967_295]) expect(of(origin, 0)).toBe('KZ')
  })

  it('is none where it is registered offshore, or to none, or not at all', () => {
    for (const n of [2, 3, 4, 5, 9]) expect(of(1299, n)).toBeNull()
    expect(of(0, 3)).toBeNull()
  })

  it('is an offshore one where the AS, too, is registered there, both by the registry that serves it', () => {
    expect(of(64_499, 2)).toBe('CY')
    expect(of(64_502, 6)).toBe('SC')
    // RIPE NCC has registered this space and this AS for Seychelles: from afar.
    expect(of(64_502, 3)).toBeNull()
    expect(of(64_498, 6)).toBeNull()
    expect(of(64_502, 2)).toBeNull()
  })

  it('is none for a disputed AS, wherever its space is registered', () => {
    expect(of(47_203, 0)).toBeNull()
    expect(of(47_203, 1)).toBeNull()
  })

  it('takes nine tenths of the delegated space', () => {
    expect(of4(1299, 0x0b10_0000, 12)).toBe('UA')
    expect(of4(1299, 0x0b20_0000, 12)).toBeNull()
    expect(of4(1299, 0x0b10_0000, 24)).toBe('UA')
    expect(of4(1299, 0x0b11_0000, 24)).toBe('PL')
  })

  it('goes by the newest delegation where two registries list the same space, and says so', () => {
    expect(of(1299, 1)).toBe('ZA')
    expect(map.provenance.join('\n')).toContain('1 stretches that more than one registry lists')
  })

  it('goes by whole and partial delegations of IPv6', () => {
    const of6 = (w0: number, w1: number, w2: number, length: number): string | null =>
      unpackCountry(map.countryOf(0, 6, w0, w1, w2, 0, length))
    expect(of6(0x2a01_0000, 0x7, 0, 64)).toBe('KZ')
    expect(of6(0x2a01_0000, 0x7, 0x8000_0000, 128)).toBe('KZ')
    expect(of6(0x2a02_0000, 0, 0, 32)).toBe('UA')
    expect(of6(0x2a02_0000, 0x2_0000, 0, 48)).toBeNull()
    // A prefix shorter than any delegation spans both.
    expect(of6(0x2a00_0000, 0, 0, 12)).toBe('KZ')
    expect(of6(0, 0, 0, 0)).toBe('KZ')
  })
})

describe('how an AS came to a prefix', () => {
  const tenure = (origin: number, n: number): string => map.tenure(origin, 4, net(n)[0], 0, 16)

  it.each([
    ['by the same holder', 64_496, 0, 'own'],
    ['by the same holder, offshore', 64_499, 2, 'own'],
    ['by another holder of its country', 64_498, 3, 'domestic'],
    ['by a holder of another country', 64_496, 2, 'foreign'],
    ['by a holder of that name at another registry', 64_502, 0, 'foreign'],
    ['where the AS has no country', 64_500, 0, 'unknown'],
    ['where the space has none', 64_496, 4, 'unknown'],
    ['where it is not delegated', 64_496, 9, 'unknown'],
  ])('%s: %d and net %d are %s', (_, origin, n, expected) => {
    expect(tenure(origin, n)).toBe(expected)
  })
})

describe('a network map', () => {
  it('is dated by its newest file and says what it was made of', () => {
    expect(map.date).toBe(1_700_000_000)
    expect(map.provenance.slice(0, 2)).toEqual([
      'delegated statistics of ripencc, 2023-11-14',
      'delegated statistics of afrinic, 2020-09-13',
    ])
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(map)).toBe(true)
    expect(Object.isFrozen(map.provenance)).toBe(true)
  })

  it('can be made of operators alone, and then has no date', () => {
    const bare = buildNetworkMap({ delegated: [], operators: [operator], at })
    expect(bare.date).toBeNull()
    expect(bare.provenance).toEqual([])
    expect(bare.as(64_511).country).toBe('KZ')
    expect(unpackCountry(bare.countryOf(64_511, 4, 0, 0, 0, 0, 8))).toBe('KZ')
    expect(bare.countryOf(64_496, 6, 0, 0, 0, 0, 32)).toBe(0)
  })

  it('lists and measures what a country was given', () => {
    expect(map.asnsOf('KZ')).toEqual([
      [64_496, 64_497],
      [4_200_000_100, 4_200_000_100],
    ])
    expect(map.delegatedTo('KZ')).toEqual({ slash24s: 256, slash48s: 65_536 })
    expect(map.delegatedTo('SC').slash24s).toBe(512)
    expect(map.delegatedTo('PL').slash24s).toBeCloseTo(100 / 256)
  })

  it('says who holds an address', () => {
    expect(map.holderAt(4, net(0)[0], 0)).toEqual({ registry: 'ripencc', holder: 'a' })
    expect(map.holderAt(4, net(3)[0], 0)).toEqual({ registry: 'ripencc', holder: null })
    expect(map.holderAt(4, net(9)[0], 0)).toBeNull()
  })
})

describe('places', () => {
  it('has a reason for every country that carries no weight by registration', () => {
    expect(Object.keys(OFFSHORE).sort()).toEqual(['CY', 'GI', 'MU', 'PA', 'SC', 'VG'])
    expect(Object.values(OFFSHORE).every(({ reason }) => reason.length > 20)).toBe(true)
  })
})
