import type { SignalId, UnixSeconds } from '../../../model/brand.ts'
import { MINUTE, toRfc3339 } from '../../../model/time.ts'
import type { AnswerWithBody } from '../../../model/answer.ts'
import type { Conditions } from '../../conditions.ts'
import type { Item, SourceReport } from '../../source.ts'
import { RIS_LIVE_DELAY, ROUTING_STEP } from '../signals.ts'
import type { Loss, LossKind } from './stream.ts'

type Condition = SourceReport['condition']

/** What is the matter, as a run sees it. */
export interface Matter {
  /** The stream was lost, and the table has not come to it again. */
  readonly standing: Loss | null
  /** The archive is wanted and does not give. */
  readonly trouble: {
    readonly kind: 'unreachable' | 'unreadable' | 'wrong-clock'
    readonly reason: string
    readonly answer: AnswerWithBody | null
  } | null
  /** All bins that end at this instant or before are with us. */
  readonly reached: UnixSeconds
  readonly startedAt: UnixSeconds
  readonly now: UnixSeconds
}

/** Says of all signals together what is wrong with our view, once when it begins and once when it is over. */
export interface Telling {
  tell(matter: Matter): Generator<Item>
  /** When the newest bin will be too old, should no more come. */
  staleAt(reached: UnixSeconds, startedAt: UnixSeconds): UnixSeconds
}

const CONDITION_OF: Readonly<Record<LossKind, Condition>> = {
  unreachable: 'unreachable',
  silent: 'stale',
  unreadable: 'unreadable',
  flood: 'stale',
  'wrong-clock': 'wrong-clock',
}

/** Late by a gap that the archive fills in its own time is no fault yet. */
const STALE_SECONDS = RIS_LIVE_DELAY + 2 * ROUTING_STEP
/** Reading a table and what came since takes its time. */
const START_SECONDS = 30 * MINUTE

export function createTelling(signals: readonly SignalId[], conditions: Conditions): Telling {
  const told = new Map<Condition, string>()

  const staleAt = (reached: UnixSeconds, startedAt: UnixSeconds): UnixSeconds =>
    Math.max(reached + STALE_SECONDS, startedAt + START_SECONDS) as UnixSeconds

  const wrong = (
    matter: Matter,
  ): Map<Condition, { readonly detail: string; readonly answer: AnswerWithBody | null }> => {
    const { standing, trouble, reached, now } = matter
    const found = new Map<Condition, { readonly detail: string; readonly answer: AnswerWithBody | null }>()
    if (now >= staleAt(reached, matter.startedAt)) {
      found.set('stale', { detail: `newest bin ended ${toRfc3339(reached)}`, answer: null })
    }
    if (trouble !== null) found.set(trouble.kind, { detail: `archive: ${trouble.reason}`, answer: trouble.answer })
    if (standing !== null) {
      found.set(CONDITION_OF[standing.kind], { detail: `stream: ${standing.reason}`, answer: null })
    }
    return found
  }

  return {
    staleAt,
    *tell(matter) {
      const found = wrong(matter)
      for (const [condition, { detail, answer }] of found) {
        if (told.has(condition)) continue
        told.set(condition, detail)
        for (const signal of signals) yield conditions.begin(signal, condition, matter.now, detail, answer)
      }
      const over = [...told.keys()].filter((condition) => !found.has(condition))
      for (const condition of over) told.delete(condition)
      if (over.length > 0) for (const signal of signals) yield* conditions.end(signal, over, matter.now)
    },
  }
}
