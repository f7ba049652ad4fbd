import { longerUint32 } from './grow.ts'

/**
 * Small numbers for the ASes that originate: 0 is 'no route', and AS 0 ('nobody can be named') has a number like all
 * others. Numbers are given once.
 */
export class Origins {
  /** AS by number; `asn[0]` says nothing. */
  asn = new Uint32Array(1 << 10)
  count = 1
  #slots = new Uint32Array(1 << 11)
  #mask = (1 << 11) - 1
  #lastAsn = -1
  #lastIndex = 0

  index(asn: number): number {
    if (asn === this.#lastAsn) return this.#lastIndex
    const index = this.#find(asn)
    this.#lastAsn = asn
    this.#lastIndex = index
    return index
  }

  /** @returns 0 where the AS never originated anything. */
  known(asn: number): number {
    for (let slot = hashOf(asn) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = this.#slots[slot]!
      if (index === 0 || this.asn[index] === asn) return index
    }
  }

  #find(asn: number): number {
    let slot = hashOf(asn) & this.#mask
    for (; ; slot = (slot + 1) & this.#mask) {
      const index = this.#slots[slot]!
      if (index === 0) break
      if (this.asn[index] === asn) return index
    }
    const index = this.count
    if (index === this.asn.length) this.asn = longerUint32(this.asn, index * 2)
    this.asn[index] = asn
    this.count += 1
    this.#slots[slot] = index
    if (this.count * 2 > this.#mask) this.#rehash()
    return index
  }

  #rehash(): void {
    this.#mask = (this.#mask + 1) * 2 - 1
    this.#slots = new Uint32Array(this.#mask + 1)
    for (let index = 1; index < this.count; index += 1) {
      let slot = hashOf(this.asn[index]!) & this.#mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[slot] = index
    }
  }
}

function hashOf(asn: number): number {
  const hash = Math.imul(asn ^ (asn >>> 16), 0x9e37_79b1)
  return (hash ^ (hash >>> 15)) >>> 0
}
