import type { UnixSeconds } from '../src/model/brand.ts'
import { DAY, HOUR, MINUTE } from '../src/model/time.ts'
import { hashText, normal, seededRandom } from '../src/street/random.ts'

/** How one data source of the simulated world behaves. */
interface Shape {
  readonly step: number
  /** Smallest and largest usual level of a country. */
  readonly least: number
  readonly most: number
  /** Relative standard deviation of one bin, beside what counting itself brings. */
  readonly noise: number
  /** Counts have the noise of counting (√n) and are whole numbers. */
  readonly counted: 'no' | 'exactly' | 'by-chance'
  /** Relative height of the daily rhythm, and what a weekend takes away. */
  readonly daily: number
  readonly weekend: number
  /** Share of countries that the data source never speaks of. */
  readonly unknown: number
}

/**
 * Levels and noise in the order of magnitude of the published series around real events: routes hardly move, probing by
 * a few per cent with the day, background noise widely, search with the day and the week.
 */
const SHAPES = {
  bgp: { step: 300, least: 8, most: 60_000, noise: 0.0003, counted: 'exactly', daily: 0, weekend: 0, unknown: 0 },
  'ping-slash24': {
    step: 600,
    least: 5,
    most: 40_000,
    noise: 0.006,
    counted: 'exactly',
    daily: 0.05,
    weekend: 0.01,
    unknown: 0.02,
  },
  'merit-nt': {
    step: 300,
    least: 4,
    most: 6_000,
    noise: 0.08,
    counted: 'by-chance',
    daily: 0.2,
    weekend: 0.05,
    unknown: 0.05,
  },
  gtr: { step: 1800, least: 50, most: 90_000, noise: 0.035, counted: 'no', daily: 0.5, weekend: 0.15, unknown: 0.15 },
  'ping-slash24-latency': {
    step: 600,
    least: 25,
    most: 280,
    noise: 0.04,
    counted: 'no',
    daily: 0.08,
    weekend: 0,
    unknown: 0.02,
  },
  'ping-slash24-loss': {
    step: 600,
    least: 0.4,
    most: 6,
    noise: 0.15,
    counted: 'no',
    daily: 0.15,
    weekend: 0,
    unknown: 0.02,
  },
} as const satisfies Record<string, Shape>

export type DataSource = keyof typeof SHAPES
export const DATA_SOURCES = Object.keys(SHAPES) as DataSource[]

/** What remains of each data source, as shares of usual (for latency and loss: the factor by which they rise). */
export type Remains = Readonly<Record<DataSource, number>>

export interface Shutdown {
  readonly country: string
  readonly stretches: readonly { readonly from: UnixSeconds; readonly until: UnixSeconds; readonly remains: Remains }[]
}

/**
 * Three shutdowns in the shape of real ones, at other times: as Kazakhstan in January 2022 (everything, with brief
 * returns over days), as Belarus in August 2020 (a part, three evenings in a row), as Iran in January 2026 (nearly
 * everything, and no end in sight). Levels as published: `../shared/truth/events.md`.
 *
 * @param start of the fortnight that they lie in.
 */
export function shutdownsOf(start: UnixSeconds): readonly Shutdown[] {
  const at = (day: number, hour: number, minute: number): UnixSeconds =>
    (start + day * DAY + hour * HOUR + minute * MINUTE) as UnixSeconds
  const blackout: Remains = {
    bgp: 0.97,
    'ping-slash24': 0.05,
    'merit-nt': 0.06,
    gtr: 0.02,
    'ping-slash24-latency': 1.3,
    'ping-slash24-loss': 2,
  }
  const partial: Remains = {
    bgp: 0.99,
    'ping-slash24': 0.5,
    'merit-nt': 0.2,
    gtr: 0.2,
    'ping-slash24-latency': 1.1,
    'ping-slash24-loss': 1.4,
  }
  return [
    {
      country: 'KZ',
      stretches: [
        { from: at(2, 10, 30), until: at(3, 2, 0), remains: blackout },
        { from: at(3, 5, 0), until: at(4, 14, 0), remains: blackout },
        { from: at(4, 18, 0), until: at(7, 5, 0), remains: blackout },
      ],
    },
    {
      country: 'BY',
      stretches: [4, 5, 6].map((day) => ({ from: at(day, 14, 0), until: at(day, 21, 0), remains: partial })),
    },
    { country: 'IR', stretches: [{ from: at(9, 16, 30), until: at(60, 0, 0), remains: blackout }] },
  ]
}

