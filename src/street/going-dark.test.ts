import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityId, SourceId, UnixSeconds } from '../model/brand.ts'
import type { RouteEvent } from '../model/routing.ts'
import { goingDark, type DarkQuestion } from './going-dark.ts'
import { clockOf, DARK_AT, route } from './routes.testing.ts'

const KCELL = 'operator:KZ.kcell' as EntityId
const TELECOM = 'operator:KZ.kazakhtelecom' as EntityId
const OPERATORS = new Map([
  [29_355, KCELL],
  [9198, TELECOM],
  [21_299, 'operator:KZ.beeline' as EntityId],
])
const at = (seconds: number): UnixSeconds => (DARK_AT + seconds) as UnixSeconds

function dark(events: readonly RouteEvent[], change: Partial<DarkQuestion> = {}) {
  return goingDark({
    events,
    range: { from: at(-21_600), until: at(86_400) },
    told: { from: at(0), until: at(86_400) },
    known: [],
    before: () => ({ blocks: null, prefixes: null }),
    operatorOf: (asn) => OPERATORS.get(asn) ?? null,
    ...change,
  })
}

const EVENTS = [
  route('lost', '10.1.0.0/16', 29_355, 67),
  route('lost', '10.2.0.0/16', 9198, 120),
  route('lost', '10.3.0.0/16', 64_500, 130),
  route('lost', '2a00:1::/32', 29_355, 20),
]
const sorted = (events: readonly RouteEvent[]): readonly RouteEvent[] => events.toSorted((a, b) => a.at - b.at)

describe('the order of going dark', () => {
  it('is that in which operators, and AS of none, lost their first prefix', () => {
    const found = dark(sorted(EVENTS), { known: ['operator:KZ.beeline' as EntityId] })
    expect(found.operators.map(({ entity }) => entity)).toEqual([KCELL, TELECOM, 'as:64500', 'operator:KZ.beeline'])
    expect(found.operators.at(-1)?.losses).toEqual([])
    expect(found.networks.map(({ entity, operator }) => [entity, operator])).toEqual([
      ['as:29355', KCELL],
      ['as:9198', TELECOM],
      ['as:64500', null],
    ])
    expect(found.peers).toBe(12)
  })

  it('keeps IPv4 and IPv6 apart, the family that went first first', () => {
    const [kcell] = dark(sorted(EVENTS)).operators
    expect(kcell?.losses.map(({ family, firstLost }) => [family, clockOf(firstLost)])).toEqual([
      ['ipv6', '10:30:20'],
      ['ipv4', '10:31:07'],
    ])
  })

  it('leaves out what was back before the incident, or went after it, and tells what had gone hours before', () => {
    const events = [
      route('lost', '10.1.0.0/16', 1, -7200),
      route('returned', '10.1.0.0/16', 1, -7000),
      route('lost', '10.2.0.0/16', 1, -6000),
      route('lost', '10.3.0.0/16', 1, 90_000),
    ]
    expect(dark(events).prefixes.map(({ prefix }) => prefix)).toEqual(['10.2.0.0/16'])
    expect(clockOf(dark(events).networks[0]?.losses[0]?.firstLost ?? null)).toBe('08:50:00')
  })

  it('tells by the source with the most peers, and by no two at once', () => {
    const other = { ...route('lost', '10.9.0.0/16', 7, 1), source: 'routeviews' as SourceId, voting: 20 }
    const found = dark(sorted([...EVENTS, other]))
    expect(found.source).toBe('routeviews')
    expect(found.prefixes.map(({ prefix }) => prefix)).toEqual(['10.9.0.0/16'])
  })

  it('has a place for routes whose origin is a set of AS', () => {
    expect(dark([route('lost', '10.1.0.0/16', 0, 5)]).operators[0]).toMatchObject({ entity: null, asns: [] })
  })

  it('is empty without events, and says what was looked at', () => {
    expect(dark([])).toEqual({
      source: null,
      from: at(-21_600),
      until: at(86_400),
      peers: 0,
      operators: [],
      networks: [],
      prefixes: [],
    })
  })

  it('counts every lost prefix in one network and one operator, in the order of time, whatever comes', () => {
    const event = fc
      .tuple(
        fc.constantFrom('lost' as const, 'returned' as const),
        fc.nat({ max: 5 }),
        fc.constantFrom(9198, 29_355, 64_500, 0),
        fc.nat({ max: 5000 }),
      )
      .map(([kind, third, origin, second]) => route(kind, `10.${third}.0.0/16`, origin, second))
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const found = dark(sorted(events))
        const count = (networks: typeof found.networks): number =>
          networks.flatMap(({ losses }) => losses).reduce((sum, { prefixesLost }) => sum + prefixesLost, 0)
        expect(count(found.networks)).toBe(found.prefixes.length)
        expect(count(found.operators)).toBe(found.prefixes.length)
        const firsts = found.operators.map(({ losses }) => losses[0]?.firstLost ?? 0)
        expect(firsts).toEqual(firsts.toSorted((a, b) => a - b))
        for (const { firstLost, mostLost, firstBack } of found.networks.flatMap(({ losses }) => losses)) {
          if (firstLost !== null && mostLost !== null) expect(mostLost).toBeGreaterThanOrEqual(firstLost)
          if (firstLost !== null && firstBack !== null) expect(firstBack).toBeGreaterThanOrEqual(firstLost)
        }
      }),
      { numRuns: 300 },
    )
  })
})
