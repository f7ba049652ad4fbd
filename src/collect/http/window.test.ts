import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { createRequestWindow, type Purpose } from './window.ts'

const at = (seconds: number): UnixSeconds => (1_700_000_000 + seconds) as UnixSeconds

describe('a window of requests', () => {
  it('keeps every window of time within the budget and back-fill within its share, whoever asks when', () => {
    fc.assert(
      fc.property(
        fc.record({
          requests: fc.integer({ min: 1, max: 40 }),
          perSeconds: fc.integer({ min: 10, max: 600 }),
          backfillShare: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        fc.array(fc.tuple(fc.constantFrom<Purpose>('live', 'back-fill'), fc.nat(60)), { maxLength: 200 }),
        (budget, wishes) => {
          const window = createRequestWindow(budget)
          const made: { purpose: Purpose; time: number }[] = []
          let now = at(0)
          for (const [purpose, pause] of wishes) {
            now = (now + pause) as UnixSeconds
            const ready = window.readyAt(purpose, now)
            expect(ready).toBeGreaterThanOrEqual(now)
            if (!Number.isFinite(ready)) continue
            now = ready
            window.record(purpose, now)
            made.push({ purpose, time: now })
          }
          for (const { time: end } of made) {
            const within = made.filter(({ time }) => time > end - budget.perSeconds && time <= end)
            expect(within.length).toBeLessThanOrEqual(budget.requests)
            const backfill = within.filter(({ purpose }) => purpose === 'back-fill')
            expect(backfill.length).toBeLessThanOrEqual(Math.floor(budget.requests * budget.backfillShare))
          }
        },
      ),
    )
  })

  it('lets a cold start spend half of the window at once, and spreads the rest', () => {
    const window = createRequestWindow({ requests: 60, perSeconds: 3600, backfillShare: 0.25 })
    for (let i = 0; i < 30; i++) {
      expect(window.readyAt('live', at(0))).toBe(at(0))
      window.record('live', at(0))
    }
    expect(window.readyAt('live', at(0))).toBe(at(60))
    expect(window.spent(at(0))).toBe(30)
    expect(window.spent(at(3600))).toBe(0)
  })

  it('keeps to the budget, and asks on, when the clock is set back', () => {
    const window = createRequestWindow({ requests: 4, perSeconds: 60, backfillShare: 0.5 })
    for (const seconds of [0, 1, 16, 31]) window.record('live', at(100_000 + seconds))
    expect(window.spent(at(0))).toBe(4)
    expect(window.readyAt('live', at(0))).toBe(at(29))
    expect(window.readyAt('back-fill', at(60))).toBe(at(60))
    expect(window.spent(at(60))).toBe(0)
  })

  it('never lets back-fill go when it has no share', () => {
    const window = createRequestWindow({ requests: 10, perSeconds: 60, backfillShare: 0 })
    expect(window.readyAt('back-fill', at(0))).toBe(Infinity)
    expect(window.readyAt('live', at(0))).toBe(at(0))
  })
})
