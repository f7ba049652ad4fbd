import { afterEach, describe, expect, it } from 'vitest'
import type { SignalId } from '../../model/brand.ts'
import { DAY, HOUR, MINUTE } from '../../model/time.ts'
import { createIodaServer } from './server.testing.ts'
import { observationsOf, reportsOf, seededRandom } from '../keeper.testing.ts'
import { testSource } from '../source.testing.ts'
import { faultPlan, NOTICEABLE, type Fault } from './faults.testing.ts'
import { IODA_LIVE_SIGNALS } from './signals.ts'
import { createIodaSource, IODA_DEFAULTS } from './source.ts'
import {
  COUNTRIES,
  differences,
  heldValue,
  HISTORY_SECONDS,
  knows,
  SERIES,
  smallWorld,
  START,
  valueOf,
  type SmallWorld,
} from './world.testing.ts'

testSource('IODA', {
  series: SERIES,
  historySeconds: HISTORY_SECONDS,
  settledSeconds: 3 * HOUR,
  make: (baseUrl, budget) =>
    createIodaSource({
      ...IODA_DEFAULTS,
      version: '0.0.0',
      contact: null,
      baseUrl,
      budget,
      countries: COUNTRIES,
      backfillDays: 2,
    }),
  async upstream(clock) {
    const server = await createIodaServer({ clock, value: valueOf, knows, risingSeconds: HOUR })
    return {
      url: server.url,
      fault(kind) {
        const lasting = { from: clock.now(), until: Infinity, offsetSeconds: 4 * HOUR, shiftsBins: true }
        server.plan(kind === null ? [] : [{ ...lasting, kind, retryAfterSeconds: 600 }])
      },
      requests: server.served.requests,
      mostAtOnce: () => server.served.mostAtOnce,
      expected: heldValue,
      close: () => server.close(),
    }
  },
})

