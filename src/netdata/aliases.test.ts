import { describe, expect, it } from 'vitest'
import { countryFromSource, resolveRegion } from './aliases.ts'
import { isoRegions } from './iso.ts'

describe('countryFromSource', () => {
  it.each([
    ['KZ', 'KZ'],
    ['kz', 'KZ'],
    ['KAZ', 'KZ'],
    ['398', 'KZ'],
    ['XK', 'XK'],
    ['UK', 'GB'],
  ])('%s is %s', (code, country) => {
    expect(countryFromSource(code)).toBe(country)
  })

  it.each(['', '??', 'AP', 'EU', 'ZZ', 'A1', 'A2', 'AN', 'SU', 'XX'])('"%s" is no country', (code) => {
    expect(countryFromSource(code)).toBeNull()
  })
})

describe('resolveRegion', () => {
  it.each([
    ['Ardebil', 'IR-24'],
    ['Bushehr', 'IR-18'],
    ['Chahar Mahall and Bakhtiari', 'IR-14'],
    ['East Azarbaijan', 'IR-03'],
    ['Esfahan', 'IR-10'],
    ['Fars', 'IR-07'],
    ['Gilan', 'IR-01'],
    ['Golestan', 'IR-27'],
    ['Hamadan', 'IR-13'],
    ['Hormozgan', 'IR-22'],
    ['Ilam', 'IR-16'],
    ['Kerman', 'IR-08'],
    ['Kermanshah', 'IR-05'],
    ['Khuzestan', 'IR-06'],
    ['Kohgiluyeh and Buyer Ahmad', 'IR-17'],
    ['Kordestan', 'IR-12'],
    ['Lorestan', 'IR-15'],
    ['Markazi', 'IR-00'],
    ['Mazandaran', 'IR-02'],
    ['North Khorasan', 'IR-28'],
    ['Qazvin', 'IR-26'],
    ['Qom', 'IR-25'],
    ['Razavi Khorasan', 'IR-09'],
    ['Semnan', 'IR-20'],
    ['Sistan and Baluchestan', 'IR-11'],
    ['South Khorasan', 'IR-29'],
    ['Tehran', 'IR-23'],
    ['West Azarbaijan', 'IR-04'],
    ['Yazd', 'IR-21'],
    ['Zanjan', 'IR-19'],
  ])('finds the Iranian province %s', (name, code) => {
    expect(resolveRegion('monash', 'IR', name)).toBe(`region:${code}`)
  })

  it.each([
    ['RU', 'Belgorod', 'RUS-8', 'RU-BEL'],
    ['RU', 'Bryansk', 'RUS-9', 'RU-BRY'],
    ['RU', 'Kursk', 'RUS-42', 'RU-KRS'],
    ['RU', 'Rostov', 'RUS-63', 'RU-ROS'],
    ['RU', 'Voronezh', 'RUS-86', 'RU-VOR'],
    ['UA', 'Crimea', 'UKR-4', 'UA-43'],
    ['UA', "Donets'k", 'UKR-6', 'UA-14'],
    ['UA', 'Kiev City', 'UKR-11', 'UA-30'],
    ['UA', "Luhans'k", 'UKR-15', 'UA-09'],
    ['UA', "Sevastopol'", 'UKR-20', 'UA-40'],
  ])('%s: finds %s by name, and by its number %s for its own source alone', (country, name, number, code) => {
    expect(resolveRegion('monash', country, name)).toBe(`region:${code}`)
    expect(resolveRegion('monash', country, number)).toBe(`region:${code}`)
    expect(resolveRegion('ioda', country, number)).toBeNull()
  })

  it('puts Crimea where ISO 3166 does, also when a source lists it under Russia', () => {
    expect(resolveRegion('ioda', 'RU', 'Republic of Crimea')).toBe('region:UA-43')
  })

  it('tells the city of Almaty from the region around it', () => {
    expect(resolveRegion('any', 'KZ', 'Almaty')).toBe('region:KZ-75')
    expect(resolveRegion('any', 'KZ', 'Almaty Region')).toBe('region:KZ-19')
    expect(resolveRegion('any', 'KZ', 'Almaty oblysy')).toBe('region:KZ-19')
  })

  it.each([
    ['US', 'Louisiana', 'US-LA'],
    ['US', 'TEXAS', 'US-TX'],
    ['KZ', 'Маңғыстау облысы', 'KZ-47'],
    ['KZ', 'Mangystau', 'KZ-47'],
    ['BY', "Homyel'skaya voblasts'", 'BY-HO'],
    ['CN', 'Xinjiang Uygur Zizhiqu', 'CN-XJ'],
    ['IR', 'IR-23', 'IR-23'],
  ])('%s: reads %s as %s', (country, name, code) => {
    expect(resolveRegion('any', country, name)).toBe(`region:${code}`)
  })

  it('finds nothing for an unknown name, an empty one, or another country', () => {
    expect(resolveRegion('any', 'IR', 'Atlantis')).toBeNull()
    expect(resolveRegion('any', 'IR', ' ')).toBeNull()
    expect(resolveRegion('any', 'KZ', 'Texas')).toBeNull()
  })

  it('never leads the name of one region to another of the same country', () => {
    const wrong = [...isoRegions().values()]
      .filter(
        ({ code, country, isGrouping }) => !isGrouping && resolveRegion('any', country, code) !== `region:${code}`,
      )
      .map(({ code }) => code)
    expect(wrong).toEqual([])
  })
})
