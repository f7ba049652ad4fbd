import { describe, expect, it } from 'vitest'
import { at } from '../../words/samples.testing.ts'
import { ANSWER } from '../live.testing.ts'
import { iranView, liveView } from '../observatory.testing.ts'
import { contextOf } from './context.testing.ts'
import { provenanceOf } from './provenance.ts'

const RANGE = { from: at('2026-01-08'), until: at('2026-01-15T12:00:00Z') }

describe('where numbers come from', () => {
  it('is the answer that gave them: once, however many bins it gave, with its hash, address and bytes', async () => {
    const view = liveView({})
    const [series] = await view.series({})
    if (series === undefined) throw new TypeError('no series')
    const bins = [at('2026-01-15T10:00:00Z'), at('2026-01-15T11:30:00Z')]
    const line = await provenanceOf(contextOf(view, {}), series, RANGE, bins)
    expect(line.source).toBe('IODA')
    expect(line.all).toBe(`/api/v1/series/${series.id}/provenance?from=2026-01-08T00:00:00Z&until=2026-01-15T12:00:00Z`)
    expect(line.answers).toEqual([
      {
        sha256: ANSWER.sha256,
        url: ANSWER.url,
        status: 200,
        fetchedAt: ANSWER.fetchedAt,
        bytes: ANSWER.bytes,
        record: `/api/v1/answers/${ANSWER.sha256}`,
        body: `/api/v1/answers/${ANSWER.sha256}/body`,
      },
    ])
  })

  it('says when the bytes were let go, and keeps their record', async () => {
    const view = liveView({ letGo: true })
    const [series] = await view.series({})
    if (series === undefined) throw new TypeError('no series')
    const line = await provenanceOf(contextOf(view, {}), series, RANGE, [at('2026-01-15T10:00:00Z')])
    expect(line.answers[0]).toMatchObject({ body: null, sha256: ANSWER.sha256 })
  })

  it('is nothing more than the case file in a replay', async () => {
    const view = iranView({})
    const [series] = await view.series({})
    if (series === undefined) throw new TypeError('no series')
    const context = contextOf(view, { kind: 'replay' })
    expect((await provenanceOf(context, series, RANGE, [at('2026-01-10')])).answers).toEqual([])
  })
})
