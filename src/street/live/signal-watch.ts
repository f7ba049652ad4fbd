import type { UnixSeconds } from '../../model/brand.ts'
import type { SignalSpec } from '../../model/signal.ts'
import type { HealthBook } from './health-book.ts'
import type { LiveScopes } from './scopes.ts'

/** What the values of all countries together say of the signal itself. */
export interface SignalWatch {
  /** The newest bins, as they come. */
  judgeNewest(spec: SignalSpec, now: UnixSeconds): void
  judgeHistory(specs: readonly SignalSpec[]): void
}

export function createSignalWatch(_scopes: LiveScopes, _book: HealthBook): SignalWatch {
  return { judgeNewest: () => undefined, judgeHistory: () => undefined }
}
