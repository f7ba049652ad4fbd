import type { Language } from '../model/page.ts'
import type { Catalogue } from './catalogue.ts'
import { en } from './en.ts'

const CATALOGUES: Record<Language, Catalogue> = { en }

export const LANGUAGES: readonly Language[] = ['en']

export function catalogue(language: Language): Catalogue {
  return CATALOGUES[language]
}

/** @returns `null` for a language that nobody has translated yet. */
export function parseLanguage(text: string): Language | null {
  return LANGUAGES.find((language) => language === text) ?? null
}
