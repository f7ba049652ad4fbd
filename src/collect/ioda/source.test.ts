import { describe, expect, it } from 'vitest'
import type { EntityId, Seconds } from '../../model/brand.ts'
import type { SeriesInfo } from '../../model/series.ts'
import { DAY, HOUR } from '../../model/time.ts'
import { testSource } from '../source.testing.ts'
import { DATA_SOURCES } from './data-sources.ts'
import { createIodaServer } from './server.testing.ts'
import { createIodaSource, IODA_DEFAULTS } from './source.ts'

const COUNTRIES = ['BY', 'DE', 'IR', 'KZ', 'UA', 'ZW']

/** Every value differs from its neighbours; some bins hold nothing. */
const value = (dataSource: string, entity: string, bin: number): number | null => {
  const n = (bin / 300 + entity.length * 7 + entity.charCodeAt(0) * 13 + dataSource.length * 31) % 97
  return n === 5 ? null : Math.round(n * 10) / 10
}

/** The telescope hears nothing of one of them. */
const knows = (dataSource: string, entity: string): boolean => dataSource !== 'merit-nt' || entity !== 'ZW'

const SERIES: readonly SeriesInfo[] = DATA_SOURCES.flatMap(({ id, spec }) =>
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

testSource('IODA', {
  series: SERIES,
  historySeconds: 2 * DAY,
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
    const server = await createIodaServer({ clock, value, knows, risingSeconds: HOUR })
    return {
      url: server.url,
      fault: (kind) =>
        server.plan(
          kind === null
            ? []
            : [
                {
                  kind,
                  from: clock.now(),
                  until: Infinity,
                  retryAfterSeconds: 600,
                  offsetSeconds: 4 * HOUR,
                  shiftsBins: true,
                },
              ],
        ),
      requests: server.served.requests,
      mostAtOnce: () => server.served.mostAtOnce,
      expected(series, bin) {
        const source = DATA_SOURCES.find(({ spec }) => spec.signal === series.signal)
        const code = series.entity.slice('country:'.length)
        if (source === undefined || !knows(source.id, code)) return undefined
        const held = value(source.id, code, bin)
        return held === null ? null : held / source.divisor
      },
      close: () => server.close(),
    }
  },
})

describe('IODA', () => {
  it('is asked for countries by default, with the budget that its page in the docs states', () => {
    const source = createIodaSource({ ...IODA_DEFAULTS, version: '0.0.0', contact: null })
    expect(source.budget).toEqual({ requests: 600, perSeconds: 3600, backfillShare: 0.25 })
    expect(IODA_DEFAULTS.countries.length).toBeGreaterThan(240)
  })
})
