import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildLpm } from './lpm.ts'
import { createPrefixList } from './prefix-columns.ts'
import { anAddress, aPrefix, columnsOf, lastOf, prefixesOf, wordsOf, type BigPrefix } from './prefixes.testing.ts'

/** The first of the longest that hold the whole stretch. */
function bruteForce(prefixes: readonly BigPrefix[], first: bigint, last: bigint, longest: number): number {
  let found = -1
  for (const [row, prefix] of prefixes.entries()) {
    const holds = prefix.first <= first && lastOf(prefix) >= last && prefix.length <= longest
    if (holds && (found === -1 || prefix.length > prefixes[found]!.length)) found = row
  }
  return found
}

describe.each([4, 6] as const)('longest-prefix match of IPv%d', (family) => {
  it('finds what trying all finds', () => {
    fc.assert(
      fc.property(prefixesOf(family), fc.array(anAddress(family), { maxLength: 8 }), (prefixes, addresses) => {
        const lpm = buildLpm(columnsOf(prefixes))
        // Also the ends of each prefix, and what lies right beside them.
        const edges = prefixes.flatMap((each) => [each.first, lastOf(each), each.first - 1n, lastOf(each) + 1n])
        const bits = family === 4 ? 96n : 0n
        for (const each of [...addresses, ...edges]) {
          if (each < 0n || each >= 1n << 128n) continue
          const address = (each >> bits) << bits
          expect(lpm.find(...wordsOf(address))).toBe(bruteForce(prefixes, address, address, 128))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('finds the most specific that covers a prefix, and the one around it', () => {
    fc.assert(
      fc.property(prefixesOf(family), aPrefix(family), (prefixes, asked) => {
        const lpm = buildLpm(columnsOf(prefixes))
        for (const each of [asked, ...prefixes]) {
          const found = lpm.covering(...wordsOf(each.first), each.length)
          expect(found).toBe(bruteForce(prefixes, each.first, lastOf(each), each.length))
        }
        for (const [row, each] of prefixes.entries()) {
          expect(lpm.parent(row)).toBe(bruteForce(prefixes, each.first, lastOf(each), each.length - 1))
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('longest-prefix match', () => {
  it('finds nothing where there is nothing', () => {
    const lpm = buildLpm(createPrefixList())
    expect(lpm.find(0, 0, 0, 0)).toBe(-1)
    expect(lpm.find(0xffff_ffff, 0, 0, 0)).toBe(-1)
    expect(lpm.covering(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 128)).toBe(-1)
  })

  it('gives the first of equal prefixes', () => {
    const list = createPrefixList()
    list.add(0x0a00_0000, 0, 0, 0, 8)
    list.add(0x0a00_0000, 0, 0, 0, 8)
    list.add(0x0a00_0000, 0, 0, 0, 16)
    const lpm = buildLpm(list)
    expect(lpm.find(0x0aff_0000, 0, 0, 0)).toBe(0)
    expect([0, 1, 2].map((row) => lpm.parent(row))).toEqual([-1, -1, 0])
  })
})
