import { longerFloat64, longerInt32, longerUint8 } from './grow.ts'
import type { PrefixRows } from './prefix-rows.ts'
import { sortRows } from './sort-rows.ts'

/**
 * Which prefix lies in which, and how many blocks (/24 of IPv4, /48 of IPv6) have it as their most specific one. Only
 * prefixes of lengths that count are in it. Rows that came since are taken in by `settle`.
 */
export class PrefixTree {
  /** Rows by address, shorter first: what lies in a prefix follows it without a break. */
  order: Uint32Array = new Uint32Array(0)
  ordered = 0
  /** By row: nearest prefix that covers it; −1: none. */
  parent = new Int32Array(0)
  /** By row: blocks in it that no longer prefix of the table covers. */
  exclusive = new Float64Array(0)
  /** By row: 1 where another prefix lies in it. */
  covers = new Uint8Array(0)
  readonly #rows: PrefixRows
  readonly #shortest: number
  readonly #longest: number
  /** Rows below this are in the tree, or can never be. */
  #settled = 0

  constructor(rows: PrefixRows, shortest: number, longest: number) {
    this.#rows = rows
    this.#shortest = shortest
    this.#longest = longest
  }

  /** Whether the row's length counts. */
  has(row: number): boolean {
    const length = this.#rows.length[row]!
    return length >= this.#shortest && length <= this.#longest
  }

  /** /24 or /48 blocks in all of the prefix; 0 where it is longer. */
  blocks(row: number): number {
    const length = this.#rows.length[row]!
    return length > this.#longest ? 0 : 2 ** (this.#longest - length)
  }

  /**
   * Takes in the rows that came since.
   *
   * @param taken told of each new row and the row that loses `exclusive[row]` blocks to it (−1: none does).
   * @returns true where everything was ordered anew, without telling: what was derived from the tree is void.
   */
  settle(taken: (row: number, from: number) => void): boolean {
    const { count, room } = this.#rows
    if (this.parent.length < room) {
      this.parent = longerInt32(this.parent, room, -1)
      this.exclusive = longerFloat64(this.exclusive, room)
      this.covers = longerUint8(this.covers, room)
    }
    const fresh: number[] = []
    const many = count - this.#settled > 1000 + this.ordered / 16
    for (let row = this.#settled; row < count && !many; row += 1) if (this.has(row)) fresh.push(row)
    this.#settled = count
    if (many) this.#build()
    else if (fresh.length > 0) this.#insert(fresh, taken)
    return many
  }

  #build(): void {
    const { count } = this.#rows
    let ordered = 0
    const order = new Uint32Array(count)
    for (let row = 0; row < count; row += 1) if (this.has(row)) order[ordered++] = row
    this.order = sortRows(this.#rows, order.subarray(0, ordered))
    this.ordered = ordered
    this.covers.fill(0)
    let above = -1
    for (let at = 0; at < ordered; at += 1) {
      const row = this.order[at]!
      while (above !== -1 && !this.contains(above, row)) above = this.parent[above]!
      this.parent[row] = above
      const blocks = this.blocks(row)
      this.exclusive[row] = blocks
      if (above !== -1) {
        this.exclusive[above]! -= blocks
        this.covers[above] = 1
      }
      above = row
    }
  }

  #insert(fresh: number[], taken: (row: number, from: number) => void): void {
    fresh.sort((a, b) => this.#compare(a, b))
    this.#merge(fresh)
    for (const row of fresh) {
      const at = this.position(row)
      let above = at === 0 ? -1 : this.order[at - 1]!
      while (above !== -1 && !this.contains(above, row)) above = this.parent[above]!
      this.parent[row] = above
      let exclusive = this.blocks(row)
      // Rows that are new themselves have no parent yet, and find this one when it is their turn.
      for (let next = at + 1; next < this.ordered; next += 1) {
        const inside = this.order[next]!
        if (!this.contains(row, inside)) break
        if (this.parent[inside] !== above || this.exclusive[inside] === -1) continue
        this.parent[inside] = row
        this.covers[row] = 1
        exclusive -= this.blocks(inside)
      }
      this.exclusive[row] = exclusive
      if (above !== -1) {
        this.covers[above] = 1
        this.exclusive[above]! -= exclusive
      }
      taken(row, above)
    }
  }

  /** From behind, so that every row moves once. Marks the new ones by an exclusive space of −1 until it is known. */
  #merge(fresh: readonly number[]): void {
    const total = this.ordered + fresh.length
    if (total > this.order.length) {
      const order = new Uint32Array(this.#rows.room)
      order.set(this.order.subarray(0, this.ordered))
      this.order = order
    }
    let end = this.ordered
    for (let index = fresh.length - 1; index >= 0; index -= 1) {
      const row = fresh[index]!
      const at = this.#firstAfter(row, end)
      this.order.copyWithin(at + index + 1, at, end)
      this.order[at + index] = row
      this.exclusive[row] = -1
      end = at
    }
    this.ordered = total
  }

  /** Place of a row in `order`. */
  position(row: number): number {
    return this.#firstAfter(row, this.ordered) - 1
  }

  /** Of the first `end` in order: how many do not come after `row`. */
  #firstAfter(row: number, end: number): number {
    let low = 0
    let high = end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(this.order[middle]!, row) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #compare(a: number, b: number): number {
    const rows = this.#rows
    if (rows.word0[a] !== rows.word0[b]) return rows.word0[a]! - rows.word0[b]!
    if (rows.family === 6 && rows.word1[a] !== rows.word1[b]) return rows.word1[a]! - rows.word1[b]!
    return rows.length[a]! - rows.length[b]!
  }

  /** Whether `inner` lies in `outer`, or is it. Lengths that count end within the first two words. */
  contains(outer: number, inner: number): boolean {
    const rows = this.#rows
    const length = rows.length[outer]!
    if (length > rows.length[inner]!) return false
    if (length < 32) return (rows.word0[outer]! ^ rows.word0[inner]!) >>> (32 - length) === 0
    if (rows.word0[outer] !== rows.word0[inner]) return false
    if (length === 32) return true
    return (rows.word1[outer]! ^ rows.word1[inner]!) >>> (64 - length) === 0
  }

  get bytes(): number {
    return this.order.byteLength + this.parent.byteLength + this.exclusive.byteLength + this.covers.byteLength
  }
}
