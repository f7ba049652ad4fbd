import type { PrefixColumns } from './prefix-columns.ts'
import { maskOf, sortedOrder } from './prefix-columns.ts'

/**
 * Addresses of one family as disjoint stretches, ascending, none touching the next: the union of prefixes, whatever way
 * they nest, repeat or lie side by side. IPv6 is never enumerated: a /20 is one stretch.
 */
export interface PrefixSet {
  /** Stretches. */
  readonly count: number
  /** Is every address of the prefix in the set? */
  covers(word0: number, word1: number, word2: number, word3: number, length: number): boolean
  /** Is any? */
  overlaps(word0: number, word1: number, word2: number, word3: number, length: number): boolean
  /**
   * Blocks that are in the set whole: /24 of IPv4, /48 of IPv6. Exact: at most 2^48. Of the set alone, or of what a
   * prefix and the set have in common.
   */
  blocks(): number
  blocksWithin(word0: number, word1: number, word2: number, word3: number, length: number): number
}

/** Blocks of one family: how many bits of the first two words name one. */
const BLOCK_BITS = { 4: 24, 6: 48 } as const

export function buildPrefixSet(family: 4 | 6, prefixes: PrefixColumns): PrefixSet {
  const stretches = new Stretches(family, prefixes.count)
  for (const row of sortedOrder(prefixes)) {
    stretches.append(
      prefixes.word0[row]!,
      prefixes.word1[row]!,
      prefixes.word2[row]!,
      prefixes.word3[row]!,
      prefixes.length[row]!,
    )
  }
  return stretches
}

class Stretches implements PrefixSet {
  count = 0
  readonly #family: 4 | 6
  readonly #start: readonly Uint32Array[]
  readonly #last: readonly Uint32Array[]

  constructor(family: 4 | 6, room: number) {
    const words = (): Uint32Array[] => [0, 1, 2, 3].map(() => new Uint32Array(room))
    this.#family = family
    this.#start = words()
    this.#last = words()
  }

  /** Prefixes come by address, and from short to long. */
  append(w0: number, w1: number, w2: number, w3: number, length: number): void {
    const l0 = (w0 | ~maskOf(length)) >>> 0
    const l1 = (w1 | ~maskOf(length - 32)) >>> 0
    const l2 = (w2 | ~maskOf(length - 64)) >>> 0
    const l3 = (w3 | ~maskOf(length - 96)) >>> 0
    const before = this.count - 1
    if (before >= 0) {
      // Inside what came before: nothing new. Right behind it: it grows.
      if (this.#compareLast(before, l0, l1, l2, l3) >= 0) return
      if (this.#isRightBehind(before, w0, w1, w2, w3)) {
        this.#write(this.#last, before, l0, l1, l2, l3)
        return
      }
    }
    this.#write(this.#start, this.count, w0, w1, w2, w3)
    this.#write(this.#last, this.count, l0, l1, l2, l3)
    this.count += 1
  }

  #write(into: readonly Uint32Array[], at: number, w0: number, w1: number, w2: number, w3: number): void {
    into[0]![at] = w0
    into[1]![at] = w1
    into[2]![at] = w2
    into[3]![at] = w3
  }

