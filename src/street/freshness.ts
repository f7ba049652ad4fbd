import type { UnixSeconds } from '../model/brand.ts'
import type { SignalSpec } from '../model/signal.ts'
import { plus } from '../model/time.ts'

/**
 * Data are late when their newest bin ended longer ago than this many times bin and delay. What comes on time is at most
 * a bin, a delay and one round of asking (again a bin) old; the rest is room for jitter and a round that failed.
 */
const LATE_FACTOR = 2

/** The instant from which on a signal whose newest bin starts at `seenAt` is late. */
export function lateFrom(spec: Pick<SignalSpec, 'step' | 'delay'>, seenAt: UnixSeconds): UnixSeconds {
  return plus(seenAt, spec.step + LATE_FACTOR * (spec.step + spec.delay))
}

/** @param seenAt start of the newest bin that had a value; `null` = none yet, which is as late as can be. */
export function isLate(
  spec: Pick<SignalSpec, 'step' | 'delay'>,
  seenAt: UnixSeconds | null,
  now: UnixSeconds,
): boolean {
  return seenAt === null || now >= lateFrom(spec, seenAt)
}
