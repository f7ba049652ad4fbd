import { describe, expect, it } from 'vitest'
import { timeTicks } from './ticks.ts'

const DAY = 86_400

describe('timeTicks', () => {
  it('stands on midnights of UTC over days and on full hours within one', () => {
    const days = timeTicks(1000, 1000 + 12 * DAY, 6, 0)
    expect(days.every((tick) => tick.isDay && tick.at % DAY === 0)).toBe(true)
    expect(days.length).toBeLessThanOrEqual(7)
    const hours = timeTicks(1000, 1000 + DAY, 8, 0)
    expect(hours.every((tick) => tick.at % 3600 === 0)).toBe(true)
    expect(hours.filter((tick) => tick.isDay)).toHaveLength(1)
  })

  it('stands on midnights and full hours of another clock', () => {
    const tehran = 12_600
    const days = timeTicks(1000, 1000 + 12 * DAY, 6, tehran)
    expect(days.every((tick) => tick.isDay && (tick.at + tehran) % DAY === 0)).toBe(true)
    const hours = timeTicks(1000, 1000 + DAY, 8, tehran)
    expect(hours.every((tick) => (tick.at + tehran) % 3600 === 0 && tick.at >= 1000)).toBe(true)
  })

  it('ends for any length', () => {
    expect(timeTicks(0, 200 * 365 * DAY, 5, 0).length).toBeLessThan(30)
    expect(timeTicks(5, 5, 5, 0)).toEqual([])
  })
})
