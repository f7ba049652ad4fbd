import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { utcDate } from '../../model/time.ts'
import { REGISTRIES, type Registry } from '../../netdata/networks/delegations.ts'
import { createSimulatedClock, type SimulatedClock } from '../clock.testing.ts'
import { tellUpdate, updateDelegated, type RegistryUpdate } from './update.ts'

const START = 1_704_500_000

/** A file as a registry would publish it, with invented records. */
function statistics(registry: Registry, day: string, records = 3): string {
  const lines = Array.from({ length: records }, (_, i) => `${registry}|KZ|asn|${64_496 + i}|1|20200101|allocated|h${i}`)
  return [
    `2|${registry}|1|${records}|19830705|${day}|+0000`,
    `${registry}|*|asn|*|${records}|summary`,
    ...lines,
    '',
  ].join('\n')
}

const md5Of = (text: string): string => createHash('md5').update(text).digest('hex')

let folder = ''
let clock: SimulatedClock = createSimulatedClock(START)
let close = (): void => {}
/** What the server does at a path, such as `/arin`; all else is served well. */
let faults: Record<string, RequestListener> = {}
let asked: { path: string; headers: Record<string, unknown> }[] = []
let day = '20240105'

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-netdata-'))
  faults = {}
  asked = []
  day = '20240105'
})

afterEach(() => {
  close()
  rmSync(folder, { recursive: true, force: true })
})

const files = (): string[] => readdirSync(join(folder, 'delegated')).sort()

async function update(): Promise<Record<string, RegistryUpdate>> {
  close()
  clock = createSimulatedClock(START)
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, headers: request.headers })
    const fault = faults[path]
    if (fault !== undefined) return fault(request, response)
    const registry = REGISTRIES.find((each) => path.startsWith(`/${each}`)) ?? 'ripencc'
    const text = statistics(registry, day)
    if (path.endsWith('.md5')) return response.end(`MD5 (delegated-${registry}-extended-latest) = ${md5Of(text)}\n`)
    const etag = `"${md5Of(text)}"`
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end()
    return response.setHeader('etag', etag).setHeader('last-modified', 'Fri, 05 Jan 2024 23:00:00 GMT').end(text)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  close = () => {
    server.closeAllConnections()
    server.close()
  }
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen: RegistryUpdate[] = []
  const updates = await updateDelegated(
    {
      folder,
      urls: Object.fromEntries(REGISTRIES.map((each) => [each, `${base}/${each}`])) as Record<Registry, string>,
      userAgent: 'Tocsin/1.2.3 (test)',
      onDone: (each) => seen.push(each),
    },
    { clock, random: () => 0.5, fetch: clock.fetch(fetch), signal: new AbortController().signal },
  )
  expect(seen).toEqual(updates)
  return Object.fromEntries(updates.map((each) => [each.registry, each]))
}

/** Fetches all well, then again with a fault of one registry. */
async function withFault(path: string, fault: RequestListener): Promise<RegistryUpdate> {
  await update()
  day = '20240106'
  faults = { [path]: fault }
  const updates = await update()
  const others = REGISTRIES.filter((each) => !path.startsWith(`/${each}`))
  expect(others.map((each) => updates[each]?.kind)).toEqual(others.map(() => 'new'))
  // Nothing half, nothing aside.
  expect(files().filter((name) => !/^(?:asked\.json|[a-z]+-2024-01-0[56]\.txt\.gz)$/.test(name))).toEqual([])
  return updates[path.slice(1).split('.')[0] ?? '']!
}

