import type { UnixSeconds } from '../model/brand.ts'
import type { RangeName } from '../model/page.ts'
import { DAY, HOUR, MINUTE, parseRfc3339, plus } from '../model/time.ts'
import type { AskedRange } from './pages/entity.ts'

/** Longer than a year cannot be read on a page; the interface gives more. */
const MOST_DAYS = 366

const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY }

/**
 * `from` and `until` of an address: an instant, or a length of time before now (`-24h`, `-90m`, `-7d`).
 *
 * @param now where the view stands: the clock's for live, the end of the data for a replay.
 * @returns   what cannot be understood, as it was written, instead of a range.
 */
export function askedRange(
  from: string | undefined,
  until: string | undefined,
  now: UnixSeconds,
): AskedRange | { readonly wrong: string } {
  const [begin, end] = [instant(from, now), instant(until, now)]
  if (begin === 'wrong') return { wrong: from ?? '' }
  if (end === 'wrong') return { wrong: until ?? '' }
  // 'The last day' ends now, and shows where our data end before that.
  const last = end ?? (from?.trim().startsWith('-') === true ? now : null)
  if (begin !== null && last !== null && (begin >= last || last - begin > MOST_DAYS * DAY)) {
    return { wrong: until === undefined ? (from ?? '') : `${from} – ${until}` }
  }
  return { from: begin, until: last, name: nameOf(from, until) }
}

function instant(text: string | undefined, now: UnixSeconds): UnixSeconds | null | 'wrong' {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '') return null
  const relative = /^-(\d{1,5})([mhd])$/.exec(trimmed)
  if (relative !== null) return plus(now, -Number(relative[1]) * (UNITS[relative[2] ?? ''] ?? 0))
  return parseRfc3339(trimmed) ?? 'wrong'
}

const NAMES: readonly RangeName[] = ['24h', '7d', '30d']

function nameOf(from: string | undefined, until: string | undefined): RangeName {
  const isSet = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''
  if (!isSet(from) && !isSet(until)) return 'best'
  if (isSet(until)) return 'custom'
  return NAMES.find((name) => from?.trim() === `-${name}`) ?? 'custom'
}
