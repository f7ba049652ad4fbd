import type { LiveEvent, EventFeed } from '../street/view.ts'
import { eventBlock } from './event-json.ts'
import { sharedReads } from './shared-reads.ts'

/** Calls `run` every so many seconds until what it returns is called. */
export type Ticker = (seconds: number, run: () => void) => () => void

/** Comments that keep proxies from closing a silent connection. */
const BEAT_SECONDS = 15

/** A client that has read nothing for so many beats, though there was something to read, is gone. */
const MOST_UNREAD_BEATS = 4

/** What a browser waits before it connects again. */
const RETRY_MS = 5000

/** Revisions in one piece while a client catches up. */
const PIECE = 100

export interface StreamLimits {
  /** Streams open at once, of one client and of all. */
  readonly perClient: number
  readonly inAll: number
}

export interface StreamAsked {
  /** Whose it is, for the limit; `null` = nobody's, unlimited. */
  readonly client: string | null
  /** Events after this place. */
  readonly after: number
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
  /** Cuts the connection of a client that does not read. */
  readonly cut: () => void
}

export interface EventStreams {
  readonly open: number
  /** Clients cut off since the start because they did not read. */
  readonly dropped: number
  /** @returns `client` or `all` when there are too many open, of that client or in all. */
  stream(asked: StreamAsked): ReadableStream<Uint8Array> | 'client' | 'all'
}

/**
 * Streams of what happens. A stream holds its place among revisions and no queue: what is next is read from the feed
 * when the client is ready for it. So none is lost or sent twice where catching up turns into living, and a client that
 * does not read costs nothing until it is cut off.
 *
 * Rests on the feed telling of a revision only once `since` gives it.
 */
export function eventStreams(feed: EventFeed, every: Ticker, limits: StreamLimits | null): EventStreams {
  const streams = new Set<Stream>()
  const reads = sharedReads(feed, PIECE)
  const perClient = new Map<string, number>()
  let dropped = 0
  let stopListening: (() => void)[] = []

  const begin = (stream: Stream, client: string | null): void => {
    if (streams.size === 0) {
      reads.renew()
      stopListening = [
        feed.subscribe((event) => {
          if (event.kind === 'revision') reads.renew()
          for (const each of streams) each.tell(event)
        }),
        every(BEAT_SECONDS, () => {
          for (const each of streams) {
            if (each.beat()) continue
            dropped += 1
            each.drop()
          }
        }),
      ]
    }
    streams.add(stream)
    if (client !== null) perClient.set(client, (perClient.get(client) ?? 0) + 1)
  }

  const end = (stream: Stream, client: string | null): void => {
    if (!streams.delete(stream)) return
    if (client !== null) {
      const left = (perClient.get(client) ?? 1) - 1
      if (left === 0) perClient.delete(client)
      else perClient.set(client, left)
    }
    if (streams.size > 0) return
    for (const stop of stopListening) stop()
    stopListening = []
  }

  return {
    get open() {
      return streams.size
    },
    get dropped() {
      return dropped
    },
    stream({ client, after, signal, cut }) {
      if (limits !== null && client !== null) {
        if ((perClient.get(client) ?? 0) >= limits.perClient) return 'client'
        if (streams.size >= limits.inAll) return 'all'
      }
      const stream = createStream(
        after,
        (place) => reads.since(place),
        cut,
        () => end(stream, client),
      )
      if (signal.aborted) stream.drop()
      else begin(stream, client)
      signal.addEventListener('abort', () => stream.drop(), { once: true })
      return stream.body
    },
  }
}

interface Stream {
  readonly body: ReadableStream<Uint8Array>
  tell(event: LiveEvent): void
  /** @returns false when the client has not read for too long. */
  beat(): boolean
  /** Ends it and cuts the connection. */
  drop(): void
}

function createStream(
  after: number,
  since: ReturnType<typeof sharedReads>['since'],
  cut: () => void,
  ended: () => void,
): Stream {
  let place = after
  let over = false
  let unreadBeats = 0
  /** What is to be sent besides revisions: the newest of each kind, so that it never grows. */
  let pending: { hello: boolean; revisions: boolean; health: LiveEvent | null; data: LiveEvent | null; beat: boolean }
  pending = { hello: true, revisions: true, health: null, data: null, beat: false }
  let wake: (() => void) | null = null
  let reading = false

  const rouse = (): void => {
    wake?.()
    wake = null
  }

  /** @returns what to send next; `null` when it is over. */
  const next = async (): Promise<string | null> => {
    while (!over) {
      if (pending.hello) {
        pending.hello = false
        // An id without data: whoever reconnects before the first revision resumes from here.
        return `retry: ${RETRY_MS}\nid: ${place}\n\n`
      }
      if (pending.revisions) {
        // Before reading: what is published meanwhile is asked for again.
        pending.revisions = false
        const piece = await since(place)
        const last = piece.at(-1)
        if (last !== undefined) {
          place = last.place
          pending.revisions = true
          return piece.map((published) => eventBlock({ kind: 'revision', published })).join('')
        }
        continue
      }
      const { health, data, beat } = pending
      pending = { ...pending, health: null, data: null, beat: false }
      if (health !== null || data !== null) {
        return `${health === null ? '' : eventBlock(health)}${data === null ? '' : eventBlock(data)}`
      }
      if (beat) return ': here\n\n'
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return null
  }

  const finish = (): void => {
    if (over) return
    over = true
    rouse()
    ended()
  }

  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        reading = true
        unreadBeats = 0
        try {
          const text = await next()
          if (text === null) controller.close()
          else controller.enqueue(encoder.encode(text))
        } catch (error) {
          // The store does not answer: the client comes back with its place and loses nothing.
          finish()
          controller.error(error)
        } finally {
          reading = false
        }
      },
      cancel: finish,
    },
    { highWaterMark: 0 },
  )

  return {
    body,
    tell(event) {
      if (event.kind === 'revision') pending.revisions = true
      else if (event.kind === 'health') pending.health = event
      else pending.data = event
      rouse()
    },
    beat() {
      unreadBeats = reading ? 0 : unreadBeats + 1
      pending.beat = true
      rouse()
      return unreadBeats < MOST_UNREAD_BEATS
    },
    drop() {
      finish()
      cut()
    },
  }
}
