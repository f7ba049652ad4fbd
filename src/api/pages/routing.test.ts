import { describe, expect, it } from 'vitest'
import type { EntityId, IncidentId } from '../../model/brand.ts'
import { at } from '../../words/samples.testing.ts'
import { fakeApp } from '../app.testing.ts'
import { DARK_EVENTS, darkIncident, darkView } from '../routing.testing.ts'
import { contextOf } from './context.testing.ts'
import { entityPage } from './entity.ts'
import { incidentPage } from './incident.ts'

const ASKED = { from: at('2022-01-04'), until: at('2022-01-06'), name: 'custom' } as const
const KCELL = 'operator:KZ.kcell' as EntityId
const AS = 'as:9198' as EntityId
const page = (entity: EntityId, change: Parameters<typeof darkView>[0] = {}) =>
  entityPage(contextOf(darkView(change), {}), entity, ASKED)
const names = (refs: readonly ({ readonly name: string } | null)[] = []) => refs.map((ref) => ref?.name ?? null)

describe('the order of going dark on pages', () => {
  it('stands on an incident’s page with all networks, and who lost nothing', async () => {
    const found = await incidentPage(contextOf(darkView({}), {}), 'KZ-2022-01-05-a' as IncidentId)
    const routing = found?.routing
    expect(names(routing?.lines.map(({ entity }) => entity))).toEqual(['Kazakhtelecom', 'Kcell', 'AS64500'])
    expect(names(routing?.never)).toEqual(['Beeline Kazakhstan'])
    expect([routing?.source, routing?.peers, routing?.prefixes]).toEqual(['ris', 41, 44])
    expect(routing?.csv).toBe('/api/v1/incidents/KZ-2022-01-05-a/routing?format=csv')
    expect(routing?.shared).toEqual([{ prefix: '10.250.0.0/24', origins: [9198, 64_500], movedTo: 64_500 }])
    const drawn = routing?.matrix.groups.map(({ rows, more }) => [rows.length, more])
    expect(drawn).toEqual([
      [28, 4],
      [9, 0],
      [3, 0],
    ])
    expect(names(routing?.groups)).toEqual(['Kazakhtelecom', 'Kcell', 'AS64500'])
  })

  it('stands on an operator’s page beside its sisters, with its own prefixes drawn', async () => {
    const routing = (await page(KCELL))?.routing
    expect(routing?.lines.map(({ entity, isOwn }) => [entity?.name, isOwn])).toEqual([
      ['Kazakhtelecom', false],
      ['Kcell', true],
      ['AS64500', false],
    ])
    expect(routing?.incident).toEqual({ id: 'KZ-2022-01-05-a', href: '/en/incident/KZ-2022-01-05-a' })
    expect(names(routing?.groups)).toEqual(['Kcell'])
    expect(routing?.prefixes).toBe(9)
    expect(routing?.csv).toBe('/api/v1/incidents/KZ-2022-01-05-a/routing?entity=operator:KZ.kcell&format=csv')
  })

  it('knows an AS by its operator', async () => {
    const found = await page(AS)
    expect(found?.routing?.lines.map(({ entity, isOwn }) => [entity?.name, isOwn])[0]).toEqual(['Kazakhtelecom', true])
    expect(found?.network).toMatchObject({
      access: 'fixed',
      operator: { name: 'Kazakhtelecom' },
      country: { country: 'KZ' },
    })
    expect(names(found?.network?.asns)).toEqual(['AS9198'])
  })

  it('is told of the time shown where no incident is', async () => {
    const routing = (await page(KCELL, { incidents: [] }))?.routing
    expect(routing?.incident).toBeNull()
    expect([routing?.csv, routing?.prefixes]).toEqual([null, 9])
    expect(names(routing?.lines.map(({ entity }) => entity))).toEqual(['Kcell'])
  })

  it('is left out where nothing is known, and for regions, which have no routes of their own', async () => {
    expect((await page(KCELL, { routes: [] }))?.routing).toBeNull()
    const region = darkIncident({ id: 'KZ-75-a' as IncidentId, entity: 'region:KZ-75' as EntityId })
    const found = await incidentPage(contextOf(darkView({ incidents: [region] }), {}), region.id)
    expect(found?.routing).toBeNull()
  })

  it('names two sources of routes by the one with more peers only', async () => {
    const others = DARK_EVENTS.map((event) => ({ ...event, source: 'routeviews' as typeof event.source, voting: 12 }))
    const routes = [...DARK_EVENTS, ...others].sort((a, b) => a.at - b.at)
    expect((await page(KCELL, { routes }))?.routing).toMatchObject({ source: 'ris', prefixes: 9 })
  })
})

describe('who runs a network', () => {
  it('is told on an operator’s page: names, AS, country, access and who says so', async () => {
    const network = (await page(KCELL))?.network
    expect(network?.names.map(({ language }) => language).sort()).toEqual(['kk', 'ru'])
    expect(names(network?.asns)).toEqual(['AS29355'])
    expect(network).toMatchObject({ access: 'mobile', operator: null, country: { href: '/en/country/KZ' } })
    expect(network?.sources.length).toBeGreaterThan(0)
  })

  it('is not known of an AS that nobody wrote down', async () => {
    const found = await page('as:64500' as EntityId)
    expect(found?.network).toMatchObject({ names: [], operator: null, access: null, country: null, sources: [] })
  })

  it('is led to from a country’s page, and by the operator’s short address', async () => {
    const { operators, network, routing } = (await page('country:KZ' as EntityId)) ?? {}
    expect([network, routing]).toEqual([null, null])
    const kcell = operators?.find(({ entity }) => entity.id === KCELL)
    expect(kcell).toMatchObject({ access: 'mobile', entity: { href: '/en/entity/operator:KZ.kcell' } })
    expect(kcell?.asns[0]?.href).toBe('/en/entity/as:29355')
    const app = fakeApp(darkView({}), {})
    const led = await app.request('/operator/KZ.kcell')
    expect([led.status, led.headers.get('location')]).toEqual([302, '/en/entity/operator:KZ.kcell'])
    expect((await app.request('/operator/Kcell')).status).toBe(404)
  })
})
