import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { alpha2Of, isCountryCode, isoRegions } from './iso.ts'
import { aliasesOfPlaces, namesOfPlaces } from './tables.ts'

/** Words that say what sort of region it is. Sources put them or leave them out. */
const SORTS =
  /\b(?:autonomous|oblast|oblysy|voblasts|voblast|region|province|governorate|krai|kray|state|sheng|shi|respublika|republic|okrug|ostan)\b/g

/** The same for all spellings that differ only in case, accents, apostrophes and signs. */
function normalised(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’‘ʼʻ`]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function withoutSort(text: string): string {
  return text.replace(SORTS, ' ').replace(/ +/g, ' ').trim()
}

/**
 * The country that a source means by a code of its own: two letters (any case), three letters or three digits of
 * ISO 3166-1, XK, or what data/places/aliases.toml holds (UK).
 *
 * @returns its alpha-2 code; `null` for what is no country: AP, EU, ZZ, A1, A2, `??`, an empty cell, withdrawn codes.
 */
export function countryFromSource(code: string): string | null {
  const upper = code.trim().toUpperCase()
  if (isCountryCode(upper)) return upper
  return alpha2Of(upper) ?? aliasesOfPlaces().countries[upper] ?? null
}

/** Normalised names → codes, for one country. A name that means two regions (Almaty) leads to both. */
interface Spellings {
  readonly whole: ReadonlyMap<string, ReadonlySet<string>>
  readonly withoutSort: ReadonlyMap<string, ReadonlySet<string>>
}

const spellings = new Map<string, Spellings>()

function add(map: Map<string, Set<string>>, key: string, code: string): void {
  if (key === '') return
  const codes = map.get(key)
  if (codes === undefined) map.set(key, new Set([code]))
  else codes.add(code)
}

function spellingsOf(country: string): Spellings {
  const known = spellings.get(country)
  if (known !== undefined) return known
  const whole = new Map<string, Set<string>>()
  const bare = new Map<string, Set<string>>()
  const own = namesOfPlaces().regions
  for (const region of isoRegions().values()) {
    if (region.country !== country || region.isGrouping) continue
    add(whole, normalised(region.code), region.code)
    for (const name of [region.isoName, ...Object.values(own[region.code] ?? {})]) {
      add(whole, normalised(name), region.code)
      add(bare, withoutSort(normalised(name)), region.code)
    }
  }
  const made = { whole, withoutSort: bare }
  spellings.set(country, made)
  return made
}

function only(codes: ReadonlySet<string> | undefined): string | null {
  const [first, second] = codes ?? []
  return second === undefined ? (first ?? null) : null
}

function fromAliases(source: string, country: string, text: string, at: UnixSeconds | null): string | null {
  for (const group of aliasesOfPlaces().regions) {
    if (group.source !== source || group.country !== country) continue
    if (at !== null && (at < (group.since ?? -Infinity) || at >= (group.until ?? Infinity))) continue
    for (const [name, code] of Object.entries(group.names)) {
      if (normalised(name) === text) return code
    }
  }
  return null
}

/**
 * The region that a source means: the source's own aliases first, then everybody's, then the names of ISO 3166-2 and
 * ours, whole, then without the word for the sort of region. Case, accents and apostrophes do not matter.
 *
 * @param source id of the source, whose numbers and spellings are its own.
 * @param country ISO 3166-1 alpha-2. The region found may belong to another: Crimea, which some list under RU, is UA-43.
 * @param at the instant spoken of, for aliases that held for a time; left out: whenever they held.
 * @returns `null` when nothing, or more than one region, bears that name.
 */
export function resolveRegion(
  source: string,
  country: string,
  nameOrNumber: string,
  at?: UnixSeconds,
): EntityId | null {
  const text = normalised(nameOrNumber)
  if (text === '') return null
  const { whole, withoutSort: bare } = spellingsOf(country)
  const code =
    fromAliases(source, country, text, at ?? null) ??
    fromAliases('*', country, text, at ?? null) ??
    only(whole.get(text)) ??
    only(bare.get(withoutSort(text)))
  return code === null ? null : (`region:${code}` as EntityId)
}
