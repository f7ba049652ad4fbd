import { userAgentOf } from '../collect/http/client.ts'
import type { Config } from '../street/config.ts'
import type { Check } from './checks.ts'
import { sourcesOf } from './collecting.ts'
import type { CliContext } from './context.ts'

/** What is collected, as it is set; nobody is asked anything. */
export function checkCollecting(config: Config): Check {
  const name = 'collecting'
  const { collect } = config
  if (!collect.enabled) return { name, status: 'ok', found: 'off; pages show what the data folder holds', mend: null }
  const { risLive, ris, routeviews } = collect.routes
  const routes = [
    ...(risLive.enabled ? [`RIS Live at ${risLive.url}`] : []),
    ...(ris.enabled ? [`archives of RIS at ${ris.url}`] : []),
    ...(routeviews.enabled ? [`archives of RouteViews at ${routeviews.url}`] : []),
  ]
  if (!collect.ioda.enabled && routes.length === 0)
    return {
      name,
      status: 'warning',
      found: 'on, but every source is off',
      mend: 'set [collect.ioda] enabled = true, or [collect] enabled = false if that is meant',
    }
  const { requestsPerHour, url } = collect.ioda
  const ioda = collect.ioda.enabled ? [`IODA at ${url}, at most ${requestsPerHour} requests an hour`] : []
  const found = [...ioda, ...routes].join('; ')
  if (collect.contact !== null) return { name, status: 'ok', found: `${found}; contact ${collect.contact}`, mend: null }
  return {
    name,
    status: 'warning',
    found: `${found}; no contact address`,
    mend: 'set [collect] contact or TOCSIN_CONTACT to a mail address, so that an upstream can reach you before it blocks you',
  }
}

const PATIENCE_SECONDS = 20

/** One small request to each source that is on. Any answer will do, also one that says no: it is reached. */
export async function checkUpstreams(context: CliContext, config: Config): Promise<readonly Check[]> {
  return Promise.all(
    (await sourcesOf(config, context.version, context.now())).map(async ({ name, upstream }): Promise<Check> => {
      const patience = new AbortController()
      const done = new AbortController()
      void context.clock
        .until((context.now() + PATIENCE_SECONDS) as ReturnType<CliContext['now']>, done.signal)
        .then(() => patience.abort())
      try {
        const headers = { 'user-agent': userAgentOf(context.version, config.collect.contact) }
        // A server of WebSockets answers a plain request too, if only to say that it wants another.
        const { status } = await context.fetch(upstream.replace(/^ws/, 'http'), { headers, signal: patience.signal })
        if (status < 500) return { name, status: 'ok', found: `${upstream} answers (${status})`, mend: null }
        return {
          name,
          status: 'problem',
          found: `${upstream} answers ${status}`,
          mend: 'try again later: its server is ill',
        }
      } catch (error) {
        const cause =
          error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error)
        return {
          name,
          status: 'problem',
          found: `${upstream} cannot be reached: ${cause}`,
          mend: 'check network, proxy and name resolution of this machine, or set another [collect.ioda] url',
        }
      } finally {
        done.abort()
      }
    }),
  )
}
