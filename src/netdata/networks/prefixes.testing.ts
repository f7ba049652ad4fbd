import fc from 'fast-check'
import { createPrefixList, type PrefixList } from './prefix-columns.ts'

/** A prefix as one number: what is slow and plain, to compare with. */
export interface BigPrefix {
  readonly first: bigint
  readonly length: number
}

const ALL = (1n << 128n) - 1n

export function lastOf({ first, length }: BigPrefix): bigint {
  return first | (ALL >> BigInt(length))
}

export function wordsOf(address: bigint): [number, number, number, number] {
  const word = (shift: bigint): number => Number((address >> shift) & 0xffff_ffffn)
  return [word(96n), word(64n), word(32n), word(0n)]
}

export function columnsOf(prefixes: readonly BigPrefix[]): PrefixList {
  const list = createPrefixList()
  for (const { first, length } of prefixes) list.add(...wordsOf(first), length)
  return list
}

/** Few distinct bits, so that prefixes nest, repeat and lie side by side. */
const crowded = (width: number): fc.Arbitrary<bigint> => {
  const bit = (at: number): bigint => 1n << BigInt(127 - at)
  const spots = [0, 1, 2, 7, 8, 23, 24, 30, 31, 32, 46, 47, 48, 63, 64, 95, 96, 127].filter((at) => at < width)
  const some = fc.subarray(spots).map((at) => at.reduce((sum, each) => sum | bit(each), 0n))
  // All ones behind a point: ends of the line and of blocks, where carries go far.
  const run = fc.integer({ min: 0, max: width }).map((from) => (ALL >> BigInt(from)) & ~(ALL >> BigInt(width)))
  return fc.oneof(
    some,
    run,
    fc.tuple(some, run).map(([a, b]) => a | b),
  )
}

/** An address of a family; IPv4 in its first 32 bits. */
export const anAddress = (family: 4 | 6): fc.Arbitrary<bigint> => {
  const width = family === 4 ? 32 : 128
  const any = fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }).map((value) => value << BigInt(128 - width))
  return fc.oneof({ weight: 4, arbitrary: crowded(width) }, { weight: 1, arbitrary: any })
}

export const aPrefix = (family: 4 | 6): fc.Arbitrary<BigPrefix> => {
  const width = family === 4 ? 32 : 128
  const lengths = fc.oneof(
    fc.integer({ min: 0, max: width }),
    fc.constantFrom(...[0, 1, 8, 23, 24, 25, 31, 32, 47, 48, 49, 64, 127, 128].filter((length) => length <= width)),
  )
  return fc
    .tuple(anAddress(family), lengths)
    .map(([address, length]) => ({ first: address & ~(ALL >> BigInt(length)) & ALL, length }))
}

export const prefixesOf = (family: 4 | 6): fc.Arbitrary<readonly BigPrefix[]> =>
  fc.array(aPrefix(family), { maxLength: 24 })
