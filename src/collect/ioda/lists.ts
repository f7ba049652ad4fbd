import type { Seconds, UnixSeconds } from '../../model/brand.ts'
import type { Budget } from '../../model/health.ts'
import { DAY, HOUR, MINUTE, plus } from '../../model/time.ts'
import type { Progress } from '../source.ts'
import type { Collector, Told } from './collector.ts'
import { createSingles, type Lane } from './lane.ts'

/**
 * An upstream that takes no lists of entities is asked one by one for so long, then a list is tried again; twice as long
 * each time that it still takes none. One by one is some hundred times slower: a fault of minutes must not cost a day.
 */
const ONE_BY_ONE_FIRST = HOUR
const ONE_BY_ONE_LONGEST = DAY
/** So many signs in a row, not at once, that a list is not understood: one may have been a fault that passed. */
const SIGNS_NEEDED = 2
const SIGN_PAUSE = MINUTE

/** A lane that asks for a list, or in its place, for a while, lanes that ask for one entity each. */
export interface ListLane {
  readonly list: Lane
  /** The lanes that are at work now. */
  lanes(now: UnixSeconds): readonly Lane[]
  /** After a poll of the list: finds out whether the upstream understands lists at all. */
  check(told: Told, collector: Collector, now: UnixSeconds): Promise<void>
  /** How many lanes of single entities are at work. */
  singles(now: UnixSeconds): number
}

/**
 * @param gapSeconds between the first polls of single entities, so that a round is spread over the budget.
 */
export function createListLane(list: Lane, progress: Progress, gapSeconds: () => Seconds): ListLane {
  let signs = 0
  let singles: readonly Lane[] = []
  let until = -Infinity
  let stint: number = ONE_BY_ONE_FIRST
  let probeAfter = -Infinity

  /** A missing entity that a single request would give, or any, where the request as such was refused. */
  const suspect = (told: Told): string | null => {
    const codes = [...list.entities.keys()]
    if (codes.length < 2) return null
    if (told.isRefusal) return codes[0] ?? null
    const { answered } = told
    if (answered === null || answered.spokenOf * 2 >= codes.length || answered.spokenOf === 0) return null
    return codes.find((code) => !answered.codes.has(code)) ?? null
  }

  return {
    list,
    lanes: (now) => (now < until ? singles : [list]),
    singles: (now) => (now < until ? singles.length : 0),
    async check(told, collector, now) {
      const code = suspect(told)
      if (code === null) {
        if (told.answered !== null) {
          signs = 0
          stint = ONE_BY_ONE_FIRST
        }
        return
      }
      if (now < probeAfter) return
      probeAfter = plus(now, SIGN_PAUSE)
      if (!(await collector.isThere(list, code))) return
      signs += 1
      list.due = plus(now, SIGN_PAUSE)
      if (signs < SIGNS_NEEDED) return
      signs = 0
      singles = createSingles(list, progress, now, gapSeconds())
      until = plus(now, stint)
      stint = Math.min(2 * stint, ONE_BY_ONE_LONGEST)
      list.due = until as UnixSeconds
    },
  }
}

/** Between two requests for single entities at the live edge, when they may take all but the share of back-fill. */
export function gapOf(budget: Budget): Seconds {
  return Math.ceil(budget.perSeconds / Math.max(1, budget.requests * (1 - budget.backfillShare))) as Seconds
}
