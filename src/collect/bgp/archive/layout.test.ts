import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../../model/brand.ts'
import { parseRfc3339 } from '../../../model/time.ts'
import { LAYOUTS } from './layout.ts'

const at = (text: string): UnixSeconds => parseRfc3339(text) ?? (NaN as UnixSeconds)
const { ris, routeviews } = LAYOUTS

describe('where archives keep what', () => {
  it('knows the newest RIB: of RIS every eight hours, of RouteViews every two', () => {
    expect(ris.ribAt('rrc00', at('2026-01-08T07:59:59Z')).path).toBe('rrc00/2026.01/bview.20260108.0000.gz')
    expect(ris.ribAt('rrc00', at('2026-01-08T08:00:00Z')).path).toBe('rrc00/2026.01/bview.20260108.0800.gz')
    expect(routeviews.ribAt('route-views.linx', at('2026-01-08T03:00:00Z')).path).toBe(
      'route-views.linx/bgpdata/2026.01/RIBS/rib.20260108.0200.bz2',
    )
  })

  it('knows that the first collector of RouteViews has no folder of its own', () => {
    expect(routeviews.ribAt('route-views2', at('2026-01-08T00:00:00Z')).path).toBe(
      'bgpdata/2026.01/RIBS/rib.20260108.0000.bz2',
    )
  })

  it('gives all files of updates that touch a span, over the end of a month', () => {
    const span = { from: at('2026-01-31T23:56:00Z'), until: at('2026-02-01T00:05:01Z') }
    expect(ris.updates('rrc21', span).map(({ path }) => path)).toEqual([
      'rrc21/2026.01/updates.20260131.2355.gz',
      'rrc21/2026.02/updates.20260201.0000.gz',
      'rrc21/2026.02/updates.20260201.0005.gz',
    ])
    expect(routeviews.updates('route-views.linx', span).map(({ path, from, until }) => [path, until - from])).toEqual([
      ['route-views.linx/bgpdata/2026.01/UPDATES/updates.20260131.2345.bz2', 900],
      ['route-views.linx/bgpdata/2026.02/UPDATES/updates.20260201.0000.bz2', 900],
    ])
  })

  it('knows that RIS wrote every 15 minutes until July 2003, and that names were uneven then', () => {
    const span = { from: at('2002-07-22T22:30:00Z'), until: at('2002-07-22T23:00:00Z') }
    expect(ris.updates('rrc00', span).map(({ path }) => path)).toEqual([
      'rrc00/2002.07/updates.20020722.2230.gz',
      'rrc00/2002.07/updates.20020722.2245.gz',
    ])
  })
})
