import { Hono, type Context } from 'hono'
import type { EntityId, IncidentId } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import { CaseError } from '../model/errors.ts'
import type { Language, Page, ProblemPage, Renderer } from '../model/page.ts'
import type { Observatory, View } from '../street/view.ts'
import { createSearch } from './search.ts'
import { LANGUAGES, parseLanguage } from '../words/languages.ts'
import { pageAnswer } from './page-answer.ts'
import { askedTime } from './asked-time.ts'
import { askedRange } from './asked-range.ts'
import { entityPage, type AskedRange } from './pages/entity.ts'
import { FEED_KINDS, SEVERITIES } from './pages/feed.ts'
import { incidentPage } from './pages/incident.ts'
import { worldMapSvg } from './pages/map.ts'
import { methodPage, problemPage } from './pages/plain.ts'
import { sourcesPage } from './pages/sources.ts'
import { entityHref, incidentHref, type ViewContext } from './pages/view-context.ts'
import { type AskedWorld, replaysPage, worldPage } from './pages/world.ts'

/** There is no such page, or it cannot be shown: answered with a page that says so in words. */
export class PageProblem extends Error {
  readonly reason: ProblemPage['reason']
  readonly asked: string
  readonly detail: string | null
  override name = 'PageProblem'

  constructor(reason: ProblemPage['reason'], asked: string, detail: string | null) {
    super(`${reason}: ${asked}`)
    this.reason = reason
    this.asked = asked
    this.detail = detail
  }
}

/** All pages, in every language that has a catalogue. */
export function pageRoutes(observatory: Observatory, renderer: Renderer): Hono {
  const app = new Hono()
  const [standard] = LANGUAGES
  const search = createSearch(observatory.live.gazetteer)
  app.get('/', (c) => c.redirect(`/${standard}/`))
  app.get('/replays', (c) => c.redirect(`/${standard}/replays`))
  app.get('/sources', (c) => c.redirect(`/${standard}/sources`))
  app.get('/method', (c) => c.redirect(`/${standard}/method`))
  app.get('/:code{[A-Z]{2}}', (c) => c.redirect(`/${standard}/country/${c.req.param('code')}`))
  app.get('/operator/:id', (c) => {
    const entity = `operator:${c.req.param('id')}`
    if (parseEntityId(entity) === null) throw new PageProblem('no-entity', c.req.param('id'), null)
    return c.redirect(`/${standard}/entity/${entity}`)
  })
  app.get('/:code{AS[1-9][0-9]{0,9}}', (c) => c.redirect(`/${standard}/entity/as:${c.req.param('code').slice(2)}`))

  for (const language of LANGUAGES) {
    app.get(`/${language}`, (c) => c.redirect(`/${language}/`))
    const live = async (c: Context): Promise<ViewContext> => ({
      view: observatory.live,
      language,
      kind: 'live',
      path: c.req.path,
      query: queryOf(c),
      ...askedTime(c),
      // Before anything is read: what is published meanwhile is told again rather than lost.
      place: await observatory.events.last(),
    })
    app.get(`/${language}/replays`, async (c) => send(c, renderer, await replaysPage(await live(c), observatory)))
    app.get(`/${language}/sources`, async (c) => send(c, renderer, await sourcesPage(await live(c))))
    app.get(`/${language}/method`, async (c) => send(c, renderer, await methodPage(await live(c))))
    app.get(`/${language}/search`, async (c) => {
      const asked = c.req.query('q') ?? ''
      const incident = await observatory.live.incident(asked.trim() as IncidentId, null)
      if (incident !== null) return c.redirect(incidentHref(await live(c), incident.id))
      const found = search.find(asked)
      if (found === null) throw new PageProblem('no-entity', asked, null)
      return c.redirect(entityHref(await live(c), found))
    })
    viewPages(app, `/${language}`, observatory, renderer, live)
    app.get(`/${language}/replay/:case`, (c) =>
      c.redirect(`/${language}/replay/${encodeURIComponent(c.req.param('case'))}/`),
    )
    viewPages(app, `/${language}/replay/:case`, observatory, renderer, async (c) => ({
      view: await replayOf(observatory, c.req.param('case') ?? ''),
      language,
      kind: 'replay',
      path: c.req.path,
      query: queryOf(c),
      ...askedTime(c),
      place: null,
    }))
  }
  return app
}

