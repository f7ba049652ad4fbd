import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Serving } from './run.testing.ts'
import { startServe, tocsin } from './run.testing.ts'

let path: string
let folder: string
let upstream: Server
let serving: Serving
let env: Record<string, string>
const agents: (string | undefined)[] = []

beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'tocsin-collecting-'))
  folder = join(path, 'data')
  // It is ill: nobody learns anything from it, and everybody must be told.
  let answered: () => void
  const asked = new Promise<void>((done) => (answered = done))
  upstream = createServer((request, response) => {
    agents.push(request.headers['user-agent'])
    response.writeHead(503).end(() => answered())
  })
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done))
  env = {
    TOCSIN_COLLECT: 'true',
    TOCSIN_CONTACT: 'watch@example.org',
    TOCSIN_IODA_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v2`,
  }
  serving = await startServe(['--folder', folder, '--port', '0'], { env })
  await asked
})
afterAll(async () => {
  await serving.stop('SIGKILL')
  upstream.close()
  upstream.closeAllConnections()
  rmSync(path, { recursive: true, force: true })
})

const parse = (out: string): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>

describe('a serve that collects', () => {
  it('asks its upstream under the name of who runs it, and tells whoever asks how that goes', async () => {
    const { code, out } = await tocsin(['sources', '--folder', folder, '--json'])
    expect(code).toBe(0)
    expect(agents[0]).toMatch(/^Tocsin\/\S+ \(mailto:watch@example\.org\)$/)
    const { running, sources } = parse(out) as { running: boolean; sources: Record<string, unknown>[] }
    expect(running).toBe(true)
    expect(sources).toMatchObject([
      {
        source: 'ioda',
        upstream: env['TOCSIN_IODA_URL'],
        budget: { requests: 600, perSeconds: 3600 },
        lastFailure: { reason: expect.stringContaining('503') },
      },
    ])
    const told = await tocsin(['sources', '--folder', folder])
    expect(told.out).toContain('of 600 requests spent in the last 60 min')
    expect(told.out).toContain('unreachable since')
  })

  it('is backed up while it runs, by its control socket and never over the network', async () => {
    const target = join(path, 'backup')
    const order = { method: 'POST', body: JSON.stringify({ target }) }
    const refused = await fetch(`${serving.url}control/backup`, order)
    expect(refused.status).toBe(405)
    expect(existsSync(target)).toBe(false)
    const { code, out } = await tocsin(['backup', '--folder', folder, '--json', target])
    expect(code).toBe(0)
    expect(parse(out)).toMatchObject({ format: 'tocsin-backup-1', counts: { revisions: 0 } })
    const again = await tocsin(['backup', '--folder', folder, target])
    expect([again.code, again.out]).toEqual([1, ''])
    expect(again.err).toContain(target)
    const restored = join(path, 'restored')
    expect(await tocsin(['restore', '--folder', restored, target])).toMatchObject({ code: 0 })
    expect(existsSync(join(restored, 'tocsin.duckdb'))).toBe(true)
  })

  it('says what it does and that its upstream is away, once, and leaves word of it when it stops', async () => {
    const { code, err } = await serving.stop('SIGTERM')
    expect(code).toBe(0)
    expect(err).toContain(`from ${env['TOCSIN_IODA_URL']}: at most 600 requests in 60 min`)
    expect(err.match(/ioda does not answer/g)).toHaveLength(1)
    const { out } = await tocsin(['sources', '--folder', folder, '--json'], { env })
    expect(parse(out)).toMatchObject({ running: false, lastArrival: null })
    expect(parse(out)['lasting']).toContainEqual(expect.objectContaining({ condition: 'unreachable', until: null }))
  })
})

describe('orders that cannot be followed', () => {
  it.each([
    [['backup', '--folder', '/nowhere/data', '/nowhere/backup'], 'there is no data in /nowhere/data to back up'],
    [['restore', '--folder', '/nowhere/data', '/nowhere/backup'], '/nowhere/backup'],
  ])('%j end with 1 and say why', async (args, words) => {
    const { code, out, err } = await tocsin(args)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(words)
    expect(err).not.toMatch(/^\s+at /m)
  })
})
