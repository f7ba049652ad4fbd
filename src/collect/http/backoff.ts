import type { UnixSeconds } from '../../model/brand.ts'

const FIRST_WAIT_SECONDS = 30
const LONGEST_WAIT_SECONDS = 900
/** An upstream that asks for more than this is asked again once a day all the same: it may have meant something else. */
const LONGEST_REQUESTED_WAIT_SECONDS = 86_400

/**
 * How long to leave an upstream alone after failures in a row: doubling from half a minute to a quarter of an hour, ± 20 %
 * so that many observatories do not come back in the same second.
 *
 * @param failures in a row, from 1.
 * @param chance   0 ≤ x < 1.
 */
export function backoffSeconds(failures: number, chance: number): number {
  const wait = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** Math.min(failures - 1, 20))
  return Math.ceil(wait * (0.8 + 0.4 * chance))
}

/**
 * Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
 *
 * @returns the instant by our clock, at least `now` and at most a day later; `null` when there is none or it says nothing.
 */
export function retryAfter(header: string | null, now: UnixSeconds): UnixSeconds | null {
  const text = header?.trim() ?? ''
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Math.ceil(Date.parse(text) / 1000) : NaN
  const at = /^\d{1,9}$/.test(text) ? now + Number(text) : date
  if (Number.isNaN(at)) return null
  return Math.min(Math.max(at, now), now + LONGEST_REQUESTED_WAIT_SECONDS) as UnixSeconds
}
