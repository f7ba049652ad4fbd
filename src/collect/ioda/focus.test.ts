import { afterEach, describe, expect, it } from 'vitest'
import { HOUR } from '../../model/time.ts'
import { observationsOf } from '../keeper.testing.ts'
import { COUNTRIES, smallWorld, START, valueOf, type SmallWorld } from './world.testing.ts'

const REGIONS = {
  KZ: [
    { code: '1675', name: 'Almaty Oblast' },
    { code: '1680', name: 'Karaganda Region' },
    { code: '1699', name: 'Nowhere' },
  ],
}
const ASNS = { KZ: Array.from({ length: 40 }, (_, i) => ({ code: String(9198 + i), name: `AS${9198 + i}` })) }

describe('regions and AS of a country in trouble', () => {
  let world: SmallWorld
  afterEach(() => world.server.close())

  const local = (): readonly string[] =>
    [...world.keeper.rows.values()]
      .map(({ series }) => series.entity)
      .filter((entity) => !entity.startsWith('country:'))

  it('are followed while it is, with a fortnight of history; others are not asked for', async () => {
    world = await smallWorld([], { regions: REGIONS, asns: ASNS })
    const source = world.make()
    await world.keeper.run(source, START + 6 * HOUR, { focus: ['country:KZ'] })
    const entities = new Set(local())
    expect(entities.has('region:KZ-19')).toBe(true)
    expect([...entities].filter((entity) => entity.startsWith('region:'))).toHaveLength(2)
    // The first thirty, by the upstream's own order.
    expect([...entities].filter((entity) => entity.startsWith('as:'))).toHaveLength(30)
    expect(entities.has('as:9198')).toBe(true)
    expect(source.meter().leftOut).toEqual(['KZ: Nowhere'])
    for (const signal of ['bgp.visible_slash24s', 'ping.up_slash24s']) {
      const row = world.keeper.rows.get(`ioda/${signal}/region:KZ-19`)
      const dataSource = signal.startsWith('bgp') ? 'bgp' : 'ping-slash24'
      for (const bin of [START - 13 * 24 * HOUR, START - HOUR, START + 2 * HOUR]) {
        expect(row?.values.get(bin)).toBe(valueOf(dataSource, 'region/1675', bin) ?? NaN)
      }
    }
    const signals = new Set(
      [...world.keeper.rows.values()]
        .filter(({ series }) => series.entity.startsWith('as:'))
        .map(({ series }) => series.signal),
    )
    expect(signals).toEqual(new Set(['bgp.visible_slash24s', 'ping.up_slash24s']))
    const lists = world.server.served.requests.filter(({ path }) => path.includes('/entities/'))
    expect(lists).toHaveLength(2)
  })

  it('are polled every other step, after all countries', async () => {
    world = await smallWorld([], { regions: REGIONS })
    await world.keeper.run(world.make(), START + 5 * HOUR, { focus: ['country:KZ'] })
    const polls = observationsOf(world.keeper).filter(
      ({ item }) => item.purpose === 'live' && item.signal === 'bgp.visible_slash24s',
    )
    const ofRegions = polls.filter(({ item }) => item.covered.stream.includes('/region/KZ/'))
    const ofCountries = polls.filter(({ item }) => item.covered.stream.includes('/country/world/'))
    expect(ofRegions.length).toBeGreaterThan(25)
    expect(ofRegions.length).toBeLessThanOrEqual(ofCountries.length / 2 + 1)
    const first = observationsOf(world.keeper).slice(0, 6)
    expect(first.every(({ item }) => item.covered.stream.includes('/country/world/'))).toBe(true)
  })

  it('have their turns, all of them, and history has its own, where the budget does not do for all', async () => {
    const of = (first: number) => [{ code: String(first), name: `AS${first}` }]
    const asns = { BY: of(1), IR: of(2), KZ: of(3), UA: of(4) }
    world = await smallWorld([], { asns })
    const budget = { requests: 60, perSeconds: 3600, backfillShare: 0.25 }
    const focus = Object.keys(asns).map((code) => `country:${code}`)
    await world.keeper.run(world.make({ budget }), START + 8 * HOUR, { focus })
    const seen = observationsOf(world.keeper).filter(({ at }) => at > START + 4 * HOUR)
    const polls = (country: string): number =>
      seen.filter(({ item }) => item.purpose === 'live' && item.covered.stream.includes(`/asn/${country}/`)).length
    const counts = Object.keys(asns).map((country) => polls(country))
    expect(Math.min(...counts)).toBeGreaterThan(0)
    expect(Math.max(...counts)).toBeLessThanOrEqual(Math.min(...counts) * 2)
    expect(seen.filter(({ item }) => item.purpose === 'back-fill').length).toBeGreaterThan(4)
  })

  it('are let go when nothing is wrong any more', async () => {
    world = await smallWorld([], { regions: REGIONS })
    await world.keeper.run(world.make(), START + HOUR)
    expect(local()).toEqual([])
    expect(world.server.served.requests.every(({ path }) => path.includes(COUNTRIES.join(',')))).toBe(true)
  })

  it('wait an hour when the list of them does not come, and countries go on', async () => {
    world = await smallWorld([{ kind: 'no-json', from: START + 60, until: START + 100 }], { regions: REGIONS })
    const late = world.clock.until((START + 60) as never, new AbortController().signal)
    const focus: string[] = []
    const running = world.keeper.run(world.make(), START + 3 * HOUR, { focus })
    await late
    focus.push('country:KZ')
    await running
    expect(local().length).toBeGreaterThan(0)
    expect(world.keeper.rows.size).toBeGreaterThan(30)
  })
})
