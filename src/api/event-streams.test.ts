import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Revision } from '../model/incident.ts'
import type { EventFeed, LiveEvent } from '../street/view.ts'
import { iran } from '../words/samples.testing.ts'
import { eventStreams, type StreamLimits, type Ticker } from './event-streams.ts'
import { type FakeFeed, fakeFeed } from './live.testing.ts'
import { revisionsOf } from './observatory.testing.ts'

const [REVISION] = revisionsOf(iran({})) as [Revision]
const LIMITS: StreamLimits = { perClient: 2, inAll: 3 }

/** A ticker that beats when it is told to. */
function manualTicker(): { readonly every: Ticker; beat(): void; readonly running: number } {
  const running = new Set<() => void>()
  return {
    every: (_, run) => {
      running.add(run)
      return () => void running.delete(run)
    },
    beat: () => {
      for (const run of running) run()
    },
    get running() {
      return running.size
    },
  }
}

function opened(
  feed: EventFeed,
  change: { limits?: StreamLimits | null; client?: string | null; after?: number } = {},
) {
  const ticker = manualTicker()
  const streams = eventStreams(feed, ticker.every, change.limits ?? null)
  let cuts = 0
  const open = (asked: { client?: string | null; after?: number; signal?: AbortSignal } = {}) =>
    streams.stream({
      client: asked.client ?? change.client ?? null,
      after: asked.after ?? change.after ?? 0,
      signal: asked.signal ?? new AbortController().signal,
      cut: () => {
        cuts += 1
      },
    })
  const reader = (asked: Parameters<typeof open>[0] = {}) => {
    const stream = open(asked)
    if (typeof stream === 'string') throw new Error(stream)
    return textReader(stream)
  }
  return { ticker, streams, open, reader, cuts: () => cuts }
}

function textReader(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader()
  return {
    next: async (): Promise<string | null> => {
      const { done, value } = await reader.read()
      return done ? null : new TextDecoder().decode(value)
    },
    cancel: () => reader.cancel(),
  }
}

