import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, medianInPlace, medianNear } from './median.ts'

function naive(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }))

describe('median', () => {
  it('equals the middle of a naive sort', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300 }), (values) => {
        expect(median(values) + 0).toEqual(naive(values) + 0)
      }),
    )
  })

  it('passes over what is not a number, and leaves its argument as it is', () => {
    const values = [5, Number.NaN, 1, Number.NaN, 3]
    expect(median(values)).toBe(3)
    expect(values).toEqual([5, Number.NaN, 1, Number.NaN, 3])
    expect(median([Number.NaN])).toBeNaN()
    expect(median([])).toBeNaN()
  })

  it('holds for more values than its scratch has room for', () => {
    expect(median(Array.from({ length: 10_001 }, (_, i) => (i * 7919) % 10_001))).toBe(5000)
  })
})

describe('medianInPlace', () => {
  it('looks at the first `count` values only and keeps them all, in some order', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 200 }), fc.nat(), (values, pick) => {
        const count = pick % (values.length + 1)
        const array = Float64Array.from(values)
        expect(medianInPlace(array, count) + 0).toEqual(naive(values.slice(0, count)) + 0)
        const sorted = (part: Iterable<number>): number[] => [...part].map((each) => each + 0).sort((a, b) => a - b)
        expect(sorted(array.subarray(0, count))).toEqual(sorted(values.slice(0, count)))
        expect([...array.subarray(count)]).toEqual(values.slice(count))
      }),
    )
  })
})

describe('the median near a guess', () => {
  it('is the median, whatever the guess', () => {
    const positive = fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), fc.integer({ min: 0, max: 4 }))
    const guess = fc.oneof(positive, fc.constant(Number.NaN))
    fc.assert(
      fc.property(fc.array(positive, { maxLength: 200 }), guess, (values, each) => {
        expect(medianNear(Float64Array.from(values), values.length, each)).toEqual(naive(values))
      }),
    )
  })

  it('is the median where the guess is right, also of even counts at the edge of what is near', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
        const right = naive(values)
        for (const share of [0.8, 0.84, 1, 1.2, 1.25])
          expect(medianNear(Float64Array.from(values), values.length, right * share)).toBe(right)
      }),
    )
  })
})
