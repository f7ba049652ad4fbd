import type { EntityId, UnixSeconds } from '../model/brand.ts'
import type { HealthInterval } from '../model/health.ts'
import { BLINDING } from '../model/health.ts'
import type { Intervals } from '../model/intervals.ts'
import { union } from '../model/intervals.ts'
import type { Hierarchy } from '../model/place.ts'
import type { SeriesKey } from '../model/series.ts'
import { signalKey } from '../model/signal.ts'

const END_OF_TIME = Number.MAX_SAFE_INTEGER as UnixSeconds

/** What is wrong with a country's signal is wrong for all that lies in it. */
function speaksOf(interval: HealthInterval, entity: EntityId, hierarchy: Hierarchy): boolean {
  if (interval.scope === null) return true
  for (let each: EntityId | null = entity; each !== null; each = hierarchy.parent(each))
    if (each === interval.scope) return true
  return false
}

/** When the values of a series were no measurement; a stretch that lasts reaches to the end of time. */
export function blindnessOf(
  health: readonly HealthInterval[],
  series: Pick<SeriesKey, 'source' | 'signal' | 'entity'>,
  hierarchy: Hierarchy,
): Intervals {
  const own = health.filter(
    (each) =>
      BLINDING.includes(each.condition) &&
      signalKey(each) === signalKey(series) &&
      speaksOf(each, series.entity, hierarchy),
  )
  return union(
    [],
    own.map((each) => ({ from: each.from, until: each.until ?? END_OF_TIME })),
  )
}
