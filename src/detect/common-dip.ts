import type { DetectionRule } from './rules.ts'

/** Where a country lies, for telling a cable's reach from a source's failure. */
export interface PartOfWorld {
  readonly subregion: string
  readonly continent: string
}

/** What the values of one bin over all countries say of the source. */
export interface DipFinding {
  readonly isDip: boolean
  /** Countries that are beyond the signal's opening level, of those whose usual is known. */
  readonly beyond: number
  readonly able: number
  readonly subregions: number
  readonly continents: number
}

/**
 * How many countries must fall in the same bin for it to be the source. A cable's cut takes those that it lands in:
 * West Africa in March 2024 some thirteen countries in two to four sub-regions of one continent, the Red Sea cuts of
 * 2024 and 2025 lie along one route. Shutdowns come a few at a time. No event of the world has taken a tenth of the
 * countries on three continents within one bin; a source that loses a probing site or half of a batch does.
 */
const LEAST_COUNTRIES = 10
const LEAST_SHARE = 0.15
const LEAST_SUBREGIONS = 5
const LEAST_CONTINENTS = 3
/** It lasts until fewer than this share of the needed number are beyond: the way back is ragged. */
const OVER_BELOW = 0.5

/**
 * Did many unrelated countries dip at once?
 *
 * @param values  one bin, by country; `NaN` = none, which counts as no dip: missing values are another condition.
 * @param usual   by country, from `SameTimeMemory` without bins of our blindness; `NaN` = not known.
 * @param weekBefore likewise. Who is low against both is low: a Saturday's search traffic is so against weekdays.
 * @param lasting whether the bin before was a common dip.
 */
export function commonDip(
  values: Float64Array,
  usual: Float64Array,
  weekBefore: Float64Array,
  where: readonly (PartOfWorld | null)[],
  rule: Pick<DetectionRule, 'open' | 'minUsual'>,
  badDirection: 'down' | 'up',
  lasting: boolean,
): DipFinding {
  const isDown = badDirection === 'down'
  let able = 0
  let beyond = 0
  const subregions = new Set<string>()
  const continents = new Set<string>()
  for (let i = 0; i < values.length; i++) {
    const expected = usual[i] ?? Number.NaN
    if (!(expected > Math.max(rule.minUsual, 0))) continue
    able += 1
    const value = values[i] ?? Number.NaN
    const sameDay = weekBefore[i] ?? Number.NaN
    const level = Number.isNaN(sameDay) ? expected : isDown ? Math.min(expected, sameDay) : Math.max(expected, sameDay)
    if (!(isDown ? value < rule.open * level : value > rule.open * level)) continue
    beyond += 1
    const part = where[i] ?? null
    if (part === null) continue
    subregions.add(part.subregion)
    continents.add(part.continent)
  }
  const needed = Math.max(LEAST_COUNTRIES, LEAST_SHARE * able)
  const isWide = subregions.size >= LEAST_SUBREGIONS && continents.size >= LEAST_CONTINENTS
  const isDip = lasting ? beyond >= needed * OVER_BELOW : beyond >= needed && isWide
  return { isDip, beyond, able, subregions: subregions.size, continents: continents.size }
}
