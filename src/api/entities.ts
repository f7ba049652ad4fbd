import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { EntityId } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import { toRfc3339 } from '../model/time.ts'
import type { View } from '../street/view.ts'
import { CountryText, EntityPathText } from './parameters.ts'
import { ProblemError } from './problem.ts'
import { EntityListSchema } from './schemas.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'
import { DetectabilitySchema } from './view-schemas.ts'

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

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}/detectability',
      tags: tag(scope),
      summary: 'The least cut that today’s signals would have shown, by kind',
      description: 'It goes with every ‘nothing unusual’: what is not listed as seen would not have been seen.',
      request: { params: z.object({ ...scope.params, id: EntityPathText }), query: z.strictObject({}) },
      responses: {
        200: { description: 'All kinds', content: { 'application/json': { schema: DetectabilitySchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const view = await scope.view(c)
      if (!view.gazetteer.exists(id)) throw new ProblemError('not-found', `there is no ${id} that we know of`)
      return c.json({ entity: id, at: toRfc3339(view.now()), cuts: [...(await view.detectability(id))] }, 200)
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
