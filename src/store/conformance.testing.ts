import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { UnixSeconds } from '../model/brand.ts'
import { BusyError, StoreError } from '../model/errors.ts'
import type { Column } from '../model/series.ts'
import { testAnswers } from './conformance-answers.testing.ts'
import { TEHRAN, testDocuments } from './conformance-documents.testing.ts'
import { testStoreAgainstNaive } from './conformance-naive.testing.ts'
import { testRoutes } from './conformance-routes.testing.ts'
import {
  at,
  sampleAnswer,
  sampleBatch,
  sampleHealth,
  sampleRevision,
  sampleRoute,
  sampleSeries,
  sampleSpec,
  START,
} from './samples.testing.ts'
import type { Range, Store } from './store.ts'

export interface Opened {
  readonly store: Store
  /** Closes the store and opens what it kept; absent for engines that keep nothing. */
  readonly reopen?: () => Promise<Store>
  /** Closes what is open and removes what is left. */
  readonly dispose: () => Promise<void>
}

const ALWAYS: Range = { from: at(0), until: at(4_000_000_000) }
const STEP = 600

/** Every engine's test calls this. */
export function testStore(name: string, open: () => Promise<Opened>): void {
  describe(`${name} as a store`, () => {
    let opened: Opened
    let store: Store
    beforeEach(async () => {
      opened = await open()
      store = opened.store
    })
    afterEach(() => opened.dispose())

    const bin = (n: number): UnixSeconds => at(START + n * STEP)

    it('is empty at first', async () => {
      expect(await store.lastBatch()).toBe(0)
      expect(await store.lastArrival()).toBeNull()
      expect(await store.series({})).toEqual([])
      expect(await store.specs()).toEqual([])
      expect(await store.entities()).toEqual([])
      expect(await store.revisions({})).toEqual([])
      expect(await store.published(0, 10)).toEqual([])
      expect(await store.covered()).toEqual(new Map())
      expect(await store.health({})).toEqual([])
      expect(await store.derived('key')).toBeNull()
      expect(await store.routeEvents({})).toEqual([])
      expect((await store.readHours(0, ALWAYS)).hours).toHaveLength(0)
      expect((await store.days([0], ALWAYS)).get(0)?.days).toHaveLength(0)
      expect(await store.retain({ rawBefore: at(0), answersBefore: at(0), keep: [] })).toEqual({
        bins: 0,
        answers: 0,
        routes: 0,
      })
      expect(rowsOf(await store.read(0, ALWAYS, null))).toEqual([])
    })

    describe('defining series', () => {
      it('numbers new keys from 0 and gives a known key its number again', async () => {
        const [kz, by] = [sampleSeries('country:KZ', STEP), sampleSeries('country:BY', STEP)]
        expect(await store.defineSeries([kz, by])).toEqual([0, 1])
        expect(
          await store.defineSeries([by, { ...kz, facet: 'telegram' }, kz, { ...kz, origin: 'laboratory' }]),
        ).toEqual([1, 2, 0, 3])
        expect(await store.defineSeries([])).toEqual([])
      })

      it('gives one number to a key that is asked for twice at once', async () => {
        const kz = sampleSeries('country:KZ', STEP)
        expect(await store.defineSeries([kz, { ...kz }])).toEqual([0, 0])
      })

      it('refuses a known key with another step or phase, and then keeps nothing of the call', async () => {
        const kz = sampleSeries('country:KZ', STEP)
        await store.defineSeries([kz])
        const by = sampleSeries('country:BY', STEP)
        await expect(store.defineSeries([by, { ...kz, step: 300 as typeof kz.step }])).rejects.toThrow(StoreError)
        await expect(store.defineSeries([by, { ...kz, phase: 60 as typeof kz.phase }])).rejects.toThrow(
          /ioda\/ping\.up_slash24s\/country:KZ/,
        )
        expect(await store.series({})).toEqual([{ ...kz, id: 0 }])
      })

      it('finds series by source, signal and entity', async () => {
        const kz = sampleSeries('country:KZ', STEP)
        const bgp = { ...kz, signal: 'bgp.visible_slash24s' as typeof kz.signal }
        const by = { ...sampleSeries('country:BY', STEP), source: 'ris' as typeof kz.source }
        await store.defineSeries([kz, bgp, by])
        const ids = async (filter: Parameters<Store['series']>[0]): Promise<number[]> =>
          (await store.series(filter)).map(({ id }) => id)
        expect(await ids({})).toEqual([0, 1, 2])
        expect(await ids({ source: 'ioda' })).toEqual([0, 1])
        expect(await ids({ signal: 'ping.up_slash24s' })).toEqual([0, 2])
        expect(await ids({ entity: kz.entity, signal: bgp.signal })).toEqual([1])
        expect(await ids({ source: 'ooni' })).toEqual([])
      })
    })

    describe('appending', () => {
      beforeEach(async () => {
        await store.defineSeries([sampleSeries('country:KZ', STEP), sampleSeries('country:BY', STEP)])
      })

      it('gives back what was put in, in the order of bins, with what is unknown still unknown', async () => {
        const rows = [
          [1, bin(0), 5.25, 3],
          [0, bin(2), Number.NaN, 2],
          [0, bin(0), 0, Number.NaN],
          [0, bin(1), -1e300, Number.NaN],
        ] as const
        expect(await store.append(sampleBatch(100, rows))).toEqual({ batch: 1, appended: 4, unchanged: 0 })
        expect(rowsOf(await store.read(0, ALWAYS, null))).toEqual([
          [bin(0), 0, Number.NaN],
          [bin(1), -1e300, Number.NaN],
          [bin(2), Number.NaN, 2],
        ])
        expect(rowsOf(await store.read(1, ALWAYS, null))).toEqual([[bin(0), 5.25, 3]])
      })

      it('counts batches and knows when the newest came', async () => {
        await store.append(sampleBatch(200, [[0, bin(0), 1, 1]]))
        expect(await store.append(sampleBatch(100, [[0, bin(1), 1, 1]]))).toEqual({
          batch: 2,
          appended: 1,
          unchanged: 0,
        })
        expect(await store.lastBatch()).toBe(2)
        expect(await store.lastArrival()).toBe(100)
      })

      it('lets the last batch win, be it of a value, an unknown or a weight', async () => {
        await store.append(
          sampleBatch(100, [
            [0, bin(0), 1, 1],
            [0, bin(1), 1, 1],
            [0, bin(2), Number.NaN, 1],
          ]),
        )
        await store.append(
          sampleBatch(200, [
            [0, bin(0), Number.NaN, 1],
            [0, bin(1), 1, 2],
            [0, bin(2), 7, 1],
          ]),
        )
        expect(rowsOf(await store.read(0, ALWAYS, null))).toEqual([
          [bin(0), Number.NaN, 1],
          [bin(1), 1, 2],
          [bin(2), 7, 1],
        ])
      })

      it('leaves out and counts rows that change nothing', async () => {
        await store.append(
          sampleBatch(100, [
            [0, bin(0), 1, Number.NaN],
            [0, bin(1), Number.NaN, 4],
          ]),
        )
        const again = sampleBatch(200, [
          [0, bin(0), 1, Number.NaN],
          [0, bin(1), Number.NaN, 4],
          [1, bin(0), 1, 1],
        ])
        expect(await store.append(again)).toEqual({ batch: 2, appended: 1, unchanged: 2 })
        expect(rowsOf(await store.read(0, ALWAYS, at(150)))).toHaveLength(2)
      })

      it('makes no batch of rows that all change nothing, nor of none', async () => {
        await store.append(sampleBatch(100, [[0, bin(0), 1, 1]]))
        expect(await store.append(sampleBatch(200, [[0, bin(0), 1, 1]]))).toEqual({
          batch: 1,
          appended: 0,
          unchanged: 1,
        })
        expect(await store.append(sampleBatch(300, []))).toEqual({ batch: 1, appended: 0, unchanged: 0 })
        expect(await store.lastArrival()).toBe(100)
      })

      it('keeps a value that came back to what it was before', async () => {
        for (const [arrival, value] of [
          [100, 1],
          [200, 2],
          [300, 1],
        ] as const) {
          await store.append(sampleBatch(arrival, [[0, bin(0), value, 1]]))
        }
        const valueAt = async (asOf: UnixSeconds | null): Promise<number | undefined> =>
          (await store.read(0, ALWAYS, asOf)).values[0]
        expect([await valueAt(at(100)), await valueAt(at(299)), await valueAt(null)]).toEqual([1, 2, 1])
      })

      it('copies the columns that it is given', async () => {
        const batch = sampleBatch(100, [[0, bin(0), 1, 1]])
        await store.append(batch)
        batch.values[0] = 99
        expect(rowsOf(await store.read(0, ALWAYS, null))).toEqual([[bin(0), 1, 1]])
      })

      it('refuses a bin twice in one batch, and keeps nothing of it', async () => {
        const twice = sampleBatch(100, [
          [1, bin(0), 1, 1],
          [0, bin(1), 1, 1],
          [0, bin(0), 1, 1],
          [0, bin(1), 2, 1],
        ])
        await expect(store.append(twice)).rejects.toThrow(/country:KZ twice/)
        expect(await store.lastBatch()).toBe(0)
        expect(rowsOf(await store.read(1, ALWAYS, null))).toEqual([])
      })

      it('refuses what no series can hold', async () => {
        const oneRow = sampleBatch(100, [[0, bin(0), 1, 1]])
        await expect(store.append({ ...oneRow, values: new Float64Array(2) })).rejects.toThrow(/one length/)
        await expect(store.append({ ...oneRow, arrival: at(1.5) })).rejects.toThrow(/whole seconds/)
        await expect(store.append(sampleBatch(100, [[2, bin(0), 1, 1]]))).rejects.toThrow(/series 2 is not defined/)
        await expect(store.append(sampleBatch(100, [[0, bin(0) + 1, 1, 1]]))).rejects.toThrow(/not a bin of/)
        await expect(store.append(sampleBatch(100, [[0, Number.NaN, 1, 1]]))).rejects.toThrow(/not a bin of/)
        expect(await store.lastBatch()).toBe(0)
      })

      it('takes appends that do not wait for each other, in the order of the calls', async () => {
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            store.append(
              sampleBatch(100 + i, [
                [0, bin(0), i, 1],
                [1, bin(i), i, 1],
              ]),
            ),
          ),
        )
        expect(results.map(({ batch }) => batch)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
        expect(rowsOf(await store.read(0, ALWAYS, null))).toEqual([[bin(0), 19, 1]])
        expect(rowsOf(await store.read(0, ALWAYS, at(110)))).toEqual([[bin(0), 10, 1]])
        expect(rowsOf(await store.read(1, ALWAYS, null))).toHaveLength(20)
      })
    })

    describe('reading', () => {
      beforeEach(async () => {
        await store.defineSeries([
          sampleSeries('country:KZ', STEP),
          sampleSeries('country:BY', STEP),
          sampleSeries('world', STEP),
        ])
        await store.append(
          sampleBatch(
            100,
            [0, 1, 2, 3].flatMap(
              (n) =>
                [
                  [0, bin(n), n, 1],
                  [1, bin(n), 10 + n, 1],
                ] as const,
            ),
          ),
        )
      })

      it('takes bins from `from` on and stops before `until`', async () => {
        const binsOf = async (from: number, until: number): Promise<number[]> => [
          ...(await store.read(0, { from: at(from), until: at(until) }, null)).bins,
        ]
        expect(await binsOf(bin(1), bin(3))).toEqual([bin(1), bin(2)])
        expect(await binsOf(bin(1) + 1, bin(3) + 1)).toEqual([bin(2), bin(3)])
        expect(await binsOf(bin(2), bin(2))).toEqual([])
        expect(await binsOf(bin(3), bin(1))).toEqual([])
        expect(await binsOf(-1, 5_000_000_000)).toHaveLength(4)
      })

      it('knows nothing before the first arrival and everything at the instant of the last', async () => {
        expect(rowsOf(await store.read(0, ALWAYS, at(99)))).toEqual([])
        expect(rowsOf(await store.read(0, ALWAYS, at(100)))).toHaveLength(4)
      })

      it('scans each series once, in the order asked, empty ones and unknown ones too', async () => {
        const seen: [number, number[]][] = []
        for await (const { id, column } of store.scan([1, 7, 0, 1, 2], { from: bin(0), until: bin(2) }, null)) {
          seen.push([id, [...column.values]])
        }
        expect(seen).toEqual([
          [1, [10, 11]],
          [7, []],
          [0, [0, 1]],
          [2, []],
        ])
      })

      it('scans what was there when the scan began', async () => {
        const seen: number[] = []
        for await (const { column } of store.scan([0, 1], ALWAYS, null)) {
          seen.push(column.bins.length)
          await store.append(sampleBatch(300 + seen.length, [[1, bin(4 + seen.length), 1, 1]]))
        }
        expect(seen).toEqual([4, 4])
      })

      it('can leave a scan early', async () => {
        for await (const { id } of store.scan([0, 1, 2], ALWAYS, null)) {
          expect(id).toBe(0)
          break
        }
        expect(await store.append(sampleBatch(400, [[2, bin(0), 1, 1]]))).toMatchObject({ appended: 1 })
      })
    })

    testDocuments(() => store)
    testAnswers(() => store)
    testRoutes(() => store)

    it('lets no raw bin go of a series that is spared, and those of the others as ever', async () => {
      await store.defineSeries([sampleSeries('country:KZ', STEP), sampleSeries('country:BY', STEP)])
      const rows = [0, 1, 200].flatMap((n): [number, number, number, number][] => [
        [0, bin(n), n, 1],
        [1, bin(n), n, 1],
      ])
      await store.append(sampleBatch(100, rows))
      const retention = { rawBefore: bin(100_000), answersBefore: at(0), keep: [], spare: [0] }
      expect(await store.retain(retention)).toEqual({ bins: 3, answers: 0, routes: 0 })
      expect((await store.read(0, ALWAYS, null)).bins).toHaveLength(3)
      expect((await store.read(1, ALWAYS, null)).bins).toHaveLength(0)
      expect((await store.readHours(0, ALWAYS)).counts).toEqual((await store.readHours(1, ALWAYS)).counts)
      expect(await store.retain(retention)).toEqual({ bins: 0, answers: 0, routes: 0 })
    })

    it('answers the same after it was closed and opened again', async () => {
      if (opened.reopen === undefined) return
      await store.defineSeries([
        sampleSeries('country:KZ', STEP),
        { ...sampleSeries('country:BY', STEP), facet: 'telegram' },
      ])
      await store.append(
        sampleBatch(200, [
          [0, bin(0), 1, Number.NaN],
          [1, bin(0), Number.NaN, 1],
        ]),
      )
      await store.append(sampleBatch(100, [[0, bin(0), 2, 1]]))
      await store.putSpecs([sampleSpec('a', 'first')])
      await store.putEntities([TEHRAN])
      await store.publish([sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 100)])
      const answer = await store.keepAnswer(sampleAnswer('kept', 100))
      const covered = { stream: 'ping', span: { from: bin(0), until: bin(2) } }
      await store.append({ ...sampleBatch(150, [[0, bin(144), 3, 1]]), answer, covered })
      await store.putHealth([sampleHealth(null), sampleHealth(at(900))])
      await store.putRouteEvents([sampleRoute({}), sampleRoute({ kind: 'returned' })])
      await store.putDerived('key', Uint8Array.of(7))
      await store.retain({ rawBefore: bin(144), answersBefore: at(0), keep: [], keepRoutes: [{}] })
      const before = await everything(store)
      const again = await opened.reopen()
      expect(await everything(again)).toEqual(before)
      await expect(store.lastBatch()).rejects.toThrow(/closed/)
      expect(await again.defineSeries([sampleSeries('country:BY', STEP), sampleSeries('country:KZ', STEP)])).toEqual([
        2, 0,
      ])
      expect(
        await again.append(
          sampleBatch(300, [
            [0, bin(0), 2, 1],
            [0, bin(1), 2, 1],
          ]),
        ),
      ).toEqual({ batch: 3, appended: 0, unchanged: 2 })
      expect(
        await again.append(
          sampleBatch(300, [
            [1, bin(144), 3, 1],
            [0, bin(144), 3, 1],
          ]),
        ),
      ).toEqual({ batch: 4, appended: 1, unchanged: 1 })
      expect(await again.keepAnswer(sampleAnswer('another', 200))).toBe(2)
      expect(await again.putRouteEvents([sampleRoute({}), sampleRoute({ origin: 1 })])).toBe(1)
      expect(await again.routeEvents({})).toEqual([
        sampleRoute({}),
        sampleRoute({ kind: 'returned' }),
        sampleRoute({ origin: 1 }),
      ])
      await expect(again.publish([sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 100)])).rejects.toThrow(StoreError)
      await expect(again.publish([sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 100)])).rejects.not.toThrow(
        BusyError,
      )
    })

    testStoreAgainstNaive(() => store)
  })
}

function rowsOf(column: Column): number[][] {
  return [...column.bins].map((bin, i) => [bin, column.values[i]!, column.weights[i]!])
}

async function everything(store: Store): Promise<unknown> {
  return {
    series: await store.series({}),
    specs: await store.specs(),
    entities: await store.entities(),
    revisions: await store.revisions({}),
    last: [await store.lastBatch(), await store.lastArrival(), await store.lastPublished()],
    published: await store.published(0, 10),
    answer: [
      await store.answers(sampleAnswer('kept', 0).sha256),
      await store.answerBody(sampleAnswer('kept', 0).sha256),
    ],
    provenance: await store.provenance(0, ALWAYS),
    covered: await store.covered(),
    health: await store.health({}),
    derived: await store.derived('key'),
    routes: await store.routeEvents({}),
    hours: [await store.readHours(0, ALWAYS), await store.days([0, 1], ALWAYS)],
    rows: [
      rowsOf(await store.read(0, ALWAYS, null)),
      rowsOf(await store.read(0, ALWAYS, at(100))),
      rowsOf(await store.read(1, ALWAYS, null)),
    ],
  }
}
