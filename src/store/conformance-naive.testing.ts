import fc from 'fast-check'
import { expect, it } from 'vitest'

import type { UnixSeconds } from '../model/brand.ts'
import type { Column } from '../model/series.ts'
import { DAY } from '../model/time.ts'
import { makeNaiveStore, type NaiveHour, type NaiveStore } from './naive.testing.ts'
import { at, sampleAnswer, sampleBatch, sampleSeries, START } from './samples.testing.ts'
import type { AsOf, HourColumn, Range, Store } from './store.ts'

const SERIES = 3
const BINS = 36
/** 36 bins of 40 minutes are a day: with days between them, some are closed when `compact` comes, some are not. */
const STEP = 2400
const DAYS = 4
const RUNS = 40

type Step =
  | {
      readonly kind: 'append'
      readonly arrival: number
      readonly rows: readonly (readonly [number, number, number, number])[]
      /** Whether it came by an answer. */
      readonly answered: boolean
      readonly covered: readonly [string, number, number] | null
    }
  | { readonly kind: 'compact'; readonly before: number }
  | {
      readonly kind: 'retain'
      readonly before: number
      readonly keep: readonly { readonly series: number; readonly from: number; readonly until: number }[]
    }

/** Few bins of each day, so that they meet: some of one hour, some of the last that reach over an hour. */
const bin = fc
  .tuple(fc.nat({ max: DAYS - 1 }), fc.constantFrom(0, 1, 2, 3, 17, 34, 35))
  .map(([day, n]) => START + day * DAY + n * STEP)
const row = fc.tuple(
  fc.nat({ max: SERIES - 1 }),
  bin,
  fc.constantFrom(Number.NaN, 0, 1, 2.5, 1 / 3),
  fc.constantFrom(Number.NaN, 1),
)
const append: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('append'),
  arrival: fc.integer({ min: 1, max: 9 }),
  rows: fc.uniqueArray(row, { selector: ([series, at]) => `${series}/${at}`, maxLength: 24 }),
  answered: fc.boolean(),
  covered: fc.option(fc.tuple(fc.constantFrom('bgp', 'ping'), fc.nat({ max: 9 }), fc.nat({ max: 9 })), { nil: null }),
})
const instant = fc.integer({ min: START, max: START + (DAYS + 1) * DAY })
const compact: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('compact'), before: instant })
const retain: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('retain'),
  before: fc.oneof(
    instant,
    fc.nat({ max: DAYS }).map((n) => START + n * DAY),
  ),
  keep: fc.array(fc.record({ series: fc.nat({ max: SERIES - 1 }), from: instant, until: instant }), { maxLength: 3 }),
})

/**
 * Random batches with random arrivals, compactions and retention between them, against the naive model, for every
 * series, at every instant, over any range. One store serves all runs: each run has series of its own, among the
 * batches of the runs before.
 */
