import type { IncidentKind } from '../model/incident.ts'
import type { EntityRef, WatchStatus } from '../model/page.ts'

/** A country of the map. */
export interface MapFacts {
  readonly entity: EntityRef
  readonly status: WatchStatus
  readonly share: number | null
  readonly kind: IncidentKind | null
}

/** How many of the watched countries the map shows in which state. */
export interface MapCounts {
  readonly countries: number
  readonly incidents: number
  /** With a share of usual under nine tenths. */
  readonly below: number
  /** Of which nothing can be said: hatched. */
  readonly hatched: number
}

const USUAL_FROM = 0.9

export function mapCounts(facts: readonly Pick<MapFacts, 'share' | 'kind'>[]): MapCounts {
  return {
    countries: facts.length,
    incidents: facts.filter((one) => one.kind !== null).length,
    below: facts.filter((one) => one.share !== null && one.share < USUAL_FROM).length,
    hatched: facts.filter((one) => one.share === null).length,
  }
}
