import type { WatchedSeries } from '../detect/detectability.ts'
import { detectability } from '../detect/detectability.ts'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import type { Detectability } from '../model/detectability.ts'
import type { Hierarchy } from '../model/place.ts'
import type { Scope } from './scope.ts'

/** The smallest cuts that today's signals would have shown of an entity; `scope` `null` = nothing watches it. */
export function detectabilityOf(
  entity: EntityId,
  scope: Scope | null,
  hierarchy: Hierarchy,
  now: UnixSeconds,
): readonly Detectability[] {
  const byEntity = new Map<EntityId, WatchedSeries[]>()
  scope?.members.forEach(({ series, spec }, i) => {
    const watched = { spec, facet: series.facet, detector: scope.detector(i) }
    const list = byEntity.get(series.entity)
    if (list === undefined) byEntity.set(series.entity, [watched])
    else list.push(watched)
  })
  const listed = hierarchy.children(entity).map((child) => byEntity.get(child) ?? [])
  // Parts that are counted and not named are watched by nothing.
  const unnamed = Math.max(0, hierarchy.knownChildren(entity) - listed.length)
  const parts = [...listed, ...Array.from({ length: unnamed }, () => [])]
  return detectability({ own: byEntity.get(entity) ?? [], parts }, now)
}
