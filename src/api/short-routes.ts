import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { EntityId } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import { toRfc3339 } from '../model/time.ts'
import type { Observatory } from '../street/view.ts'
import { LANGUAGES } from '../words/languages.ts'
import { shortWords } from '../words/short.ts'
import { instantOrNull } from './health-json.ts'
import { ProblemError } from './problem.ts'
import { OTHER_ANSWERS, resource } from './scope.ts'
import { type Short, shortNotices, shortOf, shortSentences, shortUnseen } from './short.ts'
import { shortText } from './short-text.ts'

/** @internal */
export const ShortSchema = z
  .object({
    entity: z.string().openapi({ example: 'country:KZ' }),
    name: z.string(),
    at: z.iso.datetime().openapi({ description: 'When it was said.' }),
    sentences: z.array(z.string()).readonly().openapi({ description: 'In words; the first stands alone.' }),
    status: z.enum(['incident', 'quiet', 'too-little', 'indirect', 'blind', 'not-watched']).openapi({
      description: 'Only `quiet` says that nothing unusual was seen, and only of what could have been seen.',
    }),
    share: z.number().nullable().openapi({ description: 'Observed ÷ usual; null = cannot be told.' }),
    newestData: z.iso.datetime().nullable(),
    newestDataAgeSeconds: z.int().nullable(),
    stale: z.boolean().openapi({ description: 'Our data are too old to speak of now.' }),
    incident: z
      .object({
        id: z.string(),
        state: z.string(),
        kind: z.string(),
        severity: z.string(),
        since: z.iso.datetime(),
        confidence: z.number(),
        signals: z.object({ agreeing: z.int(), able: z.int() }),
        share: z.number().nullable(),
        troughShare: z.number().nullable(),
        url: z.string(),
      })
      .nullable(),
    incidentsWithin: z.int(),
    ourBlindness: z.array(z.string()).readonly().openapi({ description: 'What is wrong with our view of it now.' }),
    unseen: z.array(z.string()).readonly().openapi({ description: 'Cuts that would not show there.' }),
    page: z.string(),
  })
  .openapi('Short')

const DOCUMENTED = createRoute({
  method: 'get',
  path: '/{code}.json',
  tags: ['Live'],
  summary: 'A country (KZ) or network (AS9198) in a sentence and a few numbers',
  description:
    'For scripts and bad links; small, and in words too. `/{code}.txt` says the same as plain text, under 2 kB. Lower case is led to upper.',
  request: { params: z.object({ code: z.string().openapi({ example: 'KZ' }) }) },
  responses: {
    200: { description: 'In short', content: { 'application/json': { schema: ShortSchema } } },
    ...OTHER_ANSWERS,
  },
})

const [LANGUAGE = 'en'] = LANGUAGES

/** `/KZ.txt`, `/KZ.json`, `/AS9198.txt`: what a page says, without the page. */
export function shortRoutes(observatory: Observatory): OpenAPIHono {
  const app = resource()
  // The router reads `:code.json` as one name, so the route is written by its pattern and described beside it.
  app.openAPIRegistry.registerPath(DOCUMENTED)
  app.get('/:file{(?:[A-Za-z]{2}|[Aa][Ss][0-9]{1,10})\\.(?:txt|json)}', async (c) => {
    const [code = '', ending = ''] = c.req.param('file').split('.')
    if (code !== code.toUpperCase()) return c.redirect(`/${code.toUpperCase()}.${ending}`)
    const entity = entityOf(code)
    const short = entity === null ? null : await shortOf(observatory.live, entity, LANGUAGE)
    if (short === null) {
      if (ending === 'txt') return c.text(`${shortWords(LANGUAGE).notFound(code)}\n`, 404)
      throw new ProblemError('not-found', `there is no country or network called ${code}; try KZ.json or AS9198.json`)
    }
    // Without http or https: behind a proxy we do not know which.
    const address = `${new URL(c.req.url).host}${short.entity.href}`
    if (ending === 'txt') return c.text(shortText(short, LANGUAGE, address), 200)
    return c.json(shortJson(short), 200)
  })
  return app
}

function entityOf(code: string): EntityId | null {
  const id = code.length === 2 ? `country:${code}` : `as:${code.slice(2)}`
  return parseEntityId(id) === null ? null : (id as EntityId)
}

function shortJson(short: Short): z.infer<typeof ShortSchema> {
  const { incident, standpoint, seenAt } = short
  const now = standpoint.kind === 'live' ? standpoint.now : standpoint.end
  return {
    entity: short.entity.id,
    name: short.entity.name,
    at: toRfc3339(now),
    sentences: shortSentences(short, LANGUAGE),
    status: short.status,
    share: short.share === null ? null : Number(short.share.toFixed(6)),
    newestData: instantOrNull(seenAt),
    newestDataAgeSeconds: seenAt === null ? null : now - seenAt,
    stale: standpoint.kind === 'live' && standpoint.stale,
    incident:
      incident === null
        ? null
        : {
            id: incident.id,
            state: incident.state,
            kind: incident.kind,
            severity: incident.severity,
            since: toRfc3339(incident.onset.at),
            confidence: incident.confidence.value,
            signals: { agreeing: incident.confidence.agreeing, able: incident.confidence.able },
            share: incident.share,
            troughShare: incident.troughShare,
            url: `/api/v1/incidents/${incident.id}`,
          },
    incidentsWithin: short.within,
    ourBlindness: shortNotices(short, LANGUAGE),
    unseen: shortUnseen(short, LANGUAGE),
    page: short.entity.href,
  }
}
