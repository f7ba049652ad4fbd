import { describe, expect, it } from 'vitest'
import { denseWords } from './dense.ts'

describe('the age of the newest value', () => {
  it('fits the edge of a chart, whatever it is', () => {
    const { age } = denseWords('en')
    const ages = [0, 600, 7199, 7200, 100_000, 200_000, 40_000_000].map((seconds) =>
      age(seconds).replace('\u00A0', ' '),
    )
    expect(ages).toEqual([
      '0 min old',
      '10 min old',
      '119 min old',
      '2 h old',
      '27 h old',
      '2 days old',
      '462 days old',
    ])
    expect(Math.max(...ages.map((text) => text.length))).toBeLessThanOrEqual(12)
  })
})
