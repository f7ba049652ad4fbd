import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { healthJson, sourceJson } from './health-json.ts'
import { EntityText, InstantText } from './parameters.ts'
import { askedRange } from './range.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'
import { HealthListSchema, SourceListSchema } from './view-schemas.ts'
import { toRfc3339 } from '../model/time.ts'

/** Who gives the data, how they stand, and when we could not see. */
export function sourceRoutes(scope: Scope): OpenAPIHono {
  const app = resource()

  app.openapi(
    createRoute({
      method: 'get',
      path: '/sources',
      tags: tag(scope),
      summary: 'Sources with their budget, what they answered, and the health of each signal',
      description: 'None for a replay, whose data are all there.',
      request: { params: z.object(scope.params), query: z.strictObject({}) },
      responses: {
        200: { description: 'Sources', content: { 'application/json': { schema: SourceListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => c.json({ sources: (await (await scope.view(c)).sources()).map(sourceJson) }, 200),
  )

  app.openapi(
    createRoute({
      method: 'get',
      path: '/health',
      tags: tag(scope),
      summary: 'Stretches in which our view was unhealthy',
      description:
        'They say why a chart has a gap. Without `until`: to now. Without `from`: a week before. A stretch that touches the time is given whole.',
      request: {
        params: z.object(scope.params),
        query: z.strictObject({
          entity: EntityText.optional().openapi({ description: 'Only of signals that speak of it.' }),
          from: InstantText.optional(),
          until: InstantText.optional(),
        }),
      },
      responses: {
        200: {
          description: 'In the order of their begin',
          content: { 'application/json': { schema: HealthListSchema } },
        },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { entity, from, until } = c.req.valid('query')
      const view = await scope.view(c)
      const range = askedRange(from, until, view.now())
      const health = await view.health(entity ?? null, range)
      return c.json({ from: toRfc3339(range.from), until: toRfc3339(range.until), health: health.map(healthJson) }, 200)
    },
  )

  return app
}
