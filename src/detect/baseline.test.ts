import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR, WEEK } from '../model/time.ts'
import type { BaselineMemory, OffsetAt, Usual } from './baseline.ts'
import { createMemory, remember, slotOf, usualOf } from './baseline.ts'
import { MONDAY, uniform } from './samples.testing.ts'

const UTC: OffsetAt = () => 0
const HALF_HOUR = 1800 as Seconds

type ValueAt = (at: number) => number

/** A memory of `[MONDAY, until)`, its residuals as given, `NaN` where `value` has none. */
function filled(slot: Seconds, until: number, value: ValueAt, residual: ValueAt = () => Number.NaN): BaselineMemory {
  const memory = createMemory(slot, 0 as Seconds)
  for (let at: number = MONDAY; at < until; at += memory.slotSeconds) {
    if (!Number.isNaN(value(at))) remember(memory, slotOf(memory, at as UnixSeconds), value(at), residual(at))
  }
  return memory
}

function ask(memory: BaselineMemory, at: number, offsetAt: OffsetAt = UTC, floor = 0, quantum = 0): Usual | null {
  const slot = slotOf(memory, at as UnixSeconds)
  return usualOf(memory, slot, slot, offsetAt, floor, quantum, true)
}

const hourOf = (at: number): number => Math.floor((((at % DAY) + DAY) % DAY) / HOUR)
const dayOf = (at: number): number => Math.floor((at - MONDAY) / DAY)

