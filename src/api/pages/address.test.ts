import { describe, expect, it } from 'vitest'
import { addressWith } from './address.ts'

describe('an address with other answers', () => {
  const here = { path: '/en/', query: 'all=1&tz=local' }

  it('keeps what is not named', () => {
    expect(addressWith(here, { what: 'end' }, 'feed')).toBe('/en/?all=1&tz=local&what=end#feed')
  })

  it('takes away what is null, and the question mark with the last', () => {
    expect(addressWith(here, { all: null }, null)).toBe('/en/?tz=local')
    expect(addressWith(here, { all: null, tz: null }, null)).toBe('/en/')
  })

  it('encodes what it is given', () => {
    expect(addressWith({ path: '/en/', query: '' }, { from: '"><script>' }, null)).toBe('/en/?from=%22%3E%3Cscript%3E')
  })
})
