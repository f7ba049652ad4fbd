import { COUNTRY_NUMBERS } from './country-number.ts'
import { longerFloat64 } from './grow.ts'
import type { FamilyTable } from './family-table.ts'
import type { MessageLog } from './message-log.ts'

/** Messages of a bin by origin and country, as means over peer ASes. */
export class MessageMeans {
  /** By number of the origin. */
  byOrigin = new Float64Array(1 << 10)
  readonly byCountry = new Float64Array(COUNTRY_NUMBERS)
  #isEmpty = true

  /**
   * @param peers for each peer AS the feeds of it that count: each of k has 1/k of its weight.
   * @param origins how many origins have a number.
   * @param feeds how many feeds the table has.
   * @param table says which country a prefix of an origin counts for: asked here, one after the other, and not while
   *              messages come, when each answer would be waited for.
   */
  fold(
    log: MessageLog,
    peers: readonly (readonly { readonly id: number }[])[],
    origins: number,
    feeds: number,
    table: Pick<FamilyTable, 'countryOf'>,
  ): void {
    if (this.byOrigin.length < origins) this.byOrigin = longerFloat64(this.byOrigin, origins * 2)
    if (!this.#isEmpty) {
      this.byOrigin.fill(0)
      this.byCountry.fill(0)
      this.#isEmpty = true
    }
    if (log.count === 0 || peers.length === 0) return
    this.#isEmpty = false
    // Whole numbers as long as they are added up, so that no order of adding gives another sum.
    let whole = 1
    for (const { length } of peers) whole = lcm(whole, length)
    const weights = new Float64Array(feeds)
    for (const of of peers) for (const { id } of of) weights[id] = whole / of.length
    const { byOrigin, byCountry } = this
    for (let at = 0; at < log.count; at += 1) {
      const weight = weights[log.feed[at]!]!
      if (weight === 0) continue
      byOrigin[log.origin[at]!]! += weight
      byCountry[table.countryOf(log.row[at]!, log.origin[at]!)]! += weight
    }
    const by = whole * peers.length
    for (let index = 0; index < origins; index += 1) if (byOrigin[index] !== 0) byOrigin[index]! /= by
    for (let index = 0; index < COUNTRY_NUMBERS; index += 1) if (byCountry[index] !== 0) byCountry[index]! /= by
  }
}

/** Sessions of one AS are few: stays far below 2^53 ÷ messages. */
function lcm(a: number, b: number): number {
  let x = a
  let y = b
  while (y !== 0) [x, y] = [y, x % y]
  return (a / x) * b
}
