import type { EntityId } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import type { Hierarchy } from '../model/place.ts'
import type { ExtraEntity } from './extra.ts'
import { accessOf, operatorOf, operatorOfAs } from './operators.ts'
import { countryCodes, isCountryCode, isoRegions } from './iso.ts'

const WORLD = 'world' as EntityId

/**
 * By the id and our tables; `null` for the world, an AS of no operator that we know, and for what lies in a country or
 * region that does not exist. An operator whose kind of access is unknown lies in its country at once.
 */
function parentById(entity: EntityId): EntityId | null {
  const parts = parseEntityId(entity)
  if (parts === null) return null
  switch (parts.kind) {
    case 'world':
      return null
    case 'as':
      return operatorOfAs(parts.asn)?.entity ?? null
    case 'country':
      return isCountryCode(parts.country) ? WORLD : null
    case 'region':
      return isoRegions().get(parts.region)?.parent ?? null
    case 'place':
      return isoRegions().has(parts.region) ? (`region:${parts.region}` as EntityId) : null
    case 'operator': {
      const operator = operatorOf(entity)
      const group = operator === null ? null : accessOf(operator)
      if (group !== null) return group
      return isCountryCode(parts.country) ? (`country:${parts.country}` as EntityId) : null
    }
    case 'access':
      return isCountryCode(parts.country) ? (`country:${parts.country}` as EntityId) : null
    default:
      return parts satisfies never
  }
}

/**
 * Countries and regions of ISO 3166 with XK, the operators of data/operators with their AS and groups of access, and
 * what is added, which goes before them.
 *
 * A country's known children are its regions of the first level: those of ISO 3166-2 that lie in no other region
 * (England, not Kent; Île-de-France, not Paris) and do not merely sum up others (Great Britain). Places below a region
 * are known as far as somebody lists or counts them. Operators, access kinds and AS are nobody's children here: a share
 * of places is of places.
 */
export function createHierarchy(extra: readonly ExtraEntity[]): Hierarchy {
  const childrenOf = new Map<EntityId, EntityId[]>()
  const parentOf = new Map<EntityId, EntityId>()
  const counts = new Map<EntityId, number>()
  const list = (child: EntityId, parent: EntityId): void => {
    const children = childrenOf.get(parent)
    if (children === undefined) childrenOf.set(parent, [child])
    else if (!children.includes(child)) children.push(child)
  }

  childrenOf.set(
    WORLD,
    countryCodes().map((code) => `country:${code}` as EntityId),
  )
  for (const { code, parent, isGrouping } of isoRegions().values()) {
    if (!isGrouping) list(`region:${code}` as EntityId, parent)
  }
  for (const { entity, parent, knownChildren } of extra) {
    const above = parent ?? parentById(entity)
    if (above !== null) {
      parentOf.set(entity, above)
      if (parseEntityId(entity)?.kind === 'place') list(entity, above)
    }
    if (knownChildren !== null) counts.set(entity, Math.max(knownChildren, counts.get(entity) ?? 0))
  }

  const children = (entity: EntityId): readonly EntityId[] => childrenOf.get(entity) ?? []
  return {
    parent: (entity) => parentOf.get(entity) ?? parentById(entity),
    children,
    knownChildren: (entity) => Math.max(children(entity).length, counts.get(entity) ?? 0),
  }
}
