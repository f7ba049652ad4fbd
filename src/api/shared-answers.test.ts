import { Hono, type Context } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Revision } from '../model/incident.ts'
import { iran } from '../words/samples.testing.ts'
import { fakeFeed } from './live.testing.ts'
import { liveView, revisionsOf } from './observatory.testing.ts'
import { sharedAnswers } from './shared-answers.ts'

const [REVISION] = revisionsOf(iran({})) as [Revision]

/** A route that counts how often it was asked and answers when it is let to. */
function slow() {
  const clock = { now: 1200 }
  const judged = { version: 1 }
  const feed = fakeFeed([])
  const asked: (() => void)[] = []
  let published = 0
  const app = new Hono()
  const live = { ...liveView({}), now: () => clock.now as never, version: () => judged.version }
  app.use(sharedAnswers({ live, events: feed }))
  app.get('/fails', (c) => {
    asked.push(() => undefined)
    return c.text('no', 503)
  })
  app.get('/long', (c) => {
    asked.push(() => undefined)
    return c.text('x'.repeat(1_000_001))
  })
  app.get('/large', (c) => {
    asked.push(() => undefined)
    return c.text('x'.repeat(1_000_000))
  })
  app.get('/broken', () => {
    asked.push(() => undefined)
    throw new Error('broken')
  })
  app.onError((error, c) => c.text(error.message, 500))
  app.get('/en/replay/iran-2026/:name', answer)
  app.get('/en/:name', answer)
  app.get('/:name', answer)
  async function answer(c: Context): Promise<Response> {
    const seen = published
    await new Promise<void>((resolve) => {
      asked.push(resolve)
    })
    return c.json({ name: c.req.param('name'), accept: c.req.header('accept') ?? '', seen })
  }
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    await app.request(path, { headers })
  const publish = (): void => {
    published += 1
    feed.publish(REVISION)
  }
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
  return { clock, judged, feed, asked, ask, publish, turns }
}

describe('while nothing changes', () => {
  it('one answer serves all who ask the same, while it is made and after', async () => {
    const { asked, ask, turns } = slow()
    const together = [ask('/a'), ask('/a'), ask('/a')]
    await turns()
    expect(asked).toHaveLength(1)
    asked[0]?.()
    const answers = await Promise.all(together)
    expect(await Promise.all(answers.map((each) => each.json()))).toEqual(
      Array.from({ length: 3 }, () => ({ name: 'a', accept: '', seen: 0 })),
    )
    const later = await ask('/a')
    expect([asked.length, later.headers.get('etag')]).toEqual([1, answers[0]?.headers.get('etag')])
  })

  it('another address, another kind of answer and another encoding are other answers', async () => {
    const { asked, ask, turns } = slow()
    const all = [
      ask('/a'),
      ask('/b'),
      ask('/a?tz=local'),
      ask('/a', { accept: 'text/csv' }),
      ask('/a', { 'accept-encoding': 'gzip' }),
    ]
    await turns()
    expect(asked).toHaveLength(5)
    for (const answer of asked) answer()
    const tags = (await Promise.all(all)).map((each) => each.headers.get('etag'))
    expect(new Set(tags).size).toBe(3)
  })

  it('who asks after an event gets nothing that was begun before it', async () => {
    const { asked, ask, publish, turns } = slow()
    const before = ask('/a')
    await turns()
    publish()
    const after = ask('/a')
    await turns()
    expect(asked).toHaveLength(2)
    // The older answer comes last, and must not be kept over the newer.
    asked[1]?.()
    expect(await (await after).json()).toMatchObject({ seen: 1 })
    asked[0]?.()
    expect(await (await before).json()).toMatchObject({ seen: 0 })
    expect(await (await ask('/a')).json()).toMatchObject({ seen: 1 })
    expect(asked).toHaveLength(2)
  })

  it('no failure is kept, and none is shared', async () => {
    const { asked, ask } = slow()
    for (const [path, status] of [
      ['/fails', 503],
      ['/broken', 500],
    ] as const) {
      const both = await Promise.all([ask(path), ask(path)])
      expect(both.map((each) => each.status)).toEqual([status, status])
    }
    expect(asked).toHaveLength(4)
  })

  it('streams are each their own', async () => {
    const { asked, ask, turns } = slow()
    const both = [ask('/a', { accept: 'text/event-stream' }), ask('/a', { accept: 'text/event-stream' })]
    await turns()
    expect(asked).toHaveLength(2)
    for (const answer of asked) answer()
    await Promise.all(both)
  })

  it('what is very long is given and not kept', async () => {
    const { asked, ask } = slow()
    expect((await (await ask('/long')).text()).length).toBe(1_000_001)
    await ask('/long')
    expect(asked).toHaveLength(2)
  })
})

describe('when something changed', () => {
  /** How often a route is asked when it is asked for once before and once after. */
  async function madeFor(path: string, change: (world: ReturnType<typeof slow>) => void): Promise<number> {
    const world = slow()
    const { asked, ask, turns } = world
    const first = ask(path)
    await turns()
    asked[0]?.()
    await first
    change(world)
    const next = ask(path)
    await turns()
    asked[1]?.()
    await next
    return asked.length
  }
  const later = (seconds: number) => (world: ReturnType<typeof slow>) => {
    world.clock.now += seconds
  }
  const judgedAnew = (world: ReturnType<typeof slow>): void => {
    world.judged.version += 1
  }
  const viewChanged = (world: ReturnType<typeof slow>): void => world.feed.tell({ kind: 'health' })

  it.each([
    ['an answer of the interface holds for a second', '/a', later(0), later(1)],
    ['a page holds for the minute of the clock that it tells', '/en/a', later(59), later(60)],
    ['a page is made anew when something was judged', '/en/a', later(0), judgedAnew],
    ['a page is made anew when our view of the world changed', '/en/a', later(0), viewChanged],
  ])('%s', async (_, path, harmless, change) => {
    expect(await madeFor(path, harmless)).toBe(1)
    expect(await madeFor(path, change)).toBe(2)
  })

  it.each([
    ['time', later(86_400)],
    ['judging', judgedAnew],
    ['a view that changed', viewChanged],
  ])('a replay stays as it is, whatever happens live: %s', async (_, change) => {
    expect(await madeFor('/en/replay/iran-2026/a', change)).toBe(1)
  })

  it('an answer that was begun before something was judged is not kept over a newer one', async () => {
    const { judged, asked, ask, turns } = slow()
    const before = ask('/en/a')
    await turns()
    judged.version += 1
    const after = ask('/en/a')
    await turns()
    expect(asked).toHaveLength(2)
    asked[1]?.()
    await after
    asked[0]?.()
    await before
    await ask('/en/a')
    expect(asked).toHaveLength(2)
  })
})

it('what was asked for longest ago goes first when there is much', async () => {
  const { asked, ask } = slow()
  await ask('/large?0')
  for (let i = 1; i <= 24; i += 1) {
    await ask(`/large?${i}`)
    await ask('/large?0')
  }
  expect(asked).toHaveLength(25)
  await ask('/large?24')
  expect(asked).toHaveLength(25)
  await ask('/large?1')
  expect(asked).toHaveLength(26)
})
