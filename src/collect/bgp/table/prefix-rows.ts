import { longerUint32, longerUint8, nextRoom } from './grow.ts'

/** Slots up to which the table grows fourfold. */
const SMALL = 1 << 19
const NONE = new Uint32Array(0)

/**
 * Distinct prefixes of one family, each with a row number that it keeps: open addressing over typed arrays. Rows are
 * never taken away; a prefix that is announced again finds its own.
 */
export class PrefixRows {
  readonly family: 4 | 6
  count = 0
  /** Rows that fit before the columns grow; whoever keeps columns of its own beside these follows it. */
  room = 0
  word0: Uint32Array = NONE
  word1: Uint32Array = NONE
  word2: Uint32Array = NONE
  word3: Uint32Array = NONE
  length = new Uint8Array(0)
  /** Pairs of row + 1 (0: free) and the whole hash. Never more than half full. */
  #slots: Uint32Array
  #mask: number
  /** A slot is told by the upper bits of the hash, so that a larger table is filled in the order of the smaller one. */
  #shift: number

  /** @param expected prefixes for which there is room without growing. */
  constructor(family: 4 | 6, expected: number) {
    this.family = family
    let bits = 13
    while (2 ** bits <= expected * 2 && bits < 24) bits += 1
    this.#slots = new Uint32Array(2 ** (bits + 1))
    this.#mask = 2 ** bits - 1
    this.#shift = 32 - bits
    if (expected > 0) this.#grow(nextRoom(0, expected))
  }

  /** @returns −1 where the prefix is not known. */
  find(word0: number, word1: number, word2: number, word3: number, length: number): number {
    const hash = this.family === 4 ? hash4(word0, length) : hash6(word0, word1, word2, word3, length)
    const slots = this.#slots
    const mask = this.#mask
    for (let slot = hash >>> this.#shift; ; slot = (slot + 1) & mask) {
      const taken = slots[slot * 2]!
      if (taken === 0) return -1
      if (slots[slot * 2 + 1] === hash && this.#is(taken - 1, word0, word1, word2, word3, length)) return taken - 1
    }
  }

  findOrAdd(word0: number, word1: number, word2: number, word3: number, length: number): number {
    const hash = this.family === 4 ? hash4(word0, length) : hash6(word0, word1, word2, word3, length)
    const slots = this.#slots
    const mask = this.#mask
    for (let slot = hash >>> this.#shift; ; slot = (slot + 1) & mask) {
      const taken = slots[slot * 2]!
      if (taken === 0) return this.#add(slot, hash, word0, word1, word2, word3, length)
      if (slots[slot * 2 + 1] === hash && this.#is(taken - 1, word0, word1, word2, word3, length)) return taken - 1
    }
  }

  /** IPv4: equal hash and equal length are an equal address, since for one length the hash is a permutation. */
  #is(row: number, word0: number, word1: number, word2: number, word3: number, length: number): boolean {
    if (this.length[row] !== length) return false
    if (this.family === 4) return true
    return (
      this.word0[row] === word0 && this.word1[row] === word1 && this.word2[row] === word2 && this.word3[row] === word3
    )
  }

  #add(slot: number, hash: number, word0: number, word1: number, word2: number, word3: number, length: number): number {
    const row = this.count
    if (row === this.room) this.#grow(nextRoom(this.room, row + 1))
    this.word0[row] = word0
    if (this.family === 6) {
      this.word1[row] = word1
      this.word2[row] = word2
      this.word3[row] = word3
    }
    this.length[row] = length
    this.count = row + 1
    this.#slots[slot * 2] = row + 1
    this.#slots[slot * 2 + 1] = hash
    if (this.count * 2 > this.#mask) this.#rehash()
    return row
  }

  #grow(room: number): void {
    this.room = room
    this.word0 = longerUint32(this.word0, this.room)
    if (this.family === 6) {
      this.word1 = longerUint32(this.word1, this.room)
      this.word2 = longerUint32(this.word2, this.room)
      this.word3 = longerUint32(this.word3, this.room)
    }
    this.length = longerUint8(this.length, this.room)
  }

  #rehash(): void {
    const old = this.#slots
    const doublings = this.#mask < SMALL ? 2 : 1
    const shift = this.#shift - doublings
    const mask = (this.#mask + 1) * 2 ** doublings - 1
    const slots = new Uint32Array((mask + 1) * 2)
    for (let from = 0; from < old.length; from += 2) {
      const taken = old[from]!
      if (taken === 0) continue
      const hash = old[from + 1]!
      let slot = hash >>> shift
      while (slots[slot * 2] !== 0) slot = (slot + 1) & mask
      slots[slot * 2] = taken
      slots[slot * 2 + 1] = hash
    }
    this.#slots = slots
    this.#mask = mask
    this.#shift = shift
  }

  /** Bytes held in typed arrays. */
  get bytes(): number {
    return this.#slots.byteLength + this.length.byteLength + this.word0.byteLength + 3 * this.word1.byteLength
  }
}

/** Finalizer of MurmurHash3 over the address shifted by the length: a permutation of addresses for each length. */
function hash4(word0: number, length: number): number {
  let hash = word0 ^ Math.imul(length + 1, 0x9e37_79b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function hash6(word0: number, word1: number, word2: number, word3: number, length: number): number {
  let hash = word0 ^ Math.imul(length + 1, 0x9e37_79b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b) ^ word1
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35) ^ word2
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4_eb2f) ^ word3
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
