import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { Counter, Histogram, type Registry } from 'prom-client'

/** Around the promise of 50 ms. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export interface HttpMetrics {
  readonly middleware: MiddlewareHandler
}

/** How many requests of which kind, and how long they took; of a stream, until it began. */
export function httpMetrics(registry: Registry, elapsed: () => number): HttpMetrics {
  const requests = new Counter({
    name: 'tocsin_http_requests_total',
    help: 'Requests by route and class of status',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'tocsin_http_request_duration_seconds',
    help: 'From request to answer; of a stream, until it began',
    labelNames: ['route'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  })
  return {
    middleware: async (c, next) => {
      const began = elapsed()
      await next()
      const route = routeOf(c)
      requests.inc({ route, status: `${Math.floor(c.res.status / 100)}xx` })
      duration.observe({ route }, elapsed() - began)
    },
  }
}

/** The pattern of the route that answered, never the path: what a reader looked at is nobody’s business. */
function routeOf(c: Context): string {
  // Middleware is matched by `/*`; a route of its own comes after it.
  const patterns = matchedRoutes(c).filter((route) => route.method !== 'ALL')
  // Without what a parameter may look like: `/:code{[A-Z]{2}}` is `/:code`.
  return patterns.at(-1)?.path.replaceAll(/\{[^/]*\}/g, '') ?? 'none'
}
