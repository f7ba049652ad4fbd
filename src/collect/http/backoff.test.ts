import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { backoffSeconds, retryAfter } from './backoff.ts'

const NOW = 1_700_000_000 as UnixSeconds

describe('the wait after failures', () => {
  it('doubles from half a minute to a quarter of an hour', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1000].map((failures) => backoffSeconds(failures, 0.5))).toEqual([
      30, 60, 120, 240, 480, 900, 900, 900,
    ])
  })

  it('differs by chance, by a fifth either way', () => {
    expect(backoffSeconds(1, 0)).toBe(24)
    expect(backoffSeconds(1, 0.999)).toBe(36)
  })
})

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    [' 0 ', 0],
    ['99999999', 86_400],
    ['Tue, 14 Nov 2023 22:15:20 GMT', 120],
    ['Tuesday, 14-Nov-23 22:15:20 GMT', 120],
    ['Mon, 13 Nov 2023 22:15:20 GMT', 0],
  ])('%j is %i s from now', (text, seconds) => {
    expect(retryAfter(text, NOW)).toBe(NOW + seconds)
  })

  it.each([null, '', 'soon', '-5', '1.5', 'Tue, 99 Nov 2023'])('%j says nothing', (text) => {
    expect(retryAfter(text, NOW)).toBeNull()
  })

  it('never sends us back in time, nor away for more than a day, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
        ),
        (text) => {
          const at = retryAfter(text, NOW)
          if (at !== null) expect(at >= NOW && at <= NOW + 86_400).toBe(true)
        },
      ),
    )
  })
})
