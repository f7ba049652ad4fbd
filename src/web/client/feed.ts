import type { UnixSeconds } from '../../model/brand.ts'

/** What a page left open is told of. A `revision` may be of anything; `data`: there are newer bins, or our view changed. */
export type Told =
  | { readonly kind: 'revision'; readonly place: number; readonly entity: string; readonly incident: string }
  | { readonly kind: 'data' }

/** A connection of the browser that pushes, as `EventSource` is one. */
export interface Stream {
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void
  readonly readyState: number
  close(): void
}

export interface FeedWorld {
  /** Opens a stream; throws where the browser has none. */
  readonly open: (url: string) => Stream
  readonly fetch: (url: string, headers: Readonly<Record<string, string>>) => Promise<Response>
  readonly now: () => UnixSeconds
  /** @returns what takes it back. */
  readonly later: (seconds: number, run: () => void) => () => void
  /** 0–1, so that a thousand pages do not come back in the same second. */
  readonly random: () => number
}

export interface FeedListener {
  readonly told: (told: Told) => void
  /** We heard from the server: all that it has told until now is known. */
  readonly heard: () => void
  /** Nobody answers; tried again by itself. */
  readonly lost: () => void
}

export interface Feed {
  /** A hidden page holds no connection: it asks now and then. */
  setHidden(hidden: boolean): void
  close(): void
}

/** A stream that was never heard in this time is taken to be blocked on the way. */
const STREAM_PATIENCE_SECONDS = 12
const POLL_SECONDS = 20
const HIDDEN_POLL_SECONDS = 60
const LONGEST_WAIT_SECONDS = 300
/** After a stream failed, it is polled for so long before a stream is tried again. */
const STREAM_AGAIN_SECONDS = 120
const CLOSED = 2

/**
 * Follows `/api/v1/events` from a place on: by a stream while the page is seen, by asking again and again where streams
 * are blocked or the page is hidden. The last place is kept, so that nothing is told twice or left out.
 */
export function followEvents(url: string, after: number, world: FeedWorld, listener: FeedListener): Feed {
  let place = after
  let hidden = false
  let closed = false
  let failures = 0
  let noStreamBefore = 0
  let newest: string | null | undefined
  let unhealthy: number | undefined
  let stop: () => void = () => undefined

  function next(): void {
    stop()
    if (closed) return
    if (hidden || world.now() < noStreamBefore) void poll()
    else stream()
  }

  function waitThen(seconds: number): void {
    stop = world.later(seconds, next)
  }

  function revised(revision: { place: number; entity: string; incident: string }): void {
    if (revision.place <= place) return
    place = revision.place
    listener.told({ kind: 'revision', ...revision })
  }

  function stream(): void {
    let source: Stream
    try {
      source = world.open(`${url}?after=${place}`)
    } catch {
      noStreamBefore = Number.POSITIVE_INFINITY
      return next()
    }
    let begun = false
    const giveUp = (): void => {
      stop()
      noStreamBefore = world.now() + STREAM_AGAIN_SECONDS
      next()
    }
    const patience = world.later(STREAM_PATIENCE_SECONDS, () => {
      if (!begun) giveUp()
    })
    stop = () => {
      patience()
      source.close()
    }
    const heard = (): void => {
      begun = true
      failures = 0
      listener.heard()
    }
    source.addEventListener('open', heard)
    source.addEventListener('error', () => {
      // The browser tries by itself while it says so; what is closed for good, or never began, is left to polling.
      if (begun && source.readyState !== CLOSED) return listener.lost()
      giveUp()
    })
    source.addEventListener('revision', (event) => {
      heard()
      const revision = readRevision(event.data)
      if (revision !== null) revised(revision)
    })
    for (const kind of ['data', 'health']) {
      source.addEventListener(kind, () => {
        heard()
        listener.told({ kind: 'data' })
      })
    }
  }

  async function poll(): Promise<void> {
    let cancelled = false
    stop = () => {
      cancelled = true
    }
    const answer = await ask(world, `${url}?after=${place}`)
    if (cancelled) return
    if (answer === null) {
      failures += 1
      listener.lost()
      return waitThen(Math.min(LONGEST_WAIT_SECONDS, POLL_SECONDS * 2 ** (failures - 1)) * (0.5 + world.random()))
    }
    if (answer === 'unknown-place') {
      // The server began anew: its numbers are not ours. What it has now is all there is.
      place = 0
      listener.told({ kind: 'data' })
      return waitThen(POLL_SECONDS)
    }
    failures = 0
    listener.heard()
    for (const revision of answer.events) revised(revision)
    const changed = newest !== undefined && (newest !== answer.newestData || unhealthy !== answer.unhealthySignals)
    newest = answer.newestData
    unhealthy = answer.unhealthySignals
    if (changed) listener.told({ kind: 'data' })
    if (answer.more) return next()
    waitThen((hidden ? HIDDEN_POLL_SECONDS : POLL_SECONDS) * (0.8 + 0.4 * world.random()))
  }

  next()
  return {
    setHidden(value) {
      if (value === hidden) return
      hidden = value
      next()
    },
    close() {
      closed = true
      stop()
    },
  }
}

interface Revised {
  readonly place: number
  readonly entity: string
  readonly incident: string
}

interface Polled {
  readonly events: readonly Revised[]
  readonly more: boolean
  readonly newestData: string | null
  readonly unhealthySignals: number
}

/** @returns `null` when nobody answered, or not what was asked for. */
async function ask(world: FeedWorld, url: string): Promise<Polled | 'unknown-place' | null> {
  try {
    const response = await world.fetch(url, { accept: 'application/json' })
    if (response.status === 400) return 'unknown-place'
    if (!response.ok) return null
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null || !('events' in body) || !Array.isArray(body.events)) return null
    return {
      events: body.events.map(revisionOf).filter((one) => one !== null),
      more: 'more' in body && body.more === true,
      newestData: 'newestData' in body && typeof body.newestData === 'string' ? body.newestData : null,
      unhealthySignals:
        'unhealthySignals' in body && typeof body.unhealthySignals === 'number' ? body.unhealthySignals : 0,
    }
  } catch {
    return null
  }
}

function readRevision(text: string): Revised | null {
  try {
    return revisionOf(JSON.parse(text) as unknown)
  } catch {
    return null
  }
}

function revisionOf(value: unknown): Revised | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('place' in value) || !('entity' in value) || !('incident' in value)) return null
  const { place, entity, incident } = value
  if (typeof place !== 'number' || typeof entity !== 'string' || typeof incident !== 'string') return null
  return { place, entity, incident }
}
