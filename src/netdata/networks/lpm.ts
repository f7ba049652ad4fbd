import type { PrefixColumns } from './prefix-columns.ts'
import { maskOf, sortedOrder } from './prefix-columns.ts'

/** Longest-prefix match over rows of one family. Of rows with the same prefix the first is found. */
export interface Lpm {
  /** @returns the row of the most specific prefix that holds the address; -1 for none. IPv4 in `word0`, the rest 0. */
  find(word0: number, word1: number, word2: number, word3: number): number
  /** @returns the row of the most specific prefix that is the given one or covers it whole; -1 for none. */
  covering(word0: number, word1: number, word2: number, word3: number, length: number): number
  /** @returns the row of the next shorter prefix around that of a row; -1 for none. */
  parent(row: number): number
}

/** Deeper than prefixes can nest: lengths 0 to 128. */
const DEEPEST = 130
const WIDEST_INDEX_BITS = 18

/**
 * The line of addresses is cut where a prefix begins or ends; each piece belongs to the deepest prefix over it. To find
 * one is a binary search among the pieces that share the first bits of the address.
 *
 * @param prefixes are read now, and their lengths later: they must not change.
 */
export function buildLpm(prefixes: PrefixColumns): Lpm {
  const order = sortedOrder(prefixes)
  const cuts = cutLine(prefixes, order)
  const bits = Math.min(WIDEST_INDEX_BITS, Math.max(1, Math.ceil(Math.log2(cuts.count))))
  const shift = 32 - bits
  return new Pieces(cuts, shift, indexOf(cuts, shift), prefixes.length)
}

interface Cuts {
  count: number
  readonly start0: Uint32Array
  readonly start1: Uint32Array
  readonly start2: Uint32Array
  readonly start3: Uint32Array
  /** Row of the deepest prefix from here on; -1 for none. */
  readonly row: Int32Array
  readonly parent: Int32Array
}

function cutLine(prefixes: PrefixColumns, order: Uint32Array): Cuts {
  const { word0, word1, word2, word3, length } = prefixes
  const room = 2 * prefixes.count + 1
  const cuts: Cuts = {
    count: 0,
    start0: new Uint32Array(room),
    start1: new Uint32Array(room),
    start2: new Uint32Array(room),
    start3: new Uint32Array(room),
    row: new Int32Array(room),
    parent: new Int32Array(prefixes.count).fill(-1),
  }
  const { start0, start1, start2, start3 } = cuts
  const cut = (w0: number, w1: number, w2: number, w3: number, row: number): void => {
    const last = cuts.count - 1
    const same = last >= 0 && start0[last] === w0 && start1[last] === w1 && start2[last] === w2 && start3[last] === w3
    const at = same ? last : cuts.count
    start0[at] = w0
    start1[at] = w1
    start2[at] = w2
    start3[at] = w3
    cuts.row[at] = row
    if (!same) cuts.count += 1
  }
  // Prefixes that are open at this point, from short to long, with the last address of each.
  const open = new Int32Array(DEEPEST)
  const last0 = new Uint32Array(DEEPEST)
  const last1 = new Uint32Array(DEEPEST)
  const last2 = new Uint32Array(DEEPEST)
  const last3 = new Uint32Array(DEEPEST)
  let depth = 0
  const close = (): void => {
    depth -= 1
    const row = depth === 0 ? -1 : open[depth - 1]!
    // The address behind the last one. Where there is none, the line ends with the prefix.
    const w3 = (last3[depth]! + 1) >>> 0
    const w2 = (last2[depth]! + (w3 === 0 ? 1 : 0)) >>> 0
    const w1 = (last1[depth]! + (w3 === 0 && w2 === 0 ? 1 : 0)) >>> 0
    const w0 = (last0[depth]! + (w3 === 0 && w2 === 0 && w1 === 0 ? 1 : 0)) >>> 0
    if ((w0 | w1 | w2 | w3) !== 0) cut(w0, w1, w2, w3, row)
  }
  cut(0, 0, 0, 0, -1)
  for (const row of order) {
    const w0 = word0[row]!
    const w1 = word1[row]!
    const w2 = word2[row]!
    const w3 = word3[row]!
    const bits = length[row]!
    while (
      depth > 0 &&
      endsBefore(last0[depth - 1]!, last1[depth - 1]!, last2[depth - 1]!, last3[depth - 1]!, w0, w1, w2, w3)
    )
      close()
    const around = depth === 0 ? -1 : open[depth - 1]!
    if (around !== -1 && length[around] === bits) {
      // The same prefix again: it stands where the first does.
      cuts.parent[row] = cuts.parent[around]!
      continue
    }
    cuts.parent[row] = around
    cut(w0, w1, w2, w3, row)
    open[depth] = row
    last0[depth] = w0 | ~maskOf(bits)
    last1[depth] = w1 | ~maskOf(bits - 32)
    last2[depth] = w2 | ~maskOf(bits - 64)
    last3[depth] = w3 | ~maskOf(bits - 96)
    depth += 1
  }
  while (depth > 0) close()
  return cuts
}

