import { CELLS, CHUNK_MASK, CHUNK_SHIFT, type CellBlock } from './cell-block.ts'
import { COUNTRY_NUMBERS } from './country-number.ts'
import type { FamilyTable } from './family-table.ts'
import { longerFloat64, longerUint16, longerUint32, longerUint8 } from './grow.ts'
import { PrefixTree } from './prefix-tree.ts'
import type { Voter } from './voters.ts'

const VISIBLE = 1
/** Voters see more than one origin for the prefix. */
const SEVERAL = 2

/**
 * What the voters see, of one family: which prefixes, and which AS and country each block belongs to. Kept from bin to
 * bin; only what changed, and what lies in it, is decided anew, unless the set of voters changed.
 */
export class Visibility {
  voters: readonly Voter[] = []
  readonly tree: PrefixTree
  /** By number of the origin: blocks that belong to it, prefixes that it has. */
  blocks = new Float64Array(1 << 10)
  prefixes = new Float64Array(1 << 10)
  readonly countryBlocks = new Float64Array(COUNTRY_NUMBERS)
  readonly countryPrefixes = new Float64Array(COUNTRY_NUMBERS)
  /** By row: origin that most voters see, or last saw; 0: none ever did. */
  majority = new Uint32Array(0)
  /** By row: the first `majority` of it. */
  first = new Uint32Array(0)
  /** By row: origin that its exclusive space counts for; 0: it is not visible. And the country's number. */
  owner = new Uint32Array(0)
  ownerCountry = new Uint16Array(0)
  #flags = new Uint8Array(0)
  /** By row: voters that carry it, as bits by place in `voters`. */
  #masks = new Uint32Array(0)
  #words = 1
  #room = 0
  #decided = new Uint8Array(0)
  /** Feeds of voters by collector, for reading a row's cells; and by voter, for weighing several origins. */
  #blocks: CellBlock[] = []
  #columns = new Uint32Array(0)
  #bits = new Uint32Array(0)
  #votes = new Uint32Array(1 << 10)
  #union = new Uint32Array(1)
  readonly #table: FamilyTable

  constructor(table: FamilyTable) {
    this.#table = table
    this.tree = new PrefixTree(table.rows, table.shortest, table.longest)
  }

  /** Decides at the end of a bin. @param voters `null`: the same as before. */
  close(voters: readonly Voter[] | null): void {
    const table = this.#table
    this.#follow()
    const fresh: number[] = []
    const rebuilt = this.tree.settle((row, from) => {
      fresh.push(row)
      if (from !== -1 && this.owner[from] !== 0) this.#count(from, -this.tree.exclusive[row]!)
    })
    if (voters !== null) this.#elect(voters)
    const { dirtyRows, dirtyCount } = table
    if (voters !== null) for (let row = 0; row < table.rows.count; row += 1) this.#weigh(row)
    else for (let index = 0; index < dirtyCount; index += 1) this.#weigh(dirtyRows[index]!)
    if (voters !== null || rebuilt) {
      this.#decideAll()
      return
    }
    for (const row of fresh) this.#decideWithin(row)
    for (let index = 0; index < dirtyCount; index += 1) this.#decideWithin(dirtyRows[index]!)
    for (const row of fresh) this.#forgetWithin(row)
    for (let index = 0; index < dirtyCount; index += 1) this.#forgetWithin(dirtyRows[index]!)
  }

