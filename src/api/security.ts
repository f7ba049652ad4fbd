import type { MiddlewareHandler } from 'hono'

/** Readers may be at risk: nothing but what is ours is ever loaded, run or asked, and no address leaks out. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'interest-cohort=(), browsing-topics=()',
}

export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(HEADERS)) {
      // The page of the interface brings a policy of its own.
      if (c.res.headers.get(name) === null) c.header(name, value)
    }
    if (c.res.headers.get('cache-control') === null) c.header('cache-control', 'no-cache')
  }
}
