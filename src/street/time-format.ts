import { parseRfc3339 } from '../model/time.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MMM: '(?<monthName>[A-Za-z]{3})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
}

/** 9999-12-31T23:59:59Z: past it a number of seconds is none (or is one of milliseconds). */
const LAST_SECOND = 253_402_300_799

/** Reads a wall clock. @returns seconds as if the text were UTC, or `null` when it does not fit or names no real day. */
export type WallClockReader = (text: string) => number | null

/**
 * A reader for one format: `unix` (seconds), `unix-ms`, `rfc3339` (with a zone, which then counts), or a pattern of
 * yyyy MM MMM dd HH mm ss and what stands between, such as `dd-MMM-yyyy HH:mm:ss`.
 *
 * @returns `null` when the pattern names no year, month and day, one of its parts twice, or a part that is none of them.
 */
export function wallClockReader(format: string): WallClockReader | null {
  if (format === 'unix' || format === 'unix-ms') {
    const divisor = format === 'unix' ? 1 : 1000
    return (text) => {
      const seconds = /^-?\d+(?:\.0+)?$/.test(text.trim()) ? Math.floor(Number(text) / divisor) : Number.NaN
      return Math.abs(seconds) <= LAST_SECOND ? seconds : null
    }
  }
  if (format === 'rfc3339') {
    // A date alone would be read as midnight: which zone's, nobody said.
    return (text) => (/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text.trim()) ? parseRfc3339(text.trim()) : null)
  }
  const pattern = compile(format)
  if (pattern === null) return null
  return (text) => {
    const fields = pattern.exec(text.trim())?.groups
    if (fields === undefined) return null
    const month =
      fields['month'] === undefined
        ? MONTHS.indexOf((fields['monthName'] ?? '').toLowerCase())
        : Number(fields['month']) - 1
    return fromFields(Number(fields['year']), month, Number(fields['day']), fields)
  }
}

function compile(format: string): RegExp | null {
  let source = ''
  const seen = new Set<string>()
  for (const part of format.match(/yyyy|MMM|MM|M|dd|d|HH|H|mm|ss|[^yMdHms]+|./g) ?? []) {
    const token = TOKENS[part]
    if (token === undefined) {
      // A letter of time that is no part we read (hh, yy, SSS, a): taken for itself it would fit no row at all.
      if (/[yMdHhmsSa]/.test(part)) return null
      source += part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      continue
    }
    const name = part.startsWith('M') ? 'month' : part.charAt(0)
    if (seen.has(name)) return null
    seen.add(name)
    source += token
  }
  const hasDay = seen.has('y') && seen.has('month') && seen.has('d')
  return hasDay ? new RegExp(`^${source}$`) : null
}

function fromFields(
  year: number,
  month: number,
  day: number,
  fields: Record<string, string | undefined>,
): number | null {
  const [hour, minute, second] = [
    Number(fields['hour'] ?? 0),
    Number(fields['minute'] ?? 0),
    Number(fields['second'] ?? 0),
  ]
  if (month < 0 || month > 11 || hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(Date.UTC(year, month, day, hour, minute, second))
  // A day that does not exist (31 February) would silently become another, and the year 20 would become 1920.
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month || date.getUTCFullYear() !== year) return null
  return date.getTime() / 1000
}

/** `+03:30`, `-05:00`, `UTC+3`: a fixed offset in seconds; `null` when the text is something else (an IANA zone). */
export function fixedOffset(zone: string): number | null {
  if (zone === 'UTC' || zone === 'Z') return 0
  const match = /^(?:UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone)
  if (match === null) return null
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)]
  if (hours > 14 || minutes > 59) return null
  const seconds = hours * 3600 + minutes * 60
  return match[1] === '-' ? -seconds : seconds
}
