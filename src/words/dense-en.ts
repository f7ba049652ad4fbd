import type { UnixSeconds } from '../model/brand.ts'
import type { LocalClock } from '../model/page.ts'
import { DAY, HOUR } from '../model/time.ts'
import { offsetAt, timeOfDay, wallTime } from './clock.ts'
import type { DenseWords } from './dense.ts'
import { NBSP, dayAndYear, dayShort, instant, shareShort, zoneCity } from './en-phrases.ts'
import { sight } from './en-sight.ts'

function wall(at: UnixSeconds, clock: LocalClock | null): UnixSeconds {
  return (clock === null ? at : at + offsetAt(clock, at)) as UnixSeconds
}

function zoneName(clock: LocalClock | null): string {
  return clock === null ? 'UTC' : zoneCity(clock.zone)
}

/** `5 min`, `3 h`, `12 days`, rounded down: for the narrow edge of a chart. */
function short(seconds: number): string {
  if (seconds < 2 * HOUR) return `${Math.floor(seconds / 60)}${NBSP}min`
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}${NBSP}h`
  return `${Math.floor(seconds / DAY)}${NBSP}days`
}

/** `8 January 2026, 16:30 UTC`, `8 January 2026, 20:00 in Tehran`. */
function when(at: UnixSeconds, clock: LocalClock | null): string {
  if (clock === null) return instant(at, null)
  const time = wallTime(wall(at, clock), 0)
  return `${dayAndYear(time)}, ${timeOfDay(time)} in ${zoneName(clock)}`
}

const READINGS: DenseWords['table']['readings'] = {
  quiet: 'as usual',
  span: 'off usual',
  gap: 'no value',
  'ambiguous-gap': 'zero or silence',
  blind: 'not judged',
}

export const denseEn: DenseWords = {
  loading: 'The chart is being loaded.',
  failed: 'The chart could not be loaded. The picture above stays as it was; try again later.',
  surface: (title) => `${title}: chart that can be worked with keys`,
  hint:
    'Arrow keys go from value to value, with Shift ten at a time; Home and End go to the ends; plus and minus zoom. ' +
    'With a mouse: drag to zoom, double-click to see all.',
  point: ({ at, value, unit, share, reading }, clock) => {
    const time = when(at, clock)
    if (value === null) return `${time}: ${READINGS[reading]}.`
    const level = share === null ? `${value} ${unit}` : `${value} ${unit}, ${shareShort(share)} of usual`
    return `${time}: ${level}, ${READINGS[reading]}.`
  },
  range: (from, until, clock) => `Shown: ${when(from, clock)} to ${when(until, clock)}.`,
  age: (seconds) => `${short(seconds)} old`,
  onset: (at, clock) => `${dayShort(wall(at, clock))}, ${timeOfDay(wallTime(wall(at, clock), 0))}`,
  gap: sight.gap,
  tick: (at, isDay, clock) => (isDay ? dayShort(wall(at, clock)) : timeOfDay(wallTime(wall(at, clock), 0))),
  share: shareShort,
  percent: (share) => `${Math.round(share * 100)}${NBSP}%`,
  time: (at, clock) => {
    const time = wallTime(wall(at, clock), 0)
    return `${dayAndYear(time)}, ${timeOfDay(time)}`
  },
  axis: (clock) => `Time in ${zoneName(clock)}`,
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  whole: 'Show all',
  close: 'Close the chart',
  asTable: 'Show as table',
  asChart: 'Show as chart',
  table: {
    caption: (title) => `${title}, value by value`,
    time: (clock) => `Time (${zoneName(clock)})`,
    value: (unit) => `Value (${unit})`,
    usual: 'Usual',
    share: 'Of usual',
    reading: 'Read as',
    readings: READINGS,
    none: '–',
    earlier: 'Earlier',
    later: 'Later',
    rows: (first, last, all) => `Rows ${first} to ${last} of ${all}`,
  },
}
