import type { EntityId, Seconds, SignalId, SourceId, UnixSeconds } from './brand.ts'

/**
 * What is wrong with our view of a signal; a statement about us and our sources, never about a country.
 *
 * `unreachable`: no answer, or none that says anything: refused, timed out, broken off, a status of 400 and above.
 * `unreadable`: an answer that is not what its interface promises: no JSON, a field that is gone or has another type.
 * `stale`: the newest bin is older than step and delay explain, whatever the source answers.
 * `frozen`: bins come, and nearly all entities repeat their last value bin after bin: a picture, not a measurement.
 * `wrong-clock`: the source's clock and ours differ by more than a bin, or it speaks of bins that have not ended. One is wrong.
 * `partial`: values for far fewer entities than usual.
 * `common-dip`: many unrelated countries fall in the same bin: that is the source first, a cable second.
 */
export type HealthCondition =
  | 'unreachable'
  | 'unreadable'
  | 'stale'
  | 'frozen'
  | 'wrong-clock'
  | 'partial'
  | 'common-dip'

/** Bins in these conditions are not judged: their values, where there are any, are kept and read as unknown. */
export const BLINDING: readonly HealthCondition[] = ['frozen', 'wrong-clock', 'common-dip']

/**
 * A stretch of our blindness, in bins of one signal. Kept for ever: it says why a chart has a gap.
 * The same (source, signal, scope, condition, from) again replaces it: it grows while it lasts.
 */
export interface HealthInterval {
  readonly source: SourceId
  readonly signal: SignalId
  /** `null` = everywhere. */
  readonly scope: EntityId | null
  readonly condition: HealthCondition
  readonly from: UnixSeconds
  /** Exclusive; `null` while it lasts. */
  readonly until: UnixSeconds | null
  /** When we knew, by our clock. */
  readonly knownAt: UnixSeconds
  /** Numbers and causes for people, such as `HTTP 503` or `61 of 247 countries`; not a sentence. */
  readonly detail: string
}

/** How one signal of one source stands now. */
export interface SignalHealth {
  readonly source: SourceId
  readonly signal: SignalId
  readonly label: string
  /** What is wrong now, the gravest first; empty = nothing. */
  readonly conditions: readonly HealthInterval[]
  /** End of the newest bin with a value of any entity; `null` = none yet. */
  readonly newest: UnixSeconds | null
  /** End of the newest bin that should be with us by now. */
  readonly expected: UnixSeconds
  /** Entities with a value in their newest due bin, of those that usually have one. */
  readonly entities: { readonly fresh: number; readonly usual: number }
  /** Share of the wanted back-fill that is done, 0–1. */
  readonly backfilled: number
}

/** What a source may ask of its upstream, and what it did. */
export interface Budget {
  readonly requests: number
  readonly perSeconds: number
  /** Share of it that back-fill may take, 0–1. */
  readonly backfillShare: number
}

export interface SourceStatus {
  readonly source: SourceId
  readonly name: string
  readonly homepage: string | null
  /** Base address of the upstream interface. */
  readonly upstream: string
  readonly enabled: boolean
  readonly budget: Budget
  /** Requests in the running budget window, and in all since the start, by outcome. */
  readonly spent: number
  readonly requests: {
    readonly ok: number
    readonly refused: number
    readonly failed: number
    readonly unreadable: number
    readonly bytes: number
  }
  readonly lastAnswerAt: UnixSeconds | null
  readonly lastFailure: { readonly at: UnixSeconds; readonly reason: string } | null
  /** No request before this instant: back-off, or `Retry-After`. */
  readonly waitingUntil: UnixSeconds | null
  /** Entities of the upstream that no table of ours knows and that are not followed, such as `KZ: Nowhere`. */
  readonly leftOut: readonly string[]
  /** Set while an upstream takes no lists: how long one round of asking for each entity by itself takes, in seconds. */
  readonly roundSeconds: Seconds | null
  readonly signals: readonly SignalHealth[]
}