export interface World {
  readonly countries: readonly string[]
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  stepOf(source: DataSource): number
  /** Whether the data source speaks of the country at all. */
  knows(source: DataSource, country: string): boolean
  /** Final value of a bin; `null` where the data source does not speak of the country. Bins outside the world: `null`. */
  value(source: DataSource, country: string, bin: number): number | null
}

/** A world of countries, the same for the same seed, in memory: some 75 MB for 250 countries over ten weeks. */
export function simulatedWorld(
  seed: number,
  countries: readonly string[],
  from: UnixSeconds,
  until: UnixSeconds,
  shutdowns: readonly Shutdown[],
): World {
  const columns = new Map<string, Float32Array | null>()
  const cut = new Map(shutdowns.map((each) => [each.country, each.stretches]))
  const columnFor = (source: DataSource, country: string): Float32Array | null => {
    const key = `${source}/${country}`
    const known = columns.get(key)
    if (known !== undefined) return known
    const column = columnOf(seed, source, country, from, until, cut.get(country) ?? [])
    columns.set(key, column)
    return column
  }
  return {
    countries,
    from,
    until,
    stepOf: (source) => SHAPES[source].step,
    knows: (source, country) => columnFor(source, country) !== null,
    value(source, country, bin) {
      const { step } = SHAPES[source]
      if (bin < from || bin + step > until || bin % step !== 0) return null
      const value = columnFor(source, country)?.[(bin - from) / step]
      // Two decimals again, which 32 bits do not keep.
      return value === undefined ? null : Math.round(value * 100) / 100
    },
  }
}

function columnOf(
  seed: number,
  source: DataSource,
  country: string,
  from: UnixSeconds,
  until: UnixSeconds,
  stretches: Shutdown['stretches'],
): Float32Array | null {
  const shape = SHAPES[source]
  const chance = seededRandom(hashText(`${seed}/${source}/${country}`))
  const size = seededRandom(hashText(`${seed}/size/${country}`))()
  const isCut = stretches.length > 0
  // What is cut must be there to be cut, and be of a size that is worth a shutdown.
  if (chance() < shape.unknown && !isCut) return null
  const rank = isCut ? 0.75 : Math.min(1, Math.max(0, size + 0.2 * (chance() - 0.5)))
  const level = shape.least * (shape.most / shape.least) ** rank
  // Half a day east or west: people sleep at other hours.
  const offset = (Math.floor(seededRandom(hashText(`${seed}/zone/${country}`))() * 24) - 12) * HOUR
  const column = new Float32Array((until - from) / shape.step)
  const decimals = shape.counted === 'no' ? 100 : 1
  for (let i = 0; i < column.length; i++) {
    const at = from + i * shape.step
    const local = at + offset
    const rhythm = 1 + shape.daily * Math.sin((2 * Math.PI * (local - 9 * HOUR)) / DAY)
    const weekday = Math.floor(local / DAY) % 7
    // The epoch began on a Thursday.
    const week = weekday === 2 || weekday === 3 ? 1 - shape.weekend : 1
    const middle = at + shape.step / 2
    const remains = stretches.find((each) => each.from <= middle && middle < each.until)?.remains[source] ?? 1
    const usual = level * rhythm * week * remains
    const counting = shape.counted === 'by-chance' ? Math.sqrt(usual) : 0
    const noise = normal(chance) * Math.hypot(usual * shape.noise, counting)
    column[i] = Math.max(0, Math.round((usual + noise) * decimals) / decimals)
  }
  return column
}
