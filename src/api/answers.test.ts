import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { KeptAnswer } from '../store/store.ts'
import { fakeApp, okJson, problemAt } from './app.testing.ts'
import { ANSWER, ANSWER_BODY } from './live.testing.ts'
import { liveView } from './observatory.testing.ts'
import { EvidenceListSchema } from './schemas.ts'
import { AnswerListSchema } from './view-schemas.ts'

const live = liveView({})
const app = fakeApp(live, {})
const PATH = `/api/v1/answers/${ANSWER.sha256}`

/** One answer under its hash, as the upstream is said to have sent it. */
function holding(change: Partial<KeptAnswer>): ReturnType<typeof fakeApp> {
  const answer = () => Promise.resolve({ answers: [{ ...ANSWER, ...change }], body: ANSWER_BODY })
  return fakeApp({ ...live, answer }, {})
}

describe('an upstream answer', () => {
  it('is found from the evidence of an incident, and its bytes have the hash that leads to them', async () => {
    const { evidence } = EvidenceListSchema.parse(await okJson(app, '/api/v1/incidents/IR-2026-01-08-a/evidence'))
    const probing = evidence.find((one) => one.signal === 'ping.up_slash24s')
    expect(probing?.answers).toEqual([PATH])
    const { answers } = AnswerListSchema.parse(await okJson(app, probing?.answers[0] ?? ''))
    const response = await app.request(answers[0]?.body ?? '')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(answers[0]?.sha256)
  })

  it('says what was asked, when, and what came', async () => {
    expect(AnswerListSchema.parse(await okJson(app, PATH)).answers).toMatchObject([
      {
        url: ANSWER.url,
        status: 200,
        fetchedAt: '2026-01-15T12:05:00Z',
        bytes: ANSWER_BODY.length,
        body: `${PATH}/body`,
      },
    ])
  })

  it.each([
    ['application/json; charset=utf-8', 'application/json', 'json'],
    ['application/problem+json', 'application/json', 'json'],
    ['text/html', 'application/octet-stream', 'bin'],
    ['image/svg+xml', 'application/octet-stream', 'bin'],
    ['application/jsonx', 'application/octet-stream', 'bin'],
    ['', 'application/octet-stream', 'bin'],
  ])('that came as ‘%s’ is given to be saved as %s, and never runs as a page of ours', async (came, given, ending) => {
    const response = await holding({ responseHeaders: { 'Content-Type': came } }).request(`${PATH}/body`)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': given,
      'content-disposition': `attachment; filename="${ANSWER.sha256}.${ending}"`,
      'x-content-type-options': 'nosniff',
      etag: `W/"${ANSWER.sha256}"`,
    })
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('is not asked for twice by who has it, in whatever encoding it came, and is not kept in our memory', async () => {
    const first = await app.request(`${PATH}/body`, { headers: { 'accept-encoding': 'br' } })
    expect(first.headers.get('cache-control')).not.toContain('immutable')
    const again = await app.request(`${PATH}/body`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('gives on no header that names somebody', async () => {
    const leaky = holding({
      requestHeaders: { Authorization: 'Bearer x', accept: 'application/json' },
      responseHeaders: { 'set-cookie': 'id=1', date: 'today' },
    })
    expect(AnswerListSchema.parse(await okJson(leaky, PATH)).answers[0]).toMatchObject({
      requestHeaders: { accept: 'application/json' },
      responseHeaders: { date: 'today' },
    })
    expect(await (await leaky.request(PATH)).text()).not.toMatch(/bearer|cookie/i)
  })

  it('whose bytes were let go keeps its record, and says so', async () => {
    const later = fakeApp(liveView({ letGo: true }), {})
    expect(AnswerListSchema.parse(await okJson(later, PATH)).answers[0]?.body).toBeNull()
    expect((await problemAt(later, `${PATH}/body`, 410)).detail).toMatch(/let go by the retention/)
  })

  it('that never came is not found; what is no hash is refused', async () => {
    await problemAt(app, `/api/v1/answers/${'0'.repeat(64)}`, 404)
    await problemAt(app, `/api/v1/answers/${'0'.repeat(64)}/body`, 404)
    await problemAt(app, `/api/v1/answers/${ANSWER.sha256.toUpperCase()}`, 400)
    await problemAt(app, '/api/v1/answers/x/body', 400)
  })
})
