import type { IncidentKind } from '../model/incident.ts'

/** What of an incident tells its kind. */
export interface KindClues {
  /** Share of usual at worst, over independent signals; `null` when none has a value. */
  readonly troughShare: number | null
  /** Signals that are off, each with its bad direction, and whether it is of one service only. */
  readonly signals: readonly {
    readonly badDirection: 'down' | 'up'
    readonly isService: boolean
  }[]
}

/** Below this nearly everybody is off (NetBlocks, Cloudflare: 'near-total' from some 80 % lost). */
const BLACKOUT = 0.2

/**
 * First form, from what today's signals can tell: slower but there is throttling, single services are blocking, nearly
 * nothing left is a blackout, anything else is partial. An allow-list needs a witness from inside: not told yet.
 */
export function kindOf(clues: KindClues): IncidentKind {
  if (clues.signals.length > 0 && clues.signals.every((each) => each.badDirection === 'up')) return 'throttling'
  if (clues.signals.length > 0 && clues.signals.every((each) => each.isService)) return 'blocking'
  return clues.troughShare !== null && clues.troughShare < BLACKOUT ? 'blackout' : 'partial'
}
