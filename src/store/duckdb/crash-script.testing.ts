import { DAY } from '../../model/time.ts'
import type { SeriesInfo } from '../../model/series.ts'
import type { AnswerWithBody } from '../../model/answer.ts'
import { at, sampleAnswer, sampleBatch, sampleSeries, START } from '../samples.testing.ts'
import type { Batch, Retention } from '../store.ts'

/** What the crash tests write: known to the process that is killed and to the one that looks afterwards. */
export const STEP = 1800
export const SERIES: readonly SeriesInfo[] = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => sampleSeries(`as:${n + 1}`, STEP))
const NEW_BINS = 6
const READ_AGAIN = 4

/**
 * Batch `n`, from 1: six new bins of eight series, and the four before them read again with one of them corrected, so
 * that a row kept twice, or half of a batch, shows. Eight batches make a day.
 */
export function crashBatch(n: number): Batch {
  const rows = SERIES.flatMap((_, series) =>
    Array.from({ length: NEW_BINS + READ_AGAIN }, (_, i) => {
      const bin = (n - 1) * NEW_BINS + i - READ_AGAIN
      const value = series * 1_000_000 + bin + (i === n % READ_AGAIN ? n / 1000 : 0)
      return [series, START + bin * STEP, value, bin % 5 === 0 ? Number.NaN : n] as const
    }),
  )
  return sampleBatch(START + n * NEW_BINS * STEP, rows)
}

/** The answer that batch `n` was read from. */
export function crashAnswer(n: number): AnswerWithBody {
  return sampleAnswer(`answer ${n} ${'x'.repeat((n % 7) * 3000)}`, n)
}

/** What batch `n` has answered, with those before it: all to `n`. */
export function crashCoverage(n: number): NonNullable<Batch['covered']> {
  return { stream: 'ping', span: { from: at(n - 1), until: at(n) } }
}

/** After which batches the writer compacts, and to when. */
export function crashCompaction(n: number): ReturnType<typeof at> | null {
  return n % 5 === 0 ? at(START + Math.floor((n * NEW_BINS * STEP) / DAY) * DAY) : null
}

/** 30 days and more, of which retention takes most. */
export const RETAINED_BATCHES = 250
export const crashRetention: Retention = { rawBefore: at(START + 28 * DAY), answersBefore: at(0), keep: [] }
