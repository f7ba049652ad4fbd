import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { UnixSeconds } from '../../model/brand.ts'
import { makeArrivals } from '../arrivals.ts'
import { makeNaiveStore } from '../naive.testing.ts'
import { at, sampleBatch, sampleSeries, START } from '../samples.testing.ts'
import { makeFold } from './fold.ts'

const STEP = 300
const SERIES = [3, 1, 9].map((id) => ({ ...sampleSeries(`as:${id}`, STEP), id }))
const ALWAYS = { from: at(0), until: at(4_000_000_000) }

/** Bins close together, or years apart: the two ways of finding the newest of each. */
const bin = fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 5_000_000 })).map((n) => START + n * STEP)
const row = fc.record({ series: fc.constantFrom(1, 3, 5, 9), bin })
const batches = fc.array(
  fc.record({
    arrival: fc.integer({ min: 1, max: 5 }),
    rows: fc.uniqueArray(row, { selector: (one) => `${one.series}/${one.bin}`, maxLength: 12 }),
  }),
  { maxLength: 6 },
)

describe('a fold', () => {
  it('answers as the naive model does, in whatever order and pieces the rows come', () => {
    fc.assert(
      fc.property(
        batches,
        fc.constantFrom(null, 1, 3, 5),
        fc.nat({ max: 20 }),
        fc.integer(),
        (given, asOf, expected, shuffle) => {
          const naive = makeNaiveStore()
          const arrivals = makeArrivals([])
          const stored: { series: number; bin: number; batch: number; value: number }[] = []
          for (const { arrival, rows } of given) {
            if (rows.length === 0) continue
            // The batch's own number as the value: every row changes something, so every row is stored.
            const value = arrivals.last + 1
            naive.append(
              sampleBatch(
                arrival,
                rows.map((one) => [one.series, one.bin, value, 1]),
              ),
            )
            arrivals.add(at(arrival))
            for (const one of rows) stored.push({ ...one, batch: value, value })
          }
          const visible = arrivals.visible(asOf as UnixSeconds | null)
          const fold = makeFold(SERIES, visible, expected)
          const shuffled = stored
            .filter(({ batch }) => batch <= visible.last)
            .map((one, i) => ({ one, key: Math.imul(i + 1, shuffle | 1) }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
          for (let from = 0; from < shuffled.length; from += 5) {
            const piece = shuffled.slice(from, from + 5)
            fold.take([
              Uint32Array.from(piece, (one) => one.series),
              Uint32Array.from(piece, (one) => one.bin),
              Uint32Array.from(piece, (one) => one.batch),
              Float64Array.from(piece, (one) => one.value),
              new Float64Array(piece.length).fill(1),
            ])
          }
          for (const { id } of SERIES)
            expect(fold.column(id)).toEqual(naive.read(id, ALWAYS, asOf as UnixSeconds | null))
        },
      ),
      { seed: 20_220_105, numRuns: 300 },
    )
  })

  it('has nothing of a series that was not asked for', () => {
    const fold = makeFold(SERIES, { last: 1, mask: null }, 0)
    fold.take([Uint32Array.of(2), Uint32Array.of(START), Uint32Array.of(1), Float64Array.of(1), Float64Array.of(1)])
    expect([fold.rows, fold.column(2).bins.length, fold.column(77).bins.length]).toEqual([0, 0, 0])
  })
})
