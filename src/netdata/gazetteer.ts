import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { parseEntityId, type EntityParts } from '../model/entity.ts'
import type { Gazetteer } from '../model/place.ts'
import type { ExtraEntity } from './extra.ts'
import { isCountryCode, isoRegions } from './iso.ts'
import { operatorName, operatorOf, operatorOfAs } from './operators.ts'
import { namesOfPlaces, zonesOfPlaces } from './tables.ts'
import { isZone, zoneOffset } from './zones.ts'

const displayNames = new Map<string, Intl.DisplayNames | null>()

/** `null` for what is no language tag at all. */
function displayNamesIn(language: string): Intl.DisplayNames | null {
  const known = displayNames.get(language)
  if (known !== undefined) return known
  let made: Intl.DisplayNames | null
  try {
    made = new Intl.DisplayNames([language, 'en'], { type: 'region', fallback: 'none' })
  } catch {
    made = null
  }
  displayNames.set(language, made)
  return made
}

/** @param code ISO 3166-1 alpha-2, or 001 for the world. */
function nameByIntl(code: string, language: string): string {
  return displayNamesIn(language)?.of(code) ?? displayNamesIn('en')?.of(code) ?? code
}

/** `kk-KZ` → `kk`: our own tables hold no variants. */
function baseLanguage(language: string): string {
  return language.toLowerCase().split('-')[0] ?? 'en'
}

function countryName(code: string, language: string): string {
  const own = namesOfPlaces().countries[code]
  if (own === undefined) return nameByIntl(code, language)
  const inLanguage = own[baseLanguage(language)]
  if (inLanguage !== undefined) return inLanguage
  // What Intl has in the language beats our English; what it has in English does not.
  const byIntl = nameByIntl(code, language)
  return byIntl === nameByIntl(code, 'en') ? own.en : byIntl
}

function regionName(code: string, language: string): string {
  const own = namesOfPlaces().regions[code]
  return own?.[baseLanguage(language)] ?? own?.en ?? isoRegions().get(code)?.isoName ?? code
}

/** `kazakhtelecom` → `Kazakhtelecom`: better than nothing, until somebody names it. */
function nameFromSlug(slug: string): string {
  return slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}

function zoneByTable(parts: EntityParts): string | null {
  if (parts.country === null) return null
  const { countries, regions } = zonesOfPlaces()
  if (parts.kind === 'region' || parts.kind === 'place') {
    const own = regions[parts.region]
    if (own !== undefined) return own
    // A part of a region that has a clock of its own lives by that one: France's overseas departments.
    const above = isoRegions().get(parts.region)?.parent
    const whole = above === undefined ? undefined : regions[above.slice('region:'.length)]
    if (whole !== undefined) return whole
  }
  return countries[parts.country] ?? null
}

/** What a group of operators is called (`mobile` of `access:KZ.mobile`): words, which tables do not have. */
export type NameOfGroup = (slug: string, country: string, code: string, language: string) => string | null

/**
 * Names and clocks of ISO 3166's countries and regions with XK, of the operators of data/operators with their AS, and of
 * what is added, whose names go before those of operators: a case calls its entities what it calls them.
 *
 * @param nameOfGroup left out: groups go by their country and the words of their id.
 */
export function createGazetteer(extra: readonly ExtraEntity[], nameOfGroup: NameOfGroup = () => null): Gazetteer {
  const added = new Map(extra.map((entity) => [entity.entity, entity]))
  const zones = new Map<EntityId, string | null>()

  const name = (entity: EntityId, language: string): string => {
    const parts = parseEntityId(entity)
    if (parts === null) return entity
    switch (parts.kind) {
      case 'world':
        return nameByIntl('001', language)
      case 'country':
        return countryName(parts.country, language)
      case 'region':
        return isoRegions().has(parts.region)
          ? regionName(parts.region, language)
          : (added.get(entity)?.name ?? parts.region)
      case 'as': {
        const own = added.get(entity)?.name
        if (own !== undefined) return own
        const operator = operatorOfAs(parts.asn)
        return operator === null ? `AS${parts.asn}` : `${operatorName(operator, language)} (AS${parts.asn})`
      }
      case 'operator': {
        const own = added.get(entity)?.name
        if (own !== undefined) return own
        const operator = operatorOf(entity)
        return operator === null ? nameFromSlug(parts.slug) : operatorName(operator, language)
      }
      case 'access': {
        const own = added.get(entity)?.name
        if (own !== undefined) return own
        const country = countryName(parts.country, language)
        return nameOfGroup(parts.slug, country, parts.country, language) ?? `${country}: ${nameFromSlug(parts.slug)}`
      }
      case 'place':
        return added.get(entity)?.name ?? nameFromSlug(parts.slug)
      default:
        return parts satisfies never
    }
  }

  const timeZone = (entity: EntityId): string | null => {
    const known = zones.get(entity)
    if (known !== undefined) return known
    const parts = parseEntityId(entity)
    const declared = added.get(entity)?.timeZone ?? null
    // An AS keeps the time of the operator that someone, or our tables, put it under.
    const parent =
      added.get(entity)?.parent ?? (parts?.kind === 'as' ? (operatorOfAs(parts.asn)?.entity ?? null) : null)
    let zone = declared ?? (parts === null ? null : zoneByTable(parts))
    // A name that this Node's database does not have is no clock.
    if (zone !== null && !isZone(zone)) zone = null
    zones.set(entity, zone)
    if (zone === null && parent !== null && parent !== entity) {
      zone = timeZone(parent)
      zones.set(entity, zone)
    }
    return zone
  }

  return {
    name,
    timeZone,
    offset: (entity: EntityId, at: UnixSeconds) => {
      const zone = timeZone(entity)
      return zone === null ? 0 : zoneOffset(zone, at)
    },
    exists: (entity) => {
      const parts = parseEntityId(entity)
      if (parts === null) return false
      if (parts.kind === 'country') return isCountryCode(parts.country)
      if (parts.kind === 'region') return isoRegions().has(parts.region)
      return true
    },
  }
}
