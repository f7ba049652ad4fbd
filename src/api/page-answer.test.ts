import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { createApp } from './app.ts'
import { fakeObservatory, liveView } from './observatory.testing.ts'
import { PAGE_TYPE, pageAnswer } from './page-answer.ts'

const web = { renderer: { render: () => ({ html: '<!doctype html><title>page</title>' }) }, assets: new Map() }
const app = createApp({ observatory: fakeObservatory(liveView({})), web, onError: () => undefined })

describe('a page', () => {
  it.each([
    ['/en/', 200, 'world'],
    ['/en/country/IR', 200, 'entity'],
    ['/en/incident/IR-2026-01-08-a', 200, 'incident'],
    ['/en/replay/iran-2026/', 200, 'world'],
    ['/en/nowhere', 404, 'problem'],
  ])('%s comes as data to who asks for data, and as a document to all others', async (path, status, kind) => {
    const data = await app.request(path, { headers: { accept: PAGE_TYPE } })
    expect([data.status, data.headers.get('content-type')]).toEqual([status, PAGE_TYPE])
    expect(await data.json()).toMatchObject({ kind, frame: { path } })
    const document = await app.request(path, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    expect([document.status, document.headers.get('content-type')]).toEqual([status, 'text/html; charset=UTF-8'])
    for (const response of [data, document]) expect(response.headers.get('vary')?.toLowerCase()).toContain('accept')
  })

  it('is not sent twice to a page that has it, and has another tag as a document', async () => {
    const first = await app.request('/en/', { headers: { accept: PAGE_TYPE } })
    const tag = first.headers.get('etag') ?? ''
    const again = await app.request('/en/', { headers: { accept: PAGE_TYPE, 'if-none-match': tag } })
    expect([again.status, again.headers.get('vary')]).toEqual([304, 'accept, accept-encoding'])
    expect((await app.request('/en/')).headers.get('etag')).not.toBe(tag)
  })

  it('understands the type among others, with parameters and in capitals', async () => {
    const one = new Hono().get('/', (c) => pageAnswer(c, web.renderer, { kind: 'method' } as never))
    for (const accept of [`text/html, ${PAGE_TYPE}`, `${PAGE_TYPE};q=1`, PAGE_TYPE.toUpperCase()]) {
      expect((await one.request('/', { headers: { accept } })).headers.get('content-type')).toBe(PAGE_TYPE)
    }
    expect((await one.request('/')).headers.get('content-type')).toContain('text/html')
  })
})
