import type { FaultKind } from '../src/collect/ioda/faults.testing.ts'
import { NOTICEABLE } from '../src/collect/ioda/faults.testing.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import { DAY, plus } from '../src/model/time.ts'
import { countryCodes } from '../src/netdata/iso.ts'
import { shutdownsOf, simulatedWorld, type World } from './simulated-world.ts'

/** What is told to each life of the observatory: the same for all but `now`. */
export interface FortnightPlan {
  readonly folder: string
  readonly seed: number
  /** Cold start. */
  readonly start: UnixSeconds
  readonly until: UnixSeconds
  readonly backfillDays: number
  readonly withFaults: boolean
  /** Without faults, at the end: what was missed is caught up with. */
  readonly calmHours: number
}

/** Every kind that a source can come back from. */
export const FAULTS: readonly FaultKind[] = NOTICEABLE

export function worldOf(plan: FortnightPlan): World {
  const from = plus(plan.start, -plan.backfillDays * DAY)
  return simulatedWorld(plan.seed, countryCodes(), from, plan.until, shutdownsOf(plan.start))
}
