import type { SourceId, UnixSeconds } from '../../../model/brand.ts'
import type { RouteEvent } from '../../../model/routing.ts'
import { formatPrefix } from '../../../wire/prefix.ts'
import { countryCode } from './country-number.ts'
import type { FamilyTable } from './family-table.ts'
import type { RouteChange, RouteTable } from './route-table.ts'

/** `203.0.113.0/24`, `2001:db8::/32`. */
export function prefixText({ family, rows }: FamilyTable, row: number): string {
  const v6 = family === 6
  return formatPrefix({
    family,
    word0: rows.word0[row]!,
    word1: v6 ? rows.word1[row]! : 0,
    word2: v6 ? rows.word2[row]! : 0,
    word3: v6 ? rows.word3[row]! : 0,
    length: rows.length[row]!,
  })
}

/**
 * Prefixes lost and returned in the bin that was closed last.
 *
 * @param wanted by origin (AS) and country (ISO 3166-1, or `null`); texts are made of those alone.
 */
export function routeEvents(
  table: RouteTable,
  source: SourceId,
  wanted: (origin: number, country: string | null) => boolean,
): RouteEvent[] {
  const events: RouteEvent[] = []
  for (const change of table.changes()) {
    const country = countryCode(change.country)
    if (wanted(change.origin, country)) events.push(eventOf(table, source, change, country))
  }
  return events
}

function eventOf(table: RouteTable, source: SourceId, change: RouteChange, country: string | null): RouteEvent {
  const { table: of, visibility } = table.parts[change.family]
  return {
    source,
    at: change.at as UnixSeconds,
    kind: change.kind,
    prefix: prefixText(of, change.row),
    origin: change.origin,
    country,
    blocks: visibility.tree.blocks(change.row),
    carrying: change.carrying,
    voting: change.voting,
  }
}
