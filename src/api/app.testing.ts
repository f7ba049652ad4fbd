import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { expect } from 'vitest'
import type { View } from '../street/view.ts'
import { createApp, type AppOptions } from './app.ts'
import { fakeObservatory } from './observatory.testing.ts'
import { ProblemSchema } from './problem.ts'

/** The application over a view, with pages that say only of which kind they are. An error that nobody caught throws. */
export function fakeApp(live: View, change: Partial<AppOptions>): ReturnType<typeof createApp> {
  return createApp({
    observatory: fakeObservatory(live),
    web: {
      renderer: { render: (page) => ({ html: `<!doctype html><title>${page.kind}</title>` }) },
      assets: new Map(),
    },
    onError: (error) => {
      throw error
    },
    ...change,
  })
}

/** A connection as the server of Node.js hands it over. */
export function from(remoteAddress: string): object {
  return { incoming: { socket: { remoteAddress } } }
}

export async function okJson(app: ReturnType<typeof createApp>, path: string): Promise<unknown> {
  const response = await app.request(path)
  expect(response.status, path).toBe(200)
  return await response.json()
}

export async function problemAt(
  app: ReturnType<typeof createApp>,
  path: string,
  status: number,
): Promise<ReturnType<typeof ProblemSchema.parse>> {
  const response = await app.request(path)
  expect(response.status, path).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return ProblemSchema.parse(await response.json())
}

/** It on a free port of loopback, over real connections. */
export async function serveFake(
  app: ReturnType<typeof createApp>,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise<void>((resolve) => {
    server.once('listening', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
