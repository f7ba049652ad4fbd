import { z } from 'zod'
import type { EntityId } from '../../model/brand.ts'
import { parseEntityId } from '../../model/entity.ts'
import { resolveRegion } from '../../netdata/aliases.ts'
import { firstIssue, openEnvelope } from './envelope.ts'

/** What IODA calls a kind of entity in its addresses. */
export type EntityType = 'country' | 'region' | 'asn'

/** An entity under the code that the API knows it by. */
export interface IodaEntity {
  readonly code: string
  readonly entity: EntityId
}

export type EntityList =
  | {
      readonly kind: 'entities'
      readonly entities: readonly IodaEntity[]
      /** Names of those that no table of ours knows: they are left out. */
      readonly unmapped: readonly string[]
    }
  | { readonly kind: 'unreadable'; readonly detail: string }

const item = z.object({ code: z.union([z.string(), z.int().transform(String)]), name: z.string(), type: z.string() })

/**
 * Reads an answer of `/entities/query`: regions of ISO 3166-2 by their names, since their codes are IODA's own (those of
 * Natural Earth), AS by their numbers, in the order of the upstream.
 *
 * @param country ISO 3166-1 alpha-2, whose regions or AS were asked for.
 */
export function readEntities(body: Uint8Array, type: 'region' | 'asn', country: string): EntityList {
  const opened = openEnvelope(body, null)
  if (opened.kind === 'unreadable') return opened
  const parsed = z.array(item).safeParse(opened.data)
  if (!parsed.success) return { kind: 'unreadable', detail: `entities: ${firstIssue(parsed.error)}` }
  const entities: IodaEntity[] = []
  const unmapped: string[] = []
  for (const { code, name } of parsed.data.filter((each) => each.type === type)) {
    const entity = type === 'region' ? resolveRegion('ioda', country, name) : asEntity(code)
    // Two that mean the same region: which of them it is, nobody can tell, so the first.
    if (entity === null || entities.some((each) => each.entity === entity)) unmapped.push(name)
    else entities.push({ code, entity })
  }
  return { kind: 'entities', entities, unmapped }
}

function asEntity(code: string): EntityId | null {
  const id = `as:${code}`
  return parseEntityId(id) === null ? null : (id as EntityId)
}
