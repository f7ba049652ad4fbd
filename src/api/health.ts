import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { UnixSeconds } from '../model/brand.ts'
import { toRfc3339 } from '../model/time.ts'
import type { Observatory } from '../street/view.ts'
import { HealthSchema } from './schemas.ts'
import { resource } from './scope.ts'

/** For whoever watches the watcher. Says that the store answers and how old the data are, and nothing else. */
export function healthRoutes(observatory: Observatory): OpenAPIHono {
  const app = resource()
  const content = { 'application/json': { schema: HealthSchema } }
  app.openapi(
    createRoute({
      method: 'get',
      path: '/healthz',
      tags: ['Health'],
      summary: 'Whether the store answers, and how old the newest data are',
      request: { query: z.strictObject({}) },
      responses: {
        200: { description: 'The store answers', content },
        503: { description: 'The store does not answer', content },
      },
    }),
    async (c) => {
      const now = observatory.live.now()
      let newest: UnixSeconds | null = null
      let answers = true
      try {
        newest = await observatory.live.newestData()
      } catch {
        answers = false
      }
      const body = {
        status: answers ? ('ok' as const) : ('failing' as const),
        store: answers ? ('ok' as const) : ('failing' as const),
        now: toRfc3339(now),
        newestData: newest === null ? null : toRfc3339(newest),
        newestDataAgeSeconds: newest === null ? null : now - newest,
      }
      return c.json(body, answers ? 200 : 503, { 'cache-control': 'no-store' })
    },
  )
  return app
}
