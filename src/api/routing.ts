import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import type { DarkNetwork, DarkPrefix, Loss } from '../model/going-dark.ts'
import type { Incident } from '../model/incident.ts'
import { toRfc3339 } from '../model/time.ts'
import type { SignalSpec } from '../model/signal.ts'
import { darkMatrix } from '../street/dark-matrix.ts'
import { type DarkAnswer, darkTimes, goingDarkOf, onlyOf, routingBlindness } from '../street/dark-of.ts'
import type { View } from '../street/view.ts'
import { catalogue, LANGUAGES } from '../words/languages.ts'
import { instantOrNull } from './health-json.ts'
import { AS_OF, incidentOf } from './incidents.ts'
import { EntityText, IncidentText } from './parameters.ts'
import { badParameter } from './problem.ts'
import { ROUTING_CSV_HEADER, routingCsv } from './routing-csv.ts'
import { RoutingSchema } from './routing-schemas.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'
import { wantsCsv } from './series.ts'

const FORMATS = ['json', 'csv'] as const
/** What one answer holds: of a country that goes dark as a whole, thousands go in the same minute. */
const MOST_PREFIXES = 2000
const COLUMNS = 289
const [LANGUAGE = 'en'] = LANGUAGES

export function routingRoutes(scope: Scope): OpenAPIHono {
  const app = resource()
  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}/routing',
      tags: tag(scope),
      summary: 'The order of going dark: which network and prefix lost visibility when, and when it was back',
      description:
        'From six hours before the onset to six hours after the end. JSON, or CSV with one row a route event: by `format`, or by the Accept header. ' +
        'Regions and places have no routes of their own. Routes that stand do not mean that packets pass.',
      request: {
        params: z.object({ ...scope.params, id: IncidentText }),
        query: z.strictObject({
          entity: EntityText.optional().openapi({
            description: 'Only what this AS or operator lost.',
            example: 'as:9198',
          }),
          asOf: AS_OF,
          format: z.enum(FORMATS, `must be one of ${FORMATS.join(', ')}`).optional(),
        }),
      },
      responses: {
        200: {
          description: 'The order of going dark',
          content: {
            'application/json': { schema: RoutingSchema },
            'text/csv': { schema: z.string().openapi({ example: ROUTING_CSV_HEADER }) },
          },
        },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const query = c.req.valid('query')
      if (query.entity !== undefined && !/^(?:as|operator):/.test(query.entity)) {
        throw badParameter('entity', query.entity, 'must be an AS or an operator, such as as:9198 or operator:KZ.kcell')
      }
      const view = await scope.view(c)
      const incident = await incidentOf(view, c.req.valid('param').id, query.asOf ?? null)
      const seen = Math.min(query.asOf ?? view.now(), (await view.newestData()) ?? view.now()) as UnixSeconds
      const told = await toldOf(view, incident, query.entity ?? null, seen)
      const spec = await specOf(view, told)
      const asCsv = query.format === undefined ? wantsCsv(c.req.header('accept') ?? '') : query.format === 'csv'
      c.header('vary', 'accept')
      if (spec !== null && spec.licence.url !== null && URL.canParse(spec.licence.url)) {
        c.header('link', `<${new URL(spec.licence.url).href}>; rel="license"`)
      }
      if (asCsv) {
        return c.body(routingCsv(told), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="${incident.id}-routing.csv"`,
        })
      }
      return c.json(await routingJson(view, incident, told, spec), 200)
    },
  )
  return app
}

/** Of what has no routes of its own: that nothing is known. */
async function toldOf(view: View, incident: Incident, only: EntityId | null, seen: UnixSeconds): Promise<DarkAnswer> {
  const times = darkTimes(incident, seen)
  const answer = (await goingDarkOf(view, incident.entity, times)) ?? {
    dark: { source: null, ...times.range, peers: 0, operators: [], networks: [], prefixes: [] },
    events: [],
  }
  return only === null ? answer : onlyOf(answer, only)
}

/** Terms are the source's own; its first signal of routes says them. */
async function specOf(view: View, { dark }: DarkAnswer): Promise<SignalSpec | null> {
  return (await view.specs()).find(({ source, plane }) => source === dark.source && plane === 'routing') ?? null
}

async function routingJson(
  view: View,
  incident: Incident,
  { dark }: DarkAnswer,
  spec: SignalSpec | null,
): Promise<z.infer<typeof RoutingSchema>> {
  const blind = dark.source === null ? [] : await routingBlindness(view, incident.entity, dark.source, dark)
  const matrix = darkMatrix(dark, dark, blind, { rows: MOST_PREFIXES, columns: COLUMNS })
  const cells = new Map(matrix.groups.flatMap(({ rows }) => rows.map((row) => [row.prefix.prefix, row.cells])))
  const shown = dark.prefixes.filter(({ prefix }) => cells.has(prefix))
  return {
    incident: incident.id,
    entity: incident.entity,
    from: toRfc3339(dark.from),
    until: toRfc3339(dark.until),
    source: dark.source,
    peers: dark.peers,
    licence: spec?.licence ?? null,
    citation: spec?.citation ?? null,
    cannotShow: catalogue(LANGUAGE).routing.cannotShow,
    operators: dark.operators.map((network) => networkJson(view, network)),
    networks: dark.networks.map((network) => networkJson(view, network)),
    matrix: { from: toRfc3339(matrix.from), stepSeconds: matrix.step, columns: matrix.columns },
    prefixes: shown.map((prefix) => prefixJson(prefix, cells.get(prefix.prefix) ?? null)),
    prefixesLeftOut: dark.prefixes.length - shown.length,
  }
}

function networkJson(view: View, network: DarkNetwork): z.infer<typeof RoutingSchema>['operators'][number] {
  const { entity, asns, operator, losses } = network
  return {
    entity,
    name: entity === null ? null : view.gazetteer.name(entity, LANGUAGE),
    asns,
    operator,
    losses: losses.map(lossJson),
  }
}

function lossJson(loss: Loss): z.infer<typeof RoutingSchema>['operators'][number]['losses'][number] {
  return {
    ...loss,
    firstLost: instantOrNull(loss.firstLost),
    firstLostBin: instantOrNull(loss.firstLostBin),
    mostLost: instantOrNull(loss.mostLost),
    firstBack: instantOrNull(loss.firstBack),
    mostBack: instantOrNull(loss.mostBack),
  }
}

function prefixJson(prefix: DarkPrefix, cells: string | null): z.infer<typeof RoutingSchema>['prefixes'][number] {
  return {
    ...prefix,
    spells: prefix.spells.map(({ lost, returned }) => ({
      lost: instantOrNull(lost),
      returned: instantOrNull(returned),
    })),
    cells,
  }
}
