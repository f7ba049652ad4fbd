import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { DAY } from '../model/time.ts'
import { createFullness } from './fullness.ts'

const at = (days: number): UnixSeconds => (1_700_000_000 + days * DAY) as UnixSeconds

describe('the fullness of answers', () => {
  it('takes the first answer as it comes, and later ones by the fullest', () => {
    const fullness = createFullness()
    expect(fullness.least()).toBe(0)
    expect(fullness.isThin(0.5, at(0))).toBe(false)
    expect(fullness.isThin(0.9, at(0))).toBe(false)
    expect(fullness.isThin(0.85, at(0))).toBe(false)
    expect(fullness.isThin(0.5, at(0))).toBe(true)
    expect(fullness.least()).toBeCloseTo(0.81)
  })

  it('finds an empty answer thin once anything has come', () => {
    const fullness = createFullness()
    expect(fullness.isThin(0, at(0))).toBe(false)
    expect(fullness.isThin(0.2, at(0))).toBe(false)
    expect(fullness.isThin(0, at(0))).toBe(true)
  })

  it('gets used to less within days, not within hours', () => {
    const fullness = createFullness()
    fullness.isThin(1, at(0))
    const thin: boolean[] = []
    for (let day = 0; day < 8; day += 0.25) thin.push(fullness.isThin(0.5, at(day)))
    expect(thin.indexOf(false) / 4).toBeGreaterThan(4)
    expect(thin.at(-1)).toBe(false)
  })
})
