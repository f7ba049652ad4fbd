import { describe, expect, it } from 'vitest'

import type { Seconds } from '../model/brand.ts'
import { makeBatchCheck, sameNumber } from './check.ts'
import { sampleBatch, sampleSeries, START } from './samples.testing.ts'

const SERIES = [sampleSeries('country:KZ', 300), { ...sampleSeries('country:IR', 3600), phase: 1800 as Seconds }].map(
  (info, id) => ({ ...info, id }),
)

describe('the check of a batch', () => {
  const check = makeBatchCheck()
  const checkRows = (rows: [number, number][]): void =>
    check(
      sampleBatch(
        1,
        rows.map(([series, bin]) => [series, bin, 1, 1]),
      ),
      { series: SERIES, answers: 0 },
    )

  it('takes bins in any order, and the same bins again in the next batch', () => {
    const rows: [number, number][] = [
      [0, START + 600],
      [1, START + 1800],
      [0, START],
      [0, START + 300],
      [1, START - 1800],
    ]
    expect(() => checkRows(rows)).not.toThrow()
    expect(() => checkRows(rows)).not.toThrow()
  })

  it('finds a bin twice, in order or not', () => {
    expect(() =>
      checkRows([
        [0, START],
        [0, START],
      ]),
    ).toThrow(/twice/)
    expect(() =>
      checkRows([
        [0, START],
        [0, START + 300],
        [1, START + 1800],
        [0, START],
      ]),
    ).toThrow(/twice/)
  })

  it('keeps to the grid with its phase, and to what 32 bits hold', () => {
    expect(() => checkRows([[1, START]])).toThrow(/not a bin of .*phase 1800 s/)
    expect(() => checkRows([[0, 0]])).not.toThrow()
    expect(() => checkRows([[0, -300]])).toThrow(/not a bin/)
    expect(() => checkRows([[0, 300 * 2 ** 30]])).toThrow(/not a bin/)
    expect(() => checkRows([[0, Infinity]])).toThrow(/not a bin/)
  })

  it('knows NaN from no other number', () => {
    expect([sameNumber(Number.NaN, Number.NaN), sameNumber(1, 1), sameNumber(0, Number.NaN), sameNumber(1, 2)]).toEqual(
      [true, true, false, false],
    )
  })
})
