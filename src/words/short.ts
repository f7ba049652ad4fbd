import type { UnixSeconds } from '../model/brand.ts'
import type { Language } from '../model/page.ts'
import { shortEn } from './short-en.ts'

/** What a page of plain text says beside the sentences of the catalogue: for scripts and bad links. */
export interface ShortWords {
  readonly asOf: (now: UnixSeconds) => string
  readonly newest: (at: UnixSeconds, now: UnixSeconds) => string
  readonly noData: string
  readonly unseenTitle: string
  readonly more: (address: string) => string
  readonly notFound: (asked: string) => string
}

const SHORT: Record<Language, ShortWords> = { en: shortEn }

export function shortWords(language: Language): ShortWords {
  return SHORT[language]
}
