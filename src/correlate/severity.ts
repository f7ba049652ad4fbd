import type { EntityId } from '../model/brand.ts'
import type { EntityKind } from '../model/entity.ts'
import { entityParts } from '../model/entity.ts'
import type { Severity } from '../model/incident.ts'
import { DAY, HOUR } from '../model/time.ts'

/**
 * How much of a country one entity stands for, while users per network are not known. Coarse on purpose, and said so
 * on the method page.
 */
const EXTENT: Readonly<Record<EntityKind, number>> = {
  world: 1,
  country: 1,
  access: 0.6,
  operator: 0.4,
  region: 0.4,
  as: 0.3,
  place: 0.1,
}

/** A fiftieth of a country's worth. */
const LEAST_EXTENT = 0.02

/** A quarter of a country's worth, for a day, is critical. */
const CRITICAL_IN_TIME = 0.25

const LEVELS: readonly Severity[] = ['minor', 'major', 'critical']

/**
 * One rule: share lost × what it is lost to × how long. Half a country's worth is critical, a seventh major; a day
 * raises by one (to critical from a quarter of a country's worth on, never out of nothing), less than an hour lowers by one.
 *
 * @param lost     0 to 1, at worst.
 * @param seconds  time down so far, episodes added up.
 */
export function severityOf(entity: EntityId, lost: number, seconds: number): Severity {
  const extent = lost * EXTENT[entityParts(entity).kind]
  let level = extent >= 0.5 ? 2 : extent >= 0.15 ? 1 : 0
  // Time makes a small loss worse, not a loss out of none.
  if (seconds >= DAY && extent >= (level === 1 ? CRITICAL_IN_TIME : LEAST_EXTENT)) level += 1
  if (seconds < HOUR) level -= 1
  return LEVELS[Math.min(2, Math.max(0, level))] ?? 'minor'
}
