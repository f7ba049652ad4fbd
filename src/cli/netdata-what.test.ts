import { describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import { UsageError } from '../model/errors.ts'
import type { Operator } from '../model/routing.ts'
import { formatPrefix } from '../wire/prefix.ts'
import { parseAsked } from './netdata-what.ts'

const operator = (entity: string, names: Operator['names']): Operator => ({
  entity: entity as EntityId,
  country: entity.slice(9, 11),
  access: 'unknown',
  names,
  asns: [],
  sources: [],
})
const OPERATORS = [
  operator('operator:KZ.kcell', { en: 'Kcell', ru: 'Кселл' }),
  operator('operator:KZ.beeline', { en: 'Beeline Kazakhstan' }),
  operator('operator:RU.beeline', { en: 'Beeline' }),
  operator('operator:UA.beeline-ua', { en: 'Beeline Ukraine' }),
]

function told(text: string): string {
  const asked = parseAsked(text, OPERATORS)
  switch (asked.kind) {
    case 'as':
      return `AS${asked.asn}`
    case 'prefix':
      return formatPrefix(asked.prefix)
    case 'country':
      return asked.country
    case 'operator':
      return asked.operator.entity
  }
}

describe('what netdata show is asked about', () => {
  it.each([
    ['9198', 'AS9198'],
    ['AS9198', 'AS9198'],
    [' as9198 ', 'AS9198'],
    ['as:9198', 'AS9198'],
    ['4294967295', 'AS4294967295'],
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['KZ', 'KZ'],
    ['kz', 'KZ'],
    ['country:KZ', 'KZ'],
    ['operator:KZ.kcell', 'operator:KZ.kcell'],
    ['kcell', 'operator:KZ.kcell'],
    ['кселл', 'operator:KZ.kcell'],
    ['Kazakhstan', 'operator:KZ.beeline'],
    // The whole name of one, also where it is part of another's.
    ['beeline', 'operator:RU.beeline'],
  ])('%s is %s', (text, expected) => {
    expect(told(text)).toBe(expected)
  })

  it.each([
    ['0', 'they go from 1 to 4294967295'],
    ['4294967296', 'they go from 1 to 4294967295'],
    ['203.0.113', 'is no address and no prefix'],
    ['203.0.113.0/33', 'is no address and no prefix'],
    ['2001:db8::/129', 'is no address and no prefix'],
    ['2001:db8:::1', 'is no address and no prefix'],
    ['country:ZZ', 'ZZ is no country of ISO 3166-1'],
    ['region:KZ-75', 'is no network'],
    ['operator:KZ.nobody', 'of that country there are operator:KZ.kcell, operator:KZ.beeline'],
    ['operator:SY.nobody', 'there is no operator:SY.nobody in data/operators'],
    ['beel', 'fits 3 operators; show one of them by its id: operator:KZ.beeline (Beeline Kazakhstan)'],
    ['ZZ', 'nothing is known by “ZZ”: show an AS (9198 or AS9198)'],
    ['', 'nothing is known by “”'],
  ])('refuses %j, and says what would be right', (text, words) => {
    expect(() => parseAsked(text, OPERATORS)).toThrow(UsageError)
    expect(() => parseAsked(text, OPERATORS)).toThrow(words)
  })
})
