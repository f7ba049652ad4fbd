import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { followEvents, type Feed, type FeedListener, type Stream, type Told } from './feed.ts'

/** A server with numbered revisions, a network that a test breaks, and time that it moves. */
class World {
  now = 1000
  place = 0
  newest = '2026-01-15T12:00:00Z'
  streams: 'work' | 'blocked' | 'silent' | 'unknown' = 'work'
  online = true
  asked: string[] = []
  readonly open: FakeStream[] = []
  readonly timers: { at: number; run: () => void }[] = []
  readonly told: Told[] = []
  heard = 0
  lost = 0

  follow(after: number): Feed {
    const listener: FeedListener = {
      told: (one) => this.told.push(one),
      heard: () => (this.heard += 1),
      lost: () => (this.lost += 1),
    }
    return followEvents(
      '/events',
      after,
      {
        open: (url) => {
          if (this.streams === 'unknown') throw new TypeError('EventSource is not defined')
          const stream = new FakeStream(url)
          this.open.push(stream)
          return stream
        },
        fetch: (url) => {
          this.asked.push(url)
          if (!this.online) return Promise.reject(new TypeError('Failed to fetch'))
          const from = Number(new URLSearchParams(url.split('?')[1]).get('after'))
          if (from > this.place) return Promise.resolve(new Response('{}', { status: 400 }))
          const events = Array.from({ length: this.place - from }, (_, index) => revision(from + index + 1))
          return Promise.resolve(
            Response.json({ events, more: false, newestData: this.newest, unhealthySignals: 0, last: this.place }),
          )
        },
        now: () => this.now as UnixSeconds,
        later: (seconds, run) => {
          const timer = { at: this.now + seconds, run }
          this.timers.push(timer)
          return () => {
            const index = this.timers.indexOf(timer)
            if (index !== -1) this.timers.splice(index, 1)
          }
        },
        random: () => 0.5,
      },
      listener,
    )
  }

  /** Lets time pass, each timer in its turn, and answers arrive. */
  async pass(seconds: number): Promise<void> {
    const until = this.now + seconds
    await settle()
    for (;;) {
      const [next] = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.timers.splice(this.timers.indexOf(next), 1)
      this.now = Math.max(this.now, next.at)
      next.run()
      await settle()
    }
    this.now = until
  }

  get current(): FakeStream | undefined {
    return this.open.findLast((stream) => stream.readyState !== 2)
  }

