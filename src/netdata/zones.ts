import type { UnixSeconds } from '../model/brand.ts'

/** A stretch of time, `[from, until)` in UTC seconds, over which a zone kept one offset east of UTC. */
interface Stretch {
  readonly from: number
  readonly until: number
  readonly offset: number
}

interface Zone {
  readonly clock: Intl.DateTimeFormat
  /** Stretches by UTC year, which they cover without a hole. */
  readonly years: Map<number, readonly Stretch[]>
  /** The stretch that was asked for last: series are read in the order of time. */
  last: Stretch
}

const NEVER: Stretch = { from: 0, until: 0, offset: 0 }

/** Shorter than any stretch of one offset: the shortest are the weeks without summer time during Ramadan. */
const SAMPLING_SECONDS = 4 * 86_400

/** Further than any clock is from UTC. */
const WIDEST_SECONDS = 16 * 3600

/** What the running Node knows of a zone, kept: it does not change, and asking costs microseconds each time. */
const zones = new Map<string, Zone | null>()

function findZone(name: string): Zone | null {
  const known = zones.get(name)
  if (known !== undefined) return known
  let zone: Zone | null
  try {
    const clock = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    zone = { clock, years: new Map(), last: NEVER }
  } catch {
    zone = null
  }
  zones.set(name, zone)
  return zone
}

/** Asks the time zone database of the running Node: slow, exact to the second. */
function askOffset(clock: Intl.DateTimeFormat, at: number): number {
  const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  for (const { type, value } of clock.formatToParts(at * 1000)) {
    if (type in part) part[type as keyof typeof part] = Number(value)
  }
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - at
}

function stretchesOfYear(zone: Zone, year: number): readonly Stretch[] {
  const known = zone.years.get(year)
  if (known !== undefined) return known
  const end = Date.UTC(year + 1, 0, 1) / 1000
  const stretches: Stretch[] = []
  let from = Date.UTC(year, 0, 1) / 1000
  let offset = askOffset(zone.clock, from)
  let sampled = from
  while (sampled < end - 1) {
    const next = Math.min(sampled + SAMPLING_SECONDS, end - 1)
    const nextOffset = askOffset(zone.clock, next)
    if (nextOffset !== offset) {
      let before = sampled
      let after = next
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2)
        if (askOffset(zone.clock, middle) === offset) before = middle
        else after = middle
      }
      stretches.push({ from, until: after, offset })
      from = after
      offset = nextOffset
    }
    sampled = next
  }
  stretches.push({ from, until: end, offset })
  zone.years.set(year, stretches)
  return stretches
}

function offsetIn(zone: Zone, at: number): number {
  if (at >= zone.last.from && at < zone.last.until) return zone.last.offset
  for (const stretch of stretchesOfYear(zone, new Date(at * 1000).getUTCFullYear())) {
    if (at < stretch.until) {
      zone.last = stretch
      return stretch.offset
    }
  }
  throw new TypeError(`no such instant: ${at}`)
}

/** True for a zone of the IANA database that the running Node knows, old names included: `Asia/Tehran`, `UTC`. */
export function isZone(name: string): boolean {
  // Later versions of Node also take offsets (`+03:30`) here. An offset is not a zone: it has no history.
  return /^[A-Za-z]/.test(name) && findZone(name) !== null
}

/**
 * Seconds east of UTC, by the zone's own history.
 *
 * @throws TypeError for what is no zone (`isZone`): a programmer's mistake.
 */
export function zoneOffset(name: string, at: UnixSeconds): number {
  const zone = findZone(name)
  if (zone === null) throw new TypeError(`not a time zone: ${name}`)
  return offsetIn(zone, at)
}

/**
 * When a clock on the wall showed a time.
 *
 * @param localSeconds what the clock showed, counted as if it had shown UTC.
 * @returns the earlier instant, marked ambiguous, where the clock showed it twice (clocks went back); `null` where it
 *          never did (clocks went forward over it).
 * @throws TypeError for what is no zone (`isZone`): a programmer's mistake.
 */
export function localToUtc(localSeconds: number, name: string): { at: UnixSeconds; ambiguous: boolean } | null {
  const zone = findZone(name)
  if (zone === null) throw new TypeError(`not a time zone: ${name}`)
  const before = offsetIn(zone, localSeconds - WIDEST_SECONDS)
  const after = offsetIn(zone, localSeconds + WIDEST_SECONDS)
  if (before === after) return { at: (localSeconds - before) as UnixSeconds, ambiguous: false }
  const shown = [before, after]
    .map((offset) => localSeconds - offset)
    .filter((at) => at + offsetIn(zone, at) === localSeconds)
    .sort((a, b) => a - b)
  const [earliest] = shown
  return earliest === undefined ? null : { at: earliest as UnixSeconds, ambiguous: shown.length > 1 }
}
