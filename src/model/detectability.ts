import type { Ratio } from './brand.ts'
import type { SignalKey } from './signal.ts'

/**
 * What a cut could be: everything in the country; a part of it (province, city); mobile networks alone; slowed but
 * not cut; some services; all but an allow-list.
 */
export type CutKind = 'national' | 'regional' | 'mobile' | 'throttling' | 'services' | 'allow-list'

/** The least that would have been seen of a cut that lasted so long. */
export interface LeastCut {
  /**
   * Share of usual that had to be lost, 0–1: 0.2 = a cut of a fifth and more would have shown. For throttling: the
   * relative rise (0.5 = half as much again), which may pass 1.
   */
  readonly loss: Ratio
  readonly by: SignalKey
}

/** Of one country and kind, with today's signals, their noise and their rules. */
export interface Detectability {
  readonly kind: CutKind
  /** A cut of one hour; `null` = none would surely have shown, however deep. */
  readonly hour: LeastCut | null
  /** A cut of a day. */
  readonly day: LeastCut | null
  /** Why there is none, where both are `null`. */
  readonly why: 'no-signal' | 'too-little-history' | 'blind' | null
}
