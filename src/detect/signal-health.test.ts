import { describe, expect, it } from 'vitest'
import type { Seconds, Share, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { PartOfWorld } from './common-dip.ts'
import { MONDAY, normal, uniform } from './samples.testing.ts'
import type { BinHealth } from './signal-health.ts'
import { createSignalHealthWatch } from './signal-health.ts'

const COUNTRIES = 240
const SUBREGIONS = 20
const STEP = 1800 as Seconds
/** Twelve countries a sub-region, four sub-regions a continent. */
const WHERE: readonly PartOfWorld[] = Array.from({ length: COUNTRIES }, (_, i) => {
  const subregion = Math.floor((i * SUBREGIONS) / COUNTRIES)
  return { subregion: `sub-region ${subregion}`, continent: `continent ${Math.floor(subregion / 4)}` }
})

/** What happens to the values: country, hour since Monday → share of usual; `NaN` = no value. */
type Happening = (country: number, hour: number) => number

interface World {
  readonly open: number
  readonly rhythm: number
  readonly noise: number
  readonly weekend: number
  readonly seed: number
}

const PING: World = { open: 0.8, rhythm: 0.1, noise: 0.02, weekend: 1, seed: 1 }
const SEARCH: World = { open: 0.5, rhythm: 0.6, noise: 0.06, weekend: 0.65, seed: 2 }

interface Told extends BinHealth {
  readonly hour: number
}

/** Bin after bin of so many days; values are whole numbers as counts are. */
function watch(world: World, days: number, happens: Happening, step: Seconds = STEP): readonly Told[] {
  const noise = normal(world.seed)
  const sizes = uniform(world.seed + 99)
  const level = WHERE.map(() => 30 * 10 ** (3 * sizes()))
  const watching = createSignalHealthWatch({
    where: WHERE,
    step,
    phase: 0 as Seconds,
    rule: { open: world.open as Share, minUsual: 20 },
    badDirection: 'down',
  })
  const frozen = new Float64Array(COUNTRIES)
  return Array.from({ length: (days * DAY) / step }, (_, i) => {
    const at = (MONDAY + i * step) as UnixSeconds
    const hour = (i * step) / HOUR
    const weekday = Math.floor(hour / 24) % 7 >= 5 ? world.weekend : 1
    const values = Float64Array.from(level, (each, country) => {
      const wave = 1 + world.rhythm * Math.sin((2 * Math.PI * (hour + country / 10)) / 24)
      const share = happens(country, hour)
      const value = Math.round(each * wave * weekday * share * Math.max(0, 1 + world.noise * noise()))
      if (share !== Number.NEGATIVE_INFINITY) frozen[country] = value
      return frozen[country] ?? Number.NaN
    })
    return { hour, ...watching.next(at, values, false) }
  })
}

/** As a happening: what the bin before showed, again. */
const AGAIN = Number.NEGATIVE_INFINITY
const dips = (told: readonly Told[]): readonly number[] =>
  told.filter((each) => each.dip.isDip).map((each) => each.hour)
const healthy: Happening = () => 1

describe('a healthy source', () => {
  it.each([
    ['probing', PING],
    ['search traffic with weekends a third below', SEARCH],
  ])('is never blamed over five weeks: %s', (_, world) => {
    const told = watch(world, 35, healthy)
    expect(dips(told)).toEqual([])
    expect(told.filter((each) => each.partial.isPartial || each.frozenFrom !== null)).toEqual([])
    // All but a few small ones whose night is too low to be judged.
    expect(told.at(-1)?.dip.able).toBeGreaterThan(COUNTRIES * 0.95)
    expect(told.at(-1)?.partial).toEqual({ isPartial: false, usual: COUNTRIES, present: COUNTRIES })
  })

  it('is not blamed for Christmas on a weekend in half of the world, at six tenths of that', () => {
    const told = watch(SEARCH, 35, (country, hour) => (country < 120 && hour > 600 && hour < 648 ? 0.6 : 1))
    expect(dips(told)).toEqual([])
  })

  it('is not blamed for a cable: thirteen countries of four sub-regions on one continent', () => {
    const cable = [0, 1, 2, 3, 12, 13, 14, 24, 25, 26, 36, 37, 38]
    const told = watch(PING, 20, (country, hour) => (hour > 400 && hour < 440 && cable.includes(country) ? 0.3 : 1))
    expect(dips(told)).toEqual([])
    expect(Math.max(...told.map((each) => each.dip.beyond))).toBeGreaterThanOrEqual(13)
  })

  it('is not blamed for thirty countries of one continent and its neighbour', () => {
    const told = watch(PING, 20, (country, hour) =>
      hour > 400 && hour < 440 && country >= 36 && country < 96 ? 0.3 : 1,
    )
    expect(Math.max(...told.map((each) => each.dip.continents))).toBe(2)
    expect(dips(told)).toEqual([])
  })

  it('is not blamed for a dozen shutdowns over a month, some at once and for days', () => {
    const told = watch(PING, 35, (country, hour) => {
      const number = country % 20 === 0 ? country / 20 : -1
      return number >= 0 && hour > 200 + number * 50 && hour < 200 + number * 50 + 90 ? 0.05 : 1
    })
    expect(dips(told)).toEqual([])
  })
})

describe('a source that lost half of what it sees', () => {
  const half: Happening = (_, hour) => (hour >= 400 && hour < 430 ? 0.5 : 1)

  it('is found in the first bin, and until the last', () => {
    const found = dips(watch(PING, 20, half))
    expect(found[0]).toBe(400)
    expect(found.at(-1)).toBe(429.5)
    expect(found).toHaveLength(60)
  })

  it('is found where a fifth of the countries fall, all over the world', () => {
    const told = watch(PING, 20, (country, hour) => (country % 5 === 0 && hour >= 400 && hour < 410 ? 0.4 : 1))
    expect(dips(told)[0]).toBe(400)
  })

  it('stays blamed while half as many are still low, and no longer', () => {
    const told = watch(PING, 20, (country, hour) => {
      if (hour < 400 || hour >= 420) return 1
      const every = hour < 405 ? 5 : hour < 410 ? 12 : 20
      return country % every === 0 ? 0.4 : 1
    })
    expect(dips(told)[0]).toBe(400)
    expect(dips(told).at(-1)).toBe(409.5)
  })

  it('does not make its own low the usual, for days on end', () => {
    const found = dips(watch(PING, 25, (_, hour) => (hour >= 240 && hour < 552 ? 0.5 : 1)))
    expect(found[0]).toBe(240)
    expect(found.at(-1)).toBe(551.5)
    expect(found).toHaveLength(624)
  })
})

describe('a rising signal', () => {
  it('is judged upwards', () => {
    const watching = createSignalHealthWatch({
      where: WHERE,
      step: HOUR,
      phase: 0 as Seconds,
      rule: { open: 1.5 as Share, minUsual: 1 },
      badDirection: 'up',
    })
    const found: number[] = []
    for (let hour = 0; hour < 240; hour++) {
      const value = hour >= 200 && hour < 205 ? 180 : hour >= 210 && hour < 215 ? 20 : 100
      const values = new Float64Array(COUNTRIES).fill(value)
      if (watching.next((MONDAY + hour * HOUR) as UnixSeconds, values, false).dip.isDip) found.push(hour)
    }
    expect(found).toEqual([200, 201, 202, 203, 204])
  })
})

describe('a half-empty source', () => {
  it('is partial from the first bin that lacks a third, and does not become used to it', () => {
    const told = watch(PING, 25, (country, hour) => (hour >= 300 && hour < 540 && country % 5 < 2 ? Number.NaN : 1))
    const partial = told.filter((each) => each.partial.isPartial).map((each) => each.hour)
    expect([partial[0], partial.at(-1), partial.length]).toEqual([300, 539.5, 480])
    expect(dips(told)).toEqual([])
  })

  it('is not partial where a quarter is missing, or those that never had a value', () => {
    expect(
      watch(PING, 20, (country, hour) => (hour > 300 && country % 4 === 0 ? Number.NaN : 1)).some(
        (each) => each.partial.isPartial,
      ),
    ).toBe(false)
    expect(watch(PING, 20, (country) => (country > 60 ? Number.NaN : 1)).some((each) => each.partial.isPartial)).toBe(
      false,
    )
  })
})

describe('a frozen source', () => {
  it('is found after six bins, from the first that repeats, until the values move', () => {
    const told = watch(PING, 20, (_, hour) => (hour >= 300 && hour < 400 ? AGAIN : 1))
    const frozen = told.filter((each) => each.frozenFrom !== null)
    expect([frozen[0]?.hour, frozen.at(-1)?.hour]).toEqual([302.5, 399.5])
    expect(new Set(frozen.map((each) => each.frozenFrom))).toEqual(new Set([MONDAY + 300 * HOUR]))
    expect(dips(told)).toEqual([])
  })

  it('has stood still for an hour where bins are short', () => {
    const told = watch({ ...PING, rhythm: 0 }, 6, (_, hour) => (hour >= 100 && hour < 110 ? AGAIN : 1), 300 as Seconds)
    const first = told.find((each) => each.frozenFrom !== null)
    expect(first?.hour).toBeCloseTo(100 + 55 / 60)
    expect(first?.frozenFrom).toBe(MONDAY + 100 * HOUR)
  })

  it('is not one whose values stand still by nature: routes of quiet countries', () => {
    // One country in twelve moves now and then; the others keep their counts for days, as small ones do in BGP.
    const still: World = { open: 0.95, rhythm: 0, noise: 0, weekend: 1, seed: 3 }
    const random = uniform(8)
    const told = watch(still, 15, (country) => (country % 12 === 0 && random() < 0.4 ? 0.99 : 1), 300 as Seconds)
    expect(told.filter((each) => each.frozenFrom !== null)).toEqual([])
  })
})
