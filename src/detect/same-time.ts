import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { DAY } from '../model/time.ts'
import { medianInPlace } from './median.ts'

/** So many days are kept for each time of the day, a week of them, of which so many must have a value. */
const KEPT_DAYS = 7
const LEAST_DAYS = 3
/** A day that lies further back says nothing of what is usual now. */
const OLDEST_DAYS = 35

/**
 * What each of many entities showed at the same time of day on the days before, for one signal: coarse, quick and apart
 * from the detectors' baselines, since it is to say whether these can be trusted.
 */
export interface SameTimeMemory {
  /** Per entity the median of the newest seven days that were remembered; `NaN` where fewer than three had a value. */
  usual(bin: UnixSeconds): Float64Array
  /** Per entity its value at the same time of the same weekday a week before; `NaN` = none. */
  weekBefore(bin: UnixSeconds): Float64Array
  /** Keeps a bin; once more for the same bin replaces it. Bins that are not to be trusted are simply not given. */
  remember(bin: UnixSeconds, values: Float64Array): void
}

/** @param step divides a day; @param phase of the bins' grid. */
export function createSameTimeMemory(entities: number, step: Seconds, phase: Seconds): SameTimeMemory {
  if (DAY % step !== 0) throw new RangeError(`bins of ${step} s do not divide a day`)
  const times = DAY / step
  /** Which days each time of the day has kept, and what they showed, entity by entity. */
  const days = new Float64Array(times * KEPT_DAYS).fill(Number.NEGATIVE_INFINITY)
  const kept = new Float32Array(times * KEPT_DAYS * entities).fill(Number.NaN)
  const scratch = new Float64Array(KEPT_DAYS)

  const placeOf = (bin: UnixSeconds): { readonly time: number; readonly day: number } => {
    const count = Math.floor((bin - phase) / step)
    return { time: ((count % times) + times) % times, day: Math.floor(count / times) }
  }

  return {
    usual(bin) {
      const { time, day } = placeOf(bin)
      const usual = new Float64Array(entities).fill(Number.NaN)
      const rows: number[] = []
      for (let i = 0; i < KEPT_DAYS; i++) {
        const ago = day - (days[time * KEPT_DAYS + i] ?? 0)
        if (ago > 0 && ago <= OLDEST_DAYS) rows.push((time * KEPT_DAYS + i) * entities)
      }
      for (let entity = 0; entity < entities; entity++) {
        let count = 0
        for (const row of rows) {
          const value = kept[row + entity] ?? Number.NaN
          if (!Number.isNaN(value)) scratch[count++] = value
        }
        if (count >= LEAST_DAYS) usual[entity] = medianInPlace(scratch, count)
      }
      return usual
    },
    weekBefore(bin) {
      const { time, day } = placeOf(bin)
      const place = days.indexOf(day - KEPT_DAYS, time * KEPT_DAYS)
      if (place < 0 || place >= (time + 1) * KEPT_DAYS) return new Float64Array(entities).fill(Number.NaN)
      return Float64Array.from(kept.subarray(place * entities, (place + 1) * entities))
    },
    remember(bin, values) {
      const { time, day } = placeOf(bin)
      let place = time * KEPT_DAYS
      for (let i = time * KEPT_DAYS; i < (time + 1) * KEPT_DAYS; i++) {
        if (days[i] === day) {
          place = i
          break
        }
        if ((days[i] ?? 0) < (days[place] ?? 0)) place = i
      }
      // Older than all that is kept.
      if ((days[place] ?? 0) > day) return
      days[place] = day
      kept.set(values, place * entities)
    },
  }
}
