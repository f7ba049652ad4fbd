import type { UnixSeconds } from '../model/brand.ts'
import type { BinReading, GapStretch } from '../model/page.ts'

/** Each bucket keeps its least, its greatest and one gap. */
const KEPT_PER_BUCKET = 3

/**
 * Which rows to keep so that at most `points` are left and neither a trough, nor a peak, nor a gap is hidden: rows are
 * cut into buckets of equal length, and each bucket keeps its least and greatest value and its first gap.
 *
 * @param values in the order of time; `null` or `NaN` is a gap.
 * @param points at least 3.
 * @returns      indices, growing; all of them when there are no more than `points`.
 */
export function keptRows(values: ArrayLike<number | null>, points: number): readonly number[] {
  const { length } = values
  if (length <= points) return Array.from({ length }, (_, index) => index)
  const buckets = Math.max(1, Math.floor(points / KEPT_PER_BUCKET))
  const kept: number[] = []
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = Math.floor((bucket * length) / buckets)
    const until = Math.floor(((bucket + 1) * length) / buckets)
    kept.push(...keptOfBucket(values, from, until))
  }
  return kept
}

function keptOfBucket(values: ArrayLike<number | null>, from: number, until: number): readonly number[] {
  let least = -1
  let greatest = -1
  let gap = -1
  for (let index = from; index < until; index += 1) {
    const value = values[index] ?? Number.NaN
    if (Number.isNaN(value)) {
      if (gap === -1) gap = index
      continue
    }
    if (least === -1 || value < (values[least] ?? 0)) least = index
    if (greatest === -1 || value > (values[greatest] ?? 0)) greatest = index
  }
  return [...new Set([least, greatest, gap])].filter((index) => index !== -1).sort((a, b) => a - b)
}

const STRETCH_OF: Record<BinReading, GapStretch['reading'] | null> = {
  quiet: null,
  span: null,
  gap: 'unknown',
  'ambiguous-gap': 'ambiguous',
  blind: 'blind',
}

/**
 * Bins that say nothing as stretches, from the readings of every bin: taken before rows are left out, so that none is
 * lost. Why is for others to say.
 */
export function gapStretches(
  bins: ArrayLike<number>,
  readings: ArrayLike<BinReading>,
  step: number,
): readonly GapStretch[] {
  const stretches: GapStretch[] = []
  for (let index = 0; index < bins.length; index += 1) {
    const reading = readings[index]
    const kind = reading === undefined ? null : STRETCH_OF[reading]
    if (kind === null) continue
    const from = (bins[index] ?? 0) as UnixSeconds
    const until = (from + step) as UnixSeconds
    const last = stretches.at(-1)
    if (last !== undefined && last.until === from && last.reading === kind) {
      stretches[stretches.length - 1] = { ...last, until }
    } else {
      stretches.push({ from, until, reading: kind, why: null })
    }
  }
  return stretches
}
