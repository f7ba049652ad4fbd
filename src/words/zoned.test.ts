import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { at } from './samples.testing.ts'
import { zoned } from './zoned.ts'

const ONSET = at('2026-01-08T16:30:00Z')
const TEHRAN = { zone: 'Asia/Tehran', changes: [{ from: ONSET, offset: 12_600 }] }

describe('a catalogue by another clock', () => {
  it('is the catalogue itself for UTC', () => {
    expect(zoned(en, null)).toBe(en)
  })

  it('reads charts, tables and lists from that clock, and prints its zone', () => {
    const words = zoned(en, TEHRAN)
    expect(words.timeShort(ONSET)).toBe('20:00')
    expect([en.offset(ONSET), words.offset(ONSET)]).toEqual([0, 12_600])
    expect(words.instantShort(ONSET)).toBe('8 Jan, 20:00')
    expect(words.chart.onset(ONSET)).toBe('8 Jan, 20:00')
    expect(words.chart.timeAxis).toBe('Time in Tehran')
    expect(words.incident.revisionColumns.published).toBe('Published (Tehran)')
    expect(words.instant(ONSET, null)).toBe('8 January 2026, 20:00 in Tehran (16:30 UTC)')
    expect(words.dayShort(at('2026-01-08T21:00:00Z'))).toBe('9 Jan')
    expect(words.instant(at('2026-01-08T21:00:00Z'), null)).toBe(
      '9 January 2026, 00:30 in Tehran (8 January, 21:00 UTC)',
    )
  })

  it('leaves sentences as they are quoted: UTC with the place’s own time', () => {
    expect(zoned(en, TEHRAN).headline.lasted(ONSET, at('2026-01-08T18:30:00Z'), TEHRAN)).toBe(
      en.headline.lasted(ONSET, at('2026-01-08T18:30:00Z'), TEHRAN),
    )
  })
})