  #compareLast(at: number, w0: number, w1: number, w2: number, w3: number): number {
    const [l0, l1, l2, l3] = this.#last as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
    return l0[at]! - w0 || l1[at]! - w1 || l2[at]! - w2 || l3[at]! - w3
  }

  #compareStart(at: number, w0: number, w1: number, w2: number, w3: number): number {
    const [s0, s1, s2, s3] = this.#start as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
    return s0[at]! - w0 || s1[at]! - w1 || s2[at]! - w2 || s3[at]! - w3
  }

  #isRightBehind(at: number, w0: number, w1: number, w2: number, w3: number): boolean {
    if ((w0 | w1 | w2 | w3) === 0) return false
    // The address before the prefix, borrowing from word to word.
    const b3 = (w3 - 1) >>> 0
    const b2 = (w2 - (w3 === 0 ? 1 : 0)) >>> 0
    const b1 = (w1 - (w3 === 0 && w2 === 0 ? 1 : 0)) >>> 0
    const b0 = (w0 - (w3 === 0 && w2 === 0 && w1 === 0 ? 1 : 0)) >>> 0
    return this.#compareLast(at, b0, b1, b2, b3) === 0
  }

  /** @returns the first stretch whose last address is the given one or later; `count` for none. */
  #firstEndingFrom(w0: number, w1: number, w2: number, w3: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compareLast(middle, w0, w1, w2, w3) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  covers(w0: number, w1: number, w2: number, w3: number, length: number): boolean {
    const at = this.#firstEndingFrom(
      (w0 | ~maskOf(length)) >>> 0,
      (w1 | ~maskOf(length - 32)) >>> 0,
      (w2 | ~maskOf(length - 64)) >>> 0,
      (w3 | ~maskOf(length - 96)) >>> 0,
    )
    return at < this.count && this.#compareStart(at, w0, w1, w2, w3) <= 0
  }

  overlaps(w0: number, w1: number, w2: number, w3: number, length: number): boolean {
    const at = this.#firstEndingFrom(w0, w1, w2, w3)
    if (at === this.count) return false
    const l0 = (w0 | ~maskOf(length)) >>> 0
    const l1 = (w1 | ~maskOf(length - 32)) >>> 0
    const l2 = (w2 | ~maskOf(length - 64)) >>> 0
    const l3 = (w3 | ~maskOf(length - 96)) >>> 0
    return this.#compareStart(at, l0, l1, l2, l3) <= 0
  }

  blocks(): number {
    return this.blocksWithin(0, 0, 0, 0, 0)
  }

  blocksWithin(w0: number, w1: number, w2: number, w3: number, length: number): number {
    const l0 = (w0 | ~maskOf(length)) >>> 0
    const l1 = (w1 | ~maskOf(length - 32)) >>> 0
    const l2 = (w2 | ~maskOf(length - 64)) >>> 0
    const l3 = (w3 | ~maskOf(length - 96)) >>> 0
    const [s0, s1, s2, s3] = this.#start as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
    const [e0, e1, e2, e3] = this.#last as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
    let blocks = 0
    for (let at = this.#firstEndingFrom(w0, w1, w2, w3); at < this.count; at += 1) {
      if (this.#compareStart(at, l0, l1, l2, l3) > 0) break
      const startsInside = this.#compareStart(at, w0, w1, w2, w3) >= 0
      const endsInside = this.#compareLast(at, l0, l1, l2, l3) <= 0
      const first = startsInside
        ? firstBlock(this.#family, s0[at]!, s1[at]!, s2[at]!, s3[at]!)
        : firstBlock(this.#family, w0, w1, w2, w3)
      const behind = endsInside
        ? blockBehind(this.#family, e0[at]!, e1[at]!, e2[at]!, e3[at]!)
        : blockBehind(this.#family, l0, l1, l2, l3)
      if (behind > first) blocks += behind - first
    }
    return blocks
  }
}

/** Number of the block that holds the address; up to 2^48. */
function blockOf(family: 4 | 6, w0: number, w1: number): number {
  return family === 4 ? w0 >>> (32 - BLOCK_BITS[4]) : w0 * 65_536 + (w1 >>> (64 - BLOCK_BITS[6]))
}

/** The first block that begins at the address or later. */
function firstBlock(family: 4 | 6, w0: number, w1: number, w2: number, w3: number): number {
  const begins = family === 4 ? (w0 & 0xff) === 0 : (w1 & 0xffff) === 0 && (w2 | w3) === 0
  return blockOf(family, w0, w1) + (begins ? 0 : 1)
}

/** The first block that does not end at the address or before. */
function blockBehind(family: 4 | 6, w0: number, w1: number, w2: number, w3: number): number {
  const ends = family === 4 ? (w0 & 0xff) === 0xff : (w1 & 0xffff) === 0xffff && (w2 & w3) >>> 0 === 0xffff_ffff
  return blockOf(family, w0, w1) + (ends ? 1 : 0)
}
