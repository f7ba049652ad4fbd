import type { UnixSeconds } from '../model/brand.ts'
import { union, type Interval, type Intervals } from '../model/intervals.ts'
import type { SeriesInfo } from '../model/series.ts'
import { binStart, DAY, HOUR } from '../model/time.ts'
import { dayOf, hourOf } from './hours.ts'
import type { Retention } from './store.ts'

/**
 * The midnight before which a series' raw bins may go: whole UTC days, of which the last bin ended at `rawBefore` or
 * earlier. A bin that reaches over midnight keeps its day until it has ended.
 */
export function goneUntil({ step, phase }: Pick<SeriesInfo, 'step' | 'phase'>, rawBefore: UnixSeconds): UnixSeconds {
  let midnight = dayOf(rawBefore)
  while (binStart((midnight - 1) as UnixSeconds, step, phase) + step > rawBefore) midnight -= DAY
  return midnight as UnixSeconds
}

/**
 * What of each series stays raw: the windows, widened to whole hours, so that an hour is either in raw bins or rolled
 * up, never both.
 */
export function keptHours(keep: Retention['keep']): ReadonlyMap<number, Intervals> {
  const windows = new Map<number, Interval[]>()
  for (const { series, range } of keep) {
    if (range.until <= range.from) continue
    const window = { from: hourOf(range.from) as UnixSeconds, until: hourEnd(range.until) }
    for (const id of series) {
      const of = windows.get(id)
      if (of === undefined) windows.set(id, [window])
      else of.push(window)
    }
  }
  return new Map([...windows].map(([id, of]) => [id, union([], of)]))
}

export function holds(intervals: Intervals | undefined, at: number): boolean {
  return intervals?.some(({ from, until }) => at >= from && at < until) ?? false
}

function hourEnd(until: UnixSeconds): UnixSeconds {
  return (Math.ceil(until / HOUR) * HOUR) as UnixSeconds
}
