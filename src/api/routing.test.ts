import { describe, expect, it } from 'vitest'
import type { EntityId, IncidentId } from '../model/brand.ts'
import { fakeApp, okJson, problemAt } from './app.testing.ts'
import { iranView } from './observatory.testing.ts'
import { RoutingSchema } from './routing-schemas.ts'
import { DARK_EVENTS, darkIncident, darkView } from './routing.testing.ts'

const PATH = '/api/v1/incidents/KZ-2022-01-05-a/routing'
const app = fakeApp(darkView({}), {})
const read = async (path: string) => RoutingSchema.parse(await okJson(app, path))

/** As RFC 4180 has them: rows end in CR LF, the last one too. */
function cells(csv: string): string[][] {
  expect(csv.endsWith('\r\n')).toBe(true)
  return csv
    .slice(0, -2)
    .split('\r\n')
    .map((line) => line.split(','))
}

describe('the order of going dark over HTTP', () => {
  it('names operators in order, with what was there before, in seconds and bins', async () => {
    const { operators, source, peers, licence, citation, cannotShow } = await read(PATH)
    expect([source, peers]).toEqual(['ris', 41])
    expect(licence?.name).toBe('RIPE NCC terms of service')
    expect(citation).toBe('RIPE NCC Routing Information Service (RIS)')
    expect(cannotShow).toContain('do not mean that packets pass')
    expect(operators.map(({ name }) => name)).toEqual(['Kazakhtelecom', 'Kcell', 'AS64500', 'Beeline Kazakhstan'])
    expect(operators[0]?.losses.map(({ family, firstLost }) => [family, firstLost])).toEqual([
      ['ipv6', '2022-01-05T10:00:00Z'],
      ['ipv4', '2022-01-05T10:30:40Z'],
    ])
    expect(operators[1]?.losses[0]).toMatchObject({
      blocksLost: 9,
      blocksBefore: 10,
      firstLost: '2022-01-05T10:31:07Z',
      firstLostBin: '2022-01-05T10:30:00Z',
      mostLost: '2022-01-05T10:34:27Z',
      mostOf: 'visible',
      firstBack: '2022-01-05T17:30:00Z',
    })
    expect(operators[3]?.losses).toEqual([])
  })

  it('gives each AS by itself, and each prefix with its times, its moves and its cells', async () => {
    const { networks, prefixes, matrix, prefixesLeftOut } = await read(PATH)
    expect(networks.map(({ entity, operator }) => [entity, operator])).toEqual([
      ['as:9198', 'operator:KZ.kazakhtelecom'],
      ['as:29355', 'operator:KZ.kcell'],
      ['as:64500', null],
    ])
    expect([prefixes.length, prefixesLeftOut]).toEqual([44, 0])
    expect(prefixes.find(({ prefix }) => prefix === '10.250.0.0/24')).toMatchObject({
      origin: 9198,
      origins: [9198, 64_500],
      movedTo: 64_500,
      spells: [{ lost: '2022-01-05T10:30:40Z', returned: '2022-01-05T11:20:00Z' }],
    })
    for (const { cells: row } of prefixes) expect(row).toHaveLength(matrix.columns)
    const kcell = prefixes.find(({ prefix }) => prefix === '10.155.0.0/24')
    // A day and a bit is drawn in columns of ten minutes; for half an hour nobody can say.
    expect(matrix).toMatchObject({ from: '2022-01-05T04:20:00Z', stepSeconds: 600 })
    expect(kcell?.cells?.slice(0, 39)).toBe(`${'v'.repeat(37)}ll`)
    expect(kcell?.cells?.indexOf('u')).toBe(37 + 18)
    expect(kcell?.cells?.match(/u/g)).toHaveLength(3)
  })

  it('is CSV for who asks for it: a row an event, and the licence in a header', async () => {
    const byFormat = await app.request(`${PATH}?format=csv`)
    // At once: a body that waits beside another answer may be collected with the copy that its ETag was made of.
    const [header, ...rows] = cells(await byFormat.text())
    const byAccept = await app.request(PATH, { headers: { accept: 'text/csv' } })
    expect(cells(await byAccept.text())).toEqual([header, ...rows])
    expect(byFormat.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(byFormat.headers.get('content-disposition')).toBe('attachment; filename="KZ-2022-01-05-a-routing.csv"')
    expect(byFormat.headers.get('link')).toBe('<https://www.ripe.net/terms>; rel="license"')
    expect(header?.join(',')).toBe(
      'time,event,prefix,family,origin,operator,country,blocks,peers_carrying,peers_voting,source',
    )
    expect(rows).toHaveLength(DARK_EVENTS.length)
    expect(rows[0]?.join(',')).toBe(
      '2022-01-05T10:00:00Z,lost,2a03:32c0::/32,ipv6,9198,operator:KZ.kazakhtelecom,KZ,65536,5,41,ris',
    )
    expect(rows.find((row) => row[1] === 'returned' && row[2] === '10.250.0.0/24')?.slice(4, 6)).toEqual(['64500', ''])
  })

  it('is of one AS or operator where asked', async () => {
    const kcell = await read(`${PATH}?entity=as:29355`)
    expect(kcell.operators.map(({ entity }) => entity)).toEqual(['as:29355'])
    expect(kcell.prefixes).toHaveLength(9)
    const telecom = await read(`${PATH}?entity=operator:KZ.kazakhtelecom`)
    expect(telecom.networks.map(({ entity }) => entity)).toEqual(['as:9198'])
    expect(telecom.prefixes).toHaveLength(32)
    expect((await problemAt(app, `${PATH}?entity=country:KZ`, 400)).detail).toMatch(/must be an AS or an operator/)
  })

  it('is empty, not wrong, where nothing is known of routes, and for what has none of its own', async () => {
    const region = darkIncident({ id: 'KZ-75-2022-01-05-a' as IncidentId, entity: 'region:KZ-75' as EntityId })
    const of = fakeApp(darkView({ incidents: [region] }), {})
    const empty = RoutingSchema.parse(await okJson(of, '/api/v1/incidents/KZ-75-2022-01-05-a/routing'))
    expect([empty.source, empty.operators, empty.prefixes]).toEqual([null, [], []])
    const silent = fakeApp(iranView({ id: 'live' }), {})
    const nothing = RoutingSchema.parse(await okJson(silent, '/api/v1/incidents/IR-2026-01-08-a/routing'))
    expect([nothing.source, nothing.prefixes]).toEqual([null, []])
    expect(
      (await (await silent.request('/api/v1/incidents/IR-2026-01-08-a/routing?format=csv')).text()).split('\r\n'),
    ).toHaveLength(2)
  })

  it('is there under a replay, and as known then', async () => {
    const replay = await okJson(app, '/api/v1/replays/iran-2026/incidents/IR-2026-01-08-a/routing')
    expect(RoutingSchema.parse(replay).incident).toBe('IR-2026-01-08-a')
    await problemAt(app, '/api/v1/incidents/XX-2022-01-05-a/routing', 404)
    await problemAt(app, `${PATH}?asOf=2022-01-05T10:40:00Z`, 404)
    const early = await read(`${PATH}?asOf=2022-01-05T11:00:00Z`)
    expect(early.until).toBe('2022-01-05T11:00:00Z')
    expect(early.operators.find(({ name }) => name === 'Kcell')?.losses[0]?.firstBack).toBeNull()
  })
})
