import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Env, Hono, MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import type { Observatory } from '../street/view.ts'
import { catalogue, parseLanguage } from '../words/languages.ts'
import { answerRoutes } from './answers.ts'
import { type ApiPageFiles, apiPageRoutes } from './api-page.ts'
import { compressed } from './compression.ts'
import { countryRoutes } from './countries.ts'
import { entityRoutes } from './entities.ts'
import { eventRoutes, wantsStream } from './events.ts'
import { eventStreams, type Ticker } from './event-streams.ts'
import { healthRoutes } from './health.ts'
import { incidentRoutes } from './incidents.ts'
import { limiter, type Limits } from './limits.ts'
import { createMetrics } from './metrics.ts'
import { PageProblem, pageRoutes, problemAnswer } from './page-routes.ts'
import { ProblemError, problemResponse } from './problem.ts'
import { routingRoutes } from './routing.ts'
import type { BuiltWeb } from './renderer.ts'
import { replayListRoutes } from './replays.ts'
import { liveScope, replayScope, type Scope } from './scope.ts'
import { securityHeaders } from './security.ts'
import { seriesRoutes } from './series.ts'
import { seriesHistoryRoutes } from './series-history.ts'
import { sharedAnswers } from './shared-answers.ts'
import { shortRoutes } from './short-routes.ts'
import { signalRoutes } from './signals.ts'
import { sourceRoutes } from './sources.ts'

export interface AppOptions {
  readonly observatory: Observatory
  readonly web: BuiltWeb
  /** Told of what the reader is not: the error behind a 500. */
  readonly onError: (error: Error, path: string) => void
  /** Seconds that never go back, with fractions: for limits and durations. Absent: time stands still. */
  readonly elapsed?: () => number
  /** Beats of event streams. Absent: none. */
  readonly every?: Ticker
  /** What one client may ask; absent: whatever it likes. Only requests that bring an address are limited. */
  readonly limits?: Limits
  /** A proxy of ours stands before us and appends the client's address to `X-Forwarded-For`. */
  readonly trustProxy?: boolean
  /** One answer for all who ask the same while nothing changes. Absent: each is answered anew. */
  readonly shareAnswers?: boolean
  /** Absent or null: the interface has no page of its own. */
  readonly apiPage?: ApiPageFiles | null
  /** Of Tocsin, for /metrics. */
  readonly version?: string
}

