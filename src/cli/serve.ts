import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { loadApiPage } from '../api/api-page.ts'
import { createApp } from '../api/app.ts'
import { USUAL_LIMITS, type Limits } from '../api/limits.ts'
import { loadRenderer } from '../api/renderer.ts'
import { TocsinError } from '../model/errors.ts'
import { serveControl } from '../store/duckdb/control.ts'
import { createObservatory } from '../street/observatory.ts'
import { announce, liveSetting, sourcesOf } from './collecting.ts'
import type { CliContext } from './context.ts'
import { print, printJson, remark } from './context.ts'
import { controlHandler } from './control-handler.ts'
import { casesOf, configOf, openFolder } from './data-folder.ts'
import { keepHeapSmall } from './memory.ts'

interface ServeFlags {
  readonly config?: string
  readonly folder?: string
  readonly host?: string
  readonly port?: number
  readonly collect?: boolean
  readonly json: boolean
}

/** Where the built pages lie: beside the built command line. From sources they are in the same place. */
export const DIST_WEB = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist/web')

/** `tocsin serve`: collects, judges, and serves pages and interface, until the process is asked to stop. */
export async function serveCommand(this: CliContext, flags: ServeFlags): Promise<void> {
  const { json, ...rest } = flags
  const config = configOf(this, rest)
  keepHeapSmall()
  const web = await loadRenderer(DIST_WEB)
  // From here on, so that a stop while it starts leaves no note behind.
  const stopped = this.stopped()
  const store = await openFolder(this, config)
  try {
    const sources = await sourcesOf(config, this.version, this.now())
    announce(this, config, sources)
    const live = liveSetting(this, config, sources)
    const observatory = await createObservatory({ store, cases: casesOf(this, config), now: this.now, live })
    try {
      const app = createApp({
        observatory,
        web,
        onError: (error, path) => remark(this, `${path}: ${error.stack ?? error.message}`),
        elapsed: this.elapsed,
        every: this.every,
        ...(config.rateLimit === 0 ? {} : { limits: limitsOf(config.rateLimit) }),
        trustProxy: config.trustProxy,
        version: this.version,
        shareAnswers: true,
        apiPage: await loadApiPage(join(DIST_WEB, 'api-docs')),
      })
      const server = createAdaptorServer({ fetch: app.fetch, hostname: config.host })
      const port = await listen(server, config.host, config.port)
      try {
        const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}/`
        const control = await serveControl(store, controlHandler(app, store, this.now))
        try {
          await store.owner.setUrl(url)
          if (json) printJson(this, { url, folder: store.folder, pid: process.pid })
          else print(this, `Tocsin is at ${url} (data in ${config.folder}; stop with Ctrl-C)`)
          // What breaks collecting ends all: pages without it would be silent about what goes on.
          await Promise.race([stopped, observatory.ended.then(() => stopped)])
        } finally {
          await control.close()
        }
      } finally {
        await new Promise<void>((done) => {
          server.close(() => done())
          if ('closeAllConnections' in server) server.closeAllConnections()
        })
      }
    } finally {
      await observatory.close()
    }
  } finally {
    await store.close()
  }
}

/** A minute's worth at once, and as much again each minute. */
function limitsOf(perMinute: number): Limits {
  return { ...USUAL_LIMITS, burst: perMinute, perSecond: perMinute / 60 }
}

function listen(server: ReturnType<typeof createAdaptorServer>, host: string, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) => fail(listenError(cause, host, port)))
    server.listen(port, host, () => {
      const address = server.address()
      done(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): TocsinError {
  if (cause.code === 'EADDRINUSE') {
    return new TocsinError(
      `port ${port} of ${host} is taken by another program; stop it, or choose another with --port (0: any free one)`,
      { cause },
    )
  }
  if (cause.code === 'EACCES')
    return new TocsinError(
      `no right to listen on port ${port}; ports below 1024 need root: choose another with --port`,
      { cause },
    )
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND') {
    return new TocsinError(
      `${host} is no address of this machine; choose another with --host, such as 127.0.0.1 or 0.0.0.0`,
      { cause },
    )
  }
  return new TocsinError(`cannot listen on ${host}:${port}: ${cause.message}`, { cause })
}
