import type { UnixSeconds } from '../model/brand.ts'
import type { LocalClock } from '../model/page.ts'
import { offsetAt, sameDay, timeOfDay, wallTime } from './clock.ts'
import { day, dayAndYear, named, utc, zoneCity } from './en-phrases.ts'
import type { ZonedWords } from './zoned.ts'

function instant(at: UnixSeconds, clock: LocalClock): string {
  const here = wallTime(at, offsetAt(clock, at))
  const inUtc = utc(at)
  const beside = sameDay(here, inUtc) ? timeOfDay(inUtc) : `${day(inUtc)}, ${timeOfDay(inUtc)}`
  return `${dayAndYear(here)}, ${timeOfDay(here)} in ${zoneCity(clock.zone)} (${beside} UTC)`
}

export const zonedEn: ZonedWords = {
  instant,
  timeAxis: (clock) => `Time in ${zoneCity(clock.zone)}`,
  rangeShown: (from, until, clock) => `Shown: ${instant(from, clock)} to ${instant(until, clock)}.`,
  published: (clock) => `Published (${zoneCity(clock.zone)})`,
  evidenceCaption: (entity, clock) =>
    `What each signal says about ${named(entity)}. Times are those of ${zoneCity(clock.zone)}; each signal keeps its own.`,
}
