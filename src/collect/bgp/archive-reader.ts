import type { AnswerWithBody } from '../../model/answer.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Interval } from '../../model/intervals.ts'
import type { RouteSink } from '../../wire/route-sink.ts'
import type { EvidenceFile } from './observed.ts'

/**
 * What came of asking an archive.
 *
 * `read`: all that it has of what was asked for is in the sink. `not-yet`: some of it is not written yet, and nothing was
 * put into the sink. `wait`: the archive is not to be asked before then, by our budget or its wish. `unreachable`, `unreadable`, `wrong-clock`: as conditions of health; nothing was put into the sink. `stopped`: we
 * were told to stop.
 */
export type ArchiveOutcome =
  | {
      readonly kind: 'read'
      /** What the bins rest on, besides the stream. */
      readonly files: readonly EvidenceFile[]
      /** Collectors of which it has nothing for that span although it has of others, or later. */
      readonly missing: readonly string[]
    }
  | { readonly kind: 'not-yet' | 'wait'; readonly retryAt: UnixSeconds }
  | {
      readonly kind: 'unreachable' | 'unreadable' | 'wrong-clock'
      readonly reason: string
      readonly retryAt: UnixSeconds
      readonly answer: AnswerWithBody | null
    }
  | { readonly kind: 'stopped' }

/** Where the routes of one collector go: sessions of the same address at two collectors are two. */
export type IntoCollector = (collector: string) => RouteSink

/** An archive as a live stream needs it: a table to begin with, and the messages of a gap. One question at a time. */
export interface ArchiveReader {
  /**
   * Puts the newest RIB of each collector that began at `at` or before into the sink.
   *
   * @returns besides the outcome, from when on updates are wanted: the beginning of the oldest of these RIBs.
   */
  seed(at: UnixSeconds, into: IntoCollector): Promise<{ readonly outcome: ArchiveOutcome; readonly from: UnixSeconds }>
  /**
   * Puts all messages with a time in the span into the sink, those of all collectors in the order of time. Asked for
   * spans that follow each other, it may hand on a message that stands late in its file with a later span. The span ends
   * on a multiple of five minutes, and holds at most five.
   */
  updates(span: Interval, into: IntoCollector): Promise<ArchiveOutcome>
}
