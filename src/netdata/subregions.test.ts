import { describe, expect, it } from 'vitest'
import { countryCodes } from './iso.ts'
import { subregionOf } from './subregions.ts'

describe('sub-regions', () => {
  it('know every country and territory, and nothing else', () => {
    expect(countryCodes().filter((code) => subregionOf(code) === null)).toEqual([])
    for (const code of ['EU', 'AP', 'ZZ', '??', 'kz', '']) expect(subregionOf(code)).toBeNull()
  })

  it('are the 23 of UN M49, each on one continent', () => {
    const parts = countryCodes().map((code) => subregionOf(code))
    const named = new Map(parts.map((part) => [part?.subregion, part?.continent]))
    expect(named.size).toBe(23)
    for (const part of parts) expect(named.get(part?.subregion)).toBe(part?.continent)
    expect(new Set(named.values()).size).toBe(6)
  })

  it.each([
    ['KZ', 'Central Asia', 'Asia'],
    ['TR', 'Western Asia', 'Asia'],
    ['SN', 'Western Africa', 'Africa'],
    ['RU', 'Eastern Europe', 'Europe'],
    ['CU', 'Caribbean', 'Americas'],
    ['XK', 'Southern Europe', 'Europe'],
  ])('place %s in %s', (code, subregion, continent) => {
    expect(subregionOf(code)).toEqual({ subregion, continent })
  })
})
