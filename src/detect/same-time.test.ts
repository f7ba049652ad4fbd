import { describe, expect, it } from 'vitest'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { MONDAY } from './samples.testing.ts'
import { createSameTimeMemory } from './same-time.ts'

const at = (day: number, hour = 0): UnixSeconds => (MONDAY + day * DAY + hour * HOUR) as UnixSeconds
const memory = (days: readonly number[]): ReturnType<typeof createSameTimeMemory> => {
  const made = createSameTimeMemory(2, HOUR, 0 as Seconds)
  for (const day of days) made.remember(at(day), Float64Array.of(day, day % 2 === 0 ? 100 : Number.NaN))
  return made
}

describe('the memory of the same time of day', () => {
  it('gives the median of the newest seven days before, and keeps times of day apart', () => {
    const made = memory([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...made.usual(at(10))]).toEqual([6, 100])
    expect([...made.usual(at(10, 1))]).toEqual([Number.NaN, Number.NaN])
  })

  it('wants three days with a value', () => {
    expect(memory([0, 1]).usual(at(2))[0]).toBeNaN()
    expect(memory([0, 1, 2]).usual(at(3))[0]).toBe(1)
    expect(memory([0, 1, 2]).usual(at(3))[1]).toBeNaN()
  })

  it('reaches over a blindness of weeks, and over no more than five', () => {
    const made = memory([0, 1, 2])
    expect(made.usual(at(33))[0]).toBe(1)
    expect(made.usual(at(36))[0]).toBeNaN()
  })

  it('knows the same weekday of the week before, where it was kept', () => {
    const made = memory([3, 4, 6])
    expect([...made.weekBefore(at(10))]).toEqual([3, Number.NaN])
    expect(made.weekBefore(at(12))[0]).toBeNaN()
    expect(made.weekBefore(at(10, 1))[0]).toBeNaN()
  })

  it('takes a bin anew, and one that is older than all it keeps not at all', () => {
    const made = memory([10, 11, 12, 13, 14, 15, 16])
    made.remember(at(16), Float64Array.of(500, 1))
    made.remember(at(2), Float64Array.of(900, 1))
    expect(made.usual(at(17))[0]).toBe(13)
    expect(made.weekBefore(at(23))[0]).toBe(500)
  })

  it('tells the bins of a day by their phase', () => {
    const half = (HOUR / 2) as Seconds
    const made = createSameTimeMemory(1, HOUR, half)
    for (const day of [0, 1, 2]) made.remember((at(day) - half) as UnixSeconds, Float64Array.of(7))
    expect(made.usual((at(3) - half) as UnixSeconds)[0]).toBe(7)
    expect(() => createSameTimeMemory(1, (7 * HOUR) as Seconds, 0 as Seconds)).toThrow(RangeError)
  })
})
