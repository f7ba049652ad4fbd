import { get, type IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Revision } from '../model/incident.ts'
import { iran } from '../words/samples.testing.ts'
import { createApp, type AppOptions } from './app.ts'
import { serveFake } from './app.testing.ts'
import { EventListSchema } from './event-json.ts'
import { fakeFeed } from './live.testing.ts'
import { USUAL_LIMITS } from './limits.ts'
import { fakeObservatory, liveView, revisionsOf } from './observatory.testing.ts'
import { ProblemSchema } from './problem.ts'

const [REVISION] = revisionsOf(iran({})) as [Revision]
const web = { renderer: { render: () => ({ html: '' }) }, assets: new Map() }

function made(change: Partial<AppOptions> = {}) {
  const feed = fakeFeed(revisionsOf(iran({})))
  const limits = { ...USUAL_LIMITS, streams: { perClient: 1, inAll: 10 } }
  const app = createApp({
    observatory: fakeObservatory(liveView({}), feed),
    web,
    onError: () => undefined,
    limits,
    elapsed: () => 0,
    ...change,
  })
  return { feed, app }
}

const STREAM = { accept: 'text/event-stream' }

async function firstPieces(response: Response, count: number): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  for (let piece = 0; piece < count; piece += 1) text += new TextDecoder().decode((await reader.read()).value)
  await reader.cancel()
  return text
}

describe('/api/v1/events', () => {
  it('streams to who asks for a stream, untouched by proxies and caches', async () => {
    const { app } = made()
    const response = await app.request('/api/v1/events?after=1', { headers: STREAM })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      vary: 'accept',
      'x-content-type-options': 'nosniff',
    })
    expect(response.headers.get('etag')).toBeNull()
    const text = await firstPieces(response, 2)
    expect([...text.matchAll(/^id: (\d+)/gm)].map((match) => match[1])).toEqual(['1', '2', '3'])
  })

  it('begins now without a place, and lets Last-Event-ID count more than after', async () => {
    const { app, feed } = made()
    const now = await app.request('/api/v1/events', { headers: STREAM })
    feed.publish(REVISION)
    expect(await firstPieces(now, 2)).toMatch(/^retry: 5000\nid: 3\n\nevent: revision\n.*\nid: 4\n\n$/)
    const resumed = await app.request('/api/v1/events?after=0', { headers: { ...STREAM, 'last-event-id': '3' } })
    expect(await firstPieces(resumed, 2)).toMatch(/^retry: 5000\nid: 3\n\nevent: revision\n.*\nid: 4\n\n$/)
  })

  it.each([
    ['Last-Event-ID', { 'last-event-id': 'abc' }, '', /whole number/],
    ['Last-Event-ID', { 'last-event-id': '-1' }, '', /whole number/],
    ['Last-Event-ID', { 'last-event-id': '4' }, '', /at most 3, the newest/],
    ['after', {}, '?after=4', /at most 3, the newest/],
    ['after', {}, '?after=1e3', /whole number/],
    ['after', {}, '?after=9999999999999999', /whole number/],
    ['limit', {}, '?limit=0', /from 1 to 1000/],
  ])('refuses a %s that it never gave out: %o %s', async (name, headers, query, reason) => {
    const { app } = made()
    for (const accept of [STREAM, {}]) {
      if (name === 'Last-Event-ID' && !('accept' in accept)) continue
      const response = await app.request(`/api/v1/events${query}`, { headers: { ...accept, ...headers } })
      expect(response.status).toBe(400)
      const problem = ProblemSchema.parse(await response.json())
      expect(problem.parameters?.[0]).toMatchObject({ name, reason: expect.stringMatching(reason) as string })
    }
  })

  it('answers who polls with what came after, and with where the numbers stand', async () => {
    const { app, feed } = made()
    const ask = async (query: string) =>
      EventListSchema.parse(await (await app.request(`/api/v1/events${query}`)).json())
    expect(await ask('')).toEqual({
      last: 3,
      events: [],
      more: false,
      newestData: '2026-01-15T12:00:00Z',
      unhealthySignals: 0,
    })
    feed.publish(REVISION)
    const piece = await ask('?after=1&limit=2')
    expect([piece.events.map((event) => event.place), piece.more]).toEqual([[2, 3], true])
    const rest = await ask('?after=3&limit=1')
    expect([rest.events.map((event) => event.place), rest.more]).toEqual([[4], false])
  })

  it('opens nothing for HEAD', async () => {
    const { app, feed } = made()
    const before = feed.listeners
    expect((await app.request('/api/v1/events', { method: 'HEAD', headers: STREAM })).status).toBe(200)
    expect(feed.listeners).toBe(before)
  })

  it('refuses a client’s stream beyond its limit, with when to come back', async () => {
    const { app } = made()
    const from = { incoming: { socket: { remoteAddress: '192.0.2.1' } } }
    const first = await app.request('/api/v1/events', { headers: STREAM }, from)
    const second = await app.request('/api/v1/events', { headers: STREAM }, from)
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '60'])
    expect(second.headers.get('content-type')).toBe('application/problem+json')
    await first.body?.cancel()
    const third = await app.request('/api/v1/events', { headers: STREAM }, from)
    expect(third.status).toBe(200)
    await third.body?.cancel()
  })
})

/** What one browser connection reads, until a text has come. */
async function readUntil(stream: AsyncIterator<Buffer>, wanted: RegExp): Promise<string> {
  let text = ''
  while (!wanted.test(text)) {
    const { done, value } = await stream.next()
    if (done === true) throw new Error(`ended after ${JSON.stringify(text)}`)
    text += value.toString()
  }
  return text
}

function connect(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // As browsers ask: what is compressed is held back until there is enough of it.
    get(url, { headers: { ...STREAM, 'accept-encoding': 'gzip, deflate, br' } }, resolve).on('error', reject)
  })
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

describe('/api/v1/events over a real connection', () => {
  it('brings each event at once, and notices when the reader goes', async () => {
    const { app, feed } = made({ every: () => () => undefined })
    const before = feed.listeners
    const served = await serveFake(app)
    try {
      const answer = await connect(`${served.url}/api/v1/events`)
      const stream = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>
      await readUntil(stream, /id: 3\n\n/)
      feed.publish(REVISION)
      expect(await readUntil(stream, /id: 4\n\n/)).toMatch(/^event: revision/)
      expect(feed.listeners).toBe(before + 1)
      answer.destroy()
      await until(() => feed.listeners === before)
    } finally {
      await served.close()
    }
  })

  it('cuts off a reader that does not read, however much there would be to send', async () => {
    const beats = new Set<() => void>()
    const every: AppOptions['every'] = (_, run) => {
      beats.add(run)
      return () => void beats.delete(run)
    }
    const { app, feed } = made({ every })
    for (let more = 0; more < 60_000; more += 1) feed.publish(REVISION)
    const served = await serveFake(app)
    try {
      const answer = await connect(`${served.url}/api/v1/events?after=0`)
      answer.pause()
      const closed = new Promise((resolve) => {
        answer.once('close', resolve)
      })
      answer.on('error', () => undefined)
      // Beats while the connection fills up change nothing; once it is full, four of them end it.
      while (beats.size > 0) {
        for (const beat of beats) beat()
        for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      }
      answer.resume()
      await closed
      expect(answer.complete).toBe(false)
    } finally {
      await served.close()
    }
  })
})
