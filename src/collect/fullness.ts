import type { UnixSeconds } from '../model/brand.ts'
import { DAY } from '../model/time.ts'

/** An answer with less than this share of what answers usually hold is thin: not to be taken for the whole. */
const THIN_SHARE = 0.9

/** What is usual comes down by this much a day when nothing fuller comes: a source may lose entities for good. */
const DECAY_PER_DAY = 0.1

/** How full the answers to one kind of question usually are: values given ÷ values asked for, 0–1. */
export interface Fullness {
  /** Takes note of an answer. @returns true when it was thin, as far as answers up to now can tell. */
  isThin(fullness: number, at: UnixSeconds): boolean
  /** Claims by answers emptier than this are not to be believed; 0 before the first answer. */
  least(): number
}

export function createFullness(): Fullness {
  let usual: number | null = null
  let since = 0
  return {
    isThin(fullness, at) {
      const before = usual === null ? fullness : Math.max(0, usual - (DECAY_PER_DAY * (at - since)) / DAY)
      usual = Math.max(before, fullness)
      since = at
      return fullness < THIN_SHARE * usual
    },
    least: () => THIN_SHARE * (usual ?? 0),
  }
}
