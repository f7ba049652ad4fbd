import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEntityId } from '../model/entity.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { createSearch } from './search.ts'

const search = createSearch(createGazetteer([]))

describe('search', () => {
  it.each([
    ['Kazakhstan', 'country:KZ'],
    ['  kazakhstan ', 'country:KZ'],
    ['Казахстан', 'country:KZ'],
    ['Қазақстан', 'country:KZ'],
    ['ایران', 'country:IR'],
    ['KZ', 'country:KZ'],
    ['kz', 'country:KZ'],
    ['KAZ', 'country:KZ'],
    ['kazakh', 'country:KZ'],
    ['cote d ivoire', 'country:CI'],
    ['AS9198', 'as:9198'],
    ['as 9198', 'as:9198'],
    ['9198', 'as:9198'],
    ['KZ-75', 'region:KZ-75'],
    ['Khuzestan', 'region:IR-06'],
    ['AS29355', 'as:29355'],
    ['kcell', 'operator:KZ.kcell'],
    ['Кселл', 'operator:KZ.kcell'],
    ['қазақтелеком', 'operator:KZ.kazakhtelecom'],
    ['ایرانسل', 'operator:IR.irancell'],
    ['Irancell', 'operator:IR.irancell'],
    ['life:)', 'operator:BY.life'],
    ['белтелеком', 'operator:BY.beltelecom'],
    ['Tehran', 'region:IR-23'],
  ])('finds %s', (asked, entity) => {
    expect(search.find(asked)).toBe(entity)
  })

  it.each(['', '   ', '?', 'Atlantis', 'AS0', 'AS4294967296', 'united', '-'])('does not guess at ‘%s’', (asked) => {
    expect(search.find(asked)).toBeNull()
  })

  it('gives an entity or nothing for whatever a reader writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (asked) => {
        const found = search.find(asked)
        expect(found === null || parseEntityId(found) !== null).toBe(true)
      }),
    )
  })
})
