import type { Interval } from '../../model/intervals.ts'
import type { DataSource } from './data-sources.ts'
import type { EntityType } from './entities.ts'

/** Asks for native bins: without `maxPoints`, since with it the API down-samples. */
export function seriesUrl(
  base: string,
  source: DataSource,
  type: EntityType,
  codes: readonly string[],
  { from, until }: Interval,
): string {
  const url = new URL(`${base.replace(/\/+$/, '')}/signals/raw/${type}/${codes.map(encodeURIComponent).join(',')}`)
  url.searchParams.set('from', String(from))
  url.searchParams.set('until', String(until))
  url.searchParams.set('datasource', source.id)
  if (source.product !== null) url.searchParams.set('sourceParams', source.product)
  return url.href
}

/** @param country ISO 3166-1 alpha-2. */
export function entitiesUrl(base: string, type: 'region' | 'asn', country: string): string {
  const url = new URL(`${base.replace(/\/+$/, '')}/entities/query`)
  url.searchParams.set('entityType', type)
  url.searchParams.set('relatedTo', `country/${country}`)
  return url.href
}
