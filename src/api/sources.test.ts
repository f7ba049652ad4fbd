import { describe, expect, it } from 'vitest'
import { fakeApp, okJson, problemAt } from './app.testing.ts'
import { blindness } from './live.testing.ts'
import { liveView } from './observatory.testing.ts'
import { CountryListSchema, DetectabilitySchema, HealthListSchema, SourceListSchema } from './view-schemas.ts'

const at = (text: string): never => (Date.parse(text) / 1000) as never
const past = blindness({ from: at('2026-01-14T10:00:00Z'), until: at('2026-01-14T11:00:00Z'), condition: 'frozen' })
const now = blindness({ from: at('2026-01-15T11:00:00Z') })
const app = fakeApp(liveView({ health: [past, now] }), {})

describe('what is said of our own view', () => {
  it('names each source with its budget, its answers and what is wrong with each signal now', async () => {
    const { sources } = SourceListSchema.parse(await okJson(app, '/api/v1/sources'))
    expect(sources).toHaveLength(1)
    expect(sources[0]).toMatchObject({
      source: 'ioda',
      budget: { requests: 600, perSeconds: 3600, backfillShare: 0.25, spent: 42 },
      lastAnswerAt: '2026-01-15T12:05:00Z',
    })
    const probing = sources[0]?.signals.find((signal) => signal.signal === 'ping.up_slash24s')
    expect(probing?.conditions).toMatchObject([
      { condition: 'unreachable', from: '2026-01-15T11:00:00Z', until: null, detail: 'HTTP 503' },
    ])
    expect(probing).toMatchObject({ newest: '2026-01-15T12:00:00Z', entities: { usual: 3 } })
    const other = sources[0]?.signals.find((signal) => signal.signal === 'google.search_traffic')
    expect(other?.conditions).toEqual([])
  })

  it('has no source for a replay, whose data are all there', async () => {
    expect(await okJson(app, '/api/v1/replays/iran-2026/sources')).toEqual({ sources: [] })
  })

  it('gives the stretches of blindness that touch a time, whole, of all or of one entity', async () => {
    const ask = async (query: string) =>
      HealthListSchema.parse(await okJson(app, `/api/v1/health${query}`)).health.map((one) => one.condition)
    expect(await ask('')).toEqual(['frozen', 'unreachable'])
    expect(await ask('?from=2026-01-15')).toEqual(['unreachable'])
    expect(await ask('?until=2026-01-15')).toEqual(['frozen'])
    expect(await ask('?entity=country:KZ')).toEqual(['frozen', 'unreachable'])
    expect(await ask('?entity=country:DE')).toEqual([])
    const problem = await problemAt(app, '/api/v1/health?from=2026-01-16&until=2026-01-15', 400)
    expect(problem.parameters?.[0]).toMatchObject({ name: 'until' })
  })

  it('says of each watched country how it stands, and never calls blind quiet', async () => {
    const { countries } = CountryListSchema.parse(await okJson(app, '/api/v1/countries'))
    expect(countries.map(({ code, status, incident }) => [code, status, incident])).toEqual([
      ['IR', 'incident', 'IR-2026-01-08-a'],
      ['KZ', 'quiet', null],
      ['TM', 'too-little', null],
    ])
    const late = fakeApp(liveView({ now: at('2026-01-16T12:00:00Z') }), {})
    const stale = CountryListSchema.parse(await okJson(late, '/api/v1/countries'))
    expect(stale.countries.map(({ status, share }) => [status, share])).toEqual([
      ['blind', null],
      ['blind', null],
      ['blind', null],
    ])
  })

  it('says of every kind of cut what would have shown, and why none would', async () => {
    const { cuts } = DetectabilitySchema.parse(await okJson(app, '/api/v1/entities/country:KZ/detectability'))
    expect(cuts).toHaveLength(6)
    expect(cuts.find((cut) => cut.kind === 'national')).toMatchObject({
      hour: { loss: 0.25, by: 'ioda/ping.up_slash24s' },
      why: null,
    })
    expect(cuts.find((cut) => cut.kind === 'mobile')).toMatchObject({ hour: null, day: null, why: 'no-signal' })
    await problemAt(app, '/api/v1/entities/country:ZZ/detectability', 404)
    await problemAt(app, '/api/v1/entities/KZ/detectability', 400)
  })
})
