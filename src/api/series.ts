import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { keptRows } from '../chart/sample.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { seriesName } from '../model/series.ts'
import { toRfc3339 } from '../model/time.ts'
import type { Range, StoredSeries } from '../store/store.ts'
import type { Trace, View } from '../street/view.ts'
import { EntityText, InstantText, PointsText, SeriesNumberText } from './parameters.ts'
import { badParameter, ProblemError } from './problem.ts'
import { dataRange } from './range.ts'
import { SeriesDataSchema, SeriesListSchema } from './schemas.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'

/** More than two years of 5-minute bins: past it an answer would take the machine from others. */
const MOST_BINS = 250_000

const FORMATS = ['json', 'csv'] as const

export function seriesRoutes(scope: Scope): OpenAPIHono {
  const app = resource()

  app.openapi(
    createRoute({
      method: 'get',
      path: '/',
      tags: tag(scope),
      summary: 'Series',
      request: {
        params: z.object(scope.params),
        query: z.strictObject({
          source: z.string().optional().openapi({ example: 'ioda' }),
          signal: z.string().optional().openapi({ example: 'ping.up_slash24s' }),
          entity: EntityText.optional(),
        }),
      },
      responses: {
        200: { description: 'Series', content: { 'application/json': { schema: SeriesListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { source, signal, entity } = c.req.valid('query')
      const series = await (
        await scope.view(c)
      ).series({
        ...(source === undefined ? {} : { source }),
        ...(signal === undefined ? {} : { signal }),
        ...(entity === undefined ? {} : { entity }),
      })
      return c.json({ series: series.map(seriesJson) }, 200)
    },
  )

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      tags: tag(scope),
      summary: 'One series beside its usual, bin by bin',
      description:
        'JSON or CSV: by `format`, or by the Accept header. Without `until`: to the newest data. Without `from`: a week before.',
      request: {
        params: z.object({ ...scope.params, id: SeriesNumberText }),
        query: z.strictObject({
          from: InstantText.optional().openapi({ description: 'First bin that starts at this instant or later.' }),
          until: InstantText.optional().openapi({ description: 'Only bins that start before this instant.' }),
          points: PointsText.optional().openapi({
            description: 'At most so many bins; least, greatest and gaps are kept, so that no trough is hidden.',
          }),
          asOf: InstantText.optional().openapi({ description: 'As known then: only data that had arrived.' }),
          format: z.enum(FORMATS, `must be one of ${FORMATS.join(', ')}`).optional(),
        }),
      },
      responses: {
        200: {
          description: 'Bins in the order of time',
          content: {
            'application/json': { schema: SeriesDataSchema },
            'text/csv': { schema: z.string().openapi({ example: CSV_HEADER }) },
          },
        },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const view = await scope.view(c)
      const series = await seriesOf(view, c.req.valid('param').id)
      const range = await dataRange(view, query.from, query.until)
      if ((range.until - range.from) / series.step > MOST_BINS) {
        throw badParameter(
          'from',
          toRfc3339(range.from),
          `must leave at most ${MOST_BINS} bins up to until; points does not change that`,
        )
      }
      const trace = await view.trace(series.id, range, query.asOf ?? null)
      const rows = keptRows(trace.values, query.points ?? trace.bins.length)
      const asCsv = query.format === undefined ? wantsCsv(c.req.header('accept') ?? '') : query.format === 'csv'
      c.header('vary', 'accept')
      if (trace.spec.licence.url !== null && URL.canParse(trace.spec.licence.url)) {
        c.header('link', `<${new URL(trace.spec.licence.url).href}>; rel="license"`)
      }
      if (!asCsv) return c.json(seriesData(trace, range, query.asOf ?? null, rows), 200)
      return c.body(csv(trace, rows), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${fileName(series)}.csv"`,
      })
    },
  )

  return app
}

const CSV_HEADER = 'time,value,expected,spread,share,reading,origin'

function csv(trace: Trace, rows: readonly number[]): string {
  const lines = rows.map((row) => {
    const one = observation(trace, row)
    const cells = [one.time, one.value, one.expected, one.spread, one.share, one.reading, trace.series.origin]
    return cells.map((cell) => (cell === null ? '' : String(cell))).join(',')
  })
  return `${[CSV_HEADER, ...lines].join('\r\n')}\r\n`
}

function seriesData(
  trace: Trace,
  range: Range,
  asOf: UnixSeconds | null,
  rows: readonly number[],
): z.infer<typeof SeriesDataSchema> {
  return {
    ...seriesJson(trace.series),
    unit: trace.spec.unit,
    licence: trace.spec.licence,
    citation: trace.spec.citation,
    from: toRfc3339(range.from),
    until: toRfc3339(range.until),
    asOf: asOf === null ? null : toRfc3339(asOf),
    baseline: trace.baseline,
    sampled: rows.length < trace.bins.length,
    observations: rows.map((row) => observation(trace, row)),
  }
}

function observation(trace: Trace, row: number): z.infer<typeof SeriesDataSchema>['observations'][number] {
  return {
    time: toRfc3339((trace.bins[row] ?? 0) as UnixSeconds),
    value: known(trace.values[row]),
    expected: known(trace.expected[row]),
    spread: known(trace.spread[row]),
    share: known(trace.shares[row]),
    reading: trace.readings[row] ?? 'gap',
  }
}

/** Nine digits hold what any source measures; a number that is none is null, never 0. */
export function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(9))
}

function seriesJson(series: StoredSeries): z.infer<typeof SeriesListSchema>['series'][number] {
  return {
    id: series.id,
    name: seriesName(series),
    source: series.source,
    signal: series.signal,
    entity: series.entity,
    facet: series.facet,
    origin: series.origin,
    stepSeconds: series.step,
    phaseSeconds: series.phase,
  }
}

export async function seriesOf(view: View, id: number): Promise<StoredSeries> {
  const found = (await view.series({})).find((series) => series.id === id)
  if (found === undefined) throw new ProblemError('not-found', `there is no series ${id} here; /series lists them`)
  return found
}

export function wantsCsv(accept: string): boolean {
  const csvAt = accept.indexOf('text/csv')
  const jsonAt = accept.indexOf('application/json')
  return csvAt !== -1 && (jsonAt === -1 || csvAt < jsonAt)
}

function fileName(series: StoredSeries): string {
  return seriesName(series).replaceAll(/[^A-Za-z0-9._-]+/g, '-')
}
