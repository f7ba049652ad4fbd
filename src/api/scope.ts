import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Env } from 'hono'
import { CaseError } from '../model/errors.ts'
import type { Observatory, View } from '../street/view.ts'
import { CaseText } from './parameters.ts'
import { problemOf, problemResponse, ProblemError, ProblemSchema } from './problem.ts'

/** Where the routes of a view hang: under the live view, or under each replay. One set of routes serves both. */
export interface Scope {
  /** Ends the tags of its routes in the description. */
  readonly kind: 'live' | 'replay'
  /** Path parameters that stand before those of a route. */
  readonly params: Record<string, never> | { readonly case: typeof CaseText }
  /** @throws ProblemError when there is no such replay, or it cannot be run. */
  view(c: Context): Promise<View>
  /** Path of the interface of that view: `/api/v1`, `/api/v1/replays/iran-2026`. */
  base(view: View): string
}

export function liveScope(observatory: Observatory): Scope {
  return {
    kind: 'live',
    params: {},
    view: () => Promise.resolve(observatory.live),
    base: () => '/api/v1',
  }
}

export function replayScope(observatory: Observatory): Scope {
  return {
    kind: 'replay',
    params: { case: CaseText },
    view: (c) => replayOf(observatory, c.req.param('case') ?? ''),
    base: (view) => `/api/v1/replays/${view.id}`,
  }
}

async function replayOf(observatory: Observatory, id: string): Promise<View> {
  let view: View | null
  try {
    view = await observatory.replay(id)
  } catch (error) {
    if (error instanceof CaseError) throw new ProblemError('unavailable', error.message)
    throw error
  }
  if (view === null) {
    const known = (await observatory.replays()).map((replay) => replay.id)
    throw new ProblemError('not-found', `there is no replay ‘${id}’; there are ${known.join(', ') || 'none'}`)
  }
  return view
}

/** An OpenAPIHono that answers bad parameters with 400, each named. */
export function resource(): OpenAPIHono {
  return new OpenAPIHono<Env>({
    defaultHook: (result, c: Context) => {
      if (result.success) return undefined
      const given: Record<string, string> = result.target === 'param' ? c.req.param() : c.req.query()
      return problemResponse(c, problemOf(result.error, given))
    },
  })
}

const problem = { 'application/problem+json': { schema: ProblemSchema } }

/** Answers that every route may give beside its own. */
export const OTHER_ANSWERS = {
  304: { description: 'Not changed since the ETag that was sent.' },
  400: {
    description: 'A parameter cannot be understood; the answer names it and says what would be right.',
    content: problem,
  },
  404: { description: 'There is no such thing.', content: problem },
  429: { description: 'Too much at once from this address; Retry-After says how long to wait.', content: problem },
  500: { description: 'Something went wrong on our side.', content: problem },
  503: { description: 'The replay’s data are not part of this installation.', content: problem },
} as const

export function tag(scope: Scope): string[] {
  return [scope.kind === 'live' ? 'Live' : 'Replays']
}
