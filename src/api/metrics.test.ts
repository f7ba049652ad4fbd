import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fakeApp } from './app.testing.ts'
import { blindness } from './live.testing.ts'
import { emptyView, liveView } from './observatory.testing.ts'

const PING = 'source="ioda",signal="ping.up_slash24s"'

/** @returns samples by name with labels, as Prometheus reads them. */
async function scrape(app: ReturnType<typeof fakeApp>): Promise<ReadonlyMap<string, number>> {
  const response = await app.request('/metrics')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ')
      return [line.slice(0, cut), Number(line.slice(cut + 1))]
    }),
  )
}

describe('/metrics', () => {
  it('shows our blindness signal by signal', async () => {
    const samples = await scrape(fakeApp(liveView({ health: [blindness({ condition: 'frozen' })] }), {}))
    expect(samples.get(`tocsin_signal_condition{${PING},condition="frozen"}`)).toBe(1)
    expect(samples.get(`tocsin_signal_condition{${PING},condition="stale"}`)).toBe(0)
    expect(
      samples.get('tocsin_signal_condition{source="ioda",signal="google.search_traffic",condition="frozen"}'),
    ).toBe(0)
    expect(samples.get(`tocsin_signal_newest_age_seconds{${PING}}`)).toBe(1200)
    expect(samples.get(`tocsin_signal_entities{${PING},which="usual"}`)).toBe(3)
  })

  it('shows what sources are asked and what they cost, and how incidents and countries stand', async () => {
    const samples = await scrape(fakeApp(liveView({}), { version: '1.2.3' }))
    const facts = {
      'tocsin_source_requests_total{source="ioda",outcome="refused"}': 3,
      'tocsin_source_budget_requests{source="ioda"}': 600,
      'tocsin_source_budget_spent{source="ioda"}': 42,
      'tocsin_source_last_answer_age_seconds{source="ioda"}': 900,
      'tocsin_source_waiting_seconds{source="ioda"}': 0,
      'tocsin_incidents{state="ongoing"}': 1,
      'tocsin_incidents{state="retracted"}': 0,
      'tocsin_countries{status="quiet"}': 1,
      'tocsin_countries{status="blind"}': 0,
      tocsin_revisions_published_total: 3,
      tocsin_newest_data_age_seconds: 1200,
      tocsin_event_streams_open: 0,
      tocsin_store_up: 1,
    }
    for (const [name, value] of Object.entries(facts)) expect([name, samples.get(name)]).toEqual([name, value])
    expect(samples.get(`tocsin_build_info{version="1.2.3",rules="1",node="${process.version}"}`)).toBe(1)
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0)
  })

  it('leaves out what nobody knows instead of inventing a number', async () => {
    const view = liveView({})
    const [source] = await view.sources()
    const unknown = { ...view, sources: () => Promise.resolve([{ ...source!, lastAnswerAt: null }]) }
    const samples = await scrape(fakeApp(unknown, {}))
    expect(samples.has('tocsin_source_last_answer_age_seconds{source="ioda"}')).toBe(false)
    expect((await scrape(fakeApp(emptyView(), {}))).has('tocsin_newest_data_age_seconds')).toBe(false)
  })

  it('shows on what went: a number of the last scrape does not stay', async () => {
    const view = liveView({})
    let sources = (): ReturnType<typeof view.sources> => view.sources()
    const app = fakeApp({ ...view, sources: () => sources() }, {})
    expect((await scrape(app)).has('tocsin_source_enabled{source="ioda"}')).toBe(true)
    sources = () => Promise.resolve([])
    expect((await scrape(app)).has('tocsin_source_enabled{source="ioda"}')).toBe(false)
  })

  it('answers when the store does not, says so, and keeps no stale number', async () => {
    const view = liveView({})
    let isDead = false
    const incidents: typeof view.incidents = (...asked) =>
      isDead ? Promise.reject(new Error('/secret')) : view.incidents(...asked)
    const app = fakeApp({ ...view, incidents }, {})
    await scrape(app)
    isDead = true
    const samples = await scrape(app)
    expect(samples.get('tocsin_store_up')).toBe(0)
    expect(samples.has('tocsin_newest_data_age_seconds')).toBe(false)
  })

  it('counts requests and their time by route, and never names what a reader looked at', async () => {
    let now = 0
    const app = fakeApp(liveView({}), { elapsed: () => (now += 0.03) })
    await app.request('/en/country/KZ')
    await app.request('/en/incident/IR-2026-01-08-a')
    await app.request('/api/v1/series/0?points=10')
    await app.request('/api/v1/series/x')
    await app.request('/en/somewhere/KZ')
    await app.request('/KZ.txt')
    const samples = await scrape(app)
    expect(samples.get('tocsin_http_requests_total{route="/en/country/:code",status="2xx"}')).toBe(1)
    expect(samples.get('tocsin_http_requests_total{route="/api/v1/series/:id",status="2xx"}')).toBe(1)
    expect(samples.get('tocsin_http_requests_total{route="/api/v1/series/:id",status="4xx"}')).toBe(1)
    expect(samples.get('tocsin_http_requests_total{route="none",status="4xx"}')).toBe(1)
    expect(samples.get('tocsin_http_requests_total{route="/:file",status="2xx"}')).toBe(1)
    expect(samples.get('tocsin_http_request_duration_seconds_bucket{le="0.025",route="/en/country/:code"}')).toBe(0)
    expect(samples.get('tocsin_http_request_duration_seconds_bucket{le="0.05",route="/en/country/:code"}')).toBe(1)
    expect([...samples.keys()].join('\n')).not.toMatch(/KZ|IR-2026/)
  })

  it('has two applications in one process count apart', async () => {
    const [one, other] = [fakeApp(liveView({}), {}), fakeApp(liveView({}), {})]
    await one.request('/en/')
    expect((await scrape(other)).has('tocsin_http_requests_total{route="/en/",status="2xx"}')).toBe(false)
  })
})

describe('the dashboard for Grafana', () => {
  const dashboard = readFileSync(new URL('../../packaging/grafana/tocsin.json', import.meta.url), 'utf8')

  it('asks for no number that is not there', async () => {
    const app = fakeApp(liveView({}), {})
    await app.request('/en/')
    const there = new Set([...(await scrape(app)).keys()].map((sample) => sample.replace(/\{.*/, '')))
    const asked = [...dashboard.matchAll(/\b(?:tocsin|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name)
    expect(new Set(asked).size).toBeGreaterThan(15)
    expect(asked.filter((name) => !there.has(name))).toEqual([])
  })

  it('shows every number about sources, signals and streams', async () => {
    const names = [...(await scrape(fakeApp(liveView({}), {}))).keys()].map((sample) => sample.replace(/\{.*/, ''))
    const ours = new Set(names.filter((name) => /^tocsin_(?:source|signal|event)/.test(name)))
    expect([...ours].filter((name) => !dashboard.includes(name))).toEqual([])
  })

  it('calls nobody: no plug-in, no link, no picture from elsewhere', () => {
    expect(dashboard).not.toMatch(/https?:/)
  })
})