  places(): number[] {
    return this.told.flatMap((one) => (one.kind === 'revision' ? [one.place] : []))
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

class FakeStream implements Stream {
  readyState = 0
  readonly url: string
  readonly #listeners = new Map<string, ((event: MessageEvent<string>) => void)[]>()

  constructor(url: string) {
    this.url = url
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }

  say(type: string, data: string): void {
    if (type === 'open') this.readyState = 1
    for (const listener of this.#listeners.get(type) ?? []) listener({ data } as MessageEvent<string>)
  }

  close(): void {
    this.readyState = 2
  }
}

function revision(place: number): { place: number; entity: string; incident: string } {
  return { place, entity: 'country:KZ', incident: 'KZ-2022-01-05-a' }
}

describe('followEvents', () => {
  it('begins its stream after what the page was made with, and tells each revision once', () => {
    const world = new World()
    world.follow(7)
    expect(world.current?.url).toBe('/events?after=7')
    world.current?.say('open', '')
    for (const place of [7, 8, 8, 9]) world.current?.say('revision', JSON.stringify(revision(place)))
    world.current?.say('data', '{"newest":null}')
    world.current?.say('health', '{}')
    expect(world.places()).toEqual([8, 9])
    expect(world.told.filter((one) => one.kind === 'data')).toHaveLength(2)
    expect(world.asked).toEqual([])
  })

  it('asks again and again where streams are refused, stay silent or do not exist', async () => {
    for (const streams of ['blocked', 'silent', 'unknown'] as const) {
      const world = new World()
      world.streams = streams
      world.place = 2
      world.follow(1)
      if (streams === 'blocked') world.current?.say('error', '')
      await world.pass(40)
      expect(world.asked[0], streams).toBe('/events?after=1')
      expect(world.places(), streams).toEqual([2])
      world.place = 3
      await world.pass(40)
      expect(world.places(), streams).toEqual([2, 3])
    }
  })

  it('tries a stream again after a while', async () => {
    const world = new World()
    world.follow(0)
    world.current?.say('error', '')
    await world.pass(200)
    expect(world.open.length).toBeGreaterThan(1)
  })

  it('says when nobody answers, waits longer each time, and says when somebody does again', async () => {
    const world = new World()
    world.online = false
    world.follow(0)
    world.current?.say('error', '')
    await world.pass(100)
    const asked = world.asked.length
    expect(world.lost).toBe(asked)
    await world.pass(100)
    expect(world.asked.length - asked).toBeLessThan(asked)
    expect(world.heard).toBe(0)
    world.online = true
    await world.pass(600)
    expect(world.heard).toBeGreaterThan(0)
  })

  it('leaves a stream that was heard to the browser while that tries by itself', () => {
    const world = new World()
    world.follow(0)
    world.current?.say('open', '')
    world.current?.say('error', '')
    expect([world.lost, world.open.length, world.asked.length]).toEqual([1, 1, 0])
  })

  it('holds no connection while hidden, and goes on from where it was when seen', async () => {
    const world = new World()
    const feed = world.follow(0)
    world.current?.say('open', '')
    feed.setHidden(true)
    expect(world.current).toBeUndefined()
    world.place = 2
    await world.pass(120)
    expect(world.places()).toEqual([1, 2])
    feed.setHidden(false)
    expect(world.current?.url).toBe('/events?after=2')
  })

  it('tells of new data when the newest changes between two answers', async () => {
    const world = new World()
    world.streams = 'unknown'
    world.follow(0)
    await world.pass(50)
    expect(world.told).toEqual([])
    world.newest = '2026-01-15T12:10:00Z'
    await world.pass(50)
    expect(world.told).toEqual([{ kind: 'data' }])
  })

  it('begins anew with a server whose numbers are not ours', async () => {
    const world = new World()
    world.streams = 'unknown'
    world.follow(50)
    await world.pass(100)
    expect(world.told).toContainEqual({ kind: 'data' })
    world.place = 1
    await world.pass(100)
    expect(world.places()).toEqual([1])
  })

  it('is silent once closed', async () => {
    const world = new World()
    const feed = world.follow(0)
    feed.close()
    world.place = 3
    await world.pass(1000)
    expect([world.current, world.asked.length, world.told.length]).toEqual([undefined, 0, 0])
  })

  it.each(['', '{', 'null', '[]', '{"place":"1"}', '{"place":1,"entity":2,"incident":"x"}'])(
    'takes no notice of an event that is none: %s',
    (data) => {
      const world = new World()
      world.follow(0)
      world.current?.say('revision', data)
      expect(world.told).toEqual([])
    },
  )

  it('tells every revision once and in order, however streams break and pages hide', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('publish', 'break', 'hide', 'see', 'offline', 'online', 'wait'), { maxLength: 30 }),
        async (steps) => {
          const world = new World()
          const feed = world.follow(0)
          for (const step of steps) {
            if (step === 'publish') {
              world.place += 1
              if (world.online && world.current !== undefined) {
                world.current.say('open', '')
                const from = Number(world.current.url.split('=')[1])
                for (let place = from + 1; place <= world.place; place += 1) {
                  world.current.say('revision', JSON.stringify(revision(place)))
                }
              }
            } else if (step === 'break') world.current?.say('error', '')
            else if (step === 'hide' || step === 'see') feed.setHidden(step === 'hide')
            else if (step === 'wait') await world.pass(30)
            else world.online = step === 'online'
          }
          world.online = true
          world.streams = 'unknown'
          world.current?.close()
          feed.setHidden(true)
          await world.pass(1000)
          expect(world.places()).toEqual(Array.from({ length: world.place }, (_, index) => index + 1))
        },
      ),
      { numRuns: 60 },
    )
  })
})
