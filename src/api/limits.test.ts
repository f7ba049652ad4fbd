import { describe, expect, it } from 'vitest'
import { fakeApp, from } from './app.testing.ts'
import type { Limits } from './limits.ts'
import { liveView } from './observatory.testing.ts'

const LIMITS: Limits = { burst: 2, perSecond: 0.5, streams: { perClient: 1, inAll: 1 } }

function limited() {
  const clock = { now: 0 }
  const app = fakeApp(liveView({}), { limits: LIMITS, elapsed: () => clock.now })
  const ask = async (path: string, env?: object, headers: Record<string, string> = {}): Promise<Response> =>
    await app.request(path, { headers }, env)
  return { clock, ask }
}

const READER = from('192.0.2.1')

describe('limits', () => {
  it('let a client go on when it has waited as long as it was told', async () => {
    const { clock, ask } = limited()
    expect((await ask('/api/v1/signals', READER)).status).toBe(200)
    const last = await ask('/api/v1/signals', READER)
    expect([last.status, last.headers.get('ratelimit-remaining'), last.headers.get('ratelimit-limit')]).toEqual([
      200,
      '0',
      '2',
    ])
    const refused = await ask('/api/v1/signals', READER)
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit-reset')]).toEqual([
      429,
      '2',
      '4',
    ])
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'")
    clock.now = 2
    expect((await ask('/api/v1/signals', READER)).status).toBe(200)
  })

  it('speak to readers of pages in words', async () => {
    const { ask } = limited()
    for (let more = 0; more < 2; more += 1) await ask('/en/', READER)
    const refused = await ask('/en/', READER)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([429, 'text/plain; charset=UTF-8'])
    expect(await refused.text()).toMatch(/too many/i)
  })

  it('count each client for itself, and a conditional request like any other', async () => {
    const { ask } = limited()
    const tag = (await ask('/api/v1/signals', READER)).headers.get('etag') ?? ''
    expect((await ask('/api/v1/signals', READER, { 'if-none-match': tag })).status).toBe(304)
    expect((await ask('/api/v1/signals', READER, { 'if-none-match': tag })).status).toBe(429)
    expect((await ask('/api/v1/signals', from('192.0.2.2'))).status).toBe(200)
  })

  it.each(['/healthz', '/metrics'])('never keep %s from answering', async (path) => {
    const { ask } = limited()
    for (let more = 0; more < 5; more += 1) expect((await ask(path, READER)).status).toBe(200)
  })

  it('do not bind the control socket, nor files of pages', async () => {
    const { ask } = limited()
    for (let more = 0; more < 5; more += 1) {
      expect((await ask('/api/v1/signals')).status).toBe(200)
      expect((await ask('/assets/none.css', READER)).status).toBe(404)
    }
  })
})
