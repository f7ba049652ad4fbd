import { describe, expect, it } from 'vitest'
import { accessGroupName } from './access.ts'

describe('the name of a group of operators', () => {
  it.each([
    ['mobile', 'Kazakhstan', 'KZ', 'en', 'mobile networks of Kazakhstan'],
    ['fixed', 'Philippines', 'PH', 'en', 'fixed networks of the Philippines'],
    ['mixed', 'Iran', 'IR', 'en', 'networks of Iran that are both fixed and mobile'],
    ['exchange', 'Belarus', 'BY', 'en', 'Internet exchanges of Belarus'],
    ['mobile', 'Belarus', 'BY', 'xx', 'mobile networks of Belarus'],
  ])('%s of %s (%s) in %s: %s', (slug, country, code, language, name) => {
    expect(accessGroupName(slug, country, code, language)).toBe(name)
  })

  it.each(['unknown', 'wifi', 'toString', ''])('%j is no group', (slug) => {
    expect(accessGroupName(slug, 'Kazakhstan', 'KZ', 'en')).toBeNull()
  })
})
