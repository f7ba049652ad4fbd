/** For pictures that stand alone, outside a page and its style sheet. */
export type ThemeName = 'light' | 'dark'

export interface Theme {
  readonly paper: string
  readonly ink: string
  readonly muted: string
  readonly rule: string
  readonly alarm: string
}

export const THEMES: Record<ThemeName, Theme> = {
  light: { paper: '#fbfaf7', ink: '#1b1b1a', muted: '#5f5e5a', rule: '#d9d6ce', alarm: '#a93226' },
  dark: { paper: '#141413', ink: '#eceae4', muted: '#a3a19a', rule: '#35342f', alarm: '#e8806f' },
}