/** The pages that every view has: its front page (whose path ends in a slash), entities, incidents. */
function viewPages(
  app: Hono,
  base: string,
  observatory: Observatory,
  renderer: Renderer,
  contextOf: (c: Context) => Promise<ViewContext>,
): void {
  app.get(`${base}/`, async (c) => send(c, renderer, await worldPage(await contextOf(c), observatory, worldAsked(c))))
  app.get(`${base}/map.svg`, async (c) => {
    const theme = c.req.query('theme') === 'dark' ? 'dark' : 'light'
    return c.body(await worldMapSvg(await contextOf(c), theme), 200, { 'content-type': 'image/svg+xml' })
  })
  app.get(`${base}/country/:code`, async (c) => {
    const context = await contextOf(c)
    const code = c.req.param('code')
    const entity = `country:${code.toUpperCase()}` as EntityId
    if (parseEntityId(entity) === null) throw new PageProblem('no-entity', code, null)
    if (code !== code.toUpperCase()) return c.redirect(entityHref(context, entity))
    return await sendEntity(c, renderer, context, entity)
  })
  app.get(`${base}/entity/:id`, async (c) => {
    const context = await contextOf(c)
    const id = c.req.param('id')
    const parts = parseEntityId(id)
    if (parts === null) throw new PageProblem('no-entity', id, null)
    const entity = id as EntityId
    if (parts.kind === 'country' || parts.kind === 'world') return c.redirect(entityHref(context, entity))
    return await sendEntity(c, renderer, context, entity)
  })
  app.get(`${base}/incident/:id`, async (c) => {
    const id = c.req.param('id')
    const page = await incidentPage(await contextOf(c), id as IncidentId)
    if (page === null) throw new PageProblem('no-incident', id, null)
    return send(c, renderer, page)
  })
}

async function sendEntity(c: Context, renderer: Renderer, context: ViewContext, entity: EntityId): Promise<Response> {
  const page = await entityPage(context, entity, rangeOf(c, context))
  if (page === null) throw new PageProblem('no-entity', entity, null)
  return send(c, renderer, page)
}

function send(c: Context, renderer: Renderer, page: Page): Response {
  return pageAnswer(c, renderer, page)
}

function queryOf(c: Context): string {
  return new URL(c.req.url).search.slice(1)
}

function rangeOf(c: Context, context: ViewContext): AskedRange {
  const range = askedRange(c.req.query('from'), c.req.query('until'), context.view.now())
  if ('wrong' in range) throw new PageProblem('bad-time', range.wrong, null)
  return range
}

/** An answer that nobody offered is none: old links keep working. */
function worldAsked(c: Context): AskedWorld {
  return {
    allStrips: c.req.query('all') === '1',
    feed: {
      kind: FEED_KINDS.find((kind) => kind === c.req.query('what')) ?? null,
      severity: SEVERITIES.find((severity) => severity === c.req.query('severity')) ?? null,
    },
  }
}

async function replayOf(observatory: Observatory, id: string): Promise<View> {
  let view: View | null
  try {
    view = await observatory.replay(id)
  } catch (error) {
    if (error instanceof CaseError) throw new PageProblem('unavailable', id, error.message)
    throw error
  }
  if (view === null) throw new PageProblem('no-replay', id, null)
  return view
}

/** The page that says what went wrong, in the language of the path where there is one. */
export function problemAnswer(
  c: Context,
  observatory: Observatory,
  renderer: Renderer,
  problem: { readonly reason: ProblemPage['reason']; readonly asked: string; readonly detail: string | null },
): Response {
  const language: Language = parseLanguage(c.req.path.split('/')[1] ?? '') ?? 'en'
  const context: ViewContext = {
    view: observatory.live,
    language,
    kind: 'live',
    path: c.req.path,
    query: queryOf(c),
    ...askedTime(c),
    place: null,
  }
  return send(c, renderer, problemPage(context, problem.reason, problem.asked, problem.detail))
}
