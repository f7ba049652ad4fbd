import type { EntityId, Seconds } from '../../model/brand.ts'
import type { SeriesInfo } from '../../model/series.ts'
import { DAY } from '../../model/time.ts'
import { createSimulatedClock, type SimulatedClock } from '../clock.testing.ts'
import { createKeeper, type Keeper } from '../keeper.testing.ts'
import type { Source } from '../source.ts'
import { DATA_SOURCES } from './data-sources.ts'
import type { Fault } from './faults.testing.ts'
import { createIodaServer, type IodaServer, type IodaServerOptions } from './server.testing.ts'
import { createIodaSource, IODA_DEFAULTS, type IodaOptions } from './source.ts'

/** A Thursday at 00:00 UTC. */
export const START = 1_700_092_800

export const COUNTRIES: readonly string[] = ['BY', 'DE', 'IR', 'KZ', 'UA', 'ZW']

/** Every value differs from its neighbours; some bins hold nothing. */
export function valueOf(dataSource: string, entity: string, bin: number): number | null {
  const n = (bin / 300 + entity.length * 7 + entity.charCodeAt(0) * 13 + dataSource.length * 31) % 97
  return n === 5 ? null : n
}

/** The telescope hears nothing of one of them. */
export const knows = (dataSource: string, entity: string): boolean => dataSource !== 'merit-nt' || entity !== 'ZW'

/** All that there is of countries. */
export const SERIES: readonly SeriesInfo[] = DATA_SOURCES.flatMap(({ id, spec }) =>
  COUNTRIES.filter((country) => knows(id, country)).map((country) => ({
    source: spec.source,
    signal: spec.signal,
    entity: `country:${country}` as EntityId,
    facet: null,
    origin: 'measured' as const,
    step: spec.step,
    phase: 0 as Seconds,
  })),
)

/** What the source should give for a bin: `null` = none, `undefined` = it has no such series. */
export function heldValue({ signal, entity }: SeriesInfo, bin: number): number | null | undefined {
  const source = DATA_SOURCES.find(({ spec }) => spec.signal === signal)
  const code = entity.slice('country:'.length)
  if (source === undefined || !knows(source.id, code)) return undefined
  const held = valueOf(source.id, code, bin)
  return held === null ? null : held / source.divisor
}

/** Bins whose kept value is not what the server held, as `signal entity bin: kept, not held`. */
export function differences(keeper: Keeper, since: number, until: number): readonly string[] {
  const wrong: string[] = []
  for (const series of SERIES) {
    const name = `${series.source}/${series.signal}/${series.entity}`
    const kept = keeper.rows.get(name)?.values
    for (let bin = Math.ceil(since / series.step) * series.step; bin + series.step <= until; bin += series.step) {
      const held = heldValue(series, bin)
      if (!Object.is(kept?.get(bin), held ?? NaN)) {
        wrong.push(`${series.signal} ${series.entity} ${bin - START}: ${kept?.get(bin)}, not ${held}`)
      }
    }
  }
  return wrong
}

export interface SmallWorld {
  readonly clock: SimulatedClock
  readonly server: IodaServer
  readonly keeper: Keeper
  make(options?: Partial<IodaOptions>): Source
}

/** Six countries with two days of history, from `START` on. */
export async function smallWorld(
  faults: readonly Fault[],
  options: Partial<IodaServerOptions> = {},
): Promise<SmallWorld> {
  const clock = createSimulatedClock(START)
  const server = await createIodaServer({ clock, value: valueOf, knows, faults, ...options })
  return {
    clock,
    server,
    keeper: createKeeper(clock),
    make: (over = {}) =>
      createIodaSource({
        ...IODA_DEFAULTS,
        version: '0.0.0',
        contact: null,
        baseUrl: server.url,
        countries: COUNTRIES,
        backfillDays: 2,
        ...over,
      }),
  }
}

export const HISTORY_SECONDS = 2 * DAY
