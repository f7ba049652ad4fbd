import { countryCode } from './country-number.ts'
import { prefixText } from './prefix-text.ts'
import type { RouteTable, TableParts } from './route-table.ts'

/** A prefix as the voters saw it at the end of the bin that was closed last. */
export interface ListedPrefix {
  readonly prefix: string
  readonly family: 4 | 6
  /** AS that most voters see as its origin, or last saw; 0: nobody can be named. */
  readonly origin: number
  /** ISO 3166-1; `null` where none can be named. */
  readonly country: string | null
  /** Voters that carry exactly this prefix, of `voting`. */
  readonly carrying: number
  readonly voting: number
  /** Blocks (/24, /48) of which it is the most specific prefix. */
  readonly blocks: number
  /** AS that these blocks count for, by this prefix or one that covers it; `null`: they are not visible. */
  readonly blocksOf: number | null
}

/**
 * Prefixes whose origin, or last origin, or country is wanted; also those that nobody carries any more.
 *
 * @internal
 */
export function listPrefixes(
  table: RouteTable,
  wanted: (origin: number, country: string | null) => boolean,
): ListedPrefix[] {
  return rowsOf(table, (parts, row) => {
    const origin = parts.visibility.majority[row]!
    return origin !== 0 && wanted(parts.table.origins.asn[origin]!, countryCode(parts.table.countryOf(row, origin)))
  }).map(({ parts, row }) => listed(parts, row))
}

/**
 * Prefixes for which voters see more than one origin (MOAS), with the ASes and how many voters see each.
 *
 * @internal
 */
export function severalOrigins(
  table: RouteTable,
): (ListedPrefix & { readonly origins: ReadonlyMap<number, number> })[] {
  return rowsOf(table, ({ visibility }, row) => visibility.hasSeveralOrigins(row)).map(({ parts, row }) => {
    const origins = new Map<number, number>()
    for (const { feeds } of parts.visibility.voters) {
      const own = new Set(feeds.map(({ block, column }) => block.origin(row, column)))
      own.delete(0)
      for (const origin of own) {
        const asn = parts.table.origins.asn[origin]!
        origins.set(asn, (origins.get(asn) ?? 0) + 1)
      }
    }
    return { ...listed(parts, row), origins }
  })
}

/**
 * Visible prefixes that another AS originates than the one by which they were first seen: leases, scrubbing centres,
 * hijacks. Their blocks left one AS and came to another without being lost.
 *
 * @internal
 */
export function changedOrigins(table: RouteTable): (ListedPrefix & { readonly originBefore: number })[] {
  return rowsOf(
    table,
    ({ visibility }, row) => visibility.isVisible(row) && visibility.majority[row] !== visibility.first[row],
  ).map(({ parts, row }) => ({
    ...listed(parts, row),
    originBefore: parts.table.origins.asn[parts.visibility.first[row]!]!,
  }))
}

/** How many prefixes of a family have several origins, and how many another than at first. */
export function originRemarks(table: RouteTable, family: 4 | 6): { several: number; changed: number; visible: number } {
  const { visibility, table: of } = table.parts[family]
  let several = 0
  let changed = 0
  let visible = 0
  for (let row = 0; row < of.rows.count; row += 1) {
    if (!visibility.isVisible(row)) continue
    visible += 1
    if (visibility.hasSeveralOrigins(row)) several += 1
    if (visibility.majority[row] !== visibility.first[row]) changed += 1
  }
  return { several, changed, visible }
}

/** A session that votes, and how much it holds that no other voter has: routes that all others have long withdrawn. */
export interface LonelyRoutes {
  readonly peer: string
  readonly family: 4 | 6
  readonly routes: number
  /** Prefixes of lengths that count which this voter alone carries. */
  readonly alone: number
}

/** Voters by how much they carry alone, most first; those that carry nothing alone are left out. */
export function lonelyRoutes(table: RouteTable): LonelyRoutes[] {
  const found: LonelyRoutes[] = []
  for (const family of [4, 6] as const) {
    const { table: of, visibility } = table.parts[family]
    const alone = new Map(visibility.voters.map(({ feeds }) => [feeds, 0]))
    if (visibility.voters.length < 2) continue
    for (let row = 0; row < of.rows.count; row += 1) {
      if (!visibility.tree.has(row) || visibility.carriers(row) !== 1) continue
      const voter = visibility.voters.find(({ feeds }) =>
        feeds.some(({ block, column }) => block.origin(row, column) !== 0),
      )
      if (voter !== undefined) alone.set(voter.feeds, alone.get(voter.feeds)! + 1)
    }
    for (const [feeds, count] of alone)
      if (count > 0)
        found.push({
          peer: feeds.map(({ session }) => session.text).join(', '),
          family,
          routes: feeds.reduce((sum, { routes }) => sum + routes, 0),
          alone: count,
        })
  }
  return found.sort((a, b) => b.alone - a.alone)
}

function rowsOf(
  table: RouteTable,
  wanted: (parts: TableParts, row: number) => boolean,
): { parts: TableParts; row: number }[] {
  const found: { parts: TableParts; row: number }[] = []
  for (const family of [4, 6] as const) {
    const parts = table.parts[family]
    // Rows that came since the last bin was closed are not judged yet.
    const count = Math.min(parts.table.rows.count, parts.visibility.majority.length)
    for (let row = 0; row < count; row += 1) if (wanted(parts, row)) found.push({ parts, row })
  }
  return found
}

function listed(parts: TableParts, row: number): ListedPrefix {
  const { table, visibility } = parts
  const origin = visibility.majority[row]!
  return {
    prefix: prefixText(table, row),
    family: table.family,
    origin: table.origins.asn[origin]!,
    country: origin === 0 ? null : countryCode(table.countryOf(row, origin)),
    carrying: visibility.carriers(row),
    voting: visibility.voters.length,
    blocks: visibility.tree.exclusive[row]!,
    blocksOf: visibility.owner[row] === 0 ? null : table.origins.asn[visibility.owner[row]!]!,
  }
}
