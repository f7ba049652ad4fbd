import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/*
 * Errors of the interface, as RFC 9457 has them. They speak to whoever writes a program, in English like the keys;
 * what readers read stands in `words`.
 */

export const ProblemSchema = z
  .object({
    type: z.string().openapi({ example: 'urn:tocsin:problem:bad-parameter' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'What is wrong, and what would be right.' }),
    parameters: z
      .array(
        z.object({
          name: z.string(),
          given: z.string().nullable(),
          reason: z.string(),
        }),
      )
      .readonly()
      .optional()
      .openapi({ description: 'Each parameter that is wrong, and why.' }),
  })
  .openapi('Problem')

type Problem = z.infer<typeof ProblemSchema>

export type ProblemKind =
  | 'bad-parameter'
  | 'not-found'
  | 'method-not-allowed'
  | 'let-go'
  | 'too-many'
  | 'unavailable'
  | 'internal'

const KINDS: Record<ProblemKind, { readonly status: ContentfulStatusCode; readonly title: string }> = {
  'bad-parameter': { status: 400, title: 'A parameter cannot be understood' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The interface is read-only' },
  'let-go': { status: 410, title: 'It was kept here and was let go' },
  'too-many': { status: 429, title: 'Too much at once' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'It cannot be had from this installation' },
}

/** Ends a request with a problem. Thrown by routes, answered by the application's error handler. */
export class ProblemError extends Error {
  readonly kind: ProblemKind
  readonly parameters: Problem['parameters']
  override name = 'ProblemError'

  constructor(kind: ProblemKind, detail: string, parameters?: Problem['parameters']) {
    super(detail)
    this.kind = kind
    this.parameters = parameters
  }
}

export function badParameter(name: string, given: string | null, reason: string): ProblemError {
  return new ProblemError('bad-parameter', `${name}: ${reason}`, [{ name, given, reason }])
}

export function problemResponse(c: Context, problem: ProblemError): Response {
  const { status, title } = KINDS[problem.kind]
  const body: Problem = {
    type: `urn:tocsin:problem:${problem.kind}`,
    title,
    status,
    detail: problem.message,
    ...(problem.parameters === undefined ? {} : { parameters: problem.parameters }),
  }
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}

/** What zod found in a query or a path, as a problem that names each parameter. */
export function problemOf(error: z.ZodError, given: Readonly<Record<string, string>>): ProblemError {
  const parameters = error.issues.flatMap((issue) => {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0] ?? '')]
    return names.map((name) => ({
      name,
      given: given[name] ?? null,
      reason: issue.code === 'unrecognized_keys' ? 'there is no such parameter here' : reasonOf(issue, given[name]),
    }))
  })
  const detail = parameters.map(({ name, reason }) => `${name}: ${reason}`).join('; ')
  return new ProblemError('bad-parameter', detail, parameters)
}

function reasonOf(issue: z.core.$ZodIssue, given: string | undefined): string {
  if (issue.code === 'invalid_type') return given === undefined ? 'is missing' : 'may be given once only'
  return issue.message
}
