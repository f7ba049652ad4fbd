import { describe, expect, it } from 'vitest'
import { BIN_BLIND } from '../detect/grid.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { openMemoryStore } from '../store/memory.ts'
import { membersOfStore, scopeFromStore } from './from-store.ts'
import { ON_TIME, replay } from './replay.ts'
import { COUNTRY, START, sampleCase } from './samples.testing.ts'
import type { Scope } from './scope.ts'

const DAYS = 15
const loaded = sampleCase(COUNTRY, DAYS, 5)
const { store, now } = await replay(loaded, openMemoryStore(), {
  pace: 'in-one-go',
  lateness: ON_TIME,
  progress: () => undefined,
  asOf: null,
})
const members = (await membersOfStore(store, loaded.hierarchy)).get('KZ') ?? []

const build = async (
  ...[range, blindOf]: [Parameters<typeof scopeFromStore>[6], Parameters<typeof scopeFromStore>[7]]
): Promise<Scope> => scopeFromStore(store, members, loaded.gazetteer, loaded.hierarchy, null, now, range, blindOf)

describe('a scope from the store', () => {
  it('holds a country with all that is within, and what is in the range alone', async () => {
    expect(new Set(members.map((each) => each.series.entity))).toEqual(new Set(['country:KZ', 'region:KZ-75']))
    const from = (START + 9 * DAY) as UnixSeconds
    const scope = await build({ from, until: (from + DAY) as UnixSeconds }, () => [])
    for (const i of members.keys()) {
      const { grid } = scope.detector(i)
      expect(scope.since(i)).toBeGreaterThanOrEqual(from)
      expect(scope.since(i)).toBeLessThan(from + 3 * HOUR)
      expect(grid.first + grid.length * grid.step).toBeLessThanOrEqual(from + DAY)
    }
  })

  it('is blind where it is told, series by series', async () => {
    const blind = { from: (START + 190 * HOUR) as UnixSeconds, until: (START + 260 * HOUR) as UnixSeconds }
    const scope = await build(null, ({ signal }) => (signal === 'ping.up' ? [blind] : []))
    const seeing = await build(null, () => [])
    for (const [i, { series }] of members.entries()) {
      const isBlind = series.signal === 'ping.up'
      expect(scope.detector(i).grid.flags.includes(BIN_BLIND)).toBe(isBlind)
      const spans = scope.standings()[i]?.spans.filter((span) => span.onset.at >= blind.from)
      if (isBlind) expect(spans).toEqual([])
      else expect(spans).toEqual(seeing.standings()[i]?.spans.filter((span) => span.onset.at >= blind.from))
    }
  })
})