describe('IODA', () => {
  let world: SmallWorld
  afterEach(() => world.server.close())

  const fault = (kind: Fault['kind'], fromHour: number, untilHour: number, over: Partial<Fault> = {}): Fault => ({
    kind,
    from: START + fromHour * HOUR,
    until: START + untilHour * HOUR,
    ...over,
  })

  it('asks for all countries at once, once a step, and for nothing else when nothing is wrong', async () => {
    world = await smallWorld([])
    await world.keeper.run(world.make({ backfillDays: 1 }), START + 24 * HOUR)
    const paths = world.server.served.requests.map(({ path }) => path)
    expect(paths.every((path) => path.startsWith(`/v2/signals/raw/country/${COUNTRIES.join(',')}?`))).toBe(true)
    const count = (source: string): number =>
      paths.filter((path) => path.includes(`datasource=${source}&`) || path.endsWith(`datasource=${source}`)).length
    // A start, and one a step; history of a day is there at once.
    expect(count('bgp')).toBeGreaterThanOrEqual(288)
    expect(count('bgp')).toBeLessThanOrEqual(292)
    expect(count('gtr')).toBeGreaterThanOrEqual(48)
    expect(count('gtr')).toBeLessThanOrEqual(52)
    expect(
      paths.filter((path) => path.includes('datasource=gtr')).every((path) => path.includes('sourceParams=WEB_SEARCH')),
    ).toBe(true)
    expect(reportsOf(world.keeper)).toEqual([])
  })

  it('begins its round with the live edge of all signals, then fetches history from new to old', async () => {
    world = await smallWorld([])
    await world.keeper.run(world.make({ backfillDays: 10 }), START + 6 * HOUR)
    const seen = observationsOf(world.keeper).map(({ item }) => item)
    expect(seen.slice(0, 6).map(({ purpose }) => purpose)).toEqual(Array(6).fill('live'))
    const history = seen.filter((each) => each.purpose === 'back-fill').map(({ covered }) => covered.span.until)
    expect(history).toEqual([...history].sort((a, b) => b - a))
    expect(history.length).toBeGreaterThan(50)
  })

  it('hands on no bin within its delay: half counted, it would stand so if the upstream fell silent', async () => {
    // On the last poll before it the newest bins hold a half.
    const cut = 12.5 * HOUR
    world = await smallWorld([fault('unreachable', 12.5, 1000)], { risingSeconds: 600, value: () => 80 })
    await world.keeper.run(world.make({ backfillDays: 0 }), START + 14 * HOUR)
    let newest = -Infinity
    for (const { series, values } of world.keeper.rows.values()) {
      const { delay } = IODA_LIVE_SIGNALS.find(({ signal }) => signal === series.signal) ?? { delay: 0 }
      for (const [bin, value] of values) {
        expect(bin + series.step + delay).toBeLessThanOrEqual(START + cut)
        expect(value, `${series.signal} ${bin - START}`).toBe(series.signal === 'ping.loss_share' ? 0.8 : 80)
        newest = Math.max(newest, bin)
      }
    }
    // And each that is due is there.
    expect(newest + 300).toBeGreaterThan(START + cut - 20 * MINUTE)
  })

  it.each([-2, 2])('takes no value from an upstream whose clock and bins are off by %s hours', async (hours) => {
    const over = { offsetSeconds: hours * HOUR, shiftsBins: true }
    world = await smallWorld([fault('wrong-clock', 6, 9, over)])
    const source = world.make({ backfillDays: 1 })
    await world.keeper.run(source, START + 9 * HOUR)
    expect(differences(world.keeper, START, START + 5 * HOUR)).toEqual([])
    await world.keeper.run(source, START + 10 * HOUR)
    expect(differences(world.keeper, START, START + 9 * HOUR)).toEqual([])
  })

  it('splits spans that come down-sampled, and keeps native bins only', async () => {
    world = await smallWorld([fault('down-samples', 0, 1000, { longestSeconds: 5 * HOUR })])
    await world.keeper.run(world.make(), START + 12 * HOUR)
    expect(differences(world.keeper, START - 45 * HOUR, START + 9 * HOUR)).toEqual([])
    expect(reportsOf(world.keeper)).toEqual([])
  })

  it('calls it unreadable when the shortest span still comes down-sampled', async () => {
    world = await smallWorld([fault('down-samples', 0, 1000, { longestSeconds: 10 * MINUTE })])
    await world.keeper.run(world.make({ backfillDays: 0 }), START + 2 * HOUR)
    expect(world.keeper.rows.size).toBe(0)
    const [report] = reportsOf(world.keeper)
    expect(report).toMatchObject({ condition: 'unreadable', on: true })
    expect(report?.detail).toMatch(/^down-sampled to \d+ s$/)
    expect(report?.answer?.status).toBe(200)
  })

  it('says how long a round takes while it asks one by one, and nothing of it while lists are taken', async () => {
    world = await smallWorld([fault('lists-refused', 0, 10)])
    const budget = { requests: 8, perSeconds: 3600, backfillShare: 0.25 }
    const source = world.make({ signals: ['ping.up_slash24s' as SignalId], budget })
    expect(source.meter().roundSeconds).toBeNull()
    await world.keeper.run(source, START + 5 * HOUR)
    // Six countries, each ten minutes after the other.
    expect(source.meter().roundSeconds).toBe(HOUR)
  })

  it.each(['lists-refused', 'lists-ignored'] as const)(
    'asks one by one when the upstream has the habit "%s", a round within the budget, and tries lists again ever more rarely',
    async (kind) => {
      world = await smallWorld([fault(kind, 0, 10)])
      const signals = ['ping.up_slash24s' as SignalId]
      // One request at the live edge every ten minutes: a round of six takes an hour.
      const budget = { requests: 8, perSeconds: 3600, backfillShare: 0.25 }
      await world.keeper.run(world.make({ signals, budget }), START + 40 * HOUR)
      const { requests } = world.server.served
      const isList = (path: string): boolean => path.includes('KZ,UA')
      const hour = (from: number): readonly { readonly path: string }[] =>
        requests.filter(({ at }) => at >= START + from * HOUR && at < START + (from + 1) * HOUR)
      for (const from of [4, 5, 6]) {
        expect(hour(from).some(({ path }) => isList(path))).toBe(false)
        for (const country of COUNTRIES) {
          expect(hour(from).filter(({ path }) => path.includes(`/country/${country}?`)).length).toBeGreaterThan(0)
        }
      }
      // After an hour, after two more, after four more.
      for (const from of [1, 3, 7]) {
        expect([...hour(from), ...hour(from + 1)].some(({ path }) => isList(path))).toBe(true)
      }
      expect(hour(30).every(({ path }) => isList(path))).toBe(true)
      for (let from = 0; from < 40; from++) expect(hour(from).length).toBeLessThanOrEqual(budget.requests)
      const wrong = differences(world.keeper, START - 20 * HOUR, START + 37 * HOUR)
      expect(wrong.filter((each) => each.startsWith('ping.up'))).toEqual([])
    },
  )

  it('does not take an upstream that lost half of the world for one that takes no lists', async () => {
    world = await smallWorld([fault('half-missing', 2, 8)])
    await world.keeper.run(world.make(), START + 30 * HOUR)
    const paths = world.server.served.requests.map(({ path }) => path)
    expect(paths.filter((path) => !path.includes('KZ,UA')).length).toBeLessThan(10)
    expect(differences(world.keeper, START - 45 * HOUR, START + 27 * HOUR)).toEqual([])
  })

  it.each(['half-missing', 'half-null'] as const)(
    'makes no gaps of an answer with the fault "%s" where values were, and no history of it',
    async (kind) => {
      world = await smallWorld([fault(kind, 3, 6)])
      const source = world.make({ backfillDays: 20 })
      await world.keeper.run(source, START + 5.5 * HOUR)
      const before = [...world.keeper.rows.values()].map(({ values }) => values.get(START + HOUR))
      expect(before.every((value) => value !== undefined)).toBe(true)
      await world.keeper.run(world.make({ backfillDays: 20 }), START + 60 * HOUR)
      expect(differences(world.keeper, START - 17 * DAY, START + 57 * HOUR)).toEqual([])
    },
  )

  it('asks on for other signals when one alone fails', async () => {
    world = await smallWorld([fault('errs', 0, 1000, { dataSource: 'gtr' })])
    await world.keeper.run(world.make(), START + 12 * HOUR)
    const wrong = differences(world.keeper, START - 20 * HOUR, START + 9 * HOUR)
    expect(wrong.every((each) => each.startsWith('google.'))).toBe(true)
    const standing = reportsOf(world.keeper)
      .filter((each) => each.signal === 'bgp.visible_slash24s')
      .at(-1)
    expect(standing?.on ?? false).toBe(false)
    const bgp = observationsOf(world.keeper).filter(
      ({ item }) => item.purpose === 'live' && item.signal === 'bgp.visible_slash24s',
    )
    expect(bgp.length).toBeGreaterThan(12 * 10)
    expect(world.server.served.requests.filter(({ path }) => path.includes('gtr')).length).toBeLessThan(200)
  })

  it('ends with exactly what the server held after days of faults of all kinds, killed again and again', async () => {
    const random = seededRandom(20_260_108)
    const faults = faultPlan(random, NOTICEABLE, START, START + 4.5 * DAY)
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(NOTICEABLE.length)
    world = await smallWorld(faults, { risingSeconds: HOUR })
    let at = START
    while (at < START + 4.5 * DAY) {
      at = Math.min(START + 4.5 * DAY, at + Math.floor((4 + 14 * random()) * HOUR))
      await world.keeper.run(world.make(), at, { seed: at })
      at += Math.floor(random() * 2 * HOUR)
      await world.clock.until(at as never, new AbortController().signal)
    }
    await world.keeper.run(world.make({ backfillDays: 8 }), at + 1.5 * DAY)
    expect(differences(world.keeper, START - HISTORY_SECONDS, at + 1.5 * DAY - 3 * HOUR)).toEqual([])
    expect(world.server.served.mostAtOnce).toBe(1)
  })
})
