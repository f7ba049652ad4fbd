import { describe, expect, it } from 'vitest'
import { alpha2Of, countryCodes, isCountryCode, isoRegions } from './iso.ts'

describe('countries', () => {
  it('are those of ISO 3166-1 and Kosovo', () => {
    expect(countryCodes()).toHaveLength(250)
    expect(['KZ', 'BY', 'IR', 'XK', 'TW', 'PS', 'AX'].filter((code) => !isCountryCode(code))).toEqual([])
  })

  it('are not the codes that sources use for what is no country, nor those that ISO withdrew', () => {
    expect(['AP', 'EU', 'ZZ', '??', 'A1', 'A2', 'O1', 'AN', 'SU', 'YU', 'CS', 'TP', ''].filter(isCountryCode)).toEqual(
      [],
    )
  })

  it('have three letters and a number', () => {
    expect([alpha2Of('KAZ'), alpha2Of('398'), alpha2Of('XKX'), alpha2Of('XXX')]).toEqual(['KZ', 'KZ', 'XK', null])
  })
})

describe('regions', () => {
  const levelOne = (country: string): readonly string[] =>
    [...isoRegions().values()]
      .filter((region) => region.parent === `country:${country}` && !region.isGrouping)
      .map(({ code }) => code)

  it.each([
    ['KZ', 20],
    ['BY', 7],
    ['IR', 31],
    ['UA', 27],
    ['RU', 83],
    ['GB', 4],
    ['BE', 3],
    ['ES', 19],
    ['PH', 17],
    ['ID', 38],
  ])('of %s: %d of the first level', (country, count) => {
    expect(levelOne(country)).toHaveLength(count)
  })

  it('lie in a country or region that exists', () => {
    const orphans = [...isoRegions().values()].filter(({ parent }) => {
      const code = parent.slice(parent.indexOf(':') + 1)
      return parent.startsWith('country:') ? !isCountryCode(code) : !isoRegions().has(code)
    })
    expect(orphans).toEqual([])
  })
})
