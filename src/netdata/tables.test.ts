import { describe, expect, it } from 'vitest'
import { countryCodes, isCountryCode, isoRegions } from './iso.ts'
import { aliasesOfPlaces, levelsOfRegions, namesOfPlaces, zonesOfPlaces } from './tables.ts'
import { isZone } from './zones.ts'

const unknownRegions = (codes: readonly string[]): readonly string[] => codes.filter((code) => !isoRegions().has(code))
const unknownCountries = (codes: readonly string[]): readonly string[] => codes.filter((code) => !isCountryCode(code))

describe('data/places', () => {
  it('gives every country where people live a zone that this Node knows', () => {
    const { countries, regions } = zonesOfPlaces()
    expect(countryCodes().filter((code) => countries[code] === undefined)).toEqual(['AQ', 'BV', 'HM', 'UM'])
    expect([...Object.values(countries), ...Object.values(regions)].filter((zone) => !isZone(zone))).toEqual([])
  })

  it('speaks of countries and regions that exist', () => {
    const [zones, names, levels, aliases] = [zonesOfPlaces(), namesOfPlaces(), levelsOfRegions(), aliasesOfPlaces()]
    expect(unknownCountries([...Object.keys(zones.countries), ...Object.keys(names.countries)])).toEqual([])
    expect(unknownRegions([...Object.keys(zones.regions), ...Object.keys(names.regions)])).toEqual([])
    expect(unknownRegions([...Object.keys(levels.within), ...Object.values(levels.within).flat()])).toEqual([])
    expect(unknownRegions(Object.values(levels.groupings).flat())).toEqual([])
    expect(unknownCountries(Object.values(aliases.countries))).toEqual([])
    expect(unknownRegions(aliases.regions.flatMap((group) => Object.values(group.names)))).toEqual([])
  })

  it('puts each region into one other at most, of its own country', () => {
    const parts = Object.values(levelsOfRegions().within).flat()
    expect(new Set(parts).size).toBe(parts.length)
    const strays = Object.entries(levelsOfRegions().within).filter(([whole, within]) =>
      within.some((part) => part.slice(0, 2) !== whole.slice(0, 2)),
    )
    expect(strays).toEqual([])
  })

  it('has an alias stand for a code that ISO 3166-1 does not assign', () => {
    expect(Object.keys(aliasesOfPlaces().countries).filter(isCountryCode)).toEqual([])
  })
})
