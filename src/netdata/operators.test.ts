import { describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import { isCountryCode } from './iso.ts'
import { accessOf, loadOperators, operatorName, operatorOf, operatorOfAs } from './operators.ts'

const id = (text: string): EntityId => text as EntityId

/** Countries that the observatory owes a table, and the networks without which a table of theirs would mislead. */
const OWED: Readonly<Record<string, readonly number[]>> = {
  KZ: [9198, 50482, 21299, 206026, 29355, 48503, 41798, 35168],
  BY: [6697, 60280, 25106, 42772, 44087],
  IR: [49666, 12880, 6736, 58224, 197207, 44244, 57218],
  RU: [12389, 8359, 3216, 8402, 31133, 25159, 12958, 20485, 9049, 8631],
  UA: [6849, 15895, 21497, 34058, 3326, 25229, 13188],
  MM: [9988, 133385, 132167, 136255],
  SD: [15706, 36998, 36972, 33788],
  ET: [24757, 328988],
  UG: [20294, 37075, 36991, 21491],
  CU: [27725],
  IQ: [51684, 59588, 59625, 21277, 44217, 50710],
  SY: [29256, 48065],
  PK: [17557, 45669, 24499, 59257, 56167],
  IN: [55836, 9498, 24560, 45609, 9829, 55410, 45271],
  BD: [24389, 24432, 45245, 45925, 17494, 132602],
  VE: [8048, 27889, 6306, 264731, 21826],
}

describe('data/operators', () => {
  it.each(Object.entries(OWED))('has a table for %s with AS%s', (country, asns) => {
    const missing = asns.filter((asn) => operatorOfAs(asn)?.country !== country)
    expect(missing).toEqual([])
  })

  it('speaks of countries of ISO 3166-1, in entities that can be read', () => {
    const rows = loadOperators()
    expect(rows.filter(({ country }) => !isCountryCode(country))).toEqual([])
    expect(rows.filter(({ entity }) => parseEntityId(entity)?.kind !== 'operator')).toEqual([])
  })

  it('names languages that this Node knows', () => {
    const languages = new Set(loadOperators().flatMap(({ names }) => Object.keys(names)))
    const known = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
    expect([...languages].filter((language) => known.of(language) === undefined)).toEqual([])
  })

  it('gives no two operators of a country one name', () => {
    const seen = new Map<string, string>()
    const twice: string[] = []
    for (const { entity, country, names } of loadOperators()) {
      for (const name of new Set(Object.values(names))) {
        const key = `${country} ${name}`
        const other = seen.get(key)
        if (other !== undefined) twice.push(`${name}: ${other}, ${entity}`)
        seen.set(key, entity)
      }
    }
    expect(twice).toEqual([])
  })

  it('dates every source, none of them in the future of its writing', () => {
    const dates = loadOperators().flatMap(({ sources }) => sources.map(({ date }) => date))
    expect(dates.length).toBeGreaterThan(loadOperators().length)
    expect(dates.filter((date) => !/^\d{4}-\d{2}-\d{2}$/.test(date) || date < '2000' || date > '2027')).toEqual([])
  })

  it('says who names the kind of access, or that nobody does', () => {
    const rows = loadOperators()
    expect(rows.filter(({ sources }) => sources.length === 0)).toEqual([])
    expect(rows.some(({ access }) => access === 'unknown')).toBe(true)
  })
})

describe('look-ups', () => {
  it('lead from every AS and every entity to the row that has it', () => {
    for (const row of loadOperators()) {
      expect(operatorOf(row.entity)).toBe(row)
      for (const asn of row.asns) expect(operatorOfAs(asn)).toBe(row)
    }
  })

  it('say null of what no row has', () => {
    expect([operatorOfAs(64_496), operatorOf(id('operator:KZ.nobody')), operatorOf(id('as:29355'))]).toEqual([
      null,
      null,
      null,
    ])
  })

  it('put every operator of a known kind into its group, and one of unknown kind into none', () => {
    for (const row of loadOperators()) {
      const group = accessOf(row)
      expect(group).toBe(row.access === 'unknown' ? null : `access:${row.country}.${row.access}`)
      if (group !== null) expect(parseEntityId(group)?.kind).toBe('access')
    }
    const mobile = loadOperators().filter((row) => accessOf(row) === 'access:KZ.mobile')
    expect(mobile.flatMap(({ asns }) => asns)).toEqual(expect.arrayContaining([29355, 21299, 48503]))
  })

  it('name in the asked language, in English otherwise', () => {
    const kcell = operatorOfAs(29355)
    const irancell = operatorOfAs(44244)
    if (kcell === null || irancell === null) throw new Error('Kcell and Irancell have rows')
    expect(['en', 'kk-KZ', 'ru', 'de', '', '__proto__'].map((language) => operatorName(kcell, language))).toEqual([
      'Kcell',
      'Кселл',
      'Кселл',
      'Kcell',
      'Kcell',
      'Kcell',
    ])
    expect(operatorName(irancell, 'fa')).toBe('ایرانسل')
  })
})