describe('updating what registries delegated', () => {
  it('keeps the file of each, by its own last day, and says who asks', async () => {
    const updates = await update()
    expect(REGISTRIES.map((each) => updates[each]?.kind)).toEqual(REGISTRIES.map(() => 'new'))
    expect(files()).toEqual(['asked.json', ...REGISTRIES.map((each) => `${each}-2024-01-05.txt.gz`)].sort())
    expect(gunzipSync(readFileSync(join(folder, 'delegated/arin-2024-01-05.txt.gz'))).toString()).toBe(
      statistics('arin', '20240105'),
    )
    expect(asked.map(({ path }) => path)).toEqual(REGISTRIES.flatMap((each) => [`/${each}`, `/${each}.md5`]))
    expect(asked.every(({ headers }) => headers['user-agent'] === 'Tocsin/1.2.3 (test)')).toBe(true)
  })

  it('asks the next time only for what has changed, and keeps old days', async () => {
    await update()
    asked = []
    const again = await update()
    expect(asked.map(({ path }) => path)).toEqual(REGISTRIES.map((each) => `/${each}`))
    expect(again.lacnic).toMatchObject({ kind: 'unchanged' })
    expect(asked[0]?.headers['if-modified-since']).toBe('Fri, 05 Jan 2024 23:00:00 GMT')
    day = '20240106'
    expect((await update()).lacnic).toMatchObject({ kind: 'new' })
    expect(files().filter((name) => name.startsWith('lacnic'))).toEqual([
      'lacnic-2024-01-05.txt.gz',
      'lacnic-2024-01-06.txt.gz',
    ])
  })

  it('asks for all of it again where the file of its last answer is gone', async () => {
    await update()
    rmSync(join(folder, 'delegated/apnic-2024-01-05.txt.gz'))
    expect((await update()).apnic).toMatchObject({ kind: 'new' })
  })

  it('needs no memory of what it asked', async () => {
    await update()
    writeFileSync(join(folder, 'delegated/asked.json'), 'not json')
    expect((await update()).apnic).toMatchObject({ kind: 'unchanged' })
  })

  it('replaces the file of a day that a registry has mended', async () => {
    await update()
    const mended = statistics('arin', '20240105', 4)
    faults = {
      '/arin': (_, response) => response.end(mended),
      '/arin.md5': (_, response) => response.end(`${md5Of(mended)}  delegated-arin-extended-20240105\n`),
    }
    expect((await update()).arin).toMatchObject({ kind: 'new', remarks: [] })
    expect(gunzipSync(readFileSync(join(folder, 'delegated/arin-2024-01-05.txt.gz'))).toString()).toBe(mended)
  })

  it.each<[string, string, RequestListener, string]>([
    ['is not there', '/ripencc', (_, response) => response.writeHead(404).end('no'), 'HTTP 404'],
    ['is out of order', '/apnic', (_, response) => response.writeHead(500).end('oh'), 'HTTP 500'],
    ['wants to be left alone', '/arin', (_, response) => response.writeHead(429).end(), 'HTTP 429'],
    ['sends us elsewhere', '/arin', (_, response) => response.writeHead(302, { location: '/x' }).end(), 'HTTP 302'],
    [
      'breaks off within the body',
      '/lacnic',
      (_, response) => {
        const text = statistics('lacnic', '20240106')
        response.writeHead(200, { 'content-length': text.length })
        response.write(text.slice(0, text.length / 2), () => response.destroy())
      },
      'HTTP 200, broken off after',
    ],
    [
      'answers with a page for people',
      '/afrinic',
      (_, response) => response.end('<html><body>Down for maintenance</body></html>\n'),
      'the file does not fit the MD5 beside it; line 1: no version line of delegated statistics',
    ],
    [
      'gives the file of another',
      '/afrinic',
      (_, response) => response.end(statistics('apnic', '20240106')),
      'the file does not fit the MD5 beside it; it is of apnic',
    ],
    [
      'has an MD5 of something else',
      '/arin.md5',
      (_, response) => response.end(`${md5Of('something else')}  delegated-arin-extended-latest\n`),
      'the file does not fit the MD5 beside it',
    ],
  ])('keeps the older file where a registry %s', async (_, path, fault, reason) => {
    const failed = await withFault(path, fault)
    if (failed.kind !== 'failed') throw new Error(failed.kind)
    expect(failed.reason).toContain(reason)
    expect(utcDate(failed.keeps!)).toBe('2024-01-05')
    expect(files().filter((name) => name.startsWith(failed.registry))).toEqual([`${failed.registry}-2024-01-05.txt.gz`])
    expect(tellUpdate(failed)).toContain('the one of 2024-01-05 stays')
  })

  it('fetches a second time a file that was replaced before its MD5 was', async () => {
    let times = 0
    faults = {
      '/arin': (_, response) => {
        times += 1
        response.end(statistics('arin', times === 1 ? '20240104' : '20240105'))
      },
    }
    expect((await update()).arin).toMatchObject({ kind: 'new', remarks: [] })
    expect(times).toBe(2)
    expect(files()).not.toContain('arin-2024-01-04.txt.gz')
  })

  it('keeps a file without an MD5 where its own counts fit, and says so', async () => {
    faults = { '/arin.md5': (_, response) => response.writeHead(404).end() }
    const { arin } = await update()
    expect(arin).toMatchObject({ kind: 'new', remarks: ['not checked against an MD5: HTTP 404'] })
    expect(tellUpdate(arin!)).toBe('arin: new, until 2024-01-05; not checked against an MD5: HTTP 404')
  })

  it('refuses a file without an MD5 whose own counts do not fit', async () => {
    const cut = statistics('arin', '20240105').split('\n').slice(0, -2).join('\n')
    faults = {
      '/arin': (_, response) => response.end(cut),
      '/arin.md5': (_, response) => response.end('gone fishing'),
    }
    expect((await update()).arin).toMatchObject({
      kind: 'failed',
      keeps: null,
      reason: expect.stringContaining('the version line says 3 records, 2 were read') as unknown,
    })
  })

  it('refuses a file of which more than a hundredth cannot be read', async () => {
    const text = `${statistics('arin', '20240105', 80)}arin|KZ|asn|x|1|20200101|allocated|h\n`
    faults = {
      '/arin': (_, response) => response.end(text),
      '/arin.md5': (_, response) => response.end(md5Of(text)),
    }
    expect((await update()).arin).toMatchObject({ kind: 'failed', reason: '1 of 81 lines cannot be read' })
  })

  it('gives up on a registry that hangs, and goes on with the next', async () => {
    const failed = await withFault('/apnic', (request) => clock.hang(request.headers))
    expect(failed).toMatchObject({ kind: 'failed', reason: 'no answer within 60 s' })
  })
})
