import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Observatory } from '../street/view.ts'
import { ReplayListSchema } from './schemas.ts'
import { OTHER_ANSWERS, resource } from './scope.ts'

export function replayListRoutes(observatory: Observatory): OpenAPIHono {
  const app = resource()
  app.openapi(
    createRoute({
      method: 'get',
      path: '/',
      tags: ['Replays'],
      summary: 'Past events that can be run through today’s rules',
      request: { query: z.strictObject({}) },
      responses: {
        200: { description: 'Replays', content: { 'application/json': { schema: ReplayListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => c.json({ replays: await observatory.replays() }, 200),
  )
  return app
}