  #follow(): void {
    const { room } = this.#table.rows
    if (room !== this.#room) {
      this.majority = longerUint32(this.majority, room)
      this.first = longerUint32(this.first, room)
      this.owner = longerUint32(this.owner, room)
      this.ownerCountry = longerUint16(this.ownerCountry, room)
      this.#flags = longerUint8(this.#flags, room)
      this.#decided = longerUint8(this.#decided, room)
      this.#masks = longerUint32(this.#masks, room * this.#words)
      this.#room = room
    }
    const origins = this.#table.origins.asn.length
    if (this.blocks.length < origins) {
      this.blocks = longerFloat64(this.blocks, origins)
      this.prefixes = longerFloat64(this.prefixes, origins)
      this.#votes = longerUint32(this.#votes, origins)
    }
  }

  #elect(voters: readonly Voter[]): void {
    this.voters = voters
    const words = Math.max(1, (voters.length + 31) >>> 5)
    if (words !== this.#words) {
      this.#words = words
      this.#masks = new Uint32Array(this.#room * words)
      this.#union = new Uint32Array(words)
    }
    const cells = voters.flatMap((voter, bit) => voter.feeds.map(({ block, column }) => ({ block, column, bit })))
    const order = new Map<CellBlock, number>()
    for (const { block } of cells) if (!order.has(block)) order.set(block, order.size)
    cells.sort((a, b) => order.get(a.block)! - order.get(b.block)! || a.bit - b.bit)
    this.#blocks = cells.map(({ block }) => block)
    this.#columns = Uint32Array.from(cells, ({ column }) => column)
    this.#bits = Uint32Array.from(cells, ({ bit }) => bit)
  }

  /** Which voters carry the row, and by which origin most of them. */
  #weigh(row: number): void {
    const masks = this.#masks
    const columns = this.#columns
    const bits = this.#bits
    const blocks = this.#blocks
    const at = row * this.#words
    for (let word = 0; word < this.#words; word += 1) masks[at + word] = 0
    let origin = 0
    let several = false
    let block: CellBlock | undefined
    let chunk: Uint32Array | undefined
    let base = 0
    for (let index = 0; index < columns.length; index += 1) {
      if (blocks[index] !== block) {
        block = blocks[index]!
        chunk = block.chunks[row >>> CHUNK_SHIFT]
        base = (row & CHUNK_MASK) * block.stride + CELLS
      }
      if (chunk === undefined) continue
      const cell = chunk[base + columns[index]!]!
      if (cell === 0) continue
      const bit = bits[index]!
      masks[at + (bit >>> 5)]! |= 1 << (bit & 31)
      if (origin === 0) origin = cell
      else if (origin !== cell) several = true
    }
    if (several) {
      origin = this.#weighSeveral(row)
      this.#flags[row]! |= SEVERAL
    } else this.#flags[row]! &= ~SEVERAL
    if (origin === 0) return
    this.majority[row] = origin
    if (this.first[row] === 0) this.first[row] = origin
  }

  /** A voter that sees several origins has a vote for each. Ties: the lowest AS. */
  #weighSeveral(row: number): number {
    const { asn } = this.#table.origins
    const votes = this.#votes
    const seen: number[] = []
    const own: number[] = []
    for (const { feeds } of this.voters) {
      own.length = 0
      for (const { block, column } of feeds) {
        const origin = block.origin(row, column)
        if (origin === 0 || own.includes(origin)) continue
        own.push(origin)
        if (votes[origin] === 0) seen.push(origin)
        votes[origin]! += 1
      }
    }
    let best = 0
    for (const origin of seen) {
      const more = best === 0 ? 1 : votes[origin]! - votes[best]!
      if (more > 0 || (more === 0 && asn[origin]! < asn[best]!)) best = origin
    }
    for (const origin of seen) votes[origin] = 0
    return best
  }

  /** Voters that carry exactly this prefix. */
  carriers(row: number): number {
    if (row >= this.#room) return 0
    let carriers = 0
    for (let word = row * this.#words; word < (row + 1) * this.#words; word += 1) carriers += ones(this.#masks[word]!)
    return carriers
  }

  isVisible(row: number): boolean {
    return row < this.#room && (this.#flags[row]! & VISIBLE) !== 0
  }

  hasSeveralOrigins(row: number): boolean {
    return row < this.#room && (this.#flags[row]! & SEVERAL) !== 0
  }

  #decideAll(): void {
    this.blocks.fill(0)
    this.prefixes.fill(0)
    this.countryBlocks.fill(0)
    this.countryPrefixes.fill(0)
    for (let row = 0; row < this.#table.rows.count; row += 1) {
      this.owner[row] = 0
      this.#flags[row]! &= ~VISIBLE
      this.#decide(row)
    }
  }

  #decideWithin(row: number): void {
    const { tree } = this
    this.#decideOnce(row)
    if (tree.covers[row] === 0) return
    for (let at = tree.position(row) + 1; at < tree.ordered && tree.contains(row, tree.order[at]!); at += 1)
      this.#decideOnce(tree.order[at]!)
  }

  #decideOnce(row: number): void {
    if (this.#decided[row] === 1) return
    this.#decided[row] = 1
    this.#decide(row)
  }

  #forgetWithin(row: number): void {
    const { tree } = this
    if (this.#decided[row] === 0) return
    this.#decided[row] = 0
    if (tree.covers[row] === 0) return
    for (let at = tree.position(row) + 1; at < tree.ordered && tree.contains(row, tree.order[at]!); at += 1)
      this.#decided[tree.order[at]!] = 0
  }

  /** Whose the row's exclusive space is, and whether the prefix itself is visible; counts change accordingly. */
  #decide(row: number): void {
    const { tree } = this
    const least = this.voters.length
    const own = this.carriers(row)
    const visible = own * 2 > least
    let decider = visible ? row : -1
    if (!visible && tree.exclusive[row]! > 0) decider = this.#coveredBy(row, least)
    const origin = decider === -1 ? 0 : this.majority[decider]!
    const country = origin === 0 ? 0 : this.#table.countryOf(decider, origin)
    const wasVisible = (this.#flags[row]! & VISIBLE) !== 0
    if (origin === this.owner[row] && country === this.ownerCountry[row] && visible === wasVisible) return
    if (this.owner[row] !== 0) this.#count(row, -tree.exclusive[row]!)
    if (wasVisible) {
      this.prefixes[this.owner[row]!]! -= 1
      this.countryPrefixes[this.ownerCountry[row]!]! -= 1
      this.#flags[row]! &= ~VISIBLE
    }
    this.owner[row] = origin
    this.ownerCountry[row] = country
    if (origin === 0) return
    this.#count(row, tree.exclusive[row]!)
    if (!visible) return
    this.prefixes[origin]! += 1
    this.countryPrefixes[country]! += 1
    this.#flags[row]! |= VISIBLE
  }

  /** The first prefix upwards at which the voters that carry one of those passed are more than half; −1: none. */
  #coveredBy(row: number, least: number): number {
    const { parent } = this.tree
    const words = this.#words
    const masks = this.#masks
    const union = this.#union
    for (let word = 0; word < words; word += 1) union[word] = masks[row * words + word]!
    for (let above = parent[row]!; above !== -1; above = parent[above]!) {
      let carriers = 0
      for (let word = 0; word < words; word += 1) {
        union[word]! |= masks[above * words + word]!
        carriers += ones(union[word]!)
      }
      if (carriers * 2 > least) return above
    }
    return -1
  }

  #count(row: number, blocks: number): void {
    this.blocks[this.owner[row]!]! += blocks
    this.countryBlocks[this.ownerCountry[row]!]! += blocks
  }

  get bytes(): number {
    return (
      this.tree.bytes +
      this.majority.byteLength * 3 +
      this.ownerCountry.byteLength +
      this.#flags.byteLength * 2 +
      this.#masks.byteLength
    )
  }
}

/** Bits that are set in 32. */
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555)
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
