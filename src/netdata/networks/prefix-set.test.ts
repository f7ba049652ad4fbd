import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildPrefixSet } from './prefix-set.ts'
import { aPrefix, columnsOf, lastOf, prefixesOf, wordsOf, type BigPrefix } from './prefixes.testing.ts'

/** Disjoint stretches that do not touch, by sorting and joining. */
function joined(prefixes: readonly BigPrefix[]): [bigint, bigint][] {
  const stretches: [bigint, bigint][] = []
  const sorted = prefixes.map((each): [bigint, bigint] => [each.first, lastOf(each)])
  sorted.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  for (const [first, last] of sorted) {
    const before = stretches.at(-1)
    if (before !== undefined && first <= before[1] + 1n) before[1] = last > before[1] ? last : before[1]
    else stretches.push([first, last])
  }
  return stretches
}

/** Whole blocks of `bits` in what a prefix and the stretches share. */
function blocksIn(stretches: readonly [bigint, bigint][], within: BigPrefix, bits: number): number {
  const size = 1n << BigInt(128 - bits)
  let blocks = 0n
  for (const [first, last] of stretches) {
    const from = first > within.first ? first : within.first
    const to = last < lastOf(within) ? last : lastOf(within)
    if (from > to) continue
    const [begin, behind] = [(from + size - 1n) / size, (to + 1n) / size]
    if (behind > begin) blocks += behind - begin
  }
  return Number(blocks)
}

describe.each([4, 6] as const)('a set of prefixes of IPv%d', (family) => {
  it('covers, overlaps and measures as arithmetic on whole numbers does', () => {
    fc.assert(
      fc.property(prefixesOf(family), fc.array(aPrefix(family), { maxLength: 6 }), (prefixes, others) => {
        const set = buildPrefixSet(family, columnsOf(prefixes))
        const stretches = joined(prefixes)
        const bits = family === 4 ? 24 : 48
        expect(set.count).toBe(stretches.length)
        expect(set.blocks()).toBe(blocksIn(stretches, { first: 0n, length: 0 }, bits))
        for (const asked of [...others, ...prefixes]) {
          const words = [...wordsOf(asked.first), asked.length] as const
          const last = lastOf(asked)
          expect(set.covers(...words)).toBe(stretches.some(([from, to]) => from <= asked.first && last <= to))
          expect(set.overlaps(...words)).toBe(stretches.some(([from, to]) => from <= last && asked.first <= to))
          expect(set.blocksWithin(...words)).toBe(blocksIn(stretches, asked, bits))
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a set of prefixes', () => {
  it('holds a /20 of IPv6 as one stretch of 268 million blocks', () => {
    const set = buildPrefixSet(6, columnsOf([{ first: 0x2a01_0000n << 96n, length: 20 }]))
    expect([set.count, set.blocks()]).toEqual([1, 2 ** 28])
  })

  it('joins two halves of a block into a whole one', () => {
    const first = 0xc633_6400n << 96n
    const halves = [first, first | (128n << 96n)].map((each) => ({ first: each, length: 25 }))
    expect(buildPrefixSet(4, columnsOf(halves.slice(0, 1))).blocks()).toBe(0)
    expect(buildPrefixSet(4, columnsOf(halves)).blocks()).toBe(1)
  })

  it('holds the whole line', () => {
    const whole = [{ first: 0n, length: 0 }]
    expect(buildPrefixSet(4, columnsOf(whole)).blocks()).toBe(2 ** 24)
    expect(buildPrefixSet(6, columnsOf(whole)).blocks()).toBe(2 ** 48)
  })
})
