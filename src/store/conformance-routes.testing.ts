import { describe, expect, it } from 'vitest'

import type { RouteEvent } from '../model/routing.ts'
import { at, sampleRoute, START } from './samples.testing.ts'
import type { Store } from './store.ts'

const DAY = 86_400

/** Prefixes that went out of sight and came back. `store` gives an empty one for each test. */
export function testRoutes(store: () => Store): void {
  describe('route events', () => {
    const KZ = sampleRoute({})
    const BACK = sampleRoute({ at: at(START + 60), kind: 'returned', carrying: 9 })
    const V6 = sampleRoute({ at: at(START + 30), prefix: '2a03:32c0::/29', origin: 29_355, blocks: 524_288 })
    const NOWHERE = sampleRoute({ at: at(START + 90), prefix: '203.0.113.0/24', origin: 64_500, country: null })

    it('are given back whole, in the order of time', async () => {
      expect(await store().routeEvents({})).toEqual([])
      expect(await store().putRouteEvents([NOWHERE, BACK])).toBe(2)
      expect(await store().putRouteEvents([KZ, V6])).toBe(2)
      expect(await store().routeEvents({})).toEqual([KZ, V6, BACK, NOWHERE])
    })

    it('are none when they come again, whatever else they say', async () => {
      expect(await store().putRouteEvents([KZ, BACK])).toBe(2)
      expect(await store().putRouteEvents([BACK, V6, { ...KZ, carrying: 3 }])).toBe(1)
      expect(await store().putRouteEvents([])).toBe(0)
      expect(await store().routeEvents({})).toEqual([KZ, V6, BACK])
    })

    it('keep how a second ended in which a route went, came and went again', async () => {
      const flap: RouteEvent[] = [KZ, { ...KZ, kind: 'returned', carrying: 6 }, { ...KZ, carrying: 4 }]
      expect(await store().putRouteEvents(flap)).toBe(2)
      expect(await store().routeEvents({})).toEqual(flap.slice(1))
      expect(await store().putRouteEvents(flap)).toBe(0)
    })

    it('are told apart by source, second, kind, prefix and origin', async () => {
      const others: RouteEvent[] = [
        { ...KZ, source: 'routeviews' as RouteEvent['source'] },
        { ...KZ, kind: 'returned' },
        { ...KZ, prefix: '2.72.0.0/14' },
        { ...KZ, origin: 21_299 },
        { ...KZ, at: at(START + 1) },
      ]
      expect(await store().putRouteEvents([KZ, ...others])).toBe(6)
      expect(await store().routeEvents({})).toEqual([KZ, ...others])
    })

    it('are found by country, origins, prefix, time and source', async () => {
      await store().putRouteEvents([KZ, BACK, V6, NOWHERE])
      const find = (filter: Parameters<Store['routeEvents']>[0]) => store().routeEvents(filter)
      expect(await find({ country: 'KZ' })).toEqual([KZ, V6, BACK])
      expect(await find({ country: 'BY' })).toEqual([])
      expect(await find({ origins: [29_355, 64_500] })).toEqual([V6, NOWHERE])
      expect(await find({ origins: [] })).toEqual([])
      expect(await find({ prefix: V6.prefix })).toEqual([V6])
      expect(await find({ range: { from: at(START + 30), until: at(START + 60) } })).toEqual([V6])
      expect(await find({ source: 'routeviews' })).toEqual([])
      expect(await find({ source: 'ris', origins: [9198], range: { from: at(-1), until: at(START + 1) } })).toEqual([
        KZ,
      ])
    })

    it('hold the largest of all numbers', async () => {
      const large = sampleRoute({ prefix: '2000::/16', origin: 4_294_967_295, blocks: 4_294_967_296 })
      await store().putRouteEvents([large])
      expect(await store().routeEvents({})).toEqual([large])
    })

    it.each([
      ['a time between two seconds', { at: at(1.5) }],
      ['a negative time', { at: at(-1) }],
      ['an origin that is no AS', { origin: 4_294_967_296 }],
      ['half a peer', { carrying: 0.5 }],
      ['blocks without number', { blocks: Number.NaN }],
    ])('are refused with %s, and nothing of the call is kept', async (_, wrong) => {
      await expect(store().putRouteEvents([KZ, sampleRoute({ ...wrong, prefix: '10.0.0.0/8' })])).rejects.toThrow(
        /^a route event of 10\.0\.0\.0\/8 has /,
      )
      expect(await store().routeEvents({})).toEqual([])
    })

    it('go with the days of raw bins, but for those that are kept', async () => {
      const days = [0, 1, 2].map((day) => sampleRoute({ at: at(START + day * DAY) }))
      const other = sampleRoute({ country: 'BY', origin: 6697, prefix: '178.120.0.0/13' })
      const nobodys = { ...other, country: null, origin: 64_500 }
      await store().putRouteEvents([...days, other, nobodys])
      const [, second, third] = days
      const retention = {
        // In the middle of the third day: it has not ended.
        rawBefore: at(START + 2.5 * DAY),
        answersBefore: at(0),
        keep: [],
        keepRoutes: [
          { country: 'KZ', range: { from: at(START + 1), until: at(START + 2 * DAY) } },
          { origins: [6697] },
        ],
      }
      expect(await store().retain(retention)).toEqual({ bins: 0, answers: 0, routes: 2 })
      expect(await store().routeEvents({})).toEqual([other, second, third])
      expect(await store().retain({ ...retention, keepRoutes: [] })).toMatchObject({ routes: 2 })
      expect(await store().routeEvents({})).toEqual([third])
      // What was let go may come again, as a source that fills a gap gives it.
      expect(await store().putRouteEvents([other])).toBe(1)
    })

    it('are many at once', async () => {
      const many = Array.from({ length: 50_000 }, (_, i) =>
        sampleRoute({ at: at(START + ((i * 7919) % 3600)), prefix: `10.${i >> 8}.${i & 255}.0/24`, blocks: 1 }),
      )
      expect(await store().putRouteEvents(many)).toBe(50_000)
      expect(await store().putRouteEvents(many.toReversed())).toBe(0)
      const found = await store().routeEvents({ range: { from: at(START), until: at(START + 10) } })
      expect(found.length).toBeGreaterThan(100)
      expect(found.map((event) => event.at)).toEqual(found.map((event) => event.at).toSorted((a, b) => a - b))
    })
  })
}
