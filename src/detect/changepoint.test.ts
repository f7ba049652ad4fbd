import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { onsetIndex } from './changepoint.ts'
import type { Grid } from './grid.ts'
import { createGrid, put } from './grid.ts'
import { MONDAY, SAMPLE, uniform } from './samples.testing.ts'

const anywhere = (): boolean => true

/** A grid of shares of usual on a usual that differs from bin to bin; `NaN` is a gap. */
function gridOf(shares: readonly number[]): Grid {
  const grid = createGrid(SAMPLE.step, 0 as Seconds)
  shares.forEach((share, i) => {
    const usual = 100 + 10 * (i % 7)
    put(grid, (MONDAY + i * SAMPLE.step) as UnixSeconds, share * usual)
    grid.expected[i] = usual
  })
  return grid
}

/** Least squares by trying every step function with one bin left out, written down anew. */
function bruteForce(shares: readonly number[], trough: number, outside: (index: number) => boolean): number {
  const cost = (step: number): number =>
    shares.reduce((sum, share, i) => {
      if (i === step || Number.isNaN(share)) return sum
      return sum + (share - (i < step ? 1 : trough)) ** 2
    }, 0)
  const candidates = shares.map((_, i) => i).filter(outside)
  return candidates.reduce((best, each) => (cost(each) < cost(best) - 1e-12 ? each : best), candidates[0] ?? 0)
}

describe('onsetIndex', () => {
  it('finds the bin in which a step fell, whatever part of the bin that left', () => {
    const step = fc.record({
      before: fc.integer({ min: 0, max: 20 }),
      after: fc.integer({ min: 1, max: 20 }),
      trough: fc.double({ min: 0, max: 0.6, noNaN: true }),
      passed: fc.double({ min: 0.05, max: 1, noNaN: true }),
      noise: fc.double({ min: 0, max: 0.02, noNaN: true }),
      seed: fc.nat(),
    })
    fc.assert(
      fc.property(step, ({ before, after, trough, passed, noise, seed }) => {
        const next = uniform(seed)
        const level = (i: number): number => (i < before ? 1 : i === before ? 1 - passed * (1 - trough) : trough)
        const shares = Array.from({ length: before + 1 + after }, (_, i) => level(i) + noise * (next() - 0.5))
        const outside = (i: number): boolean => (shares[i] ?? 1) < 0.97
        fc.pre(outside(before))
        expect(onsetIndex(gridOf(shares), 0, shares.length - 1, trough, outside)).toBe(before)
      }),
    )
  })

  it('is the least-squares step of all, gaps left aside', () => {
    const share = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: 0, max: 1.3, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    )
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 40 }), fc.nat({ max: 2 ** 31 }), (shares, mask) => {
        const trough = Math.min(1, ...shares.filter((each) => !Number.isNaN(each)))
        const outside = (i: number): boolean => ((mask >> (i % 31)) & 1) === 1 && !Number.isNaN(shares[i])
        const found = onsetIndex(gridOf(shares), 0, shares.length - 1, trough, outside)
        expect(found).toBe(bruteForce(shares, trough, outside))
      }),
    )
  })

  it('stays within its range and takes the first of equals', () => {
    const grid = gridOf([0, 0, 0, 0, 0, 0])
    expect(onsetIndex(grid, 2, 4, 0, anywhere)).toBe(2)
    expect(onsetIndex(grid, 2, 4, 0, () => false)).toBe(2)
    expect(onsetIndex(gridOf([0.1, 1, 1, 1, 0.1, 0.1]), 1, 5, 0.1, (i) => i !== 2)).not.toBe(2)
  })

  it('passes over a brief dip before the fall that lasts', () => {
    const shares = [1, 0.4, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1]
    expect(onsetIndex(gridOf(shares), 1, 9, 0.1, (i) => (shares[i] ?? 1) < 0.8)).toBe(6)
  })
})
