import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { BIN_ABSENT, BIN_NULL, BIN_VALUE, binAt, createGrid, put } from './grid.ts'
import { MONDAY } from './samples.testing.ts'

const STEP = 1800 as Seconds
const at = (bins: number): UnixSeconds => (MONDAY + bins * STEP) as UnixSeconds

describe('grid', () => {
  it('holds what a map would, in whatever order bins come: gaps stay absent, asked and none given stays null', () => {
    const write = fc.tuple(fc.integer({ min: -200, max: 900 }), fc.oneof(fc.constant(Number.NaN), fc.nat()))
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 80 }), (writes) => {
        const grid = createGrid(STEP, 0 as Seconds)
        const map = new Map<number, number>()
        for (const [bin, value] of writes) {
          const before = grid.length === 0 ? at(bin) : grid.first
          const { index, shifted } = put(grid, at(bin), value)
          map.set(at(bin), value)
          expect(binAt(grid, index)).toBe(at(bin))
          expect(shifted).toBe((before - grid.first) / STEP)
        }
        expect(grid.first).toBe(Math.min(...map.keys()))
        expect(binAt(grid, grid.length - 1)).toBe(Math.max(...map.keys()))
        const wanted = Array.from({ length: grid.length }, (_, i) => map.get(binAt(grid, i)))
        expect([...grid.values.subarray(0, grid.length)]).toEqual(wanted.map((each) => each ?? Number.NaN))
        const flagOf = (value: number | undefined): number =>
          value === undefined ? BIN_ABSENT : Number.isNaN(value) ? BIN_NULL : BIN_VALUE
        expect([...grid.flags.subarray(0, grid.length)]).toEqual(wanted.map(flagOf))
      }),
    )
  })

  it('moves what was judged along when older bins are put in front', () => {
    const grid = createGrid(STEP, 0 as Seconds)
    put(grid, at(0), 7)
    grid.expected[0] = 8
    grid.spread[0] = 0.5
    expect(put(grid, at(-3), 1)).toEqual({ index: 0, shifted: 3 })
    expect([...grid.expected.subarray(0, 4)]).toEqual([Number.NaN, Number.NaN, Number.NaN, 8])
    expect(grid.spread[3]).toBe(0.5)
  })

  it('takes a year of bins from the newest to the oldest without growing past what it holds', () => {
    const grid = createGrid(STEP, 0 as Seconds)
    for (let bin = 2000; bin >= 0; bin--) put(grid, at(bin), bin)
    expect(grid.length).toBe(2001)
    expect(grid.values.length).toBeLessThan(8 * 2001)
    expect([...grid.values.subarray(0, 2001)]).toEqual(Array.from({ length: 2001 }, (_, i) => i))
  })

  it('refuses a bin that does not lie on it, with a phase and without', () => {
    expect(() => put(createGrid(STEP, 0 as Seconds), (MONDAY + 60) as UnixSeconds, 1)).toThrow(RangeError)
    const shifted = createGrid(3600 as Seconds, 1800 as Seconds)
    expect(() => put(shifted, MONDAY, 1)).toThrow(RangeError)
    expect(put(shifted, (MONDAY + 1800) as UnixSeconds, 1)).toEqual({ index: 0, shifted: 0 })
  })
})
