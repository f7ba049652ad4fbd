import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import type { Interval } from '../model/intervals.ts'
import { createCoverage } from './coverage.ts'

const span = (from: number, until: number): Interval => ({ from: from as UnixSeconds, until: until as UnixSeconds })

describe('the coverage of a stream', () => {
  it('goes on from what earlier runs kept, and knows where it ends', () => {
    const coverage = createCoverage([span(0, 100)])
    coverage.claim(span(200, 300), 0.9)
    expect(coverage.holes(span(50, 400), 0)).toEqual([span(100, 200), span(300, 400)])
    expect(coverage.end(250 as UnixSeconds)).toBe(300)
    expect(coverage.end(200 as UnixSeconds)).toBe(100)
    expect(coverage.end(0 as UnixSeconds)).toBeNull()
    expect(coverage.share(span(0, 400))).toBe(0.5)
    expect(coverage.share(span(5, 5))).toBe(1)
  })

  it('takes back claims that turn out to be thin, but not those of earlier runs', () => {
    const coverage = createCoverage([span(0, 100)])
    coverage.claim(span(100, 200), 0.45)
    coverage.claim(span(200, 300), 0.9)
    expect(coverage.holes(span(0, 300), 0)).toEqual([])
    expect(coverage.holes(span(0, 300), 0.8)).toEqual([span(100, 200)])
    coverage.claim(span(100, 200), Infinity)
    expect(coverage.holes(span(0, 300), 0.8)).toEqual([])
  })

  it('believes for good what was claimed long ago, so that it never grows without end', () => {
    const coverage = createCoverage([])
    for (let i = 0; i < 1000; i++) coverage.claim(span(i * 20, i * 20 + 10), (i % 2) / 2)
    expect(coverage.spans()).toHaveLength(1000)
    expect(coverage.holes(span(0, 10), 0.4)).toEqual([])
    expect(coverage.holes(span(19_960, 19_970), 0.4)).toEqual([span(19_960, 19_970)])
  })

  it('finds the same holes as counting second by second, in whatever order claims come', () => {
    const some = fc.tuple(fc.nat(60), fc.nat(60)).map(([from, length]) => span(from, from + length))
    fc.assert(
      fc.property(fc.array(some, { maxLength: 12 }), (claims) => {
        const coverage = createCoverage([])
        claims.forEach((each) => coverage.claim(each, 1))
        const open = coverage.holes(span(0, 130), 0.5)
        for (let second = 0; second < 130; second++) {
          const isCovered = claims.some(({ from, until }) => from <= second && second < until)
          expect(open.some(({ from, until }) => from <= second && second < until)).toBe(!isCovered)
        }
      }),
    )
  })
})
