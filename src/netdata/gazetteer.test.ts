import { describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import { parseRfc3339 } from '../model/time.ts'
import { createGazetteer } from './gazetteer.ts'
import { countryCodes, isoRegions } from './iso.ts'

const id = (text: string): EntityId => text as EntityId
const at = (text: string) => parseRfc3339(text) ?? (Number.NaN as never)
const gazetteer = createGazetteer([
  { entity: id('place:IR-23.tehran'), name: 'Tehran (city)', parent: null, timeZone: null, knownChildren: null },
  { entity: id('operator:KZ.kcell'), name: 'Kcell', parent: null, timeZone: null, knownChildren: null },
  {
    entity: id('as:29355'),
    name: 'AS29355 Kcell',
    parent: id('operator:KZ.kcell'),
    timeZone: null,
    knownChildren: null,
  },
  { entity: id('place:UA-43.kerch'), name: 'Kerch', parent: null, timeZone: 'Europe/Moscow', knownChildren: null },
])

describe('name', () => {
  it.each([
    ['country:KZ', 'en', 'Kazakhstan'],
    ['country:KZ', 'ru', 'Казахстан'],
    ['country:KZ', 'kk', 'Қазақстан'],
    ['country:IR', 'fa', 'ایران'],
    ['country:XK', 'en', 'Kosovo'],
    ['country:CD', 'en', 'DR Congo'],
    ['country:BY', 'xx', 'Belarus'],
    ['country:BY', 'not a language', 'Belarus'],
    ['region:KZ-75', 'en', 'Almaty'],
    ['region:KZ-47', 'ru', 'Мангистауская область'],
    ['region:KZ-47', 'kk-KZ', 'Маңғыстау облысы'],
    ['region:IR-10', 'en', 'Isfahan'],
    ['region:IR-10', 'de', 'Isfahan'],
    ['region:US-LA', 'en', 'Louisiana'],
    ['place:IR-23.tehran', 'en', 'Tehran (city)'],
    ['place:IR-22.bandar-e-abbas', 'en', 'Bandar E Abbas'],
    ['operator:KZ.kcell', 'en', 'Kcell'],
    ['as:64511', 'en', 'AS64511'],
    ['as:9198', 'en', 'Kazakhtelecom (AS9198)'],
    ['as:9198', 'kk-KZ', 'Қазақтелеком (AS9198)'],
    ['operator:IR.irancell', 'fa', 'ایرانسل'],
    ['operator:IR.irancell', 'de', 'Irancell'],
    ['operator:KZ.nobody-knows', 'en', 'Nobody Knows'],
    ['access:KZ.mobile', 'en', 'Kazakhstan: Mobile'],
    ['as:29355', 'en', 'AS29355 Kcell'],
    ['region:KZ-99', 'en', 'KZ-99'],
    ['nonsense', 'en', 'nonsense'],
  ])('of %s in %s is %s', (entity, language, name) => {
    expect(gazetteer.name(id(entity), language)).toBe(name)
  })

  it('is never empty', () => {
    const ids = [
      'world',
      ...countryCodes().map((code) => `country:${code}`),
      ...[...isoRegions().keys()].map((code) => `region:${code}`),
    ]
    for (const language of ['en', 'fr', 'de', 'ru', 'kk', 'fa']) {
      expect(ids.filter((entity) => gazetteer.name(id(entity), language).trim() === '')).toEqual([])
    }
  })
})

describe('the name of a group of operators', () => {
  it('is that of the words it was given, unless somebody calls the group something else', () => {
    const extra = { name: 'What a case says', parent: null, timeZone: null, knownChildren: null }
    const worded = createGazetteer([{ ...extra, entity: id('access:BY.fixed') }], (slug, country, code, language) =>
      slug === 'odd' ? null : `${slug}, ${country}, ${code}, ${language}`,
    )
    expect(worded.name(id('access:KZ.mobile'), 'ru')).toBe('mobile, Казахстан, KZ, ru')
    expect(worded.name(id('access:BY.fixed'), 'ru')).toBe('What a case says')
    expect(worded.name(id('access:KZ.odd'), 'en')).toBe('Kazakhstan: Odd')
  })
})

describe('clocks', () => {
  it.each([
    ['country:KZ', '2022-01-05T10:30:00Z', 6],
    ['country:KZ', '2024-03-02T00:00:00Z', 5],
    ['region:KZ-47', '2022-01-05T10:30:00Z', 5],
    ['country:IR', '2026-01-08T16:30:00Z', 3.5],
    ['place:IR-23.tehran', '2022-07-01T00:00:00Z', 4.5],
    ['operator:KZ.kcell', '2022-01-05T10:30:00Z', 6],
    ['as:29355', '2022-01-05T10:30:00Z', 6],
    ['country:BY', '2020-08-09T17:00:00Z', 3],
    ['region:US-LA', '2020-08-27T06:00:00Z', -5],
    ['region:UA-43', '2022-01-05T00:00:00Z', 3],
    ['region:UA-14', '2022-01-05T00:00:00Z', 2],
    ['place:UA-43.kerch', '2022-01-05T00:00:00Z', 3],
    ['region:FR-974', '2022-01-05T00:00:00Z', 4],
    ['world', '2022-01-05T00:00:00Z', 0],
    ['as:9198', '2022-01-05T00:00:00Z', 6],
    ['as:64511', '2022-01-05T00:00:00Z', 0],
    ['country:AQ', '2022-01-05T00:00:00Z', 0],
  ])('of %s at %s are %d hours east of UTC', (entity, instant, hours) => {
    expect(gazetteer.offset(id(entity), at(instant))).toBe(hours * 3600)
  })

  it('are named, or null where no one clock can be', () => {
    expect(gazetteer.timeZone(id('region:KZ-47'))).toBe('Asia/Aqtau')
    expect(gazetteer.timeZone(id('country:KZ'))).toBe('Asia/Almaty')
    expect(gazetteer.timeZone(id('world'))).toBeNull()
    expect(gazetteer.timeZone(id('as:9198'))).toBe('Asia/Almaty')
    expect(gazetteer.timeZone(id('as:64511'))).toBeNull()
  })
})

describe('exists', () => {
  it('holds for what ISO 3166 holds, and for the form of all else', () => {
    const ids = ['world', 'country:KZ', 'country:XK', 'region:KZ-10', 'place:KZ-10.semey', 'as:1', 'operator:KZ.kcell']
    expect(ids.filter((entity) => !gazetteer.exists(id(entity)))).toEqual([])
    expect(
      ['country:ZZ', 'country:EU', 'region:KZ-99', 'nonsense'].filter((entity) => gazetteer.exists(id(entity))),
    ).toEqual([])
  })
})
