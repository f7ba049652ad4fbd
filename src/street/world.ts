import type { EntityId } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { HealthInterval } from '../model/health.ts'
import type { Incident } from '../model/incident.ts'
import type { Range, Store } from '../store/store.ts'
import { stripOf } from './days.ts'
import type { Sight } from './entity-now.ts'
import { entityNow, openByCountry, saysOfNow } from './entity-now.ts'
import type { Scope } from './scope.ts'
import type { DayCell, EntityNow } from './view.ts'

/** Scopes of countries, by the code of the country; those of AS are left out. */
export function countryScopes(scopes: Iterable<readonly [string, Scope]>): readonly (readonly [EntityId, Scope])[] {
  return [...scopes]
    .filter(([name]) => /^[A-Z]{2}$/.test(name))
    .map(([name, scope]) => [`country:${name}` as EntityId, scope] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Countries whose scope is being built after a start: they are watched, and nothing can be said of now. */
export function notYetJudged(names: readonly string[]): readonly EntityNow[] {
  return names
    .filter((name) => /^[A-Z]{2}$/.test(name))
    .map((name) => ({
      entity: `country:${name}` as EntityId,
      status: 'blind',
      share: null,
      seenAt: null,
      incident: null,
    }))
}

export function countriesNow(
  scopes: readonly (readonly [EntityId, Scope])[],
  incidents: readonly Incident[],
  at: Pick<Sight, 'now' | 'isBlind'>,
): readonly EntityNow[] {
  const open = openByCountry(incidents)
  return scopes.map(([entity, scope]) =>
    entityNow(entity, { ...at, standings: scope.standings(), open: open.get(entityParts(entity).country ?? '') ?? [] }),
  )
}

/** The days of all countries: one question to the store for all series. */
export async function countriesDays(
  store: Store,
  scopes: readonly (readonly [EntityId, Scope])[],
  incidents: readonly Incident[],
  health: readonly HealthInterval[],
  range: Range,
  now: Sight['now'],
): Promise<ReadonlyMap<EntityId, readonly DayCell[]>> {
  const own = scopes.map(([entity, scope]) => {
    const standings = scope.standings()
    const watched = scope.members.flatMap(({ series }, i) => {
      const standing = standings[i]
      const counts = series.entity === entity && standing !== undefined && saysOfNow(standing)
      return counts ? [{ standing, id: series.id }] : []
    })
    return { entity, watched }
  })
  const days = await store.days(
    own.flatMap(({ watched }) => watched.map(({ id }) => id)),
    range,
  )
  const none = { days: new Float64Array(0), counts: new Float64Array(0) }
  const byCountry = new Map<string, Incident[]>()
  for (const incident of incidents) {
    const { country } = entityParts(incident.entity)
    if (country === null || incident.state === 'retracted') continue
    byCountry.set(country, [...(byCountry.get(country) ?? []), incident])
  }
  return new Map(
    own.map(({ entity, watched }) => [
      entity,
      stripOf(
        {
          watched: watched.map(({ standing, id }) => ({ standing, days: days.get(id) ?? none })),
          incidents: byCountry.get(entityParts(entity).country ?? '') ?? [],
          health,
          now,
        },
        range,
      ),
    ]),
  )
}
