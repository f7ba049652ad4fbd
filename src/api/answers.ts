import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { toRfc3339 } from '../model/time.ts'
import type { KeptAnswer } from '../store/store.ts'
import { HashText } from './parameters.ts'
import { ProblemError, ProblemSchema } from './problem.ts'
import { OTHER_ANSWERS, resource, type Scope, tag } from './scope.ts'
import { AnswerListSchema } from './view-schemas.ts'

/** Upstream answers as they came: the last link of the chain from a page to the wire. */
export function answerRoutes(scope: Scope): OpenAPIHono {
  const app = resource()
  const one = z.object({ ...scope.params, sha256: HashText })

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{sha256}',
      tags: tag(scope),
      summary: 'What was asked, when, and what came with the answer',
      request: { params: one, query: z.strictObject({}) },
      responses: {
        200: { description: 'Records', content: { 'application/json': { schema: AnswerListSchema } } },
        ...OTHER_ANSWERS,
      },
    }),
    async (c) => {
      const { sha256 } = c.req.valid('param')
      const view = await scope.view(c)
      const { answers } = await view.answer(sha256)
      if (answers.length === 0) throw unknown(sha256)
      return c.json({ sha256, answers: answers.map((each) => answerJson(each, scope.base(view))) }, 200)
    },
  )

  app.openapi(
    createRoute({
      method: 'get',
      path: '/{sha256}/body',
      tags: tag(scope),
      summary: 'The bytes as they came',
      description: 'To be saved, not shown: they are not ours. Check them with `sha256sum`.',
      request: { params: one, query: z.strictObject({}) },
      responses: {
        200: {
          description: 'The bytes',
          content: {
            'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) },
            'application/json': { schema: z.unknown() },
          },
        },
        ...OTHER_ANSWERS,
        410: {
          description: 'The record is there; its bytes were let go by the owner’s retention.',
          content: { 'application/problem+json': { schema: ProblemSchema } },
        },
      },
    }),
    async (c) => {
      const { sha256 } = c.req.valid('param')
      const view = await scope.view(c)
      const { answers, body } = await view.answer(sha256)
      const [first] = answers
      if (first === undefined) throw unknown(sha256)
      if (body === null) {
        throw new ProblemError(
          'let-go',
          `the bytes of ${sha256} were let go by the retention of this installation; ` +
            `when and from where they came still stands under ${scope.base(view)}/answers/${sha256}`,
        )
      }
      const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(headerOf(first, 'content-type'))
      return c.body(new Uint8Array(body), 200, {
        // Never the upstream's own type: what it calls a page must not run as one of ours.
        'content-type': isJson ? 'application/json' : 'application/octet-stream',
        'content-disposition': `attachment; filename="${sha256}.${isJson ? 'json' : 'bin'}"`,
        // They never change. But not `immutable`: that is for our few files, which are kept compressed in memory.
        'cache-control': 'public, max-age=31536000',
        // Weak: the same bytes, whatever encoding they travel in.
        etag: `W/"${sha256}"`,
      })
    },
  )

  return app
}

/** Headers that name a person or open a door. None should have been kept; none is given on. */
const SECRET = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key'])

/** @param base path of the interface of its view. */
export function answerJson(answer: KeptAnswer, base: string): z.infer<typeof AnswerListSchema>['answers'][number] {
  return {
    sha256: answer.sha256,
    source: answer.source,
    method: answer.method,
    url: answer.url,
    requestHeaders: openHeaders(answer.requestHeaders),
    status: answer.status,
    responseHeaders: openHeaders(answer.responseHeaders),
    fetchedAt: toRfc3339(answer.fetchedAt),
    bytes: answer.bytes,
    body: answer.hasBody ? `${base}/answers/${answer.sha256}/body` : null,
  }
}

function openHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET.has(name.toLowerCase())))
}

function headerOf(answer: KeptAnswer, name: string): string {
  return Object.entries(answer.responseHeaders).find(([each]) => each.toLowerCase() === name)?.[1] ?? ''
}

function unknown(sha256: string): ProblemError {
  return new ProblemError('not-found', `there is no answer ${sha256} here`)
}
