import type { UnixSeconds } from '../../../model/brand.ts'
import type { RouteEvent } from '../../../model/routing.ts'
import type { CountingTable } from '../archive/count.ts'
import type { BinCounts } from '../counts.ts'
import { ROUTING_STEP } from '../signals.ts'

/** The table that counts, whatever way its routes come. */
export type LiveTable = CountingTable<readonly RouteEvent[]>

export interface ClosedBin {
  readonly counts: BinCounts
  readonly events: readonly RouteEvent[]
}

/**
 * How far a table is in time. All that has a time before `reached` is in it, by whatever way it came; bins are closed when
 * that is true of all of them and they have ended by our clock.
 */
export interface Timeline {
  /** `null` before there is a table. */
  readonly reached: UnixSeconds | null
  /** Of the bin that is open. */
  readonly binEnd: UnixSeconds
  /** A table was read that stood at that time. */
  begin(at: UnixSeconds): void
  /**
   * Goes on to `until`, but not past a bin that has not ended at `now`.
   *
   * @param drain puts all messages before an instant into the table; called with instants that ascend.
   */
  advance(until: number, now: UnixSeconds, drain: (until: number) => void): readonly ClosedBin[]
}

export function createTimeline(table: LiveTable): Timeline {
  let reached: UnixSeconds | null = null
  let bin = 0 as UnixSeconds
  return {
    get reached() {
      return reached
    },
    get binEnd() {
      return (bin + ROUTING_STEP) as UnixSeconds
    },
    begin(at) {
      bin = (Math.floor(at / ROUTING_STEP) * ROUTING_STEP) as UnixSeconds
      reached = bin
    },
    advance(until, now, drain) {
      const closed: ClosedBin[] = []
      if (reached === null) return closed
      while (bin + ROUTING_STEP <= until && bin + ROUTING_STEP <= now) {
        drain(bin + ROUTING_STEP)
        const counts = table.closeBin(bin)
        closed.push({ counts, events: table.takeEvents() })
        bin = (bin + ROUTING_STEP) as UnixSeconds
        reached = bin
      }
      const end = Math.floor(Math.min(until, bin + ROUTING_STEP)) as UnixSeconds
      if (end > reached) {
        drain(end)
        reached = end
      }
      return closed
    },
  }
}
