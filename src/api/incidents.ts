import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { IncidentId, UnixSeconds } from '../model/brand.ts'
import type { Incident } from '../model/incident.ts'
import { evidenceJson, incidentJson, revisionJson } from '../model/public.ts'
import { DAY, plus, toRfc3339 } from '../model/time.ts'
import type { AsOf } from '../store/store.ts'
import type { IncidentFilter, View } from '../street/view.ts'
import { evidenceSeries, onsetAnswers } from './evidence.ts'
import { BooleanText, CountryText, EntityText, IncidentText, InstantText, StatesText } from './parameters.ts'
import { badParameter, ProblemError } from './problem.ts'
import { EvidenceListSchema, IncidentListSchema, IncidentSchema, RevisionListSchema } from './schemas.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'

export const AS_OF = InstantText.optional().openapi({
  description: 'As known then: only what was published at that instant or before.',
})

export function incidentRoutes(scope: Scope): OpenAPIHono {
  const app = resource()
  const one = z.object({ ...scope.params, id: IncidentText })

  app.openapi(
    createRoute({
      method: 'get',
      path: '/',
      tags: tag(scope),
      summary: 'Incidents, newest onset first',
      request: {
        params: z.object(scope.params),
        query: z.strictObject({
          entity: EntityText.optional(),
          country: CountryText.optional().openapi({ description: 'Of that country, or of anything within it.' }),
          state: StatesText.optional(),
          since: InstantText.optional().openapi({ description: 'Only those that touch this instant or later.' }),
          until: InstantText.optional().openapi({ description: 'Only those that began before this instant.' }),
          topLevel: BooleanText.optional().openapi({ description: 'Only what is part of no other incident.' }),
          asOf: AS_OF,
        }),
      },
      responses: {
        200: { description: 'Incidents', content: { 'application/json': { schema: IncidentListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const query = c.req.valid('query')
      if (query.since !== undefined && query.until !== undefined && query.since >= query.until) {
        throw badParameter('until', toRfc3339(query.until), 'must lie after since')
      }
      const view = await scope.view(c)
      if (query.country !== undefined && !view.gazetteer.exists(`country:${query.country}` as Incident['entity'])) {
        throw badParameter('country', query.country, 'is no country of ISO 3166-1 (XK is known too)')
      }
      const filter: IncidentFilter = {
        ...(query.entity === undefined ? {} : { entity: query.entity }),
        ...(query.country === undefined ? {} : { country: query.country }),
        ...(query.state === undefined ? {} : { states: query.state }),
        ...(query.since === undefined ? {} : { since: query.since }),
        ...(query.until === undefined ? {} : { until: query.until }),
        ...(query.topLevel === undefined ? {} : { topLevelOnly: query.topLevel }),
      }
      const incidents = [...(await view.incidents(filter, query.asOf ?? null))]
      incidents.sort((a, b) => b.onset.at - a.onset.at || (a.id < b.id ? -1 : 1))
      return c.json({ incidents: incidents.map(incidentJson) }, 200)
    },
  )

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      tags: tag(scope),
      summary: 'One incident, as of its newest revision or as known then',
      request: { params: one, query: z.strictObject({ asOf: AS_OF }) },
      responses: {
        200: { description: 'The incident', content: { 'application/json': { schema: IncidentSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const incident = await incidentOf(await scope.view(c), c.req.valid('param').id, c.req.valid('query').asOf ?? null)
      return c.json(incidentJson(incident), 200)
    },
  )

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}/revisions',
      tags: tag(scope),
      summary: 'All that was ever published about it, oldest first',
      request: { params: one, query: z.strictObject({}) },
      responses: {
        200: { description: 'Revisions', content: { 'application/json': { schema: RevisionListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const revisions = await (await scope.view(c)).revisions(id)
      if (revisions.length === 0) throw noIncident(id)
      return c.json({ revisions: revisions.map(revisionJson) }, 200)
    },
  )

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{id}/evidence',
      tags: tag(scope),
      summary: 'What each signal says, with the way to its data',
      request: { params: one, query: z.strictObject({ asOf: AS_OF }) },
      responses: {
        200: { description: 'Evidence', content: { 'application/json': { schema: EvidenceListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const view = await scope.view(c)
      const asOf = c.req.valid('query').asOf ?? null
      const incident = await incidentOf(view, c.req.valid('param').id, asOf)
      const range = timeAround(incident, (await view.newestData()) ?? view.now())
      const series = await Promise.all(
        incident.evidence.map((evidence) => evidenceSeries(view, evidence, incident.origin)),
      )
      const answers = await Promise.all(
        incident.evidence.map((evidence, index) => onsetAnswers(view, evidence, series[index] ?? null)),
      )
      const evidence = evidenceJson(incident).map((json, index) => {
        const id = series[index]?.id ?? null
        const at = `from=${toRfc3339(range.from)}&until=${toRfc3339(range.until)}`
        const path = id === null ? null : `${scope.base(view)}/series/${id}`
        return {
          ...json,
          series: id,
          data: path === null ? null : `${path}?${at}`,
          provenance: path === null ? null : `${path}/provenance?${at}`,
          answers: (answers[index] ?? []).map((sha256) => `${scope.base(view)}/answers/${sha256}`),
        }
      })
      return c.json({ incident: incident.id, evidence }, 200)
    },
  )

  return app
}

/** @throws ProblemError when there is none, or was none yet. */
export async function incidentOf(view: View, id: IncidentId, asOf: AsOf): Promise<Incident> {
  const incident = await view.incident(id, asOf)
  if (incident === null) throw noIncident(id)
  return incident
}

function noIncident(id: string): ProblemError {
  return new ProblemError('not-found', `there is no incident ‘${id}’ here, or there was none yet at that instant`)
}

/** From a day before its onset to a day after its end, or to now. */
function timeAround(incident: Incident, now: UnixSeconds): { from: UnixSeconds; until: UnixSeconds } {
  const until = incident.end === null ? now : Math.min(now, plus(incident.end.at, DAY))
  return { from: plus(incident.onset.at, -DAY), until: until as UnixSeconds }
}
