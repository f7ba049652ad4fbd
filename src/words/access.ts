import type { Language } from '../model/page.ts'
import type { AccessKind } from '../model/routing.ts'
import { accessEn } from './access-en.ts'
import { parseLanguage } from './languages.ts'

/** Kinds of access that make a group: operators of unknown kind are in none. */
export type AccessGroup = Exclude<AccessKind, 'unknown'>

/** What the operators of one kind in one country are called together. */
export type AccessWords = Readonly<Record<AccessGroup, (country: string, code: string) => string>>

const ACCESS: Record<Language, AccessWords> = { en: accessEn }

/**
 * `mobile networks of Kazakhstan`, as it stands within a sentence.
 *
 * @param slug     of the group, `mobile` of `access:KZ.mobile`.
 * @param country  its name in `language`, as gazetteers have it. @param code ISO 3166-1.
 * @returns in English where nobody has translated the words; `null` for what is no such group.
 */
export function accessGroupName(slug: string, country: string, code: string, language: string): string | null {
  const words = ACCESS[parseLanguage(language) ?? 'en']
  return Object.hasOwn(words, slug) ? words[slug as AccessGroup](country, code) : null
}
