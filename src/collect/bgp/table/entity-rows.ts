import type { EntityId } from '../../../model/brand.ts'
import type { NetworkMap } from '../../../netdata/networks/network-map.ts'
import { COUNTRY_NUMBERS, countryCode } from './country-number.ts'
import type { Origins } from './origins.ts'

/** Counts by number of the origin and of the country. */
export interface CountColumns {
  readonly byOrigin: Float64Array
  readonly byCountry: Float64Array
}

/**
 * Which entity has which row of `BinCounts`. Operators and access groups come first and are always there; countries and
 * ASes come when something was counted for them, and stay.
 */
export class EntityRows {
  readonly entities: EntityId[] = []
  /** Per operator or access group, and as its row: ASes of it. */
  readonly #groups: (readonly number[])[] = []
  /** By number of the country; −1: no row. */
  readonly #ofCountry = new Int32Array(COUNTRY_NUMBERS).fill(-1)
  /** Runs of ASes whose rows and numbers of the origin count up together. */
  readonly #runs: { row: number; origin: number; length: number }[] = []
  #originsSeen = 1
  readonly #origins: Origins
  readonly #wanted: (asn: number) => boolean

  constructor(networks: NetworkMap, origins: Origins, wanted: (asn: number) => boolean) {
    this.#origins = origins
    this.#wanted = wanted
    const access = new Map<string, Set<number>>()
    for (const operator of networks.operators) {
      this.entities.push(operator.entity)
      this.#groups.push(operator.asns)
      // Kinds that nobody knows make no group that means anything.
      if (operator.access === 'unknown') continue
      const group = `access:${operator.country}.${operator.access}`
      const asns = access.get(group) ?? new Set()
      for (const asn of operator.asns) asns.add(asn)
      access.set(group, asns)
    }
    for (const [group, asns] of access) {
      this.entities.push(group as EntityId)
      this.#groups.push([...asns])
    }
  }

  /** Gives rows to whoever has something in these columns and none yet. */
  follow(columns: readonly CountColumns[]): void {
    for (let country = 1; country < COUNTRY_NUMBERS; country += 1) {
      if (this.#ofCountry[country] !== -1) continue
      if (!columns.some(({ byCountry }) => byCountry[country] !== 0)) continue
      this.#ofCountry[country] = this.entities.length
      this.entities.push(`country:${countryCode(country)!}` as EntityId)
    }
    for (; this.#originsSeen < this.#origins.count; this.#originsSeen += 1) {
      const asn = this.#origins.asn[this.#originsSeen]!
      if (asn === 0 || !this.#wanted(asn)) continue
      const row = this.entities.length
      const run = this.#runs.at(-1)
      if (run !== undefined && run.row + run.length === row && run.origin + run.length === this.#originsSeen)
        run.length += 1
      else this.#runs.push({ row, origin: this.#originsSeen, length: 1 })
      this.entities.push(`as:${asn}` as EntityId)
    }
  }

  /** @param columns `null`: too few vote. */
  gather(columns: CountColumns | null): Float64Array {
    const counts = new Float64Array(this.entities.length)
    if (columns === null) return counts.fill(Number.NaN)
    const { byOrigin, byCountry } = columns
    for (let row = 0; row < this.#groups.length; row += 1) {
      let sum = 0
      for (const asn of this.#groups[row]!) sum += byOrigin[this.#origins.known(asn)]!
      counts[row] = sum
    }
    for (let country = 1; country < COUNTRY_NUMBERS; country += 1) {
      const row = this.#ofCountry[country]!
      if (row !== -1) counts[row] = byCountry[country]!
    }
    for (const { row, origin, length } of this.#runs) counts.set(byOrigin.subarray(origin, origin + length), row)
    return counts
  }
}
