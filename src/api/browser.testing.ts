import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { createBuilder } from 'vite'
import type { Observatory } from '../street/view.ts'
import { createApp } from './app.ts'
import { loadRenderer, type BuiltWeb } from './renderer.ts'

/** Builds the pages into a folder of its own, so that a test never sees yesterday's build. */
export async function buildWeb(): Promise<{ readonly web: BuiltWeb; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-web-'))
  const build = { outDir: folder }
  // As it is shipped: under a test runner Svelte would otherwise be built for development.
  const environment = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    const builder = await createBuilder({
      root: fileURLToPath(new URL('../..', import.meta.url)),
      logLevel: 'error',
      environments: { client: { build }, ssr: { build } },
    })
    await builder.buildApp()
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = environment
  }
  return { web: await loadRenderer(folder), remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The whole application on a free port of loopback. */
export async function serveApp(
  observatory: Observatory,
  web: BuiltWeb,
): Promise<{ readonly url: string; readonly errors: readonly Error[]; readonly close: () => Promise<void> }> {
  const errors: Error[] = []
  const app = createApp({ observatory, web, onError: (error) => errors.push(error) })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise<void>((resolve) => {
    server.once('listening', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    errors,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Event streams end with the pages that hold them; a test does not wait for that.
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
