import type { UnixSeconds } from '../../model/brand.ts'
import type { LocalClock } from '../../model/page.ts'
import { WEEK } from '../../model/time.ts'

export type ClockChoice = 'utc' | 'local' | 'mine'

/** In what order one key goes through them; `local` only where the page is about a place with a clock of its own. */
export function nextClock(now: ClockChoice, hasLocal: boolean): ClockChoice {
  if (now === 'utc') return hasLocal ? 'local' : 'mine'
  return now === 'local' ? 'mine' : 'utc'
}

export function clockOfAddress(search: string): ClockChoice {
  const asked = new URLSearchParams(search).get('tz')
  return asked === 'local' || asked === 'mine' ? asked : 'utc'
}

/** The address of the same page by another clock; UTC, being usual, is not written. */
export function addressWithClock(address: string, choice: ClockChoice): string {
  const url = new URL(address)
  if (choice === 'utc') url.searchParams.delete('tz')
  else url.searchParams.set('tz', choice)
  return url.href
}

/**
 * The reader's own clock over a stretch of time, looked at once a week. A change between two looks is
 * found by halving.
 *
 * @param offset seconds east of UTC at an instant.
 */
export function readerClock(
  zone: string,
  from: UnixSeconds,
  until: UnixSeconds,
  offset: (at: UnixSeconds) => number,
): LocalClock {
  const changes = [{ from, offset: offset(from) }]
  for (let at = from; at < until;) {
    const next = Math.min(at + WEEK, until) as UnixSeconds
    const [before, after] = [offset(at), offset(next)]
    if (before !== after) changes.push({ from: changedAt(at, next, offset), offset: after })
    at = next
  }
  return { zone, changes }
}

/** First instant, to the minute, that has the offset of `until`. */
function changedAt(from: UnixSeconds, until: UnixSeconds, offset: (at: UnixSeconds) => number): UnixSeconds {
  let [before, after] = [from as number, until as number]
  while (after - before > 60) {
    const middle = Math.floor((before + after) / 2)
    if (offset(middle as UnixSeconds) === offset(until)) after = middle
    else before = middle
  }
  return (Math.floor(after / 60) * 60) as UnixSeconds
}
