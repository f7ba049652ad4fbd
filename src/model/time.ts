import type { Seconds, UnixSeconds } from './brand.ts'

export const MINUTE = 60 as Seconds
export const HOUR = 3600 as Seconds
export const DAY = 86_400 as Seconds
export const WEEK = 604_800 as Seconds

/** RFC 3339 in UTC with `Z` and no fraction: `2026-01-08T16:30:00Z`. */
export function toRfc3339(at: UnixSeconds): string {
  return new Date(at * 1000).toISOString().replace('.000Z', 'Z')
}

/**
 * Reads RFC 3339 with a zone (`Z` or an offset); a date alone is its midnight in UTC.
 *
 * @returns `null` when the text is neither, or names a day that does not exist. A fraction of a second is cut off.
 */
export function parseRfc3339(text: string): UnixSeconds | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?([Zz]|[+-]\d{2}:\d{2}))?$/.exec(text)
  if (match === null) return null
  const day = match[1] ?? ''
  const milliseconds = Date.parse(
    match[2] === undefined
      ? `${day}T00:00:00Z`
      : `${day}T${match[2]}${match[3] ?? ':00'}${(match[4] ?? 'Z').toUpperCase()}`,
  )
  if (Number.isNaN(milliseconds)) return null
  // Date.parse turns 31 February into 3 March; a day that does not exist is an error, not another day.
  if (!new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return null
  return Math.floor(milliseconds / 1000) as UnixSeconds
}

/** The UTC date of an instant, `2026-01-08`. */
export function utcDate(at: UnixSeconds): string {
  return toRfc3339(at).slice(0, 10)
}

/**
 * Start of the bin that holds `at`.
 *
 * @param phase seconds by which the bins start after a multiple of `step` since the epoch; 0 for all but sources
 *              that cut their bins on a local clock with a zone of half an hour (docs/adr/0003).
 */
export function binStart(at: UnixSeconds, step: Seconds, phase: Seconds): UnixSeconds {
  return (Math.floor((at - phase) / step) * step + phase) as UnixSeconds
}

export function plus(at: UnixSeconds, seconds: number): UnixSeconds {
  return (at + seconds) as UnixSeconds
}
