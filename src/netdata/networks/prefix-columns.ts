/**
 * Prefixes of one family in columns, as `RouteCursor` writes them: the address in unsigned 32-bit words, first word
 * first, bits past `length` 0. IPv4 uses `word0` alone, so that it lies in the first 32 bits of the same 128-bit line:
 * what is written here serves both families, as long as one object never holds both.
 */
export interface PrefixColumns {
  readonly count: number
  readonly word0: Uint32Array
  readonly word1: Uint32Array
  readonly word2: Uint32Array
  readonly word3: Uint32Array
  readonly length: Uint8Array
}

/** Prefixes as they come, in columns that grow. */
export interface PrefixList extends PrefixColumns {
  /** Bits past `length` are cut off. @returns the number of the row. */
  add(word0: number, word1: number, word2: number, word3: number, length: number): number
}

const FIRST_ROOM = 64

class GrowingPrefixes implements PrefixList {
  count = 0
  word0 = new Uint32Array(FIRST_ROOM)
  word1 = new Uint32Array(FIRST_ROOM)
  word2 = new Uint32Array(FIRST_ROOM)
  word3 = new Uint32Array(FIRST_ROOM)
  length = new Uint8Array(FIRST_ROOM)

  add(word0: number, word1: number, word2: number, word3: number, length: number): number {
    const row = this.count
    if (row === this.length.length) this.#grow()
    this.word0[row] = word0 & maskOf(length)
    this.word1[row] = word1 & maskOf(length - 32)
    this.word2[row] = word2 & maskOf(length - 64)
    this.word3[row] = word3 & maskOf(length - 96)
    this.length[row] = length
    this.count = row + 1
    return row
  }

  #grow(): void {
    const room = this.length.length * 2
    this.word0 = longer(this.word0, room)
    this.word1 = longer(this.word1, room)
    this.word2 = longer(this.word2, room)
    this.word3 = longer(this.word3, room)
    const length = new Uint8Array(room)
    length.set(this.length)
    this.length = length
  }
}

function longer(column: Uint32Array, room: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(room)
  grown.set(column)
  return grown
}

export function createPrefixList(): PrefixList {
  return new GrowingPrefixes()
}

/** Network bits of one word, of which `bits` belong to the prefix: below 1 none, from 32 on all. Signed. */
export function maskOf(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits)
}

/** Rows from which on half a word at a time is faster than a byte: counting 65,536 digits takes its time, too. */
const MANY = 20_000

/**
 * Rows by address, then from short to long; rows that are equal stay as they came. A radix sort: a million rows of
 * IPv4 in a tenth of a second, where comparing takes a second.
 */
export function sortedOrder(prefixes: PrefixColumns): Uint32Array {
  const { count } = prefixes
  let order = new Uint32Array(count)
  for (let i = 0; i < count; i += 1) order[i] = i
  let other = new Uint32Array(count)
  const bits = count < MANY ? 8 : 16
  const digits = 2 ** bits
  const mask = digits - 1
  const seen = new Uint32Array(digits)
  const pass = (column: Uint32Array | Uint8Array, shift: number): void => {
    seen.fill(0)
    for (let i = 0; i < count; i += 1) seen[(column[i]! >>> shift) & mask]! += 1
    // All in one digit: nothing to do, as in most words of IPv6 and in three of four of IPv4.
    if (count === 0 || seen[(column[0]! >>> shift) & mask] === count) return
    let at = 0
    for (let digit = 0; digit < digits; digit += 1) {
      const here = seen[digit]!
      seen[digit] = at
      at += here
    }
    for (let i = 0; i < count; i += 1) {
      const row = order[i]!
      const digit = (column[row]! >>> shift) & mask
      other[seen[digit]!] = row
      seen[digit]! += 1
    }
    const swapped = order
    order = other
    other = swapped
  }
  pass(prefixes.length, 0)
  for (const column of [prefixes.word3, prefixes.word2, prefixes.word1, prefixes.word0]) {
    for (let shift = 0; shift < 32; shift += bits) pass(column, shift)
  }
  return order
}
