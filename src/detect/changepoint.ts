import type { Grid } from './grid.ts'
import { BIN_VALUE } from './grid.ts'

/**
 * The bin in which a series changed from usual to its low: the step function, with one bin of passage left free, that
 * fits the excursion best (least squares, in shares of usual). A bin is an average over its length, so the one in
 * which the cut fell lies anywhere between the two levels and must not count against either.
 *
 * Dating by where a level is crossed would move the onset with the threshold, and with the hour of the day.
 *
 * @param from   first bin of the excursion; @param to bin that confirmed it, included.
 * @param trough the worst share of usual in the excursion.
 * @param outside true for bins that stand out of the noise: only one of them can be the onset.
 * @returns an index in `[from, to]`; the earliest of equals.
 */
export function onsetIndex(
  grid: Grid,
  from: number,
  to: number,
  trough: number,
  outside: (index: number) => boolean,
): number {
  let best = from
  let bestCost = Number.POSITIVE_INFINITY
  for (let candidate = from; candidate <= to; candidate++) {
    if (!outside(candidate)) continue
    let cost = 0
    for (let i = from; i <= to; i++) {
      if (i === candidate || grid.flags[i] !== BIN_VALUE) continue
      const share = (grid.values[i] ?? 0) / (grid.expected[i] ?? 1)
      const level = i < candidate ? 1 : trough
      cost += (share - level) ** 2
    }
    if (cost < bestCost - 1e-12) {
      bestCost = cost
      best = candidate
    }
  }
  return best
}