export function testStoreAgainstNaive(store: () => Store): void {
  it.each([
    ['answers as the naive model does at any instant', fc.array(append, { maxLength: 8 })],
    [
      'answers the same when it is compacted at any moment',
      fc.array(fc.oneof({ weight: 2, arbitrary: append }, compact), { maxLength: 12 }),
    ],
    [
      'rolls up what may go, keeps what stays, and answers hours and days as if nothing had gone',
      fc.array(fc.oneof({ weight: 3, arbitrary: append }, compact, retain), { maxLength: 14 }),
    ],
  ] as const)('%s', async (_, steps) => {
    let run = 0
    const range = fc.tuple(fc.integer({ min: -1, max: DAYS * BINS }), fc.integer({ min: 0, max: DAYS * BINS + 1 }))
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

  for (const [n, step] of steps.entries()) {
    if (step.kind === 'compact') {
      await store.compact(at(step.before))
    } else if (step.kind === 'retain') {
      const windows = step.keep.map(({ series, from, until }) => ({
        series,
        range: { from: at(from), until: at(until) },
      }))
      const expected = naive.retain(
        { rawBefore: at(step.before), keep: windows.map(({ series, range }) => ({ series: [series], range })) },
        STEP,
      )
      const others = await othersOf(store, ids)
      const result = await store.retain({
        rawBefore: at(step.before),
        answersBefore: at(0),
        keep: [...others, ...windows.map(({ series, range }) => ({ series: [ids[series]!], range }))],
      })
      expect(result).toEqual({ bins: expected, answers: 0, routes: 0 })
    } else {
      const origin = {
        ...(step.answered ? { answer: await store.keepAnswer(sampleAnswer(`${run}/${n}`, 100)) } : {}),
        ...(step.covered === null ? {} : { covered: toCovered(run, step.covered) }),
      }
      const expected = naive.append({ ...sampleBatch(step.arrival, step.rows), ...origin })
      const rows = step.rows.map(([series, at, value, weight]) => [ids[series]!, at, value, weight] as const)
      const result = await store.append({ ...sampleBatch(step.arrival, rows), ...origin })
      expect(result).toEqual({ ...expected, batch: batchesBefore + expected.batch })
    }
  }
  await expectRows(store, naive, ids, range)
  await expectHoursAndDays(store, naive, ids, range)
  await expectOrigins(store, naive, ids, run)
}

const ALWAYS: Range = { from: at(0), until: at(4_000_000_000) }

/** Retention is for the whole store: what other runs put in is kept. */
async function othersOf(
  store: Store,
  ids: readonly number[],
): Promise<readonly { readonly series: readonly number[]; readonly range: Range }[]> {
  const series = (await store.series({})).map(({ id }) => id).filter((id) => !ids.includes(id))
  return [{ series, range: ALWAYS }]
}

function toCovered(
  run: number,
  [stream, from, until]: readonly [string, number, number],
): { stream: string; span: { from: UnixSeconds; until: UnixSeconds } } {
  return { stream: `${run}/${stream}`, span: { from: at(Math.min(from, until)), until: at(Math.max(from, until)) } }
}

async function expectRows(store: Store, naive: NaiveStore, ids: readonly number[], range: Range): Promise<void> {
  for (const asOf of [null, at(0), at(2), at(5), at(8), at(9)] as AsOf[]) {
    for (const asked of [ALWAYS, range]) {
      const expected = ids.map((id, i) => [id, rowsOf(naive.read(i, asked, asOf))])
      const read = await Promise.all(ids.map(async (id) => [id, rowsOf(await store.read(id, asked, asOf))]))
      expect(read).toEqual(expected)
      const scanned: unknown[] = []
      for await (const { id, column } of store.scan(ids, asked, asOf)) scanned.push([id, rowsOf(column)])
      expect(scanned).toEqual(expected)
    }
  }
}

async function expectHoursAndDays(
  store: Store,
  naive: NaiveStore,
  ids: readonly number[],
  range: Range,
): Promise<void> {
  for (const asked of [ALWAYS, range]) {
    const hours = await Promise.all(ids.map(async (id) => hoursOf(await store.readHours(id, asked))))
    expect(hours).toEqual(ids.map((_, i) => naive.spans(i, asked, 3600)))
    const days = [...(await store.days(ids, asked))].map(([id, column]) => [id, [...column.days], [...column.counts]])
    const expected = ids.map((id, i) => {
      const spans = naive.spans(i, asked, 86_400)
      return [id, spans.map(({ start }) => start), spans.map(({ count }) => count)]
    })
    expect(days).toEqual(expected)
  }
}

async function expectOrigins(store: Store, naive: NaiveStore, ids: readonly number[], run: number): Promise<void> {
  for (const [i, id] of ids.entries()) {
    const answers = new Map<number, number>()
    const runs = await store.provenance(id, ALWAYS)
    for (const { from, until, bins, answer } of runs) {
      expect(bins).toBe((until - from) / STEP)
      for (let at: number = from; at < until; at += STEP) answers.set(at, answer?.id ?? 0)
    }
    expect(runs.map(({ from }) => from)).toEqual(runs.map(({ from }) => from).sort((a, b) => a - b))
    expect([...answers]).toEqual([...naive.answers(i)].sort(([a], [b]) => a - b))
  }
  const covered = [...(await store.covered())].filter(([stream]) => stream.startsWith(`${run}/`))
  expect(new Map(covered)).toEqual(naive.covered())
}

function rowsOf(column: Column): number[][] {
  return [...column.bins].map((start, i) => [start, column.values[i]!, column.weights[i]!])
}

function hoursOf(column: HourColumn): NaiveHour[] {
  return [...column.hours].map((start, i) => ({
    start,
    count: column.counts[i]!,
    mean: column.means[i]!,
    least: column.least[i]!,
    most: column.most[i]!,
  }))
}
