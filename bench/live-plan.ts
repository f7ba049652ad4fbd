import type { UnixSeconds } from '../src/model/brand.ts'
import { DAY, HOUR, plus } from '../src/model/time.ts'
import { countryCodes } from '../src/netdata/iso.ts'
import { shutdownsOf, simulatedWorld, type World } from '../test/simulated-world.ts'

/** Put by the observatory's `fetch` on each request, so that the upstream of `bench:live` lives in the same time. */
export const SIMULATED_NOW = 'x-simulated-now'

/** What is told to every process of `bench:live`. */
export interface LivePlan {
  readonly folder: string
  readonly seed: number
  /** Cold start. */
  readonly start: UnixSeconds
  readonly backfillDays: number
  /** Longest simulated time from the cold start on: what the world is made for. */
  readonly mostHours: number
}

/** All countries, six signals, three shutdowns. */
export function worldOf(plan: LivePlan): World {
  const from = plus(plan.start, -(plan.backfillDays + 1) * DAY)
  return simulatedWorld(
    plan.seed,
    countryCodes(),
    from,
    plus(plan.start, Math.ceil((plan.mostHours * HOUR) / DAY) * DAY),
    shutdownsOf(plan.start),
  )
}
