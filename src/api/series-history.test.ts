import { describe, expect, it } from 'vitest'
import { fakeApp, okJson, problemAt } from './app.testing.ts'
import { ANSWER } from './live.testing.ts'
import { liveView } from './observatory.testing.ts'
import { EvidenceListSchema } from './schemas.ts'
import { HoursSchema, ProvenanceSchema } from './view-schemas.ts'

const app = fakeApp(liveView({}), {})
const IRAN = '/api/v1/replays/iran-2026'

describe('the history of a series', () => {
  it('names the answer that each stretch of bins was read from', async () => {
    const path = '/api/v1/series/0/provenance?from=2026-01-10&until=2026-01-11'
    expect(ProvenanceSchema.parse(await okJson(app, path)).provenance).toMatchObject([
      {
        from: '2026-01-10T00:00:00Z',
        until: '2026-01-11T00:00:00Z',
        bins: 48,
        answer: { sha256: ANSWER.sha256, body: `/api/v1/answers/${ANSWER.sha256}/body` },
      },
    ])
  })

  it('names none for what came from a case file', async () => {
    const { evidence } = EvidenceListSchema.parse(await okJson(app, `${IRAN}/incidents/IR-2026-01-08-a/evidence`))
    expect(evidence[0]?.answers).toEqual([])
    const { provenance } = ProvenanceSchema.parse(await okJson(app, evidence[0]?.provenance ?? ''))
    expect(provenance.map((each) => each.answer)).toEqual([null])
  })

  it('is there by hours, a gap as a count of 0 and never as a value', async () => {
    const path = `${IRAN}/series/1/hours?from=2026-01-02T03:00:00Z&until=2026-01-02T06:00:00Z`
    const { hours } = HoursSchema.parse(await okJson(app, path))
    expect(hours.map(({ time, count }) => [time, count])).toEqual([
      ['2026-01-02T03:00:00Z', 2],
      ['2026-01-02T04:00:00Z', 0],
      ['2026-01-02T05:00:00Z', 0],
    ])
    expect(hours[0]?.mean).toBeGreaterThan(0)
    expect(hours[1]).toMatchObject({ mean: null, least: null, most: null })
  })

  it('takes the week before the newest data where no time is given', async () => {
    const { from, until } = HoursSchema.parse(await okJson(app, `${IRAN}/series/1/hours`))
    expect([from, until]).toEqual(['2026-01-22T15:30:00Z', '2026-01-29T15:30:00Z'])
  })

  it('is refused for what is no series or no time', async () => {
    await problemAt(app, '/api/v1/series/999/provenance', 404)
    await problemAt(app, '/api/v1/series/999/hours', 404)
    await problemAt(app, '/api/v1/series/0/hours?from=2026-02-01&until=2026-01-01', 400)
    await problemAt(app, '/api/v1/series/0/provenance?points=3', 400)
  })
})
