import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { MINUTE } from '../model/time.ts'
import type { Observatory } from '../street/view.ts'
import { LANGUAGES } from '../words/languages.ts'
import { chosenEncoding } from './compression.ts'
import { wantsStream } from './events.ts'

/** Longer answers are given and not kept. */
const MOST_BYTES = 1_000_000

/** What all that is kept may take; what was asked for longest ago goes first. */
const MOST_BYTES_KEPT = 24_000_000

/** So many are kept at once, those that are being made included. */
const MOST_KEPT = 2000

/** Pages tell the time to the minute. */
const PAGE_SECONDS = MINUTE
const OTHER_SECONDS = 1 as Seconds

interface Kept {
  readonly headers: Headers
  readonly body: ArrayBuffer
}

interface Entry {
  /** The minute or second of the live clock in which it was asked for; 0 where time changes nothing. */
  readonly time: number
  readonly answer: Promise<Kept | null>
  /** 0 while it is made. */
  bytes: number
}

/**
 * One answer for all who ask the same while it stays the same: until something happens that it may rest on, or the clock
 * goes on so far that it would show. In a crisis all pages that are open ask for the same at the same moment, the one at
 * which something was published: the work is done once.
 *
 * What was begun before an event, or before the live view says that it has changed, is never given to who asks after it:
 * whoever was told of a revision sees it. A replay never changes.
 */
export function sharedAnswers({ live, events }: Pick<Observatory, 'live' | 'events'>): MiddlewareHandler {
  const ofReplays = createShelf()
  let ofLive = createShelf()
  let version = live.version()
  events.subscribe(() => {
    ofLive = createShelf()
  })
  return async (c, next) => {
    if (!isShared(c)) return await next()
    if (live.version() !== version) {
      version = live.version()
      ofLive = createShelf()
    }
    const isReplay = REPLAY.test(c.req.path)
    const shelf = isReplay ? ofReplays : ofLive
    const time = isReplay ? 0 : timeOf(c, live.now())
    const key = keyOf(c)
    const found = shelf.find(key, time)
    if (found !== null) {
      const answer = await found
      if (answer === null) return await next()
      c.res = responseOf(answer)
      return undefined
    }
    const settle = shelf.begin(key, time)
    try {
      await next()
      const answer = await keep(c.res)
      if (answer !== null) c.res = responseOf(answer)
      settle(answer)
    } catch (error) {
      settle(null)
      throw error
    }
    return undefined
  }
}

interface Shelf {
  /** @returns what is kept or being made; `null` inside for what is not to be shared. */
  find(key: string, time: number): Promise<Kept | null> | null
  /** @returns what is to be told the answer. */
  begin(key: string, time: number): (answer: Kept | null) => void
}

function createShelf(): Shelf {
  /** What was asked for last stands last. */
  const entries = new Map<string, Entry>()
  let bytes = 0

  function remove(key: string, entry: Entry): void {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    bytes -= entry.bytes
  }

  return {
    find(key, time) {
      const entry = entries.get(key)
      if (entry === undefined || entry.time !== time) return null
      entries.delete(key)
      entries.set(key, entry)
      return entry.answer
    },
    begin(key, time) {
      let tell: (answer: Kept | null) => void = () => undefined
      const answer = new Promise<Kept | null>((resolve) => {
        tell = resolve
      })
      const entry: Entry = { time, answer, bytes: 0 }
      const before = entries.get(key)
      if (before !== undefined) remove(key, before)
      entries.set(key, entry)
      return (made) => {
        tell(made)
        if (made === null || made.body.byteLength > MOST_BYTES) return remove(key, entry)
        if (entries.get(key) !== entry) return undefined
        entry.bytes = made.body.byteLength
        bytes += entry.bytes
        for (const [each, oldest] of entries) {
          if (bytes <= MOST_BYTES_KEPT && entries.size <= MOST_KEPT) break
          if (oldest !== entry) remove(each, oldest)
        }
        return undefined
      }
    },
  }
}

const [PAGES, REPLAY] = [
  new RegExp(`^/(?:${LANGUAGES.join('|')})/`),
  new RegExp(`^/(?:${LANGUAGES.join('|')})/replay/|^/api/v1/replays/[^/]+/`),
]

function timeOf(c: Context, now: UnixSeconds): number {
  return Math.floor(now / (PAGES.test(c.req.path) ? PAGE_SECONDS : OTHER_SECONDS))
}

function isShared(c: Context): boolean {
  const { path } = c.req
  if (c.req.method !== 'GET' || path === '/metrics' || path === '/healthz' || path.startsWith('/assets/')) return false
  return !wantsStream(c)
}

/** All of a request that an answer depends on: every route reads these headers and no other. */
function keyOf(c: Context): string {
  return JSON.stringify([
    c.req.url,
    c.req.header('accept') ?? '',
    chosenEncoding(c.req.header('accept-encoding') ?? ''),
  ])
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
