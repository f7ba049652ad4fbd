import { describe, expect, it } from 'vitest'
import { LANGUAGES } from './languages.ts'
import { liveWords } from './live.ts'
import { at } from './samples.testing.ts'

const en = liveWords('en')

describe('the words around a page', () => {
  it('exist in every language that pages have', () => {
    for (const language of LANGUAGES) expect(liveWords(language).help.keys.length).toBeGreaterThan(5)
  })

  it('count what is new', () => {
    expect([0, 1, 3].map(en.show)).toEqual(['New data – show', '1 new update – show', '3 new updates – show'])
    expect([en.tabTitle(0, 'Iran'), en.tabTitle(2, 'Iran')]).toEqual(['Iran', '(2) Iran'])
  })

  it('tell how long ago in the unit that fits', () => {
    expect([0, 40, 600, 7200].map(en.updatedAgo)).toEqual([
      'Updated just now',
      'Updated 40 s ago',
      'Updated 10 min ago',
      'Updated 2 h ago',
    ])
  })

  it('print the zone beside every time', () => {
    const noon = at('2026-01-15T12:05:00Z')
    expect(en.asOf(noon)).toBe('As of 12:05 UTC')
    expect(en.lost(noon)).toContain('since 12:05 UTC')
  })
})
