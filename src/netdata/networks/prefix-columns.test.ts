import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPrefixList, maskOf, sortedOrder, type PrefixColumns } from './prefix-columns.ts'
import { aPrefix, columnsOf } from './prefixes.testing.ts'

function byComparing({ count, word0, word1, word2, word3, length }: PrefixColumns): number[] {
  const order = Array.from({ length: count }, (_, row) => row)
  const columns = [word0, word1, word2, word3, length]
  return order.sort((a, b) => columns.map((column) => column[a]! - column[b]!).find((sign) => sign !== 0) ?? a - b)
}

describe('a list of prefixes', () => {
  it('cuts off the bits past the length', () => {
    const list = createPrefixList()
    list.add(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 33)
    list.add(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0)
    list.add(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 128)
    expect([...list.word0.subarray(0, 3)]).toEqual([0xffff_ffff, 0, 0xffff_ffff])
    expect([...list.word1.subarray(0, 3)]).toEqual([0x8000_0000, 0, 0xffff_ffff])
    expect([...list.word3.subarray(0, 3)]).toEqual([0, 0, 0xffff_ffff])
  })

  it('keeps what it holds while it grows', () => {
    const list = createPrefixList()
    for (let i = 0; i < 1000; i += 1) expect(list.add(i, 0, 0, 0, 32)).toBe(i)
    expect(list.count).toBe(1000)
    expect(list.word0.subarray(0, 1000).every((word, i) => word === i)).toBe(true)
  })
})

describe('sortedOrder', () => {
  it('sorts as comparing does, and keeps equals as they came', () => {
    fc.assert(
      fc.property(fc.array(aPrefix(6), { maxLength: 40 }), (prefixes) => {
        const list = columnsOf(prefixes)
        expect([...sortedOrder(list)]).toEqual(byComparing(list))
      }),
    )
  })

  it('does so by halves of words, too', () => {
    const list = createPrefixList()
    let state = 1
    const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0)
    for (let i = 0; i < 30_000; i += 1)
      list.add(next() & 0xff00_ff00, next() & 0x8000_0001, 0, next() % 3, 8 + (next() % 120))
    expect([...sortedOrder(list)]).toEqual(byComparing(list))
  })
})

describe('maskOf', () => {
  it.each([
    [-5, 0],
    [0, 0],
    [1, 0x8000_0000],
    [24, 0xffff_ff00],
    [32, 0xffff_ffff],
    [97, 0xffff_ffff],
  ])('of %d bits', (bits, mask) => {
    expect(maskOf(bits) >>> 0).toBe(mask)
  })
})
