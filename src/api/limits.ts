import type { Context, MiddlewareHandler } from 'hono'
import { clientOf } from './client-address.ts'
import type { StreamLimits } from './event-streams.ts'
import { tokenBuckets, type Allowance } from './token-buckets.ts'

/** What one client may ask. */
export interface Limits {
  /** Requests at once after a pause. */
  readonly burst: number
  /** Requests a second, in the long run. */
  readonly perSecond: number
  readonly streams: StreamLimits
}

/** Many readers may share one address (mobile networks, offices), so it stops floods and nothing less. */
export const USUAL_LIMITS: Limits = { burst: 300, perSecond: 20, streams: { perClient: 40, inAll: 2000 } }

export interface Limiter {
  readonly middleware: MiddlewareHandler
  /** Requests refused since the start. */
  readonly refused: number
}

/**
 * Lets each client ask so much and no more. Whoever watches the watcher is always answered, and so are files of pages,
 * which are answered from memory and kept by browsers.
 *
 * @param refuse answers a request that is one too many.
 */
export function limiter(
  limits: Limits,
  elapsed: () => number,
  trustProxy: boolean,
  refuse: (c: Context) => Response | Promise<Response>,
): Limiter {
  const buckets = tokenBuckets(limits.burst, limits.perSecond, elapsed)
  let refused = 0
  return {
    get refused() {
      return refused
    },
    middleware: async (c, next) => {
      const client = isExempt(c.req.path) ? null : clientOf(c, trustProxy)
      if (client === null) return await next()
      const allowance = buckets.take(client)
      if (allowance.granted) await next()
      else {
        refused += 1
        c.res = await refuse(c)
        c.res.headers.set('retry-after', String(Math.max(1, Math.ceil(allowance.retrySeconds))))
        c.res.headers.set('cache-control', 'no-store')
      }
      for (const [name, value] of rateHeaders(limits, allowance)) c.res.headers.set(name, value)
      return undefined
    },
  }
}

function isExempt(path: string): boolean {
  return path === '/healthz' || path === '/metrics' || path.startsWith('/assets/')
}

/** As draft-ietf-httpapi-ratelimit-headers had them up to its version 7, which clients understand most. */
function rateHeaders(limits: Limits, allowance: Allowance): readonly (readonly [string, string])[] {
  return [
    ['ratelimit-limit', String(limits.burst)],
    ['ratelimit-remaining', String(allowance.left)],
    ['ratelimit-reset', String(Math.ceil(allowance.fullSeconds))],
  ]
}
