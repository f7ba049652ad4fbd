import type { AnswerWithBody } from '../model/answer.ts'
import type { EntityId, Seconds, SourceId, UnixSeconds } from '../model/brand.ts'
import type { Budget, HealthCondition } from '../model/health.ts'
import type { Interval, Intervals } from '../model/intervals.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { SeriesInfo } from '../model/series.ts'
import type { SignalId } from '../model/brand.ts'
import type { SignalSpec } from '../model/signal.ts'

/** Time as a source may know and pass it. The real one is made in the command line, a simulated one in tests. */
export interface Clock {
  now(): UnixSeconds
  /**
   * Resolves when `now()` has reached `at`, or at once when `signal` is or gets aborted. Never rejects. `now()` may be
   * before `at` then: where the clock is set back, nobody waits longer than they asked to.
   */
  until(at: UnixSeconds, signal: AbortSignal): Promise<void>
}

/** What was kept of an earlier run, so that a source goes on where it was. */
export interface Progress {
  /** Which spans of a stream have been asked for and answered. A stream is the source's own name for a unit of work. */
  covered(stream: string): Intervals
}

/** What a source is handed. It has no other way to the world. */
export interface CollectContext {
  readonly clock: Clock
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly fetch: typeof globalThis.fetch
  /** Stop: no item after it, and `observe` returns. */
  readonly signal: AbortSignal
  readonly progress: Progress
  /** Countries in trouble now, for which regions and ASes are to be followed too. */
  focus(): readonly EntityId[]
}

/** Bins of one series out of one answer; ascending, on the series' grid, none that has not ended. `NaN` = asked, none given. */
export interface ObservedSeries {
  readonly series: SeriesInfo
  readonly bins: Float64Array
  readonly values: Float64Array
  readonly weights: Float64Array
}

/** What one answer held. An empty list is an answer: it covers its span and holds nothing. */
export interface Observed {
  readonly kind: 'observations'
  /** `live`: the newest bins and corrections to them. `back-fill`: history. */
  readonly purpose: 'live' | 'back-fill'
  readonly signal: SignalId
  readonly answer: AnswerWithBody
  readonly series: readonly ObservedSeries[]
  /** Kept in the same breath as the observations, and found in `progress` after a restart. */
  readonly covered: { readonly stream: string; readonly span: Interval }
}

/** Our view got worse or better, as far as the source itself can tell. What follows from values is found elsewhere. */
export interface SourceReport {
  readonly kind: 'health'
  readonly signal: SignalId
  readonly condition: Extract<HealthCondition, 'unreachable' | 'unreadable' | 'wrong-clock' | 'stale'>
  /** True when it begins or goes on, false when it is over. Said anew after a start, before observations of that signal. */
  readonly on: boolean
  readonly at: UnixSeconds
  readonly detail: string
  /** The answer that shows it, where there was one: it is kept as evidence of our blindness. */
  readonly answer: AnswerWithBody | null
}

/**
 * Prefixes that went out of sight or came back, in the order of time. Yielded before the observations of the same span:
 * what those cover is not asked for again, and the same event twice is none.
 */
export interface RouteEvents {
  readonly kind: 'routes'
  /** Of a signal of this source that the events are seen with: its health is theirs. */
  readonly signal: SignalId
  readonly events: readonly RouteEvent[]
}

export type Item = Observed | SourceReport | RouteEvents

/** Numbers of one source for people; the source counts, whoever asks reads. */
export interface SourceMeter {
  readonly spent: number
  readonly ok: number
  readonly refused: number
  readonly failed: number
  readonly unreadable: number
  readonly bytes: number
  readonly lastAnswerAt: UnixSeconds | null
  readonly lastFailure: { readonly at: UnixSeconds; readonly reason: string } | null
  readonly waitingUntil: UnixSeconds | null
  /** Share of the wanted back-fill that is done, 0–1, by signal. */
  readonly backfilled: ReadonlyMap<SignalId, number>
  /** Entities of the upstream that no table of ours knows, and that are left out: `KZ: Nowhere`. */
  readonly leftOut?: readonly string[]
  /** Set while an upstream takes no lists: how long one round of asking for each entity by itself takes, in seconds. */
  readonly roundSeconds?: Seconds | null
}

/**
 * Something that can be asked for observations. One folder each in src/collect; every one passes `testSource` of
 * source.testing.ts.
 *
 * `observe` runs until `context.signal` aborts. The world's misbehaviour is an item, never an exception. Within one
 * stream live spans come in the order of time; nothing is yielded that has not ended by the clock.
 */
export interface Source {
  readonly id: SourceId
  readonly name: string
  readonly homepage: string | null
  readonly upstream: string
  readonly signals: readonly SignalSpec[]
  readonly budget: Budget
  observe(context: CollectContext): AsyncIterable<Item>
  meter(): SourceMeter
}
