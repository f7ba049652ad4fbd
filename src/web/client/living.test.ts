import { describe, expect, it } from 'vitest'
import type { LocalClock, Page } from '../../model/page.ts'
import { livingPage, type LivingWorld } from './living.ts'

const TYPE = 'application/vnd.tocsin.page+json'
const page = (title: string): Page => ({ kind: 'world', title }) as unknown as Page
const answer = (title: string): Response =>
  new Response(JSON.stringify(page(title)), { headers: { 'content-type': TYPE } })

interface Watched {
  readonly world: LivingWorld
  readonly drawn: { page: Page; clock: LocalClock | null }[]
  loads: number
  broken: number
}

function watched(fetch: () => Promise<Response>, draw: () => void): Watched {
  const seen: Watched = {
    drawn: [],
    loads: 0,
    broken: 0,
    world: {
      target: {} as Element,
      fetch,
      load: () => {
        seen.loads += 1
        return Promise.resolve({
          takeOver: () => ({
            show: (next, clock) => {
              draw()
              seen.drawn.push({ page: next, clock })
            },
          }),
        })
      },
      broken: () => (seen.broken += 1),
      shown: () => undefined,
    },
  }
  return seen
}

const nothing = (): void => undefined

describe('livingPage', () => {
  it('loads nothing before there is something to show, and then once', async () => {
    const seen = watched(() => Promise.resolve(answer('new')), nothing)
    const living = livingPage(page('old'), seen.world)
    await living.fetchPage('/en/')
    expect([seen.loads, living.hasFetched(), living.page()]).toEqual([0, true, page('old')])
    await living.showFetched()
    await living.fetchPage('/en/')
    await living.showFetched()
    expect(seen.loads).toBe(1)
    expect(seen.drawn.map((one) => one.page)).toEqual([page('new'), page('new')])
    expect(living.hasFetched()).toBe(false)
    await living.showFetched()
    expect(seen.drawn).toHaveLength(2)
  })

  it.each([
    ['nobody answers', () => Promise.reject(new TypeError('Failed to fetch'))],
    [
      'something in between answers',
      () => Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html' } })),
    ],
    [
      'the server is in trouble',
      () =>
        Promise.resolve(
          new Response(JSON.stringify(page('problem')), { status: 503, headers: { 'content-type': TYPE } }),
        ),
    ],
    ['half of it comes', () => Promise.resolve(new Response('{"kind":"wor', { headers: { 'content-type': TYPE } }))],
  ])('keeps the page that is there when %s', async (_, fetch) => {
    const living = livingPage(page('old'), watched(fetch, nothing).world)
    expect(await living.fetchPage('/en/')).toBe(false)
    expect([living.hasFetched(), living.page()]).toEqual([false, page('old')])
  })

  it('does not put an answer that was overtaken in the place of a newer one', async () => {
    const waiting: ((response: Response) => void)[] = []
    const living = livingPage(
      page('old'),
      watched(() => new Promise((resolve) => waiting.push(resolve)), nothing).world,
    )
    const [first, second] = [living.fetchPage('/en/'), living.fetchPage('/en/')]
    waiting[1]?.(answer('second'))
    await second
    waiting[0]?.(answer('first'))
    await first
    await living.showFetched()
    expect(living.page()).toEqual(page('second'))
  })

  it('draws by the reader’s clock once it has points to draw', async () => {
    const clock = { zone: 'Asia/Almaty', changes: [] }
    const seen = watched(() => Promise.resolve(answer('new')), nothing)
    const living = livingPage(page('old'), seen.world)
    await living.setClock(clock)
    expect(seen.loads).toBe(0)
    await living.fetchPage('/en/')
    await living.showFetched()
    await living.setClock(null)
    expect(seen.drawn.map((one) => one.clock)).toEqual([clock, null])
  })

  it('says when a page could not be drawn', async () => {
    const seen = watched(
      () => Promise.resolve(answer('new')),
      () => {
        throw new TypeError('no such thing')
      },
    )
    const living = livingPage(page('old'), seen.world)
    await living.fetchPage('/en/')
    await expect(living.showFetched()).rejects.toThrow('no such thing')
    expect(seen.broken).toBe(1)
  })
})
