import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { SignalListSchema } from './schemas.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'

export function signalRoutes(scope: Scope): OpenAPIHono {
  const app = resource()
  app.openapi(
    createRoute({
      method: 'get',
      path: '/',
      tags: tag(scope),
      summary: 'What is measured, by whom, in which steps, on what terms',
      request: { params: z.object(scope.params), query: z.strictObject({}) },
      responses: {
        200: { description: 'Signals', content: { 'application/json': { schema: SignalListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const specs = await (await scope.view(c)).specs()
      const signals = specs.map(({ step, delay, ...spec }) => ({ ...spec, stepSeconds: step, delaySeconds: delay }))
      return c.json({ signals }, 200)
    },
  )
  return app
}
