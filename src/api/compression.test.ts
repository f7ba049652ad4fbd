import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { describe, expect, it } from 'vitest'
import { chosenEncoding, compressed } from './compression.ts'

const LONG = 'A sentence that is said again and again. '.repeat(200)

function app(body: string, headers: Readonly<Record<string, string>>): Hono {
  const made = new Hono()
  made.use(etag())
  made.use(compressed())
  made.get('/', (c) => c.body(body, 200, headers))
  return made
}

const HTML = { 'content-type': 'text/html; charset=utf-8' }

describe('compressed', () => {
  it.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
    ['gzip', 'br;q=0.1, gzip;q=0.9', gunzipSync],
  ] as const)('answers in %s to who accepts ‘%s’, the same content each time', async (encoding, accept, open) => {
    const made = app(LONG, HTML)
    for (let round = 0; round < 2; round += 1) {
      const answer = await made.request('/', { headers: { 'accept-encoding': accept } })
      expect(answer.headers.get('content-encoding')).toBe(encoding)
      expect(answer.headers.get('vary')).toBe('accept-encoding')
      const body = new Uint8Array(await answer.arrayBuffer())
      expect(body.length).toBe(Number(answer.headers.get('content-length')))
      expect(body.length).toBeLessThan(LONG.length / 10)
      expect(new TextDecoder().decode(open(body))).toBe(LONG)
    }
  })

  it('says that nothing has changed to who has the compressed answer', async () => {
    const made = app(LONG, HTML)
    const headers = { 'accept-encoding': 'br' }
    const tag = (await made.request('/', { headers })).headers.get('etag') ?? ''
    const again = await made.request('/', { headers: { ...headers, 'if-none-match': tag } })
    expect(again.status).toBe(304)
    expect(again.headers.get('content-encoding')).toBeNull()
  })

  it('gives each encoding a tag of its own, and keeps what never changes', async () => {
    let made = 0
    const files = new Hono()
    files.use(etag())
    files.use(compressed())
    files.get('/', (c) => {
      made += 1
      return c.body(LONG + String(made), 200, { ...HTML, 'cache-control': 'public, max-age=31536000, immutable' })
    })
    const tag = async (encoding: string): Promise<string | null> =>
      (await files.request('/', { headers: { 'accept-encoding': encoding } })).headers.get('etag')
    const [first, again, other] = [await tag('br'), await tag('br'), await tag('gzip')]
    expect(first).toBe(again)
    expect(first).not.toBe(other)
  })

  it.each([
    ['what is short', 'no', HTML, 'br'],
    ['pictures', LONG, { 'content-type': 'image/png' }, 'br'],
    ['event streams', LONG, { 'content-type': 'text/event-stream' }, 'br'],
    ['what is compressed already', LONG, { ...HTML, 'content-encoding': 'x-own' }, 'br'],
    ['who cannot read it', LONG, HTML, 'identity'],
    ['who refuses it', LONG, HTML, 'br;q=0, gzip;q=0'],
  ] as const)('leaves %s as it is', async (_, body, headers, accept) => {
    const answer = await app(body, headers).request('/', { headers: { 'accept-encoding': accept } })
    expect(await answer.text()).toBe(body)
    expect(answer.headers.get('content-encoding')).toBe('content-encoding' in headers ? 'x-own' : null)
  })

  it('reads any header without failing', () => {
    fc.assert(fc.property(fc.string(), (accept) => [null, 'br', 'gzip'].includes(chosenEncoding(accept))))
  })
})
