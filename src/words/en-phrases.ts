import type { UnixSeconds } from '../model/brand.ts'
import type { EntityRef, LocalClock } from '../model/page.ts'
import { offsetAt, sameDay, timeOfDay, wallTime, type WallTime } from './clock.ts'
import { durationParts, shareWord } from './scales.ts'

/*
 * Names, times, lengths and shares as English sentences hold them. Parts of sentences, for the English catalogue alone.
 */

export const NBSP = '\u00A0'

const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
] // prettier-ignore

/** Countries that take the article in a sentence: 'the Netherlands'. CLDR's names leave it out. */
const WITH_ARTICLE: ReadonlySet<string> = new Set([
  'AE', 'AX', 'BS', 'CC', 'CF', 'CK', 'DO', 'FK', 'FO', 'GB', 'GM', 'IM', 'IO', 'KM', 'KY', 'MH', 'MP', 'MV', 'NL', 'PH',
  'PS', 'SB', 'SC', 'TC', 'TF', 'UM', 'US', 'VG', 'VI',
]) // prettier-ignore

export function countryInSentence(name: string, code: string): string {
  return WITH_ARTICLE.has(code) ? `the ${name}` : name
}

export function named(entity: EntityRef): string {
  if (entity.kind === 'world') return 'the world'
  if (entity.kind === 'country' && entity.country !== null) return countryInSentence(entity.name, entity.country)
  // A group's name holds its country: 'mobile networks of Kazakhstan'.
  if (entity.kind === 'access') return entity.name
  return entity.within === null ? entity.name : `${entity.name} (${entity.within})`
}

export function atStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function day(time: WallTime): string {
  return `${time.day} ${MONTHS[time.month - 1] ?? ''}`
}

export function dayAndYear(time: WallTime): string {
  return `${day(time)} ${time.year}`
}

export function utc(at: UnixSeconds): WallTime {
  return wallTime(at, 0)
}

/** `Asia/Ho_Chi_Minh` → `Ho Chi Minh`: the city that the zone is named after. */
export function zoneCity(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}

export function instant(at: UnixSeconds, clock: LocalClock | null): string {
  const inUtc = utc(at)
  const text = `${dayAndYear(inUtc)}, ${timeOfDay(inUtc)} UTC`
  if (clock === null) return text
  const offset = offsetAt(clock, at)
  if (offset === 0) return text
  const there = wallTime(at, offset)
  const local = sameDay(inUtc, there) ? timeOfDay(there) : `${day(there)}, ${timeOfDay(there)}`
  return `${text} (${local} in ${zoneCity(clock.zone)})`
}

export function instantShort(at: UnixSeconds): string {
  return `${dayShort(at)}, ${timeOfDay(utc(at))}`
}

export function dayShort(at: UnixSeconds): string {
  const time = utc(at)
  return `${time.day} ${(MONTHS[time.month - 1] ?? '').slice(0, 3)}`
}

/** `16:00 and 17:00 UTC`, with the days where they differ. */
export function between(from: UnixSeconds, until: UnixSeconds): string {
  const one = utc(from)
  const other = utc(until)
  if (sameDay(one, other)) return `between ${timeOfDay(one)} and ${timeOfDay(other)} UTC on ${dayAndYear(one)}`
  return `between ${dayAndYear(one)}, ${timeOfDay(one)} UTC and ${dayAndYear(other)}, ${timeOfDay(other)} UTC`
}

export function count(n: number, one: string, many: string): string {
  return n === 1 ? `1 ${one}` : `${n} ${many}`
}

export function duration(seconds: number): string {
  const { days, hours, minutes } = durationParts(seconds)
  const parts = [
    ...(days > 0 ? [count(days, 'day', 'days')] : []),
    ...(hours > 0 ? [count(hours, 'hour', 'hours')] : []),
    ...(minutes > 0 ? [count(minutes, 'minute', 'minutes')] : []),
  ]
  return parts.length === 0 ? 'less than a minute' : parts.join(' and ')
}

/** `30 minutes`, `hour`: what stands after 'every'. */
export function interval(seconds: number): string {
  return duration(seconds).replace(/^1 (\w+)$/, '$1')
}

export function shareShort(share: number): string {
  const word = shareWord(share)
  return word.kind === 'under-one' ? `less than 1${NBSP}%` : `${word.percent}${NBSP}%`
}

export function share(value: number): string {
  return `${shareShort(value)} of usual`
}

/** `one, two and three`. */
export function listed(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join('')
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`
}

/** `on 5 January 2022 from 11:02 to 11:19 UTC`, with both days where they differ. */
export function span(from: UnixSeconds, until: UnixSeconds): string {
  const [one, other] = [utc(from), utc(until)]
  if (sameDay(one, other)) return `on ${dayAndYear(one)} from ${timeOfDay(one)} to ${timeOfDay(other)} UTC`
  return `from ${instant(from, null)} to ${instant(until, null)}`
}
