import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { SourceId, UnixSeconds } from '../../model/brand.ts'
import { createSimulatedClock, type SimulatedClock } from '../clock.testing.ts'
import { createClient, userAgentOf, type BodySink, type Client, type Head } from './client.ts'
import { createMeter, type Meter } from './meter.ts'
import { createRequestWindow } from './window.ts'

const START = 1_700_000_000
const LIMIT = 10_000

interface Asked {
  readonly clock: SimulatedClock
  readonly client: Client
  readonly meter: Meter
  readonly url: string
  readonly stop: AbortController
  /** Seconds since the start at which each request came. */
  readonly times: readonly number[]
  readonly most: () => number
}

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

async function asking(listener: (clock: SimulatedClock) => RequestListener): Promise<Asked> {
  const clock = createSimulatedClock(START)
  const times: number[] = []
  let open = 0
  let most = 0
  const answer = listener(clock)
  const server = createServer((request, response) => {
    times.push(clock.now() - START)
    open += 1
    most = Math.max(most, open)
    response.on('close', () => (open -= 1))
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const stop = new AbortController()
  const meter = createMeter()
  const options = {
    source: 'ioda' as SourceId,
    userAgent: userAgentOf('1.2.3', 'ops@example.org'),
    timeoutSeconds: 60,
    limitBytes: LIMIT,
    window: createRequestWindow({ requests: 100, perSeconds: 3600, backfillShare: 0.25 }),
    meter,
  }
  const context = {
    clock,
    random: () => 0.5,
    fetch: clock.fetch(fetch),
    signal: stop.signal,
    progress: { covered: () => [] },
    focus: () => [],
  }
  const { port } = server.address() as AddressInfo
  const client = createClient(options, context)
  return { clock, client, meter, url: `http://127.0.0.1:${port}/x`, stop, times, most: () => most }
}

describe('a polite client', () => {
  it('says who asks, and keeps the answer as it came with its hash, without secrets', async () => {
    let agent: string | undefined
    const { client, url } = await asking(() => (request, response) => {
      agent = request.headers['user-agent']
      response.setHeader('set-cookie', 'session=1')
      response.setHeader('x-cache', 'hit')
      response.end('{"a":"ä"}')
    })
    const outcome = await client.ask(url, 'live')
    expect(agent).toBe('Tocsin/1.2.3 (mailto:ops@example.org)')
    if (outcome.kind !== 'answer') throw new Error(outcome.kind)
    const { answer } = outcome
    expect(Buffer.from(answer.body).toString()).toBe('{"a":"ä"}')
    expect(answer.sha256).toBe(createHash('sha256').update('{"a":"ä"}').digest('hex'))
    expect(answer.bytes).toBe(10)
    expect(answer.fetchedAt).toBe(START)
    expect(answer.responseHeaders['x-cache']).toBe('hit')
    expect(JSON.stringify(answer.responseHeaders)).not.toContain('session')
    expect(answer.requestHeaders['user-agent']).toBe(agent)
  })

  it('says so when the operator has set no contact', () => {
    expect(userAgentOf('1.2.3', null)).toBe('Tocsin/1.2.3 (self-hosted observatory; no contact set)')
  })

  it('comes back when Retry-After says, and with its own patience when nothing is said', async () => {
    const after = ['600', undefined, undefined]
    const { client, clock, url, times, meter } = await asking(() => (_, response) => {
      const status = after.length === 0 ? 200 : 429
      const seconds = after.shift()
      if (seconds !== undefined) response.setHeader('retry-after', seconds)
      response.writeHead(status).end()
    })
    const kinds: string[] = []
    for (let i = 0; i < 4; i++) {
      kinds.push((await client.ask(url, 'live')).kind)
      if (i === 0) expect(client.waitingUntil()).toBe(START + 600)
    }
    expect(kinds).toEqual(['refused', 'refused', 'refused', 'answer'])
    expect(times).toEqual([0, 600, 660, 780])
    expect(client.waitingUntil()).toBeNull()
    expect(meter.read(0)).toMatchObject({ ok: 1, refused: 3, waitingUntil: null })
    expect(meter.read(0).lastFailure).toEqual({ at: START + 660, reason: 'HTTP 429' })
    expect(clock.now()).toBe(START + 780)
  })

  it('leaves a host alone after 500, but not after 404, which speaks of the request', async () => {
    const statuses = [500, 404, 200]
    const { client, url, times } = await asking(
      () => (_, response) => response.writeHead(statuses.shift() ?? 200).end(),
    )
    for (let i = 0; i < 3; i++) await client.ask(url, 'live')
    expect(times).toEqual([0, 30, 30])
  })

  it('gives up on a server that hangs, by the clock that it was given', async () => {
    const { client, clock, url, meter } = await asking((clock) => (request) => clock.hang(request.headers))
    const outcome = await client.ask(url, 'live')
    expect(outcome).toMatchObject({ kind: 'failed', failure: 'time-out', answer: null })
    expect(clock.now()).toBe(START + 60)
    expect(meter.read(0).failed).toBe(1)
  })

  it('gives up on a body that never ends', async () => {
    const { client, url } = await asking((clock) => (request, response) => {
      response.write('{"data":')
      clock.hang(request.headers)
    })
    expect(await client.ask(url, 'live')).toMatchObject({ kind: 'failed', failure: 'time-out' })
  })

  it('tells half a body from a whole one, with and without a length', async () => {
    let round = 0
    const { client, url } = await asking(() => (_, response) => {
      if (round++ === 0) response.setHeader('content-length', '1000')
      response.write('{"data": [1, 2', () => response.destroy())
    })
    expect(await client.ask(url, 'live')).toMatchObject({ kind: 'failed', failure: 'broken-off' })
    expect(await client.ask(url, 'live')).toMatchObject({ kind: 'failed', failure: 'broken-off' })
  })

  it('lets a body go that is too large, declared or not', async () => {
    let round = 0
    const { client, url } = await asking(() => (_, response) => {
      if (round++ === 0) response.setHeader('content-length', String(LIMIT + 1))
      response.write('x'.repeat(LIMIT + 1))
      response.end()
    })
    expect((await client.ask(url, 'live')).kind).toBe('too-large')
    expect((await client.ask(url, 'live')).kind).toBe('too-large')
  })

  it('names what is underneath when nobody listens', async () => {
    const { client } = await asking(() => () => undefined)
    const outcome = await client.ask('http://127.0.0.1:1/', 'live')
    expect(outcome).toMatchObject({ kind: 'failed', failure: 'unreachable' })
    expect(outcome.kind === 'failed' && outcome.reason).toBe('bad port')
  })

  it('does not follow a redirect: it may lead to another host', async () => {
    const { client, url, times } = await asking(() => (_, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await client.ask(url, 'live')).toMatchObject({ kind: 'failed', failure: 'status', reason: 'HTTP 302' })
    expect(times).toHaveLength(1)
  })

  it('stops at once when it is told to, whether it waits or has asked', async () => {
    const { client, clock, url, stop } = await asking((clock) => (request) => clock.hang(request.headers))
    const asked = client.ask(url, 'live')
    await clock.until((START + 5) as UnixSeconds, new AbortController().signal)
    stop.abort()
    expect(await asked).toEqual({ kind: 'stopped' })
    expect(await client.ask(url, 'live')).toEqual({ kind: 'stopped' })
    expect(clock.now()).toBe(START + 5)
  })

  it('asks one thing at a time', async () => {
    const { client, url, most } = await asking(() => (_, response) => response.end('ok'))
    const first = client.ask(url, 'live')
    await expect(client.ask(url, 'live')).rejects.toThrow(TypeError)
    await first
    expect(most()).toBe(1)
  })
})

describe('a download', () => {
  interface Kept extends BodySink {
    readonly heads: Head[]
    text: string
  }

  function keep(headers: Readonly<Record<string, string>> = {}): Kept {
    const kept: Kept = {
      heads: [],
      text: '',
      headers,
      begin: async (head) => kept.heads.push(head) > 0,
      write: async (chunk) => void (kept.text += Buffer.from(chunk).toString()),
    }
    return kept
  }

  it('hands the body on as it comes, asks for no encoding, and sends what the sink wants sent', async () => {
    let asked: Readonly<Record<string, unknown>> = {}
    const { client, url, meter } = await asking(() => (request, response) => {
      asked = request.headers
      response.writeHead(206, { 'content-range': 'bytes 3-9/10' }).end('x'.repeat(2 * LIMIT))
    })
    const sink = keep({ range: 'bytes=3-' })
    const outcome = await client.download(url, 'live', sink)
    expect(outcome).toMatchObject({ kind: 'stored', bytes: 2 * LIMIT, head: { status: 206 } })
    expect(asked).toMatchObject({ range: 'bytes=3-', 'accept-encoding': expect.stringMatching(/^identity\b/) })
    expect(sink.text).toBe('x'.repeat(2 * LIMIT))
    expect(sink.heads).toHaveLength(1)
    expect(meter.read(0)).toMatchObject({ ok: 1, bytes: 2 * LIMIT })
  })

  it('hands on nothing of a status of 300 and above, and judges it as any other answer', async () => {
    const { client, url, times } = await asking(() => (_, response) => {
      response.writeHead(times.length === 1 ? 503 : 404, { 'retry-after': '600' }).end('no')
    })
    const sink = keep()
    expect(await client.download(url, 'live', sink)).toMatchObject({ kind: 'refused', answer: { status: 503 } })
    expect(await client.download(url, 'live', sink)).toMatchObject({ kind: 'failed', answer: { status: 404 } })
    expect(times).toEqual([0, 600])
    expect([sink.heads, sink.text]).toEqual([[], ''])
  })

  it('takes as long as it takes while pieces come, and is given up when none comes for a minute', async () => {
    const { client, clock, url } = await asking((clock) => (request, response) => {
      clock.hang(request.headers)
      response.writeHead(200, { 'content-length': '1000' })
      const at = clock.now()
      const never = new AbortController().signal
      const drip = async (): Promise<void> => {
        for (let i = 1; i <= 5; i++) {
          await clock.until((at + i * 50) as UnixSeconds, never)
          await new Promise<void>((resolve) => response.write('x', () => resolve()))
        }
      }
      void drip()
    })
    const sink = keep()
    const outcome = await client.download(url, 'live', sink)
    expect(outcome).toMatchObject({ kind: 'failed', failure: 'time-out' })
    expect(sink.text).toBe('xxxxx')
    const took = clock.now() - START
    expect(took).toBeGreaterThanOrEqual(250 + 60)
    expect(took).toBeLessThanOrEqual(250 + 120)
  })

  it('keeps what came before the connection broke', async () => {
    const { client, url, meter } = await asking(() => (_, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('half', () => setImmediate(() => response.destroy()))
    })
    const sink = keep()
    expect(await client.download(url, 'live', sink)).toMatchObject({ kind: 'failed', failure: 'broken-off' })
    expect(sink.text).toBe('half')
    expect(meter.read(0).failed).toBe(1)
  })

  it('takes nothing of a body that the sink does not want, and is ready for the next', async () => {
    const { client, url, meter } = await asking(() => (_, response) => response.end('x'.repeat(5 * LIMIT)))
    const sink = keep()
    const unwanted = { ...sink, begin: async () => false }
    expect(await client.download(url, 'live', unwanted)).toMatchObject({ kind: 'declined', head: { status: 200 } })
    expect(sink.text).toBe('')
    expect(await client.download(url, 'live', sink)).toMatchObject({ kind: 'stored', bytes: 5 * LIMIT })
    expect(meter.read(0)).toMatchObject({ ok: 2, failed: 0 })
  })

  it('passes on what the sink throws, and asks again afterwards', async () => {
    const { client, url } = await asking(() => (_, response) => response.end('body'))
    const full = { ...keep(), write: () => Promise.reject(new Error('no space left')) }
    await expect(client.download(url, 'live', full)).rejects.toThrow('no space left')
    expect(await client.download(url, 'live', keep())).toMatchObject({ kind: 'stored' })
  })
})
