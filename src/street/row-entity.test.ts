import { describe, expect, it } from 'vitest'
import type { TableFile } from './case-schema.ts'
import { rowEntityReader } from './row-entity.ts'

type Mapping = TableFile['entity']

const HEAD = ['country', 'region', 'place', 'asn', 'operator']
const columnOf = (name: string): number => HEAD.indexOf(name)

function reader(mapping: Mapping): (...cells: string[]) => unknown {
  const read = rowEntityReader(mapping, columnOf, 'test', 'data.csv')
  return (...cells) => {
    const found = read(cells)
    if (found.kind === 'ignored') return 'ignored'
    return found.kind === 'problem' ? `${found.column} "${found.text}": ${found.reason}` : found.entity
  }
}

const PLACES = {
  kind: 'place',
  country_column: 'country',
  region_column: 'region',
  place_column: 'place',
} as const

describe('what a row is about', () => {
  it('is one entity for all rows where the mapping says so', () => {
    expect(reader({ id: 'country:IR' as never })('', 'anything')).toBe('country:IR')
  })

  it.each([
    ['IR', 'country:IR'],
    ['irn', 'country:IR'],
    [' KAZ ', 'country:KZ'],
    ['XK', 'country:XK'],
    ['UK', 'country:GB'],
    ['', 'country "": no country of ISO 3166-1'],
    ['EU', 'country "EU": no country of ISO 3166-1'],
    ['Iran', 'country "Iran": no country of ISO 3166-1'],
    ['__proto__', 'country "__proto__": no country of ISO 3166-1'],
  ])('is, by the country code "%s", %s', (code, expected) => {
    expect(reader({ kind: 'country', country_column: 'country' })(code)).toBe(expected)
  })

  it('is nothing, and no problem, for codes that the mapping ignores', () => {
    const read = reader({ kind: 'country', country_column: 'country', ignore: ['', '??', 'ap'] })
    expect([read(''), read('??'), read(' ap '), read('AP')]).toEqual([
      'ignored',
      'ignored',
      'ignored',
      'country "AP": no country of ISO 3166-1',
    ])
  })

  it.each([
    ['USA', 'Louisiana', 'Calcasieu', 'place:US-LA.calcasieu'],
    ['IRN', 'Kerman', 'Bam', 'place:IR-08.bam'],
    ['USA', 'Louisiana', 'St. John the Baptist', 'place:US-LA.st-john-the-baptist'],
    ['USA', 'Luisiana', 'Calcasieu', 'region "Luisiana": no region of US that we know; name it under entity.regions'],
    ['USA', '', 'Calcasieu', 'region "": no region of US that we know; name it under entity.regions'],
    ['USA', 'constructor', 'x', 'region "constructor": no region of US that we know; name it under entity.regions'],
    ['USA', 'Louisiana', '', 'place "": no name of a place in Latin letters'],
    ['USA', 'Louisiana', '北京', 'place "北京": no name of a place in Latin letters'],
  ])('is the place %s, %s, %s: %s', (country, region, place, expected) => {
    expect(reader(PLACES)(country, region, place)).toBe(expected)
  })

  it('is a region by the mapping of the file before any table of ours', () => {
    const read = reader({ kind: 'region', country: 'IR', region_column: 'region', regions: { Bushire: 'IR-18' } })
    expect(read('', 'Bushire')).toBe('region:IR-18')
    expect(read('', 'Kerman')).toBe('region:IR-08')
  })

  it('is not a region of a country beyond its own, but for those that are claimed', () => {
    expect(
      reader({ kind: 'region', country_column: 'country', region_column: 'region' })('IRN', 'Louisiana'),
    ).toContain('no region of IR')
  })

  it.each([
    ['AS9198', 'as:9198'],
    ['as9198', 'as:9198'],
    [' 9198 ', 'as:9198'],
    ['0', 'asn "0": no AS number'],
    ['4294967296', 'asn "4294967296": no AS number'],
    ['9198.0', 'asn "9198.0": no AS number'],
    ['', 'asn "": no AS number'],
  ])('is, by the AS number "%s", %s, whatever the country', (asn, expected) => {
    expect(reader({ kind: 'as', asn_column: 'asn' })('', '', '', asn)).toBe(expected)
  })

  it('is an operator of the country, described by its own name', () => {
    const read = rowEntityReader(
      { kind: 'operator', country: 'KZ', operator_column: 'operator' },
      columnOf,
      'test',
      'data.csv',
    )
    expect(read(['', '', '', '', 'Kazakh Telecom JSC'])).toEqual({
      kind: 'found',
      entity: 'operator:KZ.kazakh-telecom-jsc',
      described: {
        entity: 'operator:KZ.kazakh-telecom-jsc',
        name: 'Kazakh Telecom JSC',
        parent: null,
        timeZone: null,
        knownChildren: null,
      },
    })
    expect(read(['', '', '', '', ' - '])).toMatchObject({ kind: 'problem', column: 'operator' })
  })

  it('is described as a part of its region', () => {
    const read = rowEntityReader(PLACES, columnOf, 'test', 'data.csv')
    expect(read(['USA', 'Texas', 'Orange'])).toMatchObject({
      described: { entity: 'place:US-TX.orange', name: 'Orange', parent: 'region:US-TX' },
    })
  })
})
