import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenBuckets } from './token-buckets.ts'

describe('a bucket', () => {
  it('never grants more than the burst and the refill of any stretch of time, and never less than it may', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 80 }),
        (burst, perSecond, pausesMs) => {
          let nowMs = 0
          const buckets = tokenBuckets(burst, perSecond, () => nowMs / 1000)
          const granted: number[] = []
          for (const pause of pausesMs) {
            nowMs += pause
            const allowance = buckets.take('a')
            if (allowance.granted) granted.push(nowMs)
            else {
              expect(allowance.retrySeconds).toBeGreaterThan(0)
              nowMs += Math.ceil(allowance.retrySeconds * 1000)
              expect(buckets.take('a').granted).toBe(true)
              granted.push(nowMs)
            }
          }
          granted.forEach((begin, first) => {
            granted.slice(first).forEach((end, more) => {
              expect(more + 1).toBeLessThanOrEqual(burst + ((end - begin) / 1000) * perSecond + 1e-4)
            })
          })
        },
      ),
      // Their fractions add up to a hair less than a whole.
      { examples: [[1, 1, [2062, 3207, 2005, 0]]] },
    )
  })

  it('tells what is left and when it is full again', () => {
    let now = 0
    const buckets = tokenBuckets(3, 2, () => now)
    expect(buckets.take('a')).toEqual({ granted: true, left: 2, retrySeconds: 0, fullSeconds: 0.5 })
    buckets.take('a')
    expect(buckets.take('a')).toEqual({ granted: true, left: 0, retrySeconds: 0.5, fullSeconds: 1.5 })
    expect(buckets.take('a')).toEqual({ granted: false, left: 0, retrySeconds: 0.5, fullSeconds: 1.5 })
    now = 0.5
    expect(buckets.take('a').granted).toBe(true)
    now = 100
    expect(buckets.take('a').left).toBe(2)
  })

  it('is its client’s alone', () => {
    const buckets = tokenBuckets(1, 1, () => 0)
    expect([buckets.take('a').granted, buckets.take('a').granted, buckets.take('b').granted]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('is forgotten once it is full, and a flood of addresses fills no memory', () => {
    let now = 0
    const buckets = tokenBuckets(2, 1, () => now)
    for (let client = 0; client < 60_000; client += 1) buckets.take(String(client))
    expect(buckets.size).toBe(50_000)
    now = 1
    buckets.take('later')
    expect(buckets.size).toBe(1)
  })
})
