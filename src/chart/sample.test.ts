import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BinReading } from '../model/page.ts'
import { gapStretches, keptRows } from './sample.ts'

describe('keptRows', () => {
  const values = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { freq: 5 }), {
    maxLength: 400,
  })
  const points = fc.integer({ min: 3, max: 90 })

  it('keeps no more than was asked for, in order, each row once', () => {
    fc.assert(
      fc.property(values, points, (column, limit) => {
        const kept = keptRows(column, limit)
        expect(kept.length).toBeLessThanOrEqual(limit)
        expect([...kept].sort((a, b) => a - b)).toEqual([...new Set(kept)])
      }),
    )
  })

  it('keeps the least and the greatest of every bucket, and a gap where there is one', () => {
    fc.assert(
      fc.property(values, points, (column, limit) => {
        const kept = new Set(keptRows(column, limit))
        if (column.length <= limit) {
          expect(kept.size).toBe(column.length)
          return
        }
        const buckets = Math.floor(limit / 3)
        for (let bucket = 0; bucket < buckets; bucket += 1) {
          const from = Math.floor((bucket * column.length) / buckets)
          const until = Math.floor(((bucket + 1) * column.length) / buckets)
          const whole = column.slice(from, until)
          const left = whole.filter((_, index) => kept.has(from + index))
          const numbers = (rows: readonly (number | null)[]): number[] => rows.filter((value) => value !== null)
          expect(Math.min(...numbers(left))).toBe(Math.min(...numbers(whole)))
          expect(Math.max(...numbers(left))).toBe(Math.max(...numbers(whole)))
          expect(left.includes(null)).toBe(whole.includes(null))
        }
      }),
    )
  })

  it('takes NaN of a typed array for a gap', () => {
    expect(keptRows(Float64Array.from([5, Number.NaN, 1, 9, 4, 3, 2, 8]), 3)).toEqual([1, 2, 3])
  })

  it('does not hide the one bad bin of a year', () => {
    const year = new Float64Array(105_120).fill(100)
    year[77_777] = 2
    expect(keptRows(year, 700).map((row) => year[row])).toContain(2)
  })
})

describe('gapStretches', () => {
  it('joins neighbouring bins of one reading and keeps readings apart', () => {
    const readings: BinReading[] = ['quiet', 'gap', 'gap', 'ambiguous-gap', 'span', 'gap']
    expect(gapStretches([0, 10, 20, 30, 40, 50], readings, 10)).toEqual([
      { from: 10, until: 30, reading: 'unknown', why: null },
      { from: 30, until: 40, reading: 'ambiguous', why: null },
      { from: 50, until: 60, reading: 'unknown', why: null },
    ])
  })

  it('does not join over a hole in the grid', () => {
    expect(gapStretches([0, 20], ['gap', 'gap'], 10)).toHaveLength(2)
  })
})
