import { describe, expect, it } from 'vitest'
import type { Incident } from '../src/model/incident.ts'
import { HOUR } from '../src/model/time.ts'
import type { LoadedCase } from '../src/street/case.ts'
import { seededRandom } from '../src/street/random.ts'
import type { Lateness } from '../src/street/replay.ts'
import { load, run, sorted, standing, substance } from './replays.ts'
import { describeShared } from './shared.ts'

/** One in ten bins comes six hours late; which ones, the seed says. */
function oneInTenLate(seed: number): Lateness {
  return (series, bin) => (seededRandom(seed ^ (series * 7919) ^ bin)() < 0.1 ? 6 * HOUR : 0)
}

const CASES = ['iran-2026', 'iran-2019-places', 'hurricane-laura-2020', 'ukraine-border-2022'] as const

describe.each(CASES)('%s, whatever the order of arrival', (id) => {
  describeShared([`cases/${id}`], 'replayed', () => {
    it('gives in one go, and with one in ten bins six hours late, what it gives bin by bin', async () => {
      const loaded = await load(id)
      const onTime = standing(await run(loaded, {})).map(substance)
      expect(standing(await run(loaded, { pace: 'in-one-go' })).map(substance)).toEqual(onTime)
      expect(standing(await run(loaded, { lateness: oneInTenLate(1) })).map(substance)).toEqual(onTime)
    })

    it("gives 'as known then', at ten random instants, what had been published by then", async () => {
      const loaded = await load(id)
      const bins = await run(loaded, {})
      for (const instant of instants(loaded, 10)) {
        const published = new Map<string, Incident>()
        for (const each of await bins.store.revisions({ asOf: instant as never }))
          published.set(each.incident.id, each.incident)
        const then = await run(loaded, { pace: 'in-one-go', asOf: instant as never })
        const withState = (each: Incident): unknown => ({ ...(substance(each) as object), state: each.state })
        expect(standing(then).map(withState)).toEqual(sorted([...published.values()]).map(withState))
      }
    })
  })
})

/** Seeded instants, most of them in the second half, where things happen. */
function instants(loaded: LoadedCase, count: number): readonly number[] {
  const random = seededRandom(20260108)
  return Array.from({ length: count }, (_, i) => {
    const span = loaded.until - loaded.from
    const begin = i < count / 2 ? loaded.from + span / 2 : loaded.from
    return Math.floor(begin + random() * (loaded.until - begin))
  })
}