function endsBefore(
  l0: number,
  l1: number,
  l2: number,
  l3: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): boolean {
  if (l0 !== w0) return l0 < w0
  if (l1 !== w1) return l1 < w1
  if (l2 !== w2) return l2 < w2
  return l3 < w3
}

/** For each value of the first bits: the last piece that begins at or before its first address; one more for the end. */
function indexOf(cuts: Cuts, shift: number): Uint32Array {
  const buckets = 2 ** (32 - shift)
  const index = new Uint32Array(buckets + 1)
  let at = 0
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const first = (bucket << shift) >>> 0
    while (at + 1 < cuts.count && beginsAtOrBefore(cuts, at + 1, first)) at += 1
    index[bucket] = at
  }
  index[buckets] = cuts.count - 1
  return index
}

function beginsAtOrBefore({ start0, start1, start2, start3 }: Cuts, at: number, first: number): boolean {
  return start0[at]! < first || (start0[at] === first && (start1[at]! | start2[at]! | start3[at]!) === 0)
}

class Pieces implements Lpm {
  readonly #start0: Uint32Array
  readonly #start1: Uint32Array
  readonly #start2: Uint32Array
  readonly #start3: Uint32Array
  readonly #row: Int32Array
  readonly #parent: Int32Array
  readonly #shift: number
  readonly #index: Uint32Array
  readonly #length: Uint8Array

  constructor(cuts: Cuts, shift: number, index: Uint32Array, length: Uint8Array) {
    this.#start0 = cuts.start0.slice(0, cuts.count)
    this.#start1 = cuts.start1.slice(0, cuts.count)
    this.#start2 = cuts.start2.slice(0, cuts.count)
    this.#start3 = cuts.start3.slice(0, cuts.count)
    this.#row = cuts.row.slice(0, cuts.count)
    this.#parent = cuts.parent
    this.#shift = shift
    this.#index = index
    this.#length = length
  }

  find(word0: number, word1: number, word2: number, word3: number): number {
    const start0 = this.#start0
    const bucket = word0 >>> this.#shift
    let low = this.#index[bucket]!
    let high = this.#index[bucket + 1]!
    // The last piece that begins at or before the address lies in [low, high].
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      const s0 = start0[middle]!
      if (s0 < word0 || (s0 === word0 && this.#restAtOrBefore(middle, word1, word2, word3))) low = middle
      else high = middle - 1
    }
    return this.#row[low]!
  }

  #restAtOrBefore(at: number, word1: number, word2: number, word3: number): boolean {
    const s1 = this.#start1[at]!
    if (s1 !== word1) return s1 < word1
    const s2 = this.#start2[at]!
    if (s2 !== word2) return s2 < word2
    return this.#start3[at]! <= word3
  }

  covering(word0: number, word1: number, word2: number, word3: number, length: number): number {
    let row = this.find(word0, word1, word2, word3)
    while (row !== -1 && this.#length[row]! > length) row = this.#parent[row]!
    return row
  }

  parent(row: number): number {
    return this.#parent[row]!
  }
}
