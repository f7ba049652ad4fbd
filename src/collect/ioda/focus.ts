import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import { DAY, HOUR, plus } from '../../model/time.ts'
import type { Client } from '../http/client.ts'
import type { CollectContext } from '../source.ts'
import type { DataSource } from './data-sources.ts'
import { readEntities, type EntityList } from './entities.ts'
import { createLane, type Lane } from './lane.ts'
import { entitiesUrl } from './requests.ts'

const LIST_VALID_FOR = DAY
const LIST_RETRY_AFTER = HOUR
/** AS of a country in trouble, the first by the upstream's own order. */
const MOST_AS = 30
const HISTORY_DAYS = 14
const EVERY_STEPS = 2

type LocalType = 'region' | 'asn'

interface Group {
  readonly lanes: readonly Lane[]
  readonly unmapped: readonly string[]
  readonly askAgainAt: UnixSeconds
}

/** Regions and AS of countries in trouble. */
export interface Focus {
  /** Of the countries that are in trouble now. */
  lanes(): readonly Lane[]
  /** Whose list of entities is to be asked for now; `null` when none is. */
  wanted(now: UnixSeconds): { readonly country: string; readonly type: LocalType } | null
  discover(country: string, type: LocalType): Promise<void>
  /** Entities that no table of ours knows, as `KZ: Nowhere`. */
  leftOut(): readonly string[]
}

export function createFocus(
  baseUrl: string,
  sources: readonly DataSource[],
  client: Client,
  context: CollectContext,
): Focus {
  const groups = new Map<string, Group>()
  const local = sources.filter(({ isLocal }) => isLocal)

  const wantedGroups = (): readonly { readonly country: string; readonly type: LocalType }[] =>
    [...new Set(context.focus())].flatMap((entity) => {
      const country = countryOf(entity)
      return country === null ? [] : [{ country, type: 'region' } as const, { country, type: 'asn' } as const]
    })

  const key = (country: string, type: LocalType): string => `${type}/${country}`

  return {
    lanes: () => wantedGroups().flatMap(({ country, type }) => groups.get(key(country, type))?.lanes ?? []),
    wanted: (now) =>
      local.length === 0
        ? null
        : (wantedGroups().find(
            ({ country, type }) => (groups.get(key(country, type))?.askAgainAt ?? -Infinity) <= now,
          ) ?? null),
    async discover(country, type) {
      const outcome = await client.ask(entitiesUrl(baseUrl, type, country), 'live')
      const now = context.clock.now()
      const before = groups.get(key(country, type))
      const list: EntityList | null =
        outcome.kind === 'answer' ? readEntities(outcome.answer.body, type, country) : null
      if (list?.kind !== 'entities') {
        const kept = before ?? { lanes: [], unmapped: [] }
        groups.set(key(country, type), { ...kept, askAgainAt: plus(now, LIST_RETRY_AFTER) })
        return
      }
      const entities = type === 'asn' ? list.entities.slice(0, MOST_AS) : list.entities
      const made = (entities.length === 0 ? [] : local).map((source) =>
        createLane(
          { source, type, group: country, entities, everySteps: EVERY_STEPS, historyDays: HISTORY_DAYS, due: now },
          context.progress,
        ),
      )
      // The same entities as yesterday: their lanes go on, with what they know.
      const lanes = made.map((lane) => before?.lanes.find(({ stream }) => stream === lane.stream) ?? lane)
      const unmapped = list.unmapped.map((name) => `${country}: ${name}`)
      groups.set(key(country, type), { lanes, unmapped, askAgainAt: plus(now, LIST_VALID_FOR) })
    },
    leftOut: () => [...groups.values()].flatMap(({ unmapped }) => unmapped),
  }
}

function countryOf(entity: EntityId): string | null {
  const parts = entityParts(entity)
  return parts.kind === 'country' ? parts.country : null
}
