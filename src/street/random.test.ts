import { describe, expect, it } from 'vitest'
import { hashText, normal, seededRandom } from './random.ts'

const take = (seed: number, count: number): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => random())
}

describe('chance from a seed', () => {
  it('is the same on every run: these numbers stand in published reconstructions', () => {
    expect(take(20220105, 3)).toEqual(take(20220105, 3))
    expect(take(1, 2).map((each) => each.toFixed(9))).toEqual(['0.627073941', '0.002735721'])
  })

  it('lies in [0, 1), spread evenly', () => {
    const numbers = take(7, 10_000)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    expect(numbers.reduce((sum, each) => sum + each, 0) / 10_000).toBeCloseTo(0.5, 1)
  })

  it('makes normal numbers of mean 0 and deviation 1, never infinite', () => {
    const random = seededRandom(3)
    const numbers = Array.from({ length: 10_000 }, () => normal(random))
    const mean = numbers.reduce((sum, each) => sum + each, 0) / 10_000
    const variance = numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 10_000
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
    expect(Number.isFinite(normal(() => 0))).toBe(true)
  })

  it('differs by text', () => {
    expect(hashText('a/b/country:KZ')).not.toBe(hashText('a/b/country:BY'))
    expect(hashText('')).toBe(0x811c9dc5)
  })
})
