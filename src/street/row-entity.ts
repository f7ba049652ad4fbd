import { parseEntityId, slug } from '../model/entity.ts'
import type { EntityId } from '../model/brand.ts'
import { CaseError } from '../model/errors.ts'
import { countryFromSource, resolveRegion } from '../netdata/aliases.ts'
import { isoRegions } from '../netdata/iso.ts'
import type { StoredEntity } from '../store/store.ts'
import type { TableFile } from './case-schema.ts'

/** Finds what a row is about. `ignored` rows are left out by the mapping's own word; a `problem` is counted. */
export type RowEntity =
  | { readonly kind: 'found'; readonly entity: EntityId; readonly described: StoredEntity | null }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'problem'; readonly column: string; readonly text: string; readonly reason: string }

type Mapping = TableFile['entity']
type ByColumns = Exclude<Mapping, { id: EntityId }>

/**
 * Compiles the entity part of a mapping.
 *
 * @param columnOf index of a named column. @throws CaseError when the mapping lacks a column that its kind needs.
 */
export function rowEntityReader(
  mapping: Mapping,
  columnOf: (name: string) => number,
  source: string,
  path: string,
): (cells: readonly string[]) => RowEntity {
  if ('id' in mapping) {
    const found: RowEntity = { kind: 'found', entity: mapping.id, described: null }
    return () => found
  }
  for (const [name, code] of Object.entries(mapping.regions ?? {})) {
    if (!isoRegions().has(code))
      throw new CaseError(`${path}: entity.regions: "${name}" is mapped to "${code}", which is no region of ISO 3166-2`)
  }
  const country = countryReader(mapping, columnOf, path)
  const cache = new Map<string, RowEntity>()
  const indexes = columnsOfKind(mapping, path).map((name) => columnOf(name))
  const names = columnsOfKind(mapping, path)
  return (cells) => {
    const texts = indexes.map((index) => (cells[index] ?? '').trim())
    const code = country(cells)
    const key = `${code.text}\u0000${texts.join('\u0000')}`
    let found = cache.get(key)
    if (found === undefined) {
      found = resolve(mapping, source, code, names, texts)
      cache.set(key, found)
    }
    return found
  }
}

interface CountryCell {
  readonly text: string
  readonly column: string
  readonly code: string | null
}

function countryReader(
  mapping: ByColumns,
  columnOf: (name: string) => number,
  path: string,
): (cells: readonly string[]) => CountryCell {
  if (mapping.country !== undefined) {
    const fixed: CountryCell = { text: mapping.country, column: '', code: countryFromSource(mapping.country) }
    if (fixed.code === null)
      throw new CaseError(`${path}: entity.country = "${mapping.country}" is no country of ISO 3166-1 (or XK)`)
    return () => fixed
  }
  const column = mapping.country_column
  if (column === undefined) {
    if (mapping.kind === 'as') return () => ({ text: '', column: '', code: null })
    throw new CaseError(`${path}: the entity mapping needs country or country_column`)
  }
  const index = columnOf(column)
  return (cells) => {
    const text = (cells[index] ?? '').trim()
    return { text, column, code: countryFromSource(text) }
  }
}

function columnsOfKind(mapping: ByColumns, path: string): readonly string[] {
  const need = (name: keyof ByColumns): string => {
    const column = mapping[name]
    if (typeof column !== 'string') throw new CaseError(`${path}: an entity of kind "${mapping.kind}" needs ${name}`)
    return column
  }
  switch (mapping.kind) {
    case 'country':
      return []
    case 'region':
      return [need('region_column')]
    case 'place':
      return [need('region_column'), need('place_column')]
    case 'as':
      return [need('asn_column')]
    case 'operator':
      return [need('operator_column')]
    default:
      return mapping.kind satisfies never
  }
}

function resolve(
  mapping: ByColumns,
  source: string,
  country: CountryCell,
  columns: readonly string[],
  texts: readonly string[],
): RowEntity {
  if (mapping.ignore?.includes(country.text) === true) return { kind: 'ignored' }
  const [first = '', second = ''] = texts
  const [firstColumn = '', secondColumn = ''] = columns
  if (mapping.kind === 'as') {
    const id = `as:${first.replace(/^AS/i, '')}`
    return parseEntityId(id) === null ? problem(firstColumn, first, 'no AS number') : found(id as EntityId, null)
  }
  if (country.code === null) return problem(country.column, country.text, 'no country of ISO 3166-1')
  if (mapping.kind === 'country') return found(`country:${country.code}` as EntityId, null)
  if (mapping.kind === 'operator') {
    const name = slug(first)
    return name === ''
      ? problem(firstColumn, first, 'no name of an operator in Latin letters')
      : found(`operator:${country.code}.${name}` as EntityId, first)
  }
  const own = Object.hasOwn(mapping.regions ?? {}, first) ? mapping.regions?.[first] : undefined
  const region = own === undefined ? resolveRegion(source, country.code, first) : (`region:${own}` as EntityId)
  if (region === null) {
    return problem(firstColumn, first, `no region of ${country.code} that we know; name it under entity.regions`)
  }
  if (mapping.kind === 'region') return found(region, null)
  const place = slug(second)
  if (place === '') return problem(secondColumn, second, 'no name of a place in Latin letters')
  return found(`place:${region.slice('region:'.length)}.${place}` as EntityId, second, region)
}

function found(entity: EntityId, name: string | null, parent?: EntityId): RowEntity {
  const described = name === null ? null : { entity, name, parent: parent ?? null, timeZone: null, knownChildren: null }
  return { kind: 'found', entity, described }
}

function problem(column: string, text: string, reason: string): RowEntity {
  return { kind: 'problem', column, text, reason }
}
