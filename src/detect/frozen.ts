import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { HOUR } from '../model/time.ts'

/** So many entities that move by themselves must be there to say anything, and this share of them stand still. */
const LEAST_ENTITIES = 20
const STILL_SHARE = 0.95
/** For at least so many bins in a row, and so long. */
const LEAST_BINS = 6
const LEAST_TIME = HOUR
/**
 * An entity counts when its value has lately changed in this share of its bins: routes of small countries stand still
 * for hours, coarse counts for days, and their standing still says nothing. Twenty that change in a quarter of their
 * bins all stand still for six with a chance of one in ten thousand millions.
 */
const LIVELY = 0.25
/** 'Lately': a mean that halves in some 17 bins, trusted from so many on. */
const RATE_WEIGHT = 1 / 24
const LEAST_COMPARED = 24

/** Watches all entities of one signal for bins that repeat the last ones: a picture, not a measurement. */
export interface FrozenWatch {
  /**
   * Takes the next bin, in the order of time.
   *
   * @param values by entity; `NaN` = none.
   * @returns start of the first bin that repeats while the signal is frozen; `null` while it is not.
   */
  next(bin: UnixSeconds, values: Float64Array): UnixSeconds | null
}

export function createFrozenWatch(entities: number, step: Seconds): FrozenWatch {
  const last = new Float64Array(entities).fill(Number.NaN)
  const rates = new Float64Array(entities)
  const compared = new Uint8Array(entities)
  let stillFrom: UnixSeconds | null = null
  let stillBins = 0

  const isLively = (i: number): boolean => (compared[i] ?? 0) >= LEAST_COMPARED && (rates[i] ?? 0) >= LIVELY

  /** Of the entities that move by themselves and have a value now. */
  function count(values: Float64Array): { readonly spoke: number; readonly still: number } {
    let spoke = 0
    let still = 0
    for (let i = 0; i < entities; i++) {
      const value = values[i] ?? Number.NaN
      if (Number.isNaN(value) || Number.isNaN(last[i]) || !isLively(i)) continue
      spoke += 1
      if (value === last[i]) still += 1
    }
    return { spoke, still }
  }

  /** What stands still with all others has not become slow: rates are kept from it. */
  function learn(values: Float64Array, areStill: boolean): void {
    for (let i = 0; i < entities; i++) {
      const value = values[i] ?? Number.NaN
      if (Number.isNaN(value)) continue
      const before = last[i] ?? Number.NaN
      last[i] = value
      if (Number.isNaN(before) || areStill) continue
      const seen = compared[i] ?? 0
      const weight = Math.max(RATE_WEIGHT, 1 / (seen + 1))
      rates[i] = (rates[i] ?? 0) * (1 - weight) + (value === before ? 0 : weight)
      if (seen < LEAST_COMPARED) compared[i] = seen + 1
    }
  }

  return {
    next(bin, values) {
      const { spoke, still } = count(values)
      // Too few that speak: neither a repetition nor a sign of life.
      const isTold = spoke >= LEAST_ENTITIES
      const areStill = isTold && still >= STILL_SHARE * spoke
      learn(values, areStill)
      if (areStill) {
        stillFrom ??= bin
        stillBins += 1
      } else if (isTold) {
        stillFrom = null
        stillBins = 0
      }
      return stillBins >= LEAST_BINS && stillBins * step >= LEAST_TIME ? stillFrom : null
    },
  }
}