function ids(text: string): number[] {
  return [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve()
}

describe('a stream', () => {
  it('begins with its place, so that whoever reconnects at once loses nothing', async () => {
    const { reader } = opened(fakeFeed([REVISION, REVISION]))
    const stream = reader({ after: 2 })
    expect(await stream.next()).toBe('retry: 5000\nid: 2\n\n')
  })

  it('sends what was missed, then what comes, each once and in order', async () => {
    const feed = fakeFeed([REVISION, REVISION, REVISION])
    const stream = opened(feed).reader({ after: 1 })
    await stream.next()
    expect(ids((await stream.next()) ?? '')).toEqual([2, 3])
    const waiting = stream.next()
    await turns(5)
    feed.publish(REVISION)
    expect(ids((await waiting) ?? '')).toEqual([4])
  })

  it('says what is new of the incident and not the whole of it', async () => {
    const stream = opened(fakeFeed([REVISION])).reader()
    await stream.next()
    const block = (await stream.next()) ?? ''
    expect(block).toMatch(/^event: revision\ndata: \{"place":1,"incident":"IR-2026-01-08-a".*\}\nid: 1\n\n$/)
    expect(block.length).toBeLessThan(400)
  })

  it('loses none and repeats none however publishing, reading and slow answers of the store fall together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 250 }),
        fc.nat(250),
        fc.array(fc.constantFrom('publish', 'read', 'answer', 'turn'), { maxLength: 60 }),
        async (before, begin, steps) => {
          const held: (() => void)[] = []
          const made = fakeFeed(Array.from({ length: before }, () => REVISION))
          const slow: FakeFeed = {
            ...made,
            since: async (place, limit) => {
              const found = await made.since(place, limit)
              await new Promise<void>((resolve) => {
                held.push(resolve)
              })
              return found
            },
          }
          const after = Math.min(begin, before)
          const stream = opened(slow).reader({ after })
          const seen: number[] = []
          let reads = Promise.resolve()
          const read = (): void => {
            reads = reads.then(async () => void seen.push(...ids((await stream.next()) ?? '')))
          }
          for (const step of steps) {
            if (step === 'publish') made.publish(REVISION)
            else if (step === 'read') read()
            else if (step === 'answer') held.shift()?.()
            await turns(3)
          }
          const last = await made.last()
          for (let more = 0; seen.at(-1) !== last && more < 500; more += 1) {
            if (more % 3 === 0) read()
            held.shift()?.()
            await turns(8)
          }
          // The first id is that of the greeting.
          expect(seen).toEqual(Array.from({ length: last - after + 1 }, (_, index) => after + index))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('sends health and newest data without an id, the newest of each', async () => {
    const feed = fakeFeed([])
    const stream = opened(feed).reader()
    await stream.next()
    const data = (newest: number): LiveEvent => ({ kind: 'data', newest: newest as never })
    feed.tell(data(0))
    feed.tell(data(1800))
    feed.tell({ kind: 'health' })
    expect(await stream.next()).toBe(
      'event: health\ndata: {}\n\nevent: data\ndata: {"newest":"1970-01-01T00:30:00Z"}\n\n',
    )
  })

  it('sends a comment at each beat when nothing happens', async () => {
    const { ticker, reader } = opened(fakeFeed([]))
    const stream = reader()
    await stream.next()
    const waiting = stream.next()
    await turns(5)
    ticker.beat()
    expect(await waiting).toBe(': here\n\n')
  })

  it('is cut off when its client has not read for four beats, and holds no more than its place until then', async () => {
    const feed = fakeFeed([])
    const { ticker, reader, streams, cuts } = opened(feed)
    const stream = reader()
    await stream.next()
    for (let beat = 1; beat <= 4; beat += 1) {
      expect([streams.open, cuts()]).toEqual([1, 0])
      for (let more = 0; more < 1000; more += 1) feed.publish(REVISION)
      ticker.beat()
      await turns(5)
    }
    expect([streams.open, streams.dropped, cuts(), feed.listeners]).toEqual([0, 1, 1, 0])
    expect(await stream.next()).toBeNull()
  })

  it('lives on as long as its client waits for more', async () => {
    const { ticker, reader, streams } = opened(fakeFeed([]))
    const stream = reader()
    for (let beat = 0; beat < 20; beat += 1) {
      const waiting = stream.next()
      await turns(5)
      ticker.beat()
      await waiting
    }
    expect([streams.open, streams.dropped]).toEqual([1, 0])
  })

  it('ends when the request is aborted, also before it began', async () => {
    const feed = fakeFeed([])
    const { reader, streams } = opened(feed)
    const abort = new AbortController()
    const stream = reader({ signal: abort.signal })
    await stream.next()
    const waiting = stream.next()
    await turns(5)
    abort.abort()
    expect(await waiting).toBeNull()
    expect([streams.open, feed.listeners]).toEqual([0, 0])
    expect(await reader({ signal: abort.signal }).next()).toBeNull()
    expect([streams.open, feed.listeners]).toEqual([0, 0])
  })

  it('listens and beats only while somebody is there', async () => {
    const feed = fakeFeed([])
    const { reader, ticker } = opened(feed)
    expect([feed.listeners, ticker.running]).toEqual([0, 0])
    const [one, other] = [reader(), reader()]
    expect([feed.listeners, ticker.running]).toEqual([1, 1])
    await one.cancel()
    expect([feed.listeners, ticker.running]).toEqual([1, 1])
    await other.cancel()
    expect([feed.listeners, ticker.running]).toEqual([0, 0])
  })

  it('breaks off when the store does not answer, so that its client comes back to the same place', async () => {
    const { reader, streams } = opened({ ...fakeFeed([]), since: () => Promise.reject(new Error('no store')) })
    const stream = reader()
    await stream.next()
    await expect(stream.next()).rejects.toThrow('no store')
    expect(streams.open).toBe(0)
  })

  it('shares one reading of the store with all that stand at the same place', async () => {
    let asked = 0
    const feed = fakeFeed([REVISION])
    const counted: EventFeed = {
      ...feed,
      since: (place, limit) => {
        asked += 1
        return feed.since(place, limit)
      },
    }
    const { reader } = opened(counted)
    const readers = Array.from({ length: 50 }, () => reader({ after: 0 }))
    for (const each of readers) await each.next()
    expect((await Promise.all(readers.map((each) => each.next()))).every((text) => ids(text ?? '')[0] === 1)).toBe(true)
    expect(asked).toBe(1)
  })
})

describe('limits', () => {
  it('refuse a client’s third, and all beyond what can be served, and let in again when one has gone', async () => {
    const { open, reader, streams } = opened(fakeFeed([]), { limits: LIMITS })
    const first = reader({ client: 'a' })
    open({ client: 'a' })
    expect(open({ client: 'a' })).toBe('client')
    open({ client: 'b' })
    expect(open({ client: 'c' })).toBe('all')
    expect(typeof open({ client: null })).toBe('object')
    expect(streams.open).toBe(4)
    await first.cancel()
    expect(open({ client: 'a' })).toBe('all')
  })
})
