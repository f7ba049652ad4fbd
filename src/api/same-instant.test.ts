import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Revision } from '../model/incident.ts'
import { iran } from '../words/samples.testing.ts'
import { fakeFeed } from './live.testing.ts'
import { revisionsOf } from './observatory.testing.ts'
import { sameInstant } from './same-instant.ts'

const [REVISION] = revisionsOf(iran({})) as [Revision]

/** A route that counts how often it was asked and answers when it is let to. */
function slow() {
  const clock = { now: 1000 }
  const feed = fakeFeed([])
  const asked: (() => void)[] = []
  let published = 0
  const app = new Hono()
  app.use(sameInstant(() => clock.now as never, feed))
  app.get('/fails', (c) => {
    asked.push(() => undefined)
    return c.text('no', 503)
  })
  app.get('/long', (c) => {
    asked.push(() => undefined)
    return c.text('x'.repeat(1_000_001))
  })
  app.get('/broken', () => {
    asked.push(() => undefined)
    throw new Error('broken')
  })
  app.onError((error, c) => c.text(error.message, 500))
  app.get('/:name', async (c) => {
    const seen = published
    await new Promise<void>((resolve) => {
      asked.push(resolve)
    })
    return c.json({ name: c.req.param('name'), accept: c.req.header('accept') ?? '', seen })
  })
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    await app.request(path, { headers })
  const publish = (): void => {
    published += 1
    feed.publish(REVISION)
  }
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
  return { clock, feed, asked, ask, publish, turns }
}

describe('in one second', () => {
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

describe('in the next second', () => {
  it('all is made anew', async () => {
    const { asked, ask, clock, turns } = slow()
    const first = ask('/a')
    await turns()
    asked[0]?.()
    await first
    clock.now += 1
    const next = ask('/a')
    await turns()
    expect(asked).toHaveLength(2)
    asked[1]?.()
    await next
  })
})
