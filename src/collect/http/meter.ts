import type { SignalId, UnixSeconds } from '../../model/brand.ts'
import type { SourceMeter } from '../source.ts'

/** A meter that can be turned. One for each source, for as long as it lives. */
export interface Meter {
  answered(at: UnixSeconds, bytes: number): void
  /** The last answer, counted as such, was not what its interface promises. */
  wasUnreadable(at: UnixSeconds, reason: string): void
  refused(at: UnixSeconds, bytes: number, reason: string): void
  failed(at: UnixSeconds, bytes: number, reason: string): void
  /** A message came by a connection that is counted as one answer. */
  heard(at: UnixSeconds, bytes: number): void
  /** A connection that is counted as answered was lost. */
  lost(at: UnixSeconds, reason: string): void
  waitUntil(at: UnixSeconds | null): void
  backfilled(signal: SignalId, share: number): void
  /** @param spent requests in the running budget window. */
  read(spent: number): SourceMeter
}

export function createMeter(): Meter {
  let ok = 0
  let refused = 0
  let failed = 0
  let unreadable = 0
  let bytes = 0
  let lastAnswerAt: UnixSeconds | null = null
  let lastFailure: SourceMeter['lastFailure'] = null
  let waitingUntil: UnixSeconds | null = null
  const backfilled = new Map<SignalId, number>()
  return {
    answered(at, length) {
      ok += 1
      bytes += length
      lastAnswerAt = at
    },
    wasUnreadable(at, reason) {
      ok -= 1
      unreadable += 1
      lastFailure = { at, reason }
    },
    refused(at, length, reason) {
      refused += 1
      bytes += length
      lastFailure = { at, reason }
    },
    failed(at, length, reason) {
      failed += 1
      bytes += length
      lastFailure = { at, reason }
    },
    heard(at, length) {
      bytes += length
      lastAnswerAt = at
    },
    lost(at, reason) {
      lastFailure = { at, reason }
    },
    waitUntil(at) {
      waitingUntil = at
    },
    backfilled(signal, share) {
      backfilled.set(signal, share)
    },
    read: (spent) => ({
      spent,
      ok,
      refused,
      failed,
      unreadable,
      bytes,
      lastAnswerAt,
      lastFailure,
      waitingUntil,
      backfilled: new Map(backfilled),
    }),
  }
}
