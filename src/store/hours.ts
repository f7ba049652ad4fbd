import type { Column } from '../model/series.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { DayColumn, HourColumn } from './store.ts'

/** Start of the hour that holds the start of the bin. */
export function hourOf(bin: number): number {
  return Math.floor(bin / HOUR) * HOUR
}

/** Start of the UTC day that holds the start of the bin. */
export function dayOf(bin: number): number {
  return Math.floor(bin / DAY) * DAY
}

/**
 * Rolls up whole hours. Every engine does it here, in the order of bins: a mean is then the same to the last bit
 * whether it was rolled up or is computed from raw bins.
 */
export function hoursOf({ bins, values }: Column): HourColumn {
  const hours: number[] = []
  const counts: number[] = []
  const means: number[] = []
  const least: number[] = []
  const most: number[] = []
  for (let row = 0; row < bins.length;) {
    const hour = hourOf(bins[row]!)
    let count = 0
    let sum = 0
    let low = Infinity
    let high = -Infinity
    for (; row < bins.length && bins[row]! < hour + HOUR; row += 1) {
      const value = values[row]!
      if (Number.isNaN(value)) continue
      count += 1
      sum += value
      if (value < low) low = value
      if (value > high) high = value
    }
    hours.push(hour)
    counts.push(count)
    means.push(count === 0 ? Number.NaN : sum / count)
    least.push(count === 0 ? Number.NaN : low)
    most.push(count === 0 ? Number.NaN : high)
  }
  return {
    hours: Float64Array.from(hours),
    counts: Float64Array.from(counts),
    means: Float64Array.from(means),
    least: Float64Array.from(least),
    most: Float64Array.from(most),
  }
}

/** Two columns that share no hour, as one. */
export function mergeHours(a: HourColumn, b: HourColumn): HourColumn {
  if (a.hours.length === 0) return b
  if (b.hours.length === 0) return a
  const rows = Array.from({ length: a.hours.length + b.hours.length }, (_, row) => row)
  const pick = (of: keyof HourColumn, row: number): number =>
    row < a.hours.length ? a[of][row]! : b[of][row - a.hours.length]!
  rows.sort((x, y) => pick('hours', x) - pick('hours', y))
  const column = (of: keyof HourColumn): Float64Array => Float64Array.from(rows, (row) => pick(of, row))
  return {
    hours: column('hours'),
    counts: column('counts'),
    means: column('means'),
    least: column('least'),
    most: column('most'),
  }
}

/** Bins with a value by day, from hours in their order. */
export function daysOf({ hours, counts }: HourColumn): DayColumn {
  const days: number[] = []
  const sums: number[] = []
  for (let row = 0; row < hours.length; row += 1) {
    const day = dayOf(hours[row]!)
    if (days.at(-1) === day) sums[sums.length - 1]! += counts[row]!
    else {
      days.push(day)
      sums.push(counts[row]!)
    }
  }
  return { days: Float64Array.from(days), counts: Float64Array.from(sums) }
}
