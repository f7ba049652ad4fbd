import type { EntityId } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import { alpha2Of, countryCodes, isCountryCode, isoRegions } from '../netdata/iso.ts'
import { loadOperators } from '../netdata/operators.ts'
import type { Gazetteer } from '../model/place.ts'

/** Languages whose names of countries and regions a reader may write in, whatever the page is in. */
const LANGUAGES: readonly string[] = [
  'en',
  'fr',
  'de',
  'ru',
  'kk',
  'fa',
  'es',
  'ar',
  'tr',
  'uk',
  'pt',
  'zh',
  'my',
  'am',
]

/** Finds what a reader wrote: a country or region by name or code, an operator by name, a network by its number. */
export interface Search {
  /** @returns `null` when nothing fits, or nothing fits better than something else. */
  find(asked: string): EntityId | null
}

/** The names are gathered at the first question. */
export function createSearch(gazetteer: Gazetteer): Search {
  let names: ReadonlyMap<string, EntityId> | null = null
  return {
    find(asked) {
      const text = asked.trim()
      const byCode = entityByCode(text)
      if (byCode !== null) return byCode
      const name = folded(text)
      if (name === '') return null
      names ??= namesOf(gazetteer)
      const exact = names.get(name)
      if (exact !== undefined) return exact
      return only(names, (known) => known.startsWith(name)) ?? only(names, (known) => known.includes(name))
    },
  }
}

function entityByCode(text: string): EntityId | null {
  const asn = /^(?:as ?)?([1-9]\d{0,9})$/i.exec(text)?.[1]
  if (asn !== undefined) {
    const id = `as:${asn}`
    return parseEntityId(id) === null ? null : (id as EntityId)
  }
  const code = text.toUpperCase()
  if (isCountryCode(code)) return `country:${code}` as EntityId
  const short = /^[A-Z]{3}$/.test(code) ? alpha2Of(code) : null
  if (short !== null) return `country:${short}` as EntityId
  return isoRegions().has(code) ? (`region:${code}` as EntityId) : null
}

/**
 * Countries come after regions and regions after operators, so that theirs is the name that both have. Operators go by
 * their names in the languages of their country. A name that operators of two countries bear is nobody's: what is not
 * told apart is not guessed at.
 */
function namesOf(gazetteer: Gazetteer): ReadonlyMap<string, EntityId> {
  const names = namesOfOperators()
  const ids = [
    ...[...isoRegions().keys()].map((code) => `region:${code}`),
    ...countryCodes().map((code) => `country:${code}`),
  ] as EntityId[]
  for (const id of ids) for (const language of LANGUAGES) names.set(folded(gazetteer.name(id, language)), id)
  names.delete('')
  return names
}

function namesOfOperators(): Map<string, EntityId> {
  const names = new Map<string, EntityId>()
  const shared = new Set<string>()
  for (const operator of loadOperators()) {
    for (const name of Object.values(operator.names).map(folded)) {
      const other = names.get(name)
      if (other !== undefined && other !== operator.entity) shared.add(name)
      names.set(name, operator.entity)
    }
  }
  for (const name of shared) names.delete(name)
  return names
}

/** The one entity of which a name fits; a country beats a region, and both beat operators. */
function only(names: ReadonlyMap<string, EntityId>, fits: (name: string) => boolean): EntityId | null {
  const found = new Set<EntityId>()
  for (const [name, id] of names) if (fits(name)) found.add(id)
  const of = (kind: string): readonly EntityId[] => [...found].filter((id) => id.startsWith(`${kind}:`))
  const [best, other] = [of('country'), of('region'), of('operator')].find((each) => each.length > 0) ?? []
  return best !== undefined && other === undefined ? best : null
}

/** Letters and digits alone, in small letters and without marks: `Côte d’Ivoire` → `cotedivoire`. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
