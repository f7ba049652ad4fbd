import type { UnixSeconds } from '../model/brand.ts'
import type { Language } from '../model/page.ts'
import { liveEn } from './live-en.ts'

/**
 * What the frame around a page says: its switches, and what happens while it is left open. Apart from the catalogue,
 * because every reader's browser loads it and few load the whole.
 */
export interface LiveWords {
  /** The page of sources, in the navigation. */
  readonly sources: string
  /** On a bar that a reader presses to see what is new. */
  readonly show: (updates: number) => string
  /** Of a tab with updates that nobody has seen. */
  readonly tabTitle: (updates: number, title: string) => string
  /** When the page was made. */
  readonly asOf: (at: UnixSeconds) => string
  readonly updatedAgo: (seconds: number) => string
  /** Our own connection is lost. */
  readonly lost: (since: UnixSeconds) => string
  readonly themes: {
    readonly title: string
    readonly auto: string
    readonly light: string
    readonly dark: string
  }
  readonly clocks: {
    readonly title: string
    readonly utc: string
    readonly local: string
    readonly mine: string
  }
  readonly search: {
    readonly label: string
    readonly submit: string
  }
  /** Opens a chart that can be worked, in place of its picture. */
  readonly explore: { readonly open: string; readonly of: (title: string) => string }
  readonly help: {
    readonly open: string
    readonly title: string
    readonly close: string
    readonly keys: readonly { readonly keys: readonly string[]; readonly does: string }[]
  }
}

const LIVE: Record<Language, LiveWords> = { en: liveEn }

export function liveWords(language: Language): LiveWords {
  return LIVE[language]
}
