import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { UnixSeconds } from '../model/brand.ts'
import type { EventFeed } from '../street/view.ts'
import { wantsStream } from './events.ts'

/** Longer answers are given and not kept. */
const MOST_BYTES = 1_000_000

/** So many are kept at once; what comes then is made for itself. */
const MOST_KEPT = 500

interface Kept {
  readonly headers: Headers
  readonly body: ArrayBuffer
}

/**
 * One answer for all who ask the same in the same second. In a crisis all pages that are open ask for the same at the
 * same moment, the one at which something was published: the work is done once.
 *
 * What was asked before an event is never given to who asks after it: whoever was told of a revision sees it.
 */
export function sameInstant(now: () => UnixSeconds, feed: EventFeed): MiddlewareHandler {
  let instant: UnixSeconds | null = null
  let kept = new Map<string, Promise<Kept | null>>()
  feed.subscribe(() => {
    kept = new Map()
  })
  return async (c, next) => {
    if (!isShared(c)) return await next()
    const at = now()
    if (at !== instant) {
      instant = at
      kept = new Map()
    }
    const mine = kept
    const key = keyOf(c)
    const found = mine.get(key)
    if (found !== undefined) {
      const answer = await found
      if (answer === null) return await next()
      c.res = responseOf(answer)
      return undefined
    }
    if (mine.size >= MOST_KEPT) return await next()
    let settle: (answer: Kept | null) => void = () => undefined
    mine.set(
      key,
      new Promise((resolve) => {
        settle = resolve
      }),
    )
    try {
      await next()
      const answer = await keep(c.res)
      if (answer !== null) c.res = responseOf(answer)
      if (answer === null || answer.body.byteLength > MOST_BYTES) mine.delete(key)
      settle(answer)
    } catch (error) {
      mine.delete(key)
      settle(null)
      throw error
    }
    return undefined
  }
}

function isShared(c: Context): boolean {
  const { path } = c.req
  if (c.req.method !== 'GET' || path === '/metrics' || path === '/healthz') return false
  return !wantsStream(c)
}

/** All of a request that an answer depends on: every route reads these headers and no other. */
function keyOf(c: Context): string {
  const encoding = (c.req.header('accept-encoding') ?? '').toLowerCase()
  return JSON.stringify([c.req.url, c.req.header('accept') ?? '', encoding])
}

/** @returns `null` for what is no success: errors are few, and each is its own. */
async function keep(response: Response): Promise<Kept | null> {
  if (response.status !== 200) return null
  const body = await response.arrayBuffer()
  const headers = new Headers(response.headers)
  if (!headers.has('etag'))
    headers.set('etag', `"${createHash('sha256').update(new Uint8Array(body)).digest('base64url')}"`)
  return { headers, body }
}

function responseOf(kept: Kept): Response {
  return new Response(kept.body, { status: 200, headers: kept.headers })
}
