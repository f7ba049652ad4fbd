import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepTo } from './step.ts'

describe('walking through the map', () => {
  it('goes in a ring, to the first and to the last', () => {
    expect(stepTo('ArrowRight', 4, 5)).toBe(0)
    expect(stepTo('ArrowUp', 0, 5)).toBe(4)
    expect(stepTo('End', 1, 5)).toBe(4)
    expect(stepTo('Home', 3, 5)).toBe(0)
  })

  it('leaves other keys to the browser', () => {
    for (const key of ['Tab', 'Enter', 'a', ' ']) expect(stepTo(key, 0, 5)).toBeNull()
  })

  it('comes back by the opposite key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (count, place) => {
        const at = place % count
        expect(stepTo('ArrowLeft', stepTo('ArrowRight', at, count) ?? -1, count)).toBe(at)
      }),
    )
  })
})
