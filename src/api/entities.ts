import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { EntityId } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { View } from '../street/view.ts'
import { CountryText } from './parameters.ts'
import { EntityListSchema } from './schemas.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'

const KINDS = ['world', 'country', 'region', 'place', 'as', 'operator', 'access'] as const

export function entityRoutes(scope: Scope): OpenAPIHono {
  const app = resource()
  app.openapi(
    createRoute({
      method: 'get',
      path: '/',
      tags: tag(scope),
      summary: 'Entities that are watched, or that a source describes',
      request: {
        params: z.object(scope.params),
        query: z.strictObject({
          country: CountryText.optional(),
          kind: z.enum(KINDS, `must be one of ${KINDS.join(', ')}`).optional(),
        }),
      },
      responses: {
        200: { description: 'Entities', content: { 'application/json': { schema: EntityListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { country, kind } = c.req.valid('query')
      const entities = (await entitiesOf(await scope.view(c))).filter(
        (entity) =>
          (country === undefined || entity.country === country) && (kind === undefined || entity.kind === kind),
      )
      return c.json({ entities }, 200)
    },
  )
  return app
}

async function entitiesOf(view: View): Promise<z.infer<typeof EntityListSchema>['entities']> {
  const count = new Map<EntityId, number>()
  for (const { entity } of await view.entities()) count.set(entity, 0)
  for (const { entity } of await view.series({})) count.set(entity, (count.get(entity) ?? 0) + 1)
  return [...count]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, series]) => {
      const parts = entityParts(id)
      return {
        id,
        kind: parts.kind,
        name: view.gazetteer.name(id, 'en'),
        country: parts.country,
        parent: view.hierarchy.parent(id),
        timeZone: view.gazetteer.timeZone(id),
        knownChildren: view.hierarchy.knownChildren(id),
        series,
      }
    })
}