/** The whole of Tocsin over HTTP: interface and pages. Read-only, without a port, a clock or a file of its own. */
export function createApp(options: AppOptions): Hono<Env> {
  const { observatory, web, onError } = options
  const app = interfaceRoutes(options)
  app.get('/assets/:name', (c) => {
    const asset = web.assets.get(c.req.param('name'))
    if (asset === undefined) return c.notFound()
    return c.body(asset.body, 200, {
      'content-type': asset.type,
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  app.route('/', pageRoutes(observatory, web.renderer))

  app.notFound((c) => {
    if (isForPrograms(c))
      return problemResponse(
        c,
        new ProblemError('not-found', `there is nothing at ${c.req.path}; /api/v1/openapi.json lists what there is`),
      )
    const shorter = withoutLastSlash(c.req.url)
    if (shorter !== null) return c.redirect(shorter)
    return problemAnswer(c, observatory, web.renderer, { reason: 'no-page', asked: c.req.path, detail: null })
  })
  app.onError((error, c) => {
    if (error instanceof ProblemError) return problemResponse(c, error)
    if (error instanceof PageProblem) return problemAnswer(c, observatory, web.renderer, error)
    onError(error, c.req.path)
    if (isForPrograms(c))
      return problemResponse(c, new ProblemError('internal', 'the request could not be answered; it was written down'))
    return problemAnswer(c, observatory, web.renderer, { reason: 'internal', asked: c.req.path, detail: null })
  })
  return app
}

/** The interface alone, with its description under /api/v1/openapi.json. */
function interfaceRoutes(options: AppOptions): OpenAPIHono {
  const { observatory } = options
  const trustProxy = options.trustProxy ?? false
  const streams = eventStreams(observatory.events, options.every ?? NEVER, options.limits?.streams ?? null)
  const app = new OpenAPIHono()
  const elapsed = options.elapsed ?? STILL
  const limits = options.limits === undefined ? null : limiter(options.limits, elapsed, trustProxy, refuseFlood)
  const metrics = createMetrics(observatory, {
    streams,
    refused: () => limits?.refused ?? 0,
    version: options.version ?? 'unknown',
    elapsed,
  })
  app.use(securityHeaders())
  app.use(metrics.http.middleware)
  if (limits !== null) app.use(limits.middleware)
  app.use(tagged())
  if (options.shareAnswers === true) app.use(sharedAnswers(observatory))
  app.use(compressed())
  app.use(async (c, next) => {
    if (isRead(c)) await next()
    else c.res = problemResponse(c, readOnly(c))
  })
  app.route('/', healthRoutes(observatory))
  app.route('/', metrics.routes)
  mountView(app, '/api/v1', liveScope(observatory))
  app.route('/api/v1/events', eventRoutes(observatory, streams, trustProxy))
  app.route('/api/v1/replays', replayListRoutes(observatory))
  mountView(app, '/api/v1/replays/:case', replayScope(observatory))
  app.route('/', shortRoutes(observatory))
  app.route('/', apiPageRoutes(options.apiPage ?? null))
  app.doc31('/api/v1/openapi.json', DESCRIPTION)
  return app
}

/** The same routes for the live view and for each replay, so that a replay shows what live would have shown. */
function mountView(app: OpenAPIHono, base: string, scope: Scope): void {
  app.route(`${base}/entities`, entityRoutes(scope))
  app.route(`${base}/signals`, signalRoutes(scope))
  app.route(`${base}/series`, seriesRoutes(scope))
  app.route(`${base}/series`, seriesHistoryRoutes(scope))
  app.route(`${base}/answers`, answerRoutes(scope))
  app.route(`${base}/countries`, countryRoutes(scope))
  app.route(base, sourceRoutes(scope))
  app.route(`${base}/incidents`, incidentRoutes(scope))
  app.route(`${base}/incidents`, routingRoutes(scope))
}

const DESCRIPTION = {
  openapi: '3.1.0',
  info: {
    title: 'Tocsin',
    version: '1',
    description:
      'Internet shutdowns: incidents with their evidence, revisions and series. Read-only, without a key. Instants are RFC 3339 in UTC; ' +
      'shares and confidence are 0–1; null means that it cannot be told and is never 0. Each replay has the same routes under ' +
      '/api/v1/replays/{case}; what it gives is never among live incidents.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
} as const

/** As cheap as can be: a page with all its looks would do the flood's work. */
function refuseFlood(c: Context): Response {
  if (isForPrograms(c)) {
    const detail = 'too many requests came from this address; wait as long as Retry-After says'
    return problemResponse(c, new ProblemError('too-many', detail))
  }
  const words = catalogue(parseLanguage(c.req.path.split('/')[1] ?? '') ?? 'en').problem['too-many']
  return c.text(`${words.title(c.req.path)}\n${words.hint}\n`, 429)
}

const STILL = (): number => 0

const NEVER: Ticker = () => () => undefined

/** An ETag is made of the whole answer: a stream has no whole. */
function tagged(): MiddlewareHandler {
  const tag = etag()
  return (c, next) => (wantsStream(c) ? next() : tag(c, next))
}

function isRead(c: Context): boolean {
  return c.req.method === 'GET' || c.req.method === 'HEAD'
}

function readOnly(c: Context): ProblemError {
  return new ProblemError('method-not-allowed', `${c.req.method} is not known here: only GET and HEAD are`)
}

/** The same address on this host without a slash at the end of its path; `null` where it has none, or one part alone. */
function withoutLastSlash(address: string): string | null {
  const { pathname, search } = new URL(address)
  if (!/[^/]\/.*[^/]\/$/.test(pathname)) return null
  // One slash in front: with two it would be another host.
  return `/${pathname.replaceAll(/^\/+|\/+$/g, '')}${search}`
}

function isForPrograms(c: Context): boolean {
  return c.req.path.startsWith('/api/') || c.req.path === '/healthz'
}
