import { describe, expect, it } from 'vitest'
import type { EntityId } from '../../model/brand.ts'
import { at } from '../../words/samples.testing.ts'
import { emptyView, liveView } from '../observatory.testing.ts'
import { contextOf } from './context.testing.ts'
import { countryStrip, worldStrips } from './strips.ts'

describe('strips of days', () => {
  it('are of ninety whole days in UTC, today’s the last', async () => {
    const strips = await worldStrips(contextOf(liveView({}), {}), false)
    expect(strips).toMatchObject({ from: at('2025-10-18'), days: 90 })
    expect(strips?.lines[0]?.cells).toHaveLength(90)
    expect(strips?.lines[0]?.cells.at(-1)?.status).toBe('incident')
  })

  it('are of countries with incidents first; all the others come when asked for', async () => {
    const some = await worldStrips(contextOf(liveView({}), {}), false)
    expect(some?.lines.map((line) => line.entity.id)).toEqual(['country:IR'])
    expect(some).toMatchObject({ without: 2, other: '/en/?all=1#strips', isAll: false })
    const all = await worldStrips(contextOf(liveView({}), { query: 'all=1' }), true)
    expect(all?.lines.map((line) => line.entity.name)).toEqual(['Iran', 'Kazakhstan', 'Turkmenistan'])
    expect(all).toMatchObject({ without: 0, other: '/en/#strips', isAll: true })
  })

  it('lead from each day to its incident', async () => {
    const strip = await countryStrip(contextOf(liveView({}), {}), 'country:IR' as EntityId)
    const [line] = strip?.lines ?? []
    expect(line?.incidents.map((incident) => incident.href)).toEqual(['/en/incident/IR-2026-01-08-a'])
    expect(line?.cells.filter((cell) => cell.incident === 0)).toHaveLength(8)
  })

  it('leave a day without a cell unknown, not quiet', async () => {
    const view = { ...liveView({}), days: () => Promise.resolve(new Map([['country:KZ' as EntityId, []]])) }
    const strip = await countryStrip(contextOf(view, {}), 'country:KZ' as EntityId)
    expect(new Set(strip?.lines[0]?.cells.map((cell) => cell.status))).toEqual(new Set(['no-data']))
  })

  it('are nothing where nothing is watched', async () => {
    expect(await worldStrips(contextOf(emptyView(), {}), true)).toBeNull()
    expect(await countryStrip(contextOf(liveView({}), {}), 'country:US' as EntityId)).toBeNull()
  })
})
