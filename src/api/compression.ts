import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'

type Encoding = 'br' | 'gzip'

/** Below this the headers cost more than is saved. */
const LEAST_BYTES = 1024
/** Beyond this the memory that it takes to compress at once is better left to others. */
const MOST_BYTES = 8_000_000

/** About as long as gzip takes, and a tenth less to send. */
const QUALITY = 5
/** For what never changes and is compressed once. */
const BEST_QUALITY = 11

const COMPRESSIBLE = /^(?:text\/(?!event-stream)|image\/svg\+xml|application\/(?:json|javascript|[\w.-]+\+json))/

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/**
 * Compresses what is text, off the main thread, in Brotli where the client reads it. What never changes is compressed
 * once and kept: the few files of the pages. Stands inside the middleware that tags answers, so that each encoding has
 * a tag of its own (RFC 9110, 8.8.3.3).
 */
export function compressed(): MiddlewareHandler {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  return async (c, next) => {
    await next()
    const { res } = c
    if (res.body === null || !COMPRESSIBLE.test(res.headers.get('content-type') ?? '')) return
    if (res.headers.has('content-encoding')) return
    c.header('vary', withAcceptEncoding(res.headers.get('vary')))
    const encoding = chosenEncoding(c.req.header('accept-encoding') ?? '')
    if (encoding === null || c.req.method === 'HEAD') return
    const isImmutable = res.status === 200 && (res.headers.get('cache-control') ?? '').includes('immutable')
    const key = `${encoding} ${c.req.path}`
    let body = isImmutable ? kept.get(key) : undefined
    if (body === undefined) {
      const plain = new Uint8Array(await c.res.arrayBuffer())
      if (plain.length < LEAST_BYTES || plain.length > MOST_BYTES) {
        c.res = new Response(plain, c.res)
        return
      }
      body = new Uint8Array(await compress(plain, encoding, isImmutable ? BEST_QUALITY : QUALITY))
      if (isImmutable) kept.set(key, body)
    }
    c.res = new Response(body, c.res)
    c.res.headers.set('content-encoding', encoding)
    c.res.headers.set('content-length', String(body.length))
  }
}

function compress(body: Uint8Array, encoding: Encoding, quality: number): Promise<Uint8Array> {
  return encoding === 'br'
    ? brotli(body, {
        params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
      })
    : gzipped(body)
}

/** @returns `null` when neither is wanted. Brotli where both are wanted alike. */
export function chosenEncoding(accept: string): Encoding | null {
  const weights = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim())
    const weight = parameters.find((text) => text.startsWith('q='))?.slice(2)
    weights.set(name, weight === undefined ? 1 : Number(weight) || 0)
  }
  const [br, gz] = [weights.get('br') ?? 0, weights.get('gzip') ?? 0]
  if (br === 0 && gz === 0) return null
  return br >= gz ? 'br' : 'gzip'
}

function withAcceptEncoding(vary: string | null): string {
  if (vary === null || vary === '') return 'accept-encoding'
  return /\baccept-encoding\b/i.test(vary) ? vary : `${vary}, accept-encoding`
}
