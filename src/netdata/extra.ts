import type { EntityId } from '../model/brand.ts'

/** What someone else says of an entity that no table of ours holds: the cities and counties of a case, operators. */
export interface ExtraEntity {
  readonly entity: EntityId
  readonly name: string
  /** `null`: by its id (a place's region, an operator's country). */
  readonly parent: EntityId | null
  /** IANA; `null`: its parent's. */
  readonly timeZone: string | null
  /** How many children exist, where someone says so. */
  readonly knownChildren: number | null
}
