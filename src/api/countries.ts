import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { entityParts } from '../model/entity.ts'
import { toRfc3339 } from '../model/time.ts'
import { instantOrNull } from './health-json.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'
import { CountryListSchema } from './view-schemas.ts'

/** Every watched country in one answer: what a map or a wall of screens needs. */
export function countryRoutes(scope: Scope): OpenAPIHono {
  const app = resource()
  app.openapi(
    createRoute({
      method: 'get',
      path: '/',
      tags: tag(scope),
      summary: 'How each watched country stands now',
      request: { params: z.object(scope.params), query: z.strictObject({}) },
      responses: {
        200: { description: 'By code', content: { 'application/json': { schema: CountryListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const view = await scope.view(c)
      const countries = (await view.countries()).map((each) => ({
        code: entityParts(each.entity).country ?? '',
        entity: each.entity,
        name: view.gazetteer.name(each.entity, 'en'),
        status: each.status,
        share: each.share === null ? null : Number(each.share.toFixed(6)),
        seenAt: instantOrNull(each.seenAt),
        incident: each.incident,
      }))
      return c.json({ at: toRfc3339(view.now()), countries }, 200)
    },
  )
  return app
}
