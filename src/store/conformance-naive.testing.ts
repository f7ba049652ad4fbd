import fc from 'fast-check'
import { expect, it } from 'vitest'

import type { Column } from '../model/series.ts'
import { makeNaiveStore } from './naive.testing.ts'
import { at, sampleBatch, sampleSeries, START } from './samples.testing.ts'
import type { AsOf, Range, Store } from './store.ts'

const SERIES = 3
const BINS = 16
/** 16 bins of 6 hours are four days: some are closed when `compact` comes, some are not. */
const STEP = 21_600
const RUNS = 40

type Step =
  | {
      readonly kind: 'append'
      readonly arrival: number
      readonly rows: readonly (readonly [number, number, number, number])[]
    }
  | { readonly kind: 'compact'; readonly before: number }

const row = fc.tuple(
  fc.nat({ max: SERIES - 1 }),
  fc.nat({ max: BINS - 1 }).map((n) => START + n * STEP),
  fc.constantFrom(Number.NaN, 0, 1, 2.5),
  fc.constantFrom(Number.NaN, 1),
)
const append: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('append'),
  arrival: fc.integer({ min: 1, max: 9 }),
  rows: fc.uniqueArray(row, { selector: ([series, bin]) => `${series}/${bin}`, maxLength: 24 }),
})
const compact: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('compact'),
  before: fc.integer({ min: START, max: START + (BINS + 4) * STEP }),
})

/**
 * Random batches with random arrivals, compactions between them, against the naive model, for every series, at every
 * instant, over any range. One store serves all runs: each run has series of its own, among the batches of the runs before.
 */
export function testStoreAgainstNaive(store: () => Store): void {
  it.each([
    ['answers as the naive model does at any instant', fc.array(append, { maxLength: 8 })],
    [
      'answers the same when it is compacted at any moment',
      fc.array(fc.oneof({ weight: 2, arbitrary: append }, compact), { maxLength: 12 }),
    ],
  ] as const)('%s', async (_, steps) => {
    let run = 0
    const range = fc.tuple(fc.integer({ min: -1, max: BINS }), fc.integer({ min: 0, max: BINS + 1 }))
    await fc.assert(
      fc.asyncProperty(steps, range, async (taken, [first, last]) => {
        run += 1
        await check(store(), run, taken, { from: at(START + first * STEP), until: at(START + last * STEP) })
      }),
      { numRuns: RUNS, seed: 20_220_105 },
    )
  })
}

async function check(store: Store, run: number, steps: readonly Step[], range: Range): Promise<void> {
  const infos = Array.from({ length: SERIES }, (_, i) => ({
    ...sampleSeries('country:KZ', STEP),
    facet: `run-${run}-${i}`,
  }))
  const ids = await store.defineSeries(infos)
  const naive = makeNaiveStore()
  const batchesBefore = await store.lastBatch()

  for (const step of steps) {
    if (step.kind === 'compact') {
      await store.compact(at(step.before))
      continue
    }
    const expected = naive.append(sampleBatch(step.arrival, step.rows))
    const rows = step.rows.map(([series, bin, value, weight]) => [ids[series]!, bin, value, weight] as const)
    const result = await store.append(sampleBatch(step.arrival, rows))
    expect(result).toEqual({ ...expected, batch: batchesBefore + expected.batch })
  }

  const always = { from: at(0), until: at(4_000_000_000) }
  for (const asOf of [null, at(0), at(2), at(5), at(8), at(9)] as AsOf[]) {
    for (const asked of [always, range]) {
      const expected = ids.map((id, i) => [id, rowsOf(naive.read(i, asked, asOf))])
      const read = await Promise.all(ids.map(async (id) => [id, rowsOf(await store.read(id, asked, asOf))]))
      expect(read).toEqual(expected)
      const scanned: unknown[] = []
      for await (const { id, column } of store.scan(ids, asked, asOf)) scanned.push([id, rowsOf(column)])
      expect(scanned).toEqual(expected)
    }
  }
}

function rowsOf(column: Column): number[][] {
  return [...column.bins].map((bin, i) => [bin, column.values[i]!, column.weights[i]!])
}
