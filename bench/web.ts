import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { createApp } from '../src/api/app.ts'
import { buildWeb } from '../src/api/browser.testing.ts'
import { fakeObservatory, liveView } from '../src/api/observatory.testing.ts'
import type { BuiltWeb } from '../src/api/renderer.ts'
import type { EntityNow, View } from '../src/street/view.ts'
import { countryCodes } from '../src/netdata/iso.ts'
import { launchChromium } from '../test/chromium.ts'
import type { Asked, Asking } from './ask.ts'
import { thisCommit, thisMachine } from './machine.ts'

/**
 * The budgets of the pages: what the first load of each kind of page weighs on the wire, how long an answer takes at
 * 200 requests a second from another process, and how long a dense chart of a year takes to be drawn. Over an
 * observatory in memory that watches all countries: what is measured is pages, rendering, compression and HTTP, not the
 * store and the detectors.
 *
 * Pages are served as by `tocsin serve`, with one answer for all who ask the same while nothing changes; here all pages
 * change every ten seconds, which is more often than anything is judged live. What one page takes when it is made for
 * one reader alone stands beside, for the record.
 */
const FIRST_LOAD_KB = 60
const ANSWER_MS = 50
const DRAWING_MS = 300
const REQUESTS_A_SECOND = 200
const CHANGED_EVERY_MS = 10_000

const PAGES = {
  world: '/en/',
  country: '/en/country/IR',
  incident: '/en/incident/IR-2026-01-08-a',
  sources: '/en/sources',
  method: '/en/method',
  replay: '/en/replay/iran-2026/',
  'replayed incident': '/en/replay/iran-2026/incident/IR-2026-01-08-a',
} as const

interface Measured {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The value is to be under it; `null` where there is none, and the number is for the record. */
  readonly target: number | null
}

const { values: flags } = parseArgs({ options: { seconds: { type: 'string', default: '8' } } })
const seconds = Number(flags.seconds)
if (!(seconds >= 1)) throw new RangeError('--seconds takes a number from 1: how long each page is asked for')

const measured: Measured[] = []
const { web, remove } = await buildWeb()
const browser = await launchChromium()
try {
  await serving(web, true, async (url) => {
    for (const [name, path] of Object.entries(PAGES)) measured.push(...(await firstLoad(browser, name, url, path)))
    for (const name of ['world', 'country', 'incident'] as const) {
      measured.push(...(await answers(`${name} alone`, url, [PAGES[name]])))
    }
    measured.push(...(await answers('pages as readers in a crisis ask for them', url, crisis())))
  })
  await serving(web, false, async (url) => {
    for (const name of ['world', 'country', 'incident'] as const) measured.push(await making(name, url))
  })
  measured.push(await drawing(browser))
} finally {
  await browser.close()
  await remove()
}
print(measured)
await record(measured)

/** All countries, most of them quiet, and the incident of the fake. */
function watchingAll(): View {
  const live = liveView({})
  const seenAt = live.now()
  const countries = countryCodes().map((code): EntityNow => {
    const entity = `country:${code}` as EntityNow['entity']
    return code === 'IR'
      ? { entity, status: 'incident', share: 0.03 as never, seenAt, incident: 'IR-2026-01-08-a' as never }
      : { entity, status: 'quiet', share: 0.97 as never, seenAt, incident: null }
  })
  const version = (): number => Math.floor(performance.now() / CHANGED_EVERY_MS)
  return { ...live, version, countries: () => Promise.resolve(countries) }
}

async function serving(built: BuiltWeb, share: boolean, use: (url: string) => Promise<void>): Promise<void> {
  const app = createApp({
    observatory: fakeObservatory(watchingAll()),
    web: built,
    shareAnswers: share,
    onError: (error) => {
      throw error
    },
  })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise<void>((resolve) => {
    server.once('listening', resolve)
  })
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  }
}

/** Bytes on the wire, headers and all, until the page is at rest; map and what its drawing needs apart. */
async function firstLoad(of: Browser, name: string, url: string, path: string): Promise<Measured[]> {
  const context = await of.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    const addresses = new Map<string, string>()
    let [own, map] = [0, 0]
    session.on('Network.requestWillBeSent', (event) => addresses.set(event.requestId, event.request.url))
    session.on('Network.loadingFinished', (event) => {
      const address = addresses.get(event.requestId) ?? ''
      if (/\/map|\/alive-/.test(address)) map += event.encodedDataLength
      else own += event.encodedDataLength
    })
    await session.send('Network.enable')
    await page.goto(`${url}${path}`, { waitUntil: 'load' })
    await page.waitForTimeout(500)
    const weight = { name: `first load: ${name}`, value: own / 1000, unit: 'kB', target: FIRST_LOAD_KB }
    return map === 0 ? [weight] : [weight, { name: `its map: ${name}`, value: map / 1000, unit: 'kB', target: null }]
  } finally {
    await context.close()
  }
}

