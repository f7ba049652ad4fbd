import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { toRfc3339 } from '../model/time.ts'
import type { Observatory } from '../street/view.ts'
import { clientOf, cutConnection } from './client-address.ts'
import { EventListSchema, revisionEvent } from './event-json.ts'
import type { EventStreams } from './event-streams.ts'
import { EventLimitText, PlaceText } from './parameters.ts'
import { badParameter, ProblemError, problemResponse } from './problem.ts'
import { OTHER_ANSWERS, resource } from './scope.ts'

/** Events in one answer to who polls and does not say how many. */
const USUAL_LIMIT = 100

/** Seconds after which a client that was refused a stream may try again. */
const RETRY_SECONDS = 60

export function wantsStream(c: Context): boolean {
  return (c.req.header('accept') ?? '').toLowerCase().includes('text/event-stream')
}

/** What happens, as it happens: a stream where one is asked for, else a list that is asked for again and again. */
export function eventRoutes(observatory: Observatory, streams: EventStreams, trustProxy: boolean): OpenAPIHono {
  const app = resource()
  app.openapi(
    createRoute({
      method: 'get',
      path: '/',
      tags: ['Live'],
      summary: 'What happens, as it happens',
      description:
        'With `Accept: text/event-stream`: server-sent events. `revision` (data: RevisionEvent, id: its place) for every ' +
        'published revision; `health` when our view got better or worse; `data` (`{"newest"}`) when new bins were judged. ' +
        'Only revisions have an id. Whoever reconnects with `Last-Event-ID` (or begins with `after`; the header counts ' +
        'more) gets every later revision once and in order; without either the stream begins now. An id that is no ' +
        'number, or is above the newest, is answered with 400: begin anew without it. A client that does not read is cut ' +
        'off. Else: JSON, the revisions after `after`; without `after` none, only where the numbers stand.',
      request: {
        query: z.strictObject({
          after: PlaceText.optional().openapi({ description: 'The place of the last revision that is known already.' }),
          limit: EventLimitText.optional().openapi({ description: 'Of JSON: at most so many events.' }),
        }),
      },
      responses: {
        200: {
          description: 'Events in the order of publication',
          content: {
            'application/json': { schema: EventListSchema },
            'text/event-stream': { schema: z.string() },
          },
        },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { after, limit } = c.req.valid('query')
      const { events, live } = observatory
      const last = await events.last()
      c.header('vary', 'accept')
      c.header('cache-control', 'no-store')

      if (wantsStream(c)) {
        const place = resumedAt(c.req.header('last-event-id')) ?? after ?? last
        checkPlace(c.req.header('last-event-id') === undefined ? 'after' : 'Last-Event-ID', place, last)
        c.header('x-accel-buffering', 'no')
        // A stream that nobody reads would stay open for ever.
        if (c.req.method === 'HEAD') return c.body('', 200, { 'content-type': 'text/event-stream' })
        const stream = streams.stream({
          client: clientOf(c, trustProxy),
          after: place,
          signal: c.req.raw.signal,
          cut: () => cutConnection(c),
        })
        if (typeof stream !== 'string') return c.body(stream, 200, { 'content-type': 'text/event-stream' })
        c.header('retry-after', String(RETRY_SECONDS))
        return problemResponse(c, new ProblemError('too-many', TOO_MANY[stream]))
      }

      if (after !== undefined) checkPlace('after', after, last)
      const most = limit ?? USUAL_LIMIT
      const found = after === undefined ? [] : await events.since(after, most)
      const sources = await live.sources()
      const newest = await live.newestData()
      return c.json(
        {
          last,
          events: found.map(revisionEvent),
          more: found.length === most && (found.at(-1)?.place ?? last) < last,
          newestData: newest === null ? null : toRfc3339(newest),
          unhealthySignals: sources.flatMap((source) => source.signals).filter((one) => one.conditions.length > 0)
            .length,
        },
        200,
      )
    },
  )
  return app
}

const TOO_MANY = {
  client: 'too many streams are open for this address; close some, or ask for JSON every minute',
  all: 'too many streams are open; ask for JSON every minute, or try again later',
} as const

/** @returns `null` without the header. @throws ProblemError for what we never gave out. */
function resumedAt(header: string | undefined): number | null {
  if (header === undefined || header === '') return null
  const parsed = PlaceText.safeParse(header)
  if (!parsed.success) throw badParameter('Last-Event-ID', header, 'must be the id of an event, a whole number')
  return parsed.data
}

function checkPlace(name: string, place: number, last: number): void {
  if (place <= last) return
  throw badParameter(name, String(place), `must be at most ${last}, the newest there is; begin anew without it`)
}