describe('usualOf', () => {
  it('knows nothing before a day, a running median then, the hour of the day from three days, of the week from two weeks', () => {
    const kinds = [0.5, 0.75, 1, 2.9, 3.1, 13.9, 14.1, 40].map(
      (days) =>
        ask(
          filled(HOUR, MONDAY + days * DAY, () => 100),
          MONDAY + days * DAY,
        )?.kind ?? null,
    )
    expect(kinds).toEqual([
      null,
      null,
      'running-median',
      'running-median',
      'hour-of-day',
      'hour-of-day',
      'hour-of-week',
      'hour-of-week',
    ])
  })

  it('gives a signal without a rhythm a running median from six bins on', () => {
    const memory = filled(HOUR, MONDAY + 6 * HOUR, () => 100)
    const slot = slotOf(memory, (MONDAY + 6 * HOUR) as UnixSeconds)
    expect(usualOf(memory, slot, slot, UTC, 0, 0, false)?.expected).toBe(100)
    expect(usualOf(memory, slot - 1, slot - 1, UTC, 0, 0, false)).toBeNull()
  })

  it('expects each hour of the day what that hour had', () => {
    const memory = filled(HOUR, MONDAY + 5 * DAY, (at) => 100 + hourOf(at))
    for (let hour = 0; hour < 24; hour++) expect(ask(memory, MONDAY + 5 * DAY + hour * HOUR)?.expected).toBe(100 + hour)
  })

  it('has learnt the weekend after two weeks', () => {
    const weekend: ValueAt = (at) => (dayOf(at) % 7 >= 5 ? 40 : 100)
    for (const weeks of [2, 3, 4, 6]) {
      const memory = filled(HALF_HOUR, MONDAY + weeks * WEEK, weekend)
      expect(ask(memory, MONDAY + weeks * WEEK + 4 * DAY)?.expected).toBe(100)
      expect(ask(memory, MONDAY + weeks * WEEK + 5 * DAY + 3 * HOUR)?.expected).toBe(40)
    }
  })

  it('lets the hour of the day decide where two weeks disagree', () => {
    for (const bad of [0, 1]) {
      const memory = filled(HOUR, MONDAY + 2 * WEEK, (at) => (dayOf(at) === 7 * bad + 2 ? 10 : 100))
      expect(ask(memory, MONDAY + 2 * WEEK + 2 * DAY)?.expected).toBe(100)
    }
  })

  it('is not moved by one bad week of four, nor by one bad day of five', () => {
    const lost = filled(HOUR, MONDAY + 4 * WEEK, (at) => (dayOf(at) >= 14 && dayOf(at) < 21 ? 0 : 100))
    expect(ask(lost, MONDAY + 4 * WEEK + 9 * HOUR)?.expected).toBe(100)
    const day = filled(HOUR, MONDAY + 5 * DAY, (at) => (dayOf(at) === 2 ? 0 : 100))
    expect(ask(day, MONDAY + 5 * DAY + 9 * HOUR)?.expected).toBe(100)
  })

  it('follows the clock on the wall over a change to and from daylight saving time', () => {
    for (const [before, after] of [
      [3600, 7200],
      [7200, 3600],
      [12_600, 16_200],
      [37_800, 39_600],
    ] as const) {
      const change = MONDAY + 4 * WEEK + 6 * DAY
      const offsetAt: OffsetAt = (at) => (at < change ? before : after)
      const memory = filled(HALF_HOUR, change + DAY, (at) => 100 + hourOf(at + offsetAt(at as UnixSeconds)))
      for (let hour = 0; hour < 24; hour++) {
        const at = change + DAY + hour * HOUR
        expect(ask(memory, at, offsetAt)?.expected).toBe(100 + hourOf(at + after))
      }
    }
  })

  it('keeps the weekday of daily bins when the clocks change', () => {
    for (const [before, after] of [
      [3600, 7200],
      [7200, 3600],
    ] as const) {
      const change = MONDAY + 4 * WEEK
      const offsetAt: OffsetAt = (at) => (at < change ? before : after)
      const memory = filled(DAY, change + 2 * DAY, (at) => 100 + (dayOf(at) % 7))
      expect(ask(memory, change + 2 * DAY, offsetAt)?.expected).toBe(102)
      expect(ask(memory, change + 3 * DAY, offsetAt)?.expected).toBe(103)
    }
  })

  it('compares like with like on bins that were cut on a clock half an hour off', () => {
    const memory = createMemory(HOUR, HALF_HOUR)
    for (let at = MONDAY + 1800; at < MONDAY + 4 * WEEK; at += HOUR)
      remember(memory, slotOf(memory, at as UnixSeconds), 100 + hourOf(at), Number.NaN)
    const at = MONDAY + 4 * WEEK + 9 * HOUR + 1800
    expect(ask(memory, at, () => 12_600)?.expected).toBe(109)
  })

  it('takes the spread from residuals of these hours, whatever other hours do', () => {
    const noisy: ValueAt = (at) => (hourOf(at) >= 12 ? 0.2 : 0.05) * (at % (2 * HOUR) === 0 ? 1 : -1)
    const memory = filled(HOUR, MONDAY + 4 * WEEK, () => 100, noisy)
    expect(ask(memory, MONDAY + 4 * WEEK + 3 * HOUR)?.spread).toBeCloseTo(1.4826 * 5, 3)
    expect(ask(memory, MONDAY + 4 * WEEK + 18 * HOUR)?.spread).toBeCloseTo(1.4826 * 20, 3)
  })

  it('takes the spread from the values themselves while residuals are few', () => {
    const values = [80, 100, 120, 90, 110]
    const memory = filled(HOUR, MONDAY + 5 * DAY, (at) => values[dayOf(at)] ?? 0)
    expect(ask(memory, MONDAY + 5 * DAY + 12 * HOUR)?.spread).toBeCloseTo(14.826, 3)
  })

  it('gives a series that never moves the floor of its rule, and at least one quantum', () => {
    for (const days of [2, 5, 30]) {
      const memory = filled(
        HALF_HOUR,
        MONDAY + days * DAY,
        () => 200,
        () => 0,
      )
      const factor = days === 2 ? 2 : 1
      expect(ask(memory, MONDAY + days * DAY, UTC, 0.01, 0)?.spread).toBeCloseTo(200 * 0.01 * factor, 9)
      expect(ask(memory, MONDAY + days * DAY, UTC, 0.01, 10)?.spread).toBe(10)
    }
  })

  it('asks the past alone: no slot at or after its own, nor at or after what is known, moves it', () => {
    const slots = 40 * 48
    const property = fc.property(
      fc.integer({ min: 24, max: slots - 60 }),
      fc.integer({ min: 0, max: 1 }),
      fc.constantFrom(0, 3600, -3600, 1800),
      fc.nat(),
      (index, ahead, jump, seed) => {
        const next = uniform(seed)
        const at = MONDAY + index * 1800
        const offsetAt: OffsetAt = (each) => (each < at - 3 * DAY ? 0 : jump)
        const value: ValueAt = () => 50 + 100 * next()
        const whole = filled(HALF_HOUR, MONDAY + slots * 1800, value, () => next() - 0.5)
        const past = createMemory(HALF_HOUR, 0 as Seconds)
        const known = slotOf(whole, at as UnixSeconds)
        whole.slots.forEach((slot, place) => {
          if (slot < known && slot >= 0)
            remember(past, slot, whole.values[place] ?? Number.NaN, whole.residuals[place] ?? Number.NaN)
        })
        const usual = (memory: BaselineMemory): Usual | null =>
          usualOf(memory, known + ahead, known, offsetAt, 0.01, 1, true)
        // A place of the ring that the future has taken is gone for both.
        expect(usual(whole)).toEqual(usual(past))
      },
    )
    fc.assert(property, { numRuns: 60 })
  })
})