/**
 * Of ten readers four look at the world, two at the country, two at its incident, and two at some other country, of
 * which the observatory in memory has no series: such a page is lighter than a real one.
 */
function crisis(): readonly string[] {
  const { world, country, incident } = PAGES
  return countryCodes().flatMap((code, index) => {
    const next = countryCodes()[(index * 7 + 3) % countryCodes().length] ?? code
    const others = [`/en/country/${code}`, `/en/country/${next}`] as const
    return [world, country, world, others[0], incident, world, country, world, others[1], incident]
  })
}

/** From a process of its own, so that who asks does not take the time of who answers. */
async function answers(name: string, origin: string, paths: readonly string[]): Promise<Measured[]> {
  const asking: Asking = { origin, paths, perSecond: REQUESTS_A_SECOND, seconds }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'ask.ts'), JSON.stringify(asking)],
    { maxBuffer: 10_000_000 },
  )
  const asked = JSON.parse(stdout) as Asked
  if (asked.failed > 0) throw new Error(`${name}: ${asked.failed} of ${asked.failed + asked.answered} failed`)
  return [
    { name: `answer, p50: ${name}`, value: asked.p50, unit: 'ms', target: null },
    { name: `answer, p95: ${name}`, value: asked.p95, unit: 'ms', target: ANSWER_MS },
    { name: `answer, p99: ${name}`, value: asked.p99, unit: 'ms', target: null },
  ]
}

/** Processor that one answer takes, all threads, when nobody else asked for it. */
async function making(name: keyof typeof PAGES, origin: string): Promise<Measured> {
  const ask = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await (await fetch(`${origin}${PAGES[name]}`, { headers: { 'accept-encoding': 'br' } })).arrayBuffer()
    }
  }
  await ask(50)
  const before = process.cpuUsage()
  await ask(100)
  const { user, system } = process.cpuUsage(before)
  return { name: `processor for one: ${name}`, value: (user + system) / 1000 / 100, unit: 'ms', target: null }
}

async function drawing(of: Browser): Promise<Measured> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry: 'src/web/dense/year.testing.ts', formats: ['es'], fileName: 'year' } },
  })
  const output = Array.isArray(built) ? built[0]?.output : 'output' in built ? built.output : undefined
  const code = output?.find((file) => file.type === 'chunk')?.code ?? ''
  // In the colours of the pages: what has none is not drawn.
  const styles = await readFile('src/web/style.css', 'utf8')
  const times: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const page = await of.newPage({ viewport: { width: 1280, height: 1600 } })
    await page.setContent(`<!doctype html><style>${styles}</style><main id="host"></main>`)
    const time: unknown = await page.evaluate(`(async () => {
      const url = URL.createObjectURL(new Blob([${JSON.stringify(code)}], { type: 'text/javascript' }))
      return await (await import(url)).drawYear(document.getElementById('host'))
    })()`)
    times.push(Number(time))
    await page.close()
  }
  const median = times.toSorted((a, b) => a - b)[2] ?? Number.NaN
  return { name: 'a year of 5 series in 5-minute bins, drawn', value: median, unit: 'ms', target: DRAWING_MS }
}

function verdict({ value, target }: Measured): string {
  return target === null ? '' : value < target ? 'holds' : 'MISSED'
}

function print(results: readonly Measured[]): void {
  const width = Math.max(...results.map(({ name }) => name.length))
  for (const one of results) {
    const target = one.target === null ? '' : `< ${one.target} ${one.unit}`
    console.log(
      `${one.name.padEnd(width)}  ${one.value.toFixed(1).padStart(8)} ${one.unit.padEnd(3)} ${target.padEnd(10)} ${verdict(one)}`,
    )
  }
}

async function record(of: readonly Measured[]): Promise<void> {
  const commit = thisCommit([
    'src/web',
    'src/api',
    'src/words',
    'src/chart',
    'bench/web.ts',
    'bench/ask.ts',
    'package-lock.json',
  ])
  const date = new Date().toISOString().slice(0, 10)
  const path = join(import.meta.dirname, 'results', `web-${date}-${commit.hash.slice(0, 7)}.json`)
  const results = of.map((one) => ({
    ...one,
    value: Number(one.value.toPrecision(4)),
    verdict: verdict(one) || null,
  }))
  await mkdir(join(import.meta.dirname, 'results'), { recursive: true })
  const text = {
    bench: 'web',
    date,
    commit,
    machine: thisMachine(),
    load: { secondsEach: seconds, requestsPerSecond: REQUESTS_A_SECOND, loadAverage: loadavg() },
    results,
  }
  await writeFile(path, `${JSON.stringify(text, null, 2)}\n`)
}
