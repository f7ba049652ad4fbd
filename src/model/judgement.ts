import type { EntityId, Share, SignalId, SourceId, UnixSeconds } from './brand.ts'

/**
 * When something changed, as well as its bins can tell.
 * Onset: `at` = start of the first bad bin, `earliest` = start of the last good bin, `latest` = end of the first bad bin.
 * End: the same with the first good bin after the last bad one.
 */
export interface Moment {
  readonly at: UnixSeconds
  readonly earliest: UnixSeconds
  readonly latest: UnixSeconds
}

/** What a baseline knew when it was asked: it grows with the history and so does what may be concluded. */
export type BaselineKind = 'hour-of-week' | 'hour-of-day' | 'running-median'

/**
 * Why a span is over. Only `returned` is an end. `new-normal`: the value did not come back, the yardstick moved.
 * `lost-sight`: the series fell silent for a week (four, where it leaves zeros out) and nobody knows how it went on.
 */
export type SpanClose = 'returned' | 'new-normal' | 'lost-sight'

/** One series off its baseline, from onset to end. */
export interface Span {
  readonly onset: Moment
  /** `null` while it lasts, and for ever when it closed without a return. */
  readonly end: Moment | null
  readonly close: SpanClose | null
  /** End of the bin that decided, in the data's time. */
  readonly detectedAt: UnixSeconds
  /** End of the bin that decided the end (or the new normal); `null` while it lasts. */
  readonly closedAt: UnixSeconds | null
  /** The worst share of usual within it. For a signal whose bad direction is up it is above 1. */
  readonly troughShare: Share
  /** Share of usual in its newest bin that had a value; `null` when none had. */
  readonly lastShare: Share | null
  /** Newest bin of the span that had a value, its start. */
  readonly lastSeen: UnixSeconds
  /** Start of the first bin since which at least half of the loss has been won back, though not all; else `null`. */
  readonly partialSince: UnixSeconds | null
  readonly baseline: BaselineKind
  /** Bins inside it that held no value: `omitted` where the source may have left a zero out, `unknown` otherwise. */
  readonly gaps: { readonly bins: number; readonly reading: 'unknown' | 'ambiguous' }
}

/** Off its baseline, but not by enough to open anything. Kept, shown with the series, never news. */
export interface Note {
  readonly source: SourceId
  readonly signal: SignalId
  readonly entity: EntityId
  readonly since: UnixSeconds
  readonly until: UnixSeconds | null
  readonly worstShare: Share
}
