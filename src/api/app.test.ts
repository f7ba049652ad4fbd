import { beforeEach, describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import type { Page } from '../model/page.ts'
import { createApp } from './app.ts'
import { emptyView, fakeObservatory, iranView, liveView } from './observatory.testing.ts'
import { ProblemSchema } from './problem.ts'
import {
  EntityListSchema,
  EvidenceListSchema,
  HealthSchema,
  IncidentListSchema,
  IncidentSchema,
  ReplayListSchema,
  RevisionListSchema,
  SeriesDataSchema,
  SeriesListSchema,
  SignalListSchema,
} from './schemas.ts'

/** What the renderer was last asked for. */
let rendered: Page | null = null
let errors: Error[] = []

beforeEach(() => {
  rendered = null
  errors = []
})

const web = {
  renderer: {
    render: (page: Page) => {
      rendered = page
      return { html: `<!doctype html><title>${page.kind}</title>` }
    },
  },
  assets: new Map([['style-abc.css', { type: 'text/css; charset=utf-8', body: new TextEncoder().encode('body{}') }]]),
}

function appOf(live: ReturnType<typeof emptyView>): ReturnType<typeof createApp> {
  return createApp({ observatory: fakeObservatory(live), web, onError: (error) => errors.push(error) })
}

const app = appOf(liveView({}))
const IRAN = '/api/v1/replays/iran-2026'

async function json(path: string): Promise<unknown> {
  const response = await app.request(path)
  expect(response.status, path).toBe(200)
  return await response.json()
}

async function problem(path: string, status: number): Promise<ReturnType<typeof ProblemSchema.parse>> {
  const response = await app.request(path)
  expect(response.status, path).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return ProblemSchema.parse(await response.json())
}

describe('the interface', () => {
  it.each(['/api/v1', IRAN])('answers in the shapes that it describes, under %s', async (base) => {
    expect(EntityListSchema.parse(await json(`${base}/entities`)).entities.length).toBeGreaterThan(0)
    expect(SignalListSchema.parse(await json(`${base}/signals`)).signals.length).toBeGreaterThan(0)
    expect(SeriesListSchema.parse(await json(`${base}/series`)).series.length).toBeGreaterThan(0)
    SeriesDataSchema.parse(await json(`${base}/series/0`))
    const { incidents } = IncidentListSchema.parse(await json(`${base}/incidents`))
    const id = incidents.find((incident) => incident.entity === 'country:IR')?.id
    IncidentSchema.parse(await json(`${base}/incidents/${id}`))
    expect(RevisionListSchema.parse(await json(`${base}/incidents/${id}/revisions`)).revisions).toHaveLength(3)
    EvidenceListSchema.parse(await json(`${base}/incidents/${id}/evidence`))
  })

  it('lists replays and keeps what they hold apart from live', async () => {
    const { replays } = ReplayListSchema.parse(await json('/api/v1/replays'))
    expect(replays.map((replay) => [replay.id, replay.origin])).toContainEqual(['kazakhstan-2022', 'reconstructed'])
    const live = IncidentListSchema.parse(await json('/api/v1/incidents'))
    expect(live.incidents.some((incident) => incident.origin !== 'measured')).toBe(false)
    const replayed = IncidentListSchema.parse(await json('/api/v1/replays/kazakhstan-2022/incidents'))
    expect(replayed.incidents.map((incident) => incident.origin)).toEqual(['reconstructed'])
  })

  it('filters incidents', async () => {
    const ids = async (query: string): Promise<string[]> =>
      IncidentListSchema.parse(await json(`${IRAN}/incidents?${query}`)).incidents.map((incident) => incident.id)
    expect(await ids('')).toHaveLength(2)
    expect(await ids('topLevel=true')).toEqual(['IR-2026-01-08-a'])
    expect(await ids('entity=place:IR-11.zanjan')).toEqual(['IR-11.zanjan-2026-01-08-a'])
    expect(await ids('country=IR&state=unverified,ongoing')).toHaveLength(2)
    expect(await ids('state=resolved')).toEqual([])
    expect(await ids('since=2026-01-28')).toEqual([])
    expect(await ids('until=2026-01-08T16:00:00Z')).toEqual([])
    expect(await ids('asOf=2026-01-08T17:00:00Z')).toEqual([])
  })

  it('gives evidence with the way to its data', async () => {
    const { evidence } = EvidenceListSchema.parse(await json(`${IRAN}/incidents/IR-2026-01-08-a/evidence`))
    const probing = evidence.find((one) => one.signal === 'ping.up_slash24s')
    expect(probing?.data).toBe(`${IRAN}/series/3?from=2026-01-07T16:30:00Z&until=2026-01-28T10:00:00Z`)
    const data = SeriesDataSchema.parse(await json(probing?.data ?? ''))
    expect(data.observations.find((one) => one.time === '2026-01-08T17:00:00Z')?.share).toBeLessThan(0.1)
  })

  it('gives a series as CSV by format and by Accept, with its origin in each row', async () => {
    const path = `${IRAN}/series/1?from=2026-01-08T16:00:00Z&until=2026-01-08T18:30:00Z`
    const byFormat = await app.request(`${path}&format=csv`)
    const byAccept = await app.request(path, { headers: { accept: 'text/csv' } })
    const text = await byFormat.text()
    expect(byFormat.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(byFormat.headers.get('content-disposition')).toBe(
      'attachment; filename="ioda-telescope.unique_ips-country-IR.csv"',
    )
    expect(await byAccept.text()).toBe(text)
    const lines = text.trimEnd().split('\r\n')
    expect(lines[0]).toBe('time,value,expected,spread,share,reading,origin')
    expect(lines).toHaveLength(6)
    expect(lines[1]).toMatch(/^2026-01-08T16:00:00Z,[\d.]+,[\d.]+,[\d.]+,[\d.]+,quiet,measured$/)
    expect(
      (await app.request(path, { headers: { accept: 'application/json, text/csv' } })).headers.get('content-type'),
    ).toContain('json')
    expect((await app.request(path)).headers.get('content-type')).toContain('json')
  })

  it('leaves a gap empty in CSV and null in JSON, never 0', async () => {
    const path = `${IRAN}/series/1?from=2026-01-02T04:00:00Z&until=2026-01-02T05:00:00Z`
    expect(await (await app.request(`${path}&format=csv`)).text()).toMatch(
      /2026-01-02T04:00:00Z,,[\d.]+,[\d.]+,,gap,measured/,
    )
    const data = SeriesDataSchema.parse(await json(path))
    expect(data.observations[0]).toMatchObject({ value: null, share: null, reading: 'gap' })
  })

  it('down-samples without hiding a trough', async () => {
    const range = 'from=2025-12-18&until=2026-01-29T15:30:00Z'
    const all = SeriesDataSchema.parse(await json(`${IRAN}/series/3?${range}`))
    const few = SeriesDataSchema.parse(await json(`${IRAN}/series/3?${range}&points=60`))
    const values = (data: typeof all): number[] =>
      data.observations.flatMap((one) => (one.value === null ? [] : [one.value]))
    expect(all.sampled).toBe(false)
    expect(few.sampled).toBe(true)
    expect(few.observations.length).toBeLessThanOrEqual(60)
    expect(Math.min(...values(few))).toBe(Math.min(...values(all)))
    expect(Math.max(...values(few))).toBe(Math.max(...values(all)))
  })

  it('takes the week before the newest data where no time is given', async () => {
    const data = SeriesDataSchema.parse(await json(`${IRAN}/series/3`))
    expect([data.from, data.until]).toEqual(['2026-01-22T15:30:00Z', '2026-01-29T15:30:00Z'])
  })

  it('understands a zone whose plus sign nobody encoded', async () => {
    await json(`${IRAN}/series/3?from=2026-01-08T20:00:00+03:30&until=2026-01-09`)
  })

  it('says that the store answers and how old the data are', async () => {
    expect(HealthSchema.parse(await json('/healthz'))).toEqual({
      status: 'ok',
      store: 'ok',
      now: '2026-01-15T12:20:00Z',
      newestData: '2026-01-15T12:00:00Z',
      newestDataAgeSeconds: 1200,
    })
    const dead = appOf({ ...liveView({}), newestData: () => Promise.reject(new Error('/secret/path')) })
    const response = await dead.request('/healthz')
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('secret')
  })

  it('is described by the committed file; `npx vitest run src/api/app.test.ts -u` writes it anew', async () => {
    const described = `${JSON.stringify(await json('/api/v1/openapi.json'), null, 2)}
`
    await expect(described).toMatchFileSnapshot('../../docs/openapi.json')
  })
})

describe('bad parameters', () => {
  it.each([
    ['/api/v1/incidents?entity=kazakhstan', 'entity', 'kazakhstan', /entity id, such as/],
    ['/api/v1/incidents?country=kz', 'country', 'kz', /two capital letters/],
    ['/api/v1/incidents?country=ZZ', 'country', 'ZZ', /no country/],
    ['/api/v1/incidents?state=over', 'state', 'over', /one or more of suspected/],
    ['/api/v1/incidents?state=ongoing,', 'state', 'ongoing,', /one or more of/],
    ['/api/v1/incidents?since=yesterday', 'since', 'yesterday', /RFC 3339/],
    ['/api/v1/incidents?until=2026-02-31', 'until', '2026-02-31', /RFC 3339/],
    ['/api/v1/incidents?since=2026-02-01&until=2026-01-01', 'until', '2026-01-01T00:00:00Z', /after since/],
    ['/api/v1/incidents?topLevel=1', 'topLevel', '1', /true or false/],
    ['/api/v1/incidents?asOf=now', 'asOf', 'now', /RFC 3339/],
    ['/api/v1/incidents?enitty=country:KZ', 'enitty', 'country:KZ', /no such parameter/],
    ['/api/v1/incidents?country=KZ&country=IR', 'country', 'KZ', /once/],
    ['/api/v1/incidents/IR-2026-01-08-a?asOf=x', 'asOf', 'x', /RFC 3339/],
    ['/api/v1/incidents/IR-2026-01-08-a/evidence?asOf=x', 'asOf', 'x', /RFC 3339/],
    ['/api/v1/incidents/IR-2026-01-08-a/revisions?page=2', 'page', '2', /no such parameter/],
    ['/api/v1/entities?kind=city', 'kind', 'city', /one of world, country/],
    ['/api/v1/entities?country=Kazakhstan', 'country', 'Kazakhstan', /two capital letters/],
    ['/api/v1/signals?source=ioda', 'source', 'ioda', /no such parameter/],
    ['/api/v1/series?entity=KZ', 'entity', 'KZ', /entity id/],
    ['/api/v1/series/first', 'id', 'first', /number of a series/],
    ['/api/v1/series/-1', 'id', '-1', /number of a series/],
    ['/api/v1/series/0?points=2', 'points', '2', /from 3 to 10000/],
    ['/api/v1/series/0?points=many', 'points', 'many', /from 3 to 10000/],
    ['/api/v1/series/0?format=xml', 'format', 'xml', /one of json, csv/],
    ['/api/v1/series/0?from=2027-01-01', 'until', null, /after from/],
    ['/api/v1/series/0?from=1990-01-01', 'from', '1990-01-01T00:00:00Z', /at most 250000 bins/],
    ['/api/v1/replays?x=1', 'x', '1', /no such parameter/],
    ['/api/v1/replays/iran-2026/incidents?state=x', 'state', 'x', /one or more of/],
  ])('%s gets 400 with which and why', async (path, name, given, reason) => {
    const body = await problem(path, 400)
    expect(body.parameters).toHaveLength(1)
    expect(body.parameters?.[0]).toMatchObject({ name, given })
    expect(body.parameters?.[0]?.reason).toMatch(reason)
    expect(body.detail).toContain(name)
  })

  it('names all of them at once', async () => {
    const body = await problem('/api/v1/incidents?country=kz&since=x', 400)
    expect(body.parameters?.map((parameter) => parameter.name)).toEqual(['country', 'since'])
  })

  it.each([
    ['/api/v1/incidents/XX-2026-01-08-a', /no incident ‘XX-2026-01-08-a’/],
    ['/api/v1/incidents/XX-2026-01-08-a/revisions', /no incident/],
    ['/api/v1/incidents/XX-2026-01-08-a/evidence', /no incident/],
    ['/api/v1/incidents/IR-2026-01-08-a?asOf=2026-01-01', /none yet/],
    ['/api/v1/series/999', /no series 999/],
    ['/api/v1/replays/mars-2026/incidents', /no replay ‘mars-2026’; there are iran-2026/],
    ['/api/v1/nothing', /openapi\.json/],
  ])('%s gets 404 with what there is', async (path, detail) => {
    expect((await problem(path, 404)).detail).toMatch(detail)
  })

  it('says what is missing of a replay that cannot be run', async () => {
    expect((await problem('/api/v1/replays/iran-2019-places/incidents', 503)).detail).toContain('../shared')
  })

  it('is read-only', async () => {
    const response = await app.request('/api/v1/incidents', { method: 'POST', body: '{}' })
    expect(response.status).toBe(405)
    expect((await app.request('/en/', { method: 'DELETE' })).status).toBe(405)
  })

  it('keeps its internals to itself when something breaks', async () => {
    const broken = appOf({ ...liveView({}), incidents: () => Promise.reject(new Error('/secret/path')) })
    const response = await broken.request('/api/v1/incidents')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(errors.map((error) => error.message)).toEqual(['/secret/path'])
    const page = await broken.request('/en/')
    expect(page.status).toBe(500)
    expect(rendered).toMatchObject({ kind: 'problem', reason: 'internal' })
    expect(JSON.stringify(rendered)).not.toContain('secret')
  })
})

describe('every answer', () => {
  it.each(['/en/', '/api/v1/incidents', '/nowhere', '/api/v1/incidents?x=1', '/healthz', '/assets/style-abc.css'])(
    '%s forbids what could betray a reader',
    async (path) => {
      const { headers } = await app.request(path)
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/,
      )
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('set-cookie')).toBeNull()
    },
  )

  it('is not sent twice to who has it', async () => {
    const first = await app.request('/api/v1/incidents')
    const tag = first.headers.get('etag') ?? ''
    const again = await app.request('/api/v1/incidents', { headers: { 'if-none-match': tag } })
    expect(again.status).toBe(304)
    expect(again.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await app.request('/assets/style-abc.css')).headers.get('cache-control')).toContain('immutable')
    expect(first.headers.get('cache-control')).toBe('no-cache')
  })

  it('gives assets by name only', async () => {
    expect((await app.request('/assets/style-abc.css')).headers.get('content-type')).toContain('text/css')
    expect((await app.request('/assets/..%2Fserver.js')).status).toBe(404)
  })
})

