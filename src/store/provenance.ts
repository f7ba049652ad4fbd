import type { UnixSeconds } from '../model/brand.ts'

/** Consecutive bins of one batch. */
export interface Run {
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  readonly bins: number
  readonly batch: number
}

/**
 * @param bins    of one series, ascending.
 * @param batches the batch of each bin's newest row.
 * @param step    seconds; a bin that is missing ends a run.
 */
export function runsOf(bins: ArrayLike<number>, batches: ArrayLike<number>, step: number): readonly Run[] {
  const runs: Run[] = []
  for (let row = 0; row < bins.length;) {
    const first = row
    do row += 1
    while (row < bins.length && batches[row] === batches[first] && bins[row] === bins[row - 1]! + step)
    runs.push({
      from: bins[first] as UnixSeconds,
      until: (bins[row - 1]! + step) as UnixSeconds,
      bins: row - first,
      batch: batches[first]!,
    })
  }
  return runs
}
