import { iso31661, iso31662 } from 'iso-3166'
import type { EntityId } from '../model/brand.ts'
import { levelsOfRegions } from './tables.ts'

/** A region of ISO 3166-2. */
export interface IsoRegion {
  /** With its country: `KZ-75`. */
  readonly code: string
  readonly country: string
  /** As ISO transliterates it; sometimes odd, sometimes cut short. */
  readonly isoName: string
  /** The country, or the region that it lies within where a country has more than one level. */
  readonly parent: EntityId
  /** Sums up other regions and is not a level of its own (Great Britain; Java): no child of anything. */
  readonly isGrouping: boolean
}

/** ISO 3166-1 alpha-2 → alpha-3, XK with the XKX that its users share. */
const countries = new Map<string, string>([
  ...iso31661.map(({ alpha2, alpha3 }): [string, string] => [alpha2, alpha3]),
  ['XK', 'XKX'],
])

const byAlpha3 = new Map([...countries].map(([alpha2, alpha3]) => [alpha3, alpha2]))
const byNumber = new Map(iso31661.map(({ numeric, alpha2 }) => [numeric, alpha2]))

let regions: ReadonlyMap<string, IsoRegion> | null = null

/** Codes of all countries and territories that ISO 3166-1 assigns, and XK. */
export function countryCodes(): readonly string[] {
  return [...countries.keys()]
}

/** False for AP, EU, ZZ, A1, `??` and for codes that ISO has withdrawn (AN, SU, YU). */
export function isCountryCode(code: string): boolean {
  return countries.has(code)
}

/** @param code three letters (`KAZ`) or three digits (`398`). */
export function alpha2Of(code: string): string | null {
  return byAlpha3.get(code) ?? byNumber.get(code) ?? null
}

/** By their code, `KZ-75`. */
export function isoRegions(): ReadonlyMap<string, IsoRegion> {
  if (regions !== null) return regions
  const { within, groupings } = levelsOfRegions()
  const wholes = new Map(Object.entries(within).flatMap(([whole, parts]) => parts.map((part) => [part, whole])))
  const notLevels = new Set(Object.values(groupings).flat())
  regions = new Map(
    iso31662.map(({ code, name, parent }) => {
      const country = code.slice(0, 2)
      const whole = wholes.get(code) ?? (parent.includes('-') ? parent : null)
      return [
        code,
        {
          code,
          country,
          isoName: name,
          parent: (whole === null ? `country:${country}` : `region:${whole}`) as EntityId,
          isGrouping: notLevels.has(code),
        },
      ]
    }),
  )
  return regions
}
