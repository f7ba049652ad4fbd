import type { AnswerWithBody } from '../../model/answer.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Interval } from '../../model/intervals.ts'
import type { RouteSink } from '../../wire/route-sink.ts'

/** A file that something was read of: what a bin rests on, besides a stream. */
export interface ReadFile {
  readonly url: string
  readonly sha256: string
  readonly bytes: number
}

/**
 * What came of asking an archive.
 *
 * `read`: all that it has of what was asked for is in the sink. `not-yet`: some of it is not written yet, and nothing was
 * put into the sink. `unreachable`, `unreadable`: as conditions of health; nothing was put into the sink. `stopped`: we
 * were told to stop.
 */
export type ArchiveOutcome =
  | {
      readonly kind: 'read'
      readonly files: readonly ReadFile[]
      /** By the clock of the server, when it answered last; `null` where it does not say. */
      readonly serverTime: UnixSeconds | null
      /** Collectors of which it has nothing for that span although it has of others, or later. */
      readonly missing: readonly string[]
    }
  | { readonly kind: 'not-yet'; readonly retryAt: UnixSeconds }
  | {
      readonly kind: 'unreachable' | 'unreadable'
      readonly reason: string
      readonly retryAt: UnixSeconds
      readonly answer: AnswerWithBody | null
    }
  | { readonly kind: 'stopped' }

/** An archive as a live stream needs it: a table to begin with, and the messages of a gap. One question at a time. */
export interface ArchiveReader {
  /**
   * Puts the newest RIB of each collector that began at `at` or before into the sink.
   *
   * @returns besides the outcome, from when on updates are wanted: the beginning of the oldest of these RIBs.
   */
  seed(at: UnixSeconds, into: RouteSink): Promise<{ readonly outcome: ArchiveOutcome; readonly from: UnixSeconds }>
  /**
   * Puts all messages with a time in the span into the sink, those of all collectors in the order of time. The span
   * begins and ends on multiples of five minutes.
   */
  updates(span: Interval, into: RouteSink): Promise<ArchiveOutcome>
}
