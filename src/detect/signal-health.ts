import type { Seconds, UnixSeconds } from '../model/brand.ts'
import type { DipFinding, PartOfWorld } from './common-dip.ts'
import { commonDip } from './common-dip.ts'
import { createFrozenWatch } from './frozen.ts'
import type { PartialFinding } from './partial.ts'
import { partial } from './partial.ts'
import type { DetectionRule } from './rules.ts'
import { createSameTimeMemory } from './same-time.ts'

export interface SignalHealthSetting {
  /** Where each country lies, in the order of the values; `null` where nobody knows. */
  readonly where: readonly (PartOfWorld | null)[]
  readonly step: Seconds
  readonly phase: Seconds
  readonly rule: Pick<DetectionRule, 'open' | 'minUsual'>
  readonly badDirection: 'down' | 'up'
}

/** What one bin of all countries says of the signal itself. */
export interface BinHealth {
  readonly dip: DipFinding
  readonly partial: PartialFinding
  /** First bin of a stretch that repeats itself, which is known some bins later; `null` for none. */
  readonly frozenFrom: UnixSeconds | null
}

/** Watches one signal of all countries, bin after bin in the order of time: live, and over history when it is rebuilt. */
export interface SignalHealthWatch {
  /** @param values by country; `NaN` = none. @param isBlind our view is known to be unhealthy for another reason. */
  next(bin: UnixSeconds, values: Float64Array, isBlind: boolean): BinHealth
}

export function createSignalHealthWatch(setting: SignalHealthSetting): SignalHealthWatch {
  const { where, step, phase, rule, badDirection } = setting
  const memory = createSameTimeMemory(where.length, step, phase)
  const frozen = createFrozenWatch(where.length, step)
  let wasDip = false
  return {
    next(bin, values, isBlind) {
      const usual = memory.usual(bin)
      const dip = commonDip(values, usual, memory.weekBefore(bin), where, rule, badDirection, wasDip)
      const missing = partial(values, usual)
      const frozenFrom = frozen.next(bin, values)
      wasDip = dip.isDip
      // What is not to be trusted must not become what is usual.
      if (!isBlind && !dip.isDip && !missing.isPartial && frozenFrom === null) memory.remember(bin, values)
      return { dip, partial: missing, frozenFrom }
    },
  }
}
