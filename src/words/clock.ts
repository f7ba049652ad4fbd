import type { UnixSeconds } from '../model/brand.ts'
import type { LocalClock } from '../model/page.ts'

/** Seconds east of UTC there at that instant. */
export function offsetAt(clock: LocalClock, at: UnixSeconds): number {
  let offset = clock.changes[0]?.offset ?? 0
  for (const change of clock.changes) {
    if (change.from > at) break
    offset = change.offset
  }
  return offset
}

/** A date and a time of day as they stand on a calendar and a wall, in numbers. */
export interface WallTime {
  readonly year: number
  /** 1–12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

export function wallTime(at: UnixSeconds, offset: number): WallTime {
  const date = new Date((at + offset) * 1000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  }
}

export function sameDay(one: WallTime, other: WallTime): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day
}

/** `16:30`: Latin numerals in every language. */
export function timeOfDay(time: WallTime): string {
  return `${String(time.hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`
}
