import { readdirSync, readFileSync } from 'node:fs'
import type { EntityId } from '../model/brand.ts'
import type { Operator } from '../model/routing.ts'
import { checkApart, readOperatorSources, readOperatorTable, type OperatorRow } from './operator-rows.ts'

/** The rows with their look-ups, read once. */
interface Register {
  readonly rows: readonly OperatorRow[]
  readonly byAsn: ReadonlyMap<number, OperatorRow>
  readonly byEntity: ReadonlyMap<EntityId, OperatorRow>
}

let register: Register | null = null

/** Tables of data/operators, which stands beside src/ and beside dist/. */
function registered(): Register {
  if (register !== null) return register
  const folder = new URL('../../data/operators/', import.meta.url)
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  const sources = readOperatorSources(read('sources.toml'))
  const rows = readdirSync(folder)
    .filter((name) => name.endsWith('.toml') && name !== 'sources.toml')
    .sort()
    .flatMap((name) => readOperatorTable(name, read(name), sources))
  checkApart(rows)
  register = {
    rows,
    byAsn: new Map(rows.flatMap((row) => row.asns.map((asn) => [asn, row] as const))),
    byEntity: new Map(rows.map((row) => [row.entity, row])),
  }
  return register
}

/**
 * All curated operators, by country, in the order of the tables; with what only those who keep the tables read.
 *
 * @throws ConfigError that names file, row and what would be right, when a table cannot be used.
 */
export function loadOperators(): readonly OperatorRow[] {
  return registered().rows
}

/** @returns `null` for an AS that no row has: unknown, not nobody's. */
export function operatorOfAs(asn: number): Operator | null {
  return registered().byAsn.get(asn) ?? null
}

/** @param entity `operator:KZ.kcell`. @returns `null` for anything else. */
export function operatorOf(entity: EntityId): Operator | null {
  return registered().byEntity.get(entity) ?? null
}

/**
 * The group that an operator counts in, `access:KZ.mobile`. Operators whose kind is unknown are in none, rather than
 * together in one that would mean nothing.
 */
export function accessOf(operator: Operator): EntityId | null {
  return operator.access === 'unknown' ? null : (`access:${operator.country}.${operator.access}` as EntityId)
}

/** In the asked language where known, in English otherwise. `kk-KZ` is `kk`. */
export function operatorName(operator: Operator, language: string): string {
  const base = language.toLowerCase().split('-')[0] ?? 'en'
  return (Object.hasOwn(operator.names, base) ? operator.names[base] : undefined) ?? operator.names['en'] ?? ''
}
