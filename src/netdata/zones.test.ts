import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { parseRfc3339, toRfc3339 } from '../model/time.ts'
import { isZone, localToUtc, zoneOffset } from './zones.ts'

const at = (text: string): UnixSeconds => parseRfc3339(text) ?? (Number.NaN as UnixSeconds)
const HOURS = 3600

/** The same by the shortest road through Intl, for instants since 1970 without odd seconds. */
function offsetByIntl(zone: string, instant: number): number {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return Date.parse(`${clock.format(instant * 1000).replace(' ', 'T')}Z`) / 1000 - instant
}

const zones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Caracas',
  'America/St_Johns',
  'Asia/Almaty',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Europe/Kyiv',
  'Europe/London',
  'Europe/Minsk',
  'Europe/Volgograd',
  'Pacific/Apia',
  'UTC',
]
const aZone = fc.constantFrom(...zones)
const anInstant = fc.integer({ min: at('1990-01-01'), max: at('2035-01-01') }).map((value) => value as UnixSeconds)

describe('zoneOffset', () => {
  it.each([
    ['Asia/Almaty', '2022-01-05T10:30:00Z', 6],
    ['Asia/Almaty', '2024-02-29T17:59:59Z', 6],
    ['Asia/Almaty', '2024-02-29T18:00:00Z', 5],
    ['Asia/Aqtau', '2022-01-05T10:30:00Z', 5],
    ['Asia/Tehran', '2026-01-08T16:30:00Z', 3.5],
    ['Asia/Tehran', '2022-07-01T00:00:00Z', 4.5],
    ['Asia/Tehran', '2023-07-01T00:00:00Z', 3.5],
    ['Europe/Minsk', '2020-08-09T17:00:00Z', 3],
    ['Europe/Minsk', '2010-01-01T00:00:00Z', 2],
    ['Europe/Simferopol', '2022-01-05T00:00:00Z', 3],
    ['Europe/Kyiv', '2022-01-05T00:00:00Z', 2],
  ])('%s at %s is UTC%+d', (zone, text, hours) => {
    expect(zoneOffset(zone, at(text))).toBe(hours * HOURS)
  })

  it('changes at the very second', () => {
    expect(zoneOffset('Europe/London', at('2026-03-29T00:59:59Z'))).toBe(0)
    expect(zoneOffset('Europe/London', at('2026-03-29T01:00:00Z'))).toBe(HOURS)
  })

  it('equals Intl for any instant and zone, in any order', () => {
    fc.assert(
      fc.property(aZone, anInstant, (zone, instant) => {
        expect(zoneOffset(zone, instant)).toBe(offsetByIntl(zone, instant))
      }),
      { numRuns: 2000 },
    )
  })

  it('throws for what is no zone', () => {
    expect(() => zoneOffset('Asia/Atlantis', at('2026-01-01'))).toThrow(TypeError)
  })
})

describe('localToUtc', () => {
  it('undoes the clock for any instant and zone', () => {
    fc.assert(
      fc.property(aZone, anInstant, (zone, instant) => {
        const found = localToUtc(instant + zoneOffset(zone, instant), zone)
        expect(found?.ambiguous === true ? found.at <= instant : found?.at === instant).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['2022-01-05T16:30:00', 'Asia/Almaty', '2022-01-05T10:30:00Z'],
    ['2019-11-16T20:30:00', 'Asia/Tehran', '2019-11-16T17:00:00Z'],
    ['2022-01-01T01:00:00', 'Europe/Zaporozhye', '2021-12-31T23:00:00Z'],
  ])('reads %s in %s as %s', (local, zone, utc) => {
    const found = localToUtc(at(`${local}Z`), zone)
    expect(found).toEqual({ at: at(utc), ambiguous: false })
  })

  it('takes the earlier of two instants when the clocks went back, and says so', () => {
    const found = localToUtc(at('2025-10-26T01:30:00Z'), 'Europe/London')
    expect(found?.ambiguous).toBe(true)
    expect(toRfc3339(found?.at ?? at('1970-01-01'))).toBe('2025-10-26T00:30:00Z')
  })

  it('knows no instant for a time that the clocks jumped over', () => {
    expect(localToUtc(at('2026-03-29T01:30:00Z'), 'Europe/London')).toBeNull()
    expect(localToUtc(at('2011-12-30T12:00:00Z'), 'Pacific/Apia')).toBeNull()
  })
})

describe('isZone', () => {
  it('knows names of the database, old ones too, and no offsets', () => {
    expect(['Asia/Tehran', 'Europe/Kiev', 'Europe/Kyiv', 'UTC'].filter(isZone)).toHaveLength(4)
    expect(['', '+03:30', 'Asia/Atlantis', 'local'].filter(isZone)).toEqual([])
  })
})
