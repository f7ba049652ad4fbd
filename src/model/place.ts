import type { EntityId, UnixSeconds } from './brand.ts'

/**
 * What belongs to what: place → region → country → world, AS → operator → access → country.
 * Children are those **known to exist**, watched or not, so that a share is of what exists.
 */
export interface Hierarchy {
  /** `null` for the world and for an entity that it does not know. */
  parent(entity: EntityId): EntityId | null
  /** Children in the line of places (regions of a country, places of a region) that are listed by name. */
  children(entity: EntityId): readonly EntityId[]
  /** How many children exist, listed by name or not; at least `children(entity).length`. */
  knownChildren(entity: EntityId): number
}

/** Names and clocks of entities. */
export interface Gazetteer {
  /** In the asked language where known, in English otherwise, the code at last. Never empty. */
  name(entity: EntityId, language: string): string
  /** IANA zone by which the people there live; `null` where one zone cannot be named (world, an AS). */
  timeZone(entity: EntityId): string | null
  /** Seconds east of UTC at an instant, by the zone's own history. 0 where there is no zone. */
  offset(entity: EntityId, at: UnixSeconds): number
  /** True for what ISO 3166 (and XK) holds: a country, a region; for the other kinds, that the form is right. */
  exists(entity: EntityId): boolean
}
