import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { makeNaiveStore } from '../naive.testing.ts'
import { at, sampleBatch, sampleSeries, START } from '../samples.testing.ts'
import { makeFolder, openSmall } from './folder.testing.ts'
import type { DuckdbStore } from './store.ts'

const STEP = 300
const RUNS = 25
const ALWAYS = { from: at(0), until: at(4_000_000_000) }

/** Around as many bins as are kept in memory of a series, so that rows fall within them, at their edge and before it. */
const stretch = fc.record({
  kind: fc.constant('append' as const),
  series: fc.nat({ max: 2 }),
  first: fc.oneof(fc.nat({ max: 700 }), fc.constantFrom(0, 287, 288, 289, 575, 576)),
  length: fc.integer({ min: 1, max: 40 }),
  value: fc.constantFrom(Number.NaN, 1, 2),
})
const reopen = fc.record({ kind: fc.constant('reopen' as const) })
const compact = fc.record({ kind: fc.constant('compact' as const) })

describe('appends that overlap with what is there', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  let store: DuckdbStore
  beforeEach(async () => {
    temporary = await makeFolder()
    store = await openSmall(temporary.folder)
  })
  afterEach(async () => {
    await store.close()
    await temporary.remove()
  })

  it('leave out what is unchanged and nothing else, whatever memory knows of it', { timeout: 60_000 }, async () => {
    const steps = fc.array(fc.oneof({ weight: 5, arbitrary: stretch }, reopen, compact), { maxLength: 14 })
    let run = 0
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        run += 1
        const infos = [0, 1, 2].map((i) => ({ ...sampleSeries('country:KZ', STEP), facet: `run-${run}-${i}` }))
        const ids = await store.defineSeries(infos)
        const naive = makeNaiveStore()
        const before = await store.lastBatch()
        for (const step of taken) {
          if (step.kind === 'reopen') {
            await store.close()
            store = await openSmall(temporary.folder)
          } else if (step.kind === 'compact') {
            await store.compact(at(START + 2 * 86_400))
          } else {
            const rows = (id: number) =>
              Array.from(
                { length: step.length },
                (_, i) => [id, START + (step.first + i) * STEP, step.value, 1] as const,
              )
            const expected = naive.append(sampleBatch(run, rows(step.series)))
            const result = await store.append(sampleBatch(run, rows(ids[step.series]!)))
            expect(result).toEqual({ ...expected, batch: before + expected.batch })
          }
        }
        for (const [i, id] of ids.entries()) {
          expect(await store.read(id, ALWAYS, null)).toEqual(naive.read(i, ALWAYS, null))
        }
      }),
      { numRuns: RUNS, seed: 20_260_108 },
    )
  })
})
