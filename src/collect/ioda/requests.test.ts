import { describe, expect, it } from 'vitest'
import type { SignalId, UnixSeconds } from '../../model/brand.ts'
import { dataSourcesOf } from './data-sources.ts'
import { entitiesUrl, seriesUrl } from './requests.ts'

const SPAN = { from: 1_700_000_100 as UnixSeconds, until: 1_700_003_700 as UnixSeconds }

describe('what IODA is asked', () => {
  it('is one data source for a list of entities, never with a most of points', () => {
    const [bgp, gtr] = dataSourcesOf(['bgp.visible_slash24s', 'google.search_traffic'] as SignalId[])
    expect(seriesUrl('http://127.0.0.1:1/v2/', bgp!, 'country', ['KZ', 'BY'], SPAN)).toBe(
      'http://127.0.0.1:1/v2/signals/raw/country/KZ,BY?from=1700000100&until=1700003700&datasource=bgp',
    )
    expect(seriesUrl('http://127.0.0.1:1/v2', gtr!, 'country', ['KZ'], SPAN)).toBe(
      'http://127.0.0.1:1/v2/signals/raw/country/KZ?from=1700000100&until=1700003700&datasource=gtr&sourceParams=WEB_SEARCH',
    )
  })

  it('cannot be led elsewhere by a code', () => {
    const [bgp] = dataSourcesOf(['bgp.visible_slash24s' as SignalId])
    const url = new URL(seriesUrl('http://127.0.0.1:1/v2', bgp!, 'region', ['../../x', 'a?b', '#'], SPAN))
    expect(url.pathname).toBe('/v2/signals/raw/region/..%2F..%2Fx,a%3Fb,%23')
    expect([...url.searchParams.keys()]).toEqual(['from', 'until', 'datasource'])
  })

  it('is for a list of the regions or AS of a country', () => {
    expect(entitiesUrl('http://127.0.0.1:1/v2', 'asn', 'KZ')).toBe(
      'http://127.0.0.1:1/v2/entities/query?entityType=asn&relatedTo=country%2FKZ',
    )
  })

  it('is never a signal that the interface does not give', () => {
    expect(() => dataSourcesOf(['mozilla.city_count' as SignalId])).toThrow(TypeError)
  })
})
