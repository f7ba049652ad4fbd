import { describe, expect, it } from 'vitest'
import { offsetAt } from '../../words/clock.ts'
import { at } from '../../words/samples.testing.ts'
import { addressWithClock, clockOfAddress, nextClock, readerClock } from './clock.ts'

describe('the choice of a clock', () => {
  it('goes round, by the place’s own where there is one', () => {
    expect([nextClock('utc', true), nextClock('local', true), nextClock('mine', true)]).toEqual([
      'local',
      'mine',
      'utc',
    ])
    expect([nextClock('utc', false), nextClock('mine', false)]).toEqual(['mine', 'utc'])
  })

  it('is in the address, beside what else is there', () => {
    expect(addressWithClock('http://x/en/country/IR?from=a', 'mine')).toBe('http://x/en/country/IR?from=a&tz=mine')
    expect(addressWithClock('http://x/en/country/IR?from=a&tz=mine', 'utc')).toBe('http://x/en/country/IR?from=a')
    expect(['', '?tz=utc', '?tz=Mars'].map(clockOfAddress)).toEqual(['utc', 'utc', 'utc'])
    expect(['?tz=local', '?x=1&tz=mine'].map(clockOfAddress)).toEqual(['local', 'mine'])
  })

  it('knows when the reader’s clock was changed, to the minute', () => {
    const change = at('2025-10-26T01:00:00Z')
    const clock = readerClock('Europe/Berlin', at('2025-09-01T00:00:00Z'), at('2026-01-01T00:00:00Z'), (instant) =>
      instant < change ? 7200 : 3600,
    )
    expect(clock.changes).toHaveLength(2)
    expect(Math.abs((clock.changes[1]?.from ?? 0) - change)).toBeLessThanOrEqual(60)
    expect(offsetAt(clock, at('2025-10-25T12:00:00Z'))).toBe(7200)
    expect(offsetAt(clock, at('2025-10-27T12:00:00Z'))).toBe(3600)
  })
})
