import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { UnixSeconds } from '../model/brand.ts'
import { toRfc3339 } from '../model/time.ts'
import { answerJson } from './answers.ts'
import { InstantText, SeriesNumberText } from './parameters.ts'
import { dataRange } from './range.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'
import { known, seriesOf } from './series.ts'
import { HoursSchema, ProvenanceSchema } from './view-schemas.ts'

/** Where the numbers of a series came from, and what stays of them for ever. */
export function seriesHistoryRoutes(scope: Scope): OpenAPIHono {
  const app = resource()
  const request = {
    params: z.object({ ...scope.params, id: SeriesNumberText }),
    query: z.strictObject({ from: InstantText.optional(), until: InstantText.optional() }),
  }
  const description = 'Without `until`: to the newest data. Without `from`: a week before.'

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}/provenance',
      tags: tag(scope),
      summary: 'Which upstream answer each stretch of bins was read from',
      description,
      request,
      responses: {
        200: { description: 'In the order of bins', content: { 'application/json': { schema: ProvenanceSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { from, until } = c.req.valid('query')
      const view = await scope.view(c)
      const series = await seriesOf(view, c.req.valid('param').id)
      const range = await dataRange(view, from, until)
      const provenance = (await view.provenance(series.id, range)).map((each) => ({
        from: toRfc3339(each.from),
        until: toRfc3339(each.until),
        bins: each.bins,
        batch: each.batch,
        arrival: toRfc3339(each.arrival),
        answer: each.answer === null ? null : answerJson(each.answer, scope.base(view)),
      }))
      return c.json({ series: series.id, from: toRfc3339(range.from), until: toRfc3339(range.until), provenance }, 200)
    },
  )

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}/hours',
      tags: tag(scope),
      summary: 'The series by hours, which stay when its bins have gone',
      description,
      request,
      responses: {
        200: { description: 'In the order of time', content: { 'application/json': { schema: HoursSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { from, until } = c.req.valid('query')
      const view = await scope.view(c)
      const series = await seriesOf(view, c.req.valid('param').id)
      const range = await dataRange(view, from, until)
      const column = await view.hours(series.id, range)
      const hours = [...column.hours].map((hour, row) => ({
        time: toRfc3339(hour as UnixSeconds),
        count: column.counts[row] ?? 0,
        mean: known(column.means[row]),
        least: known(column.least[row]),
        most: known(column.most[row]),
      }))
      return c.json({ series: series.id, from: toRfc3339(range.from), until: toRfc3339(range.until), hours }, 200)
    },
  )

  return app
}
