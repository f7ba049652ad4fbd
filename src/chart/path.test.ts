import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandPath, linePath, type Place, type Reach } from './path.ts'

const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true })

describe('a line', () => {
  it('goes through its points, to a tenth of a pixel', () => {
    const places: Place[] = [
      [0, 1],
      [10.04, 2.26],
      [20, 3],
    ]
    expect(linePath(places)).toBe('M0,1L10,2.3L20,3')
  })

  it('breaks where there is no point, and closes a point by itself', () => {
    const places: Place[] = [[0, 1], null, null, [2, 3], [4, 5], null, [6, 7]]
    expect(linePath(places)).toBe('M0,1ZM2,3L4,5M6,7Z')
  })

  it('is nothing where there is nothing', () => {
    expect([linePath([]), linePath([null, null])]).toEqual(['', ''])
  })

  it('names each point once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.tuple(coordinate, coordinate))), (places) => {
        const numbers = linePath(places).match(/-?[\d.]+(?:e-\d+)?/g) ?? []
        const tenths = places.flatMap((place) => place ?? []).map((value) => Math.round(value * 10) / 10)
        expect(numbers.map(Number)).toEqual(tenths.map((value) => value + 0))
      }),
    )
  })
})

describe('a band', () => {
  it('goes along its upper edge and back along the lower one', () => {
    const reaches: Reach[] = [
      [0, 8, 2],
      [10, 9, 1],
    ]
    expect(bandPath(reaches)).toBe('M0,2L10,1L10,9L0,8Z')
  })

  it('has a shape of its own for each unbroken part', () => {
    expect(bandPath([[0, 8, 2], null, [10, 9, 1], [20, 7, 3], null])).toBe('M0,2L0,8ZM10,1L20,3L20,7L10,9Z')
    expect(bandPath([null])).toBe('')
  })
})