async function page(path: string): Promise<Page> {
  const response = await app.request(path)
  expect(response.status, path).toBe(200)
  if (rendered === null) throw new Error('nothing was rendered')
  return rendered
}

describe('pages', () => {
  it.each([
    ['/', '/en/'],
    ['/en', '/en/'],
    ['/KZ', '/en/country/KZ'],
    ['/AS9198', '/en/entity/as:9198'],
    ['/replays', '/en/replays'],
    ['/method', '/en/method'],
    ['/en/country/kz', '/en/country/KZ'],
    ['/en/entity/country:KZ', '/en/country/KZ'],
    ['/en/entity/world', '/en/'],
    ['/en/replay/iran-2026', '/en/replay/iran-2026/'],
    ['/en/replay/iran-2026/country/ir', '/en/replay/iran-2026/country/IR'],
  ])('%s leads to %s', async (from, to) => {
    const response = await app.request(from)
    expect([response.status, response.headers.get('location')]).toEqual([302, to])
  })

  it.each([
    ['/en/', 'world'],
    ['/en/country/KZ', 'entity'],
    ['/en/country/DE', 'entity'],
    ['/en/entity/as:9198', 'entity'],
    ['/en/incident/IR-2026-01-08-a', 'incident'],
    ['/en/method', 'method'],
    ['/en/replays', 'replays'],
    ['/en/replay/iran-2026/', 'world'],
    ['/en/replay/iran-2026/country/IR', 'entity'],
    ['/en/replay/iran-2026/entity/place:IR-11.zanjan', 'entity'],
    ['/en/replay/iran-2026/entity/region:IR-11', 'entity'],
    ['/en/replay/kazakhstan-2022/incident/KZ-2022-01-05-a', 'incident'],
  ])('%s shows a page of kind %s that is plain JSON all through', async (path, kind) => {
    const made = await page(path)
    expect(made.kind).toBe(kind)
    expect(made.frame.path).toBe(path)
    expect(JSON.parse(JSON.stringify(made))).toEqual(made)
  })

  it.each([
    ['/en/nowhere', 404, 'no-page'],
    ['/xx/', 404, 'no-page'],
    ['/en/country/ZZ', 404, 'no-entity'],
    ['/en/country/KAZ', 404, 'no-entity'],
    ['/en/entity/kazakhstan', 404, 'no-entity'],
    ['/en/incident/KZ-2022-01-05-a', 404, 'no-incident'],
    ['/en/replay/mars-2026/', 404, 'no-replay'],
    ['/en/replay/iran-2019-places/', 503, 'unavailable'],
    ['/en/country/KZ?from=yesterday', 400, 'bad-time'],
    ['/en/country/KZ?from=2026-01-02&until=2026-01-01', 400, 'bad-time'],
    ['/en/country/KZ?from=2020-01-01&until=2026-01-01', 400, 'bad-time'],
  ])('%s says in words what is wrong', async (path, status, reason) => {
    expect((await app.request(path)).status).toBe(status)
    expect(rendered).toMatchObject({ kind: 'problem', reason, status })
  })

  it('tells quiet, in trouble, too little and not watched apart', async () => {
    expect(await page('/en/country/KZ')).toMatchObject({ status: 'quiet' })
    expect(await page('/en/country/IR')).toMatchObject({ status: 'incident' })
    expect(await page('/en/country/TM')).toMatchObject({ status: 'too-little' })
    expect(await page('/en/country/DE')).toMatchObject({ status: 'not-watched', panels: [], blindSpots: [] })
    const world = await page('/en/')
    if (world.kind !== 'world') throw new Error(world.kind)
    expect(world.countries.map((line) => [line.entity.name, line.status])).toEqual([
      ['Iran', 'incident'],
      ['Kazakhstan', 'quiet'],
      ['Turkmenistan', 'too-little'],
    ])
  })

  it('calls data stale that are older than the promptest source explains', async () => {
    expect((await page('/en/')).frame.standpoint).toMatchObject({ kind: 'live', stale: false })
    const late = appOf(liveView({ now: (Date.UTC(2026, 0, 15, 16) / 1000) as never }))
    await late.request('/en/')
    expect(rendered?.frame.standpoint).toMatchObject({ kind: 'live', stale: true })
    const replay = await page('/en/replay/iran-2026/')
    expect(replay.frame.standpoint.kind).toBe('replay')
  })

  it('shows an empty live view with the way to the replays', async () => {
    await appOf(emptyView()).request('/en/')
    expect(rendered).toMatchObject({ kind: 'world', open: [], countries: [], frame: { licence: null } })
    expect(rendered?.kind === 'world' && rendered.replays.length).toBe(3)
  })

  it('draws gaps at full resolution though bins are left out', async () => {
    const made = await page('/en/replay/iran-2026/incident/IR-2026-01-08-a')
    if (made.kind !== 'incident') throw new Error(made.kind)
    const telescope = made.panels.find((panel) => panel.key === 'ioda/telescope.unique_ips')
    expect(telescope?.gaps.length).toBeGreaterThan(50)
    expect(telescope?.columns.bins.length).toBeLessThanOrEqual(480)
    expect(made.members.map((member) => member.entity.name)).toEqual(['Zanjan'])
  })

  it('computes the licence from what is shown', async () => {
    expect((await page('/en/replay/iran-2026/')).frame.licence?.strictest?.class).toBe('unstated')
    expect((await page('/en/replay/kazakhstan-2022/')).frame.licence?.strictest?.name).toBe('CC BY 4.0')
  })

  it('finds the days on which the clock there changed', async () => {
    const changed = Date.UTC(2026, 0, 12, 20, 30) / 1000
    const view = iranView({})
    const moved = {
      ...view,
      id: 'live',
      gazetteer: { ...view.gazetteer, offset: (_: EntityId, at: number) => (at < changed ? 12_600 : 16_200) },
    }
    await appOf(moved).request('/en/incident/IR-2026-01-08-a')
    expect(rendered?.kind === 'incident' && rendered.clock?.changes).toEqual([
      { from: Date.UTC(2026, 0, 8, 16) / 1000, offset: 12_600 },
      { from: changed, offset: 16_200 },
    ])
  })
})
