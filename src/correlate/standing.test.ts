import { describe, expect, it } from 'vitest'
import { DAY } from '../model/time.ts'
import { START, STEP, hours, span, standing } from './samples.testing.ts'
import { isDeep, lossOf, seenFrom, spanUntil } from './standing.ts'

describe('spanUntil', () => {
  it('is the first good bin, the day the yardstick moved, or when it was last seen', () => {
    expect(spanUntil(span(0, 5))).toBe(hours(5))
    expect(spanUntil(span(0, 170, { close: 'new-normal' }))).toBe(hours(170))
    expect(spanUntil({ ...span(0, 170, { close: 'lost-sight' }), lastSeen: hours(2) })).toBe(hours(2))
    expect(spanUntil(span(0, null))).toBeNull()
  })
})

describe('seenFrom', () => {
  it('loses an open span from sight a week after its series fell silent, four where zeros are left out', () => {
    for (const [zeroIsOmitted, days] of [
      [false, 7],
      [true, 28],
    ] as const) {
      const silent = standing('a', [span(0, 3), span(10, null)], { seenAt: hours(20), zeroIsOmitted })
      const edge = 20 + days * 24 + STEP / 3600
      expect(seenFrom(silent, hours(edge - 0.1))).toBe(silent)
      expect(seenFrom(silent, hours(edge)).spans).toEqual([
        silent.spans[0],
        { ...silent.spans[1], close: 'lost-sight', closedAt: hours(edge) },
      ])
    }
  })

  it('leaves what has ended, and what never began, as it is', () => {
    const over = standing('a', [span(0, 3)], { seenAt: hours(4) })
    expect(seenFrom(over, hours(9999))).toBe(over)
    const calm = standing('a', [])
    expect(seenFrom(calm, hours(9999))).toBe(calm)
  })
})

describe('isDeep', () => {
  it('means worse than half of usual, in the direction that is bad', () => {
    expect(isDeep(standing('a', []), span(0, 1, { trough: 0.49 }))).toBe(true)
    expect(isDeep(standing('a', []), span(0, 1, { trough: 0.5 }))).toBe(false)
    const up = standing('a', [], { badDirection: 'up' })
    expect(isDeep(up, span(0, 1, { trough: 2.1 }))).toBe(true)
    expect(isDeep(up, span(0, 1, { trough: 2 }))).toBe(false)
    expect(isDeep(up, span(0, 1, { trough: 0.1 }))).toBe(false)
  })
})

describe('lossOf', () => {
  it('is what is missing of usual, and for a rise what is missing of its inverse', () => {
    expect(lossOf('down', 0.25)).toBe(0.75)
    expect(lossOf('down', 1.4)).toBe(0)
    expect(lossOf('up', 4)).toBe(0.75)
    expect(lossOf('up', 0.5)).toBe(0)
    expect(lossOf('up', 0)).toBe(0)
    expect(START % DAY).toBe(0)
  })
})
