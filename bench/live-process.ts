import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createSimulatedClock } from '../src/collect/clock.testing.ts'
import { HOUR, MINUTE, plus } from '../src/model/time.ts'
import { seededRandom } from '../src/street/random.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import type * as StreetConfig from '../src/street/config.ts'
import type * as CliDataFolder from '../src/cli/data-folder.ts'
import type * as CliCollecting from '../src/cli/collecting.ts'
import type * as StreetObservatory from '../src/street/observatory.ts'
import type * as ApiApp from '../src/api/app.ts'
import type * as ApiRenderer from '../src/api/renderer.ts'
import type * as CliMemory from '../src/cli/memory.ts'
import type { CliContext } from '../src/cli/context.ts'
import { SIMULATED_NOW, type LivePlan } from './live-plan.ts'

/**
 * One life of an observatory as it is shipped, by a simulated clock: `node live-process.js <folder of the package>
 * <plan and life as JSON>`. What `tocsin serve` is made of comes from the package's `dist`; of ours are the clock and a
 * reader. Says each simulated hour what it took, and stops `hours` after its history is complete.
 */
interface Life extends LivePlan {
  readonly now: UnixSeconds
  readonly hours: number
}

const [, , folder = '', text = ''] = process.argv
const life = JSON.parse(text) as Life
const clock = createSimulatedClock(life.now)
/** What `dist` holds for one of its sources, whose type it has. */
const shipped = async (path: string): Promise<unknown> => await import(pathToFileURL(join(folder, 'dist', path)).href)

const { readConfig } = (await shipped('street/config.js')) as typeof StreetConfig
const { openFolder } = (await shipped('cli/data-folder.js')) as typeof CliDataFolder
const { liveSetting, sourcesOf } = (await shipped('cli/collecting.js')) as typeof CliCollecting
const { createObservatory } = (await shipped('street/observatory.js')) as typeof StreetObservatory
const { createApp } = (await shipped('api/app.js')) as typeof ApiApp
const { keepHeapSmall } = (await shipped('cli/memory.js')) as typeof CliMemory
const { loadRenderer } = (await shipped('api/renderer.js')) as typeof ApiRenderer

const context: CliContext = {
  process: process as CliContext['process'],
  environment: process.env,
  version: 'bench',
  now: () => clock.now(),
  clock,
  elapsed: () => performance.now() / 1000,
  every: () => () => undefined,
  random: seededRandom(life.seed),
  fetch: clock.fetch((input, init) => {
    const headers = new Headers(init?.headers)
    headers.set(SIMULATED_NOW, String(clock.now()))
    return fetch(input, { ...init, headers })
  }),
  terminal: false,
  stopped: () => new Promise(() => undefined),
}

keepHeapSmall()
const config = readConfig(null, process.env, { folder: life.folder })
const web = await loadRenderer(join(folder, 'dist', 'web'))
const opened = await openFolder(context, config)
const live = liveSetting(context, config, await sourcesOf(config, context.version, clock.now()))
const observatory = await createObservatory({
  store: clock.holding(opened),
  cases: [],
  now: () => clock.now(),
  live: {
    ...live,
    // Work that gives way goes on at the same instant.
    turn: async () => {
      const release = clock.hold()
      await live.turn()
      release()
    },
  },
})
const failures: Error[] = []
observatory.ended.catch((error: Error) => failures.push(error))
const app = createApp({
  observatory,
  web,
  shareAnswers: true,
  onError: (error) => void failures.push(error),
})
const countries = ['DE', 'KZ', 'BR', 'IR', 'NG', 'IN', 'BY']
const never = new AbortController().signal

/** History is here and judged, and all countries are looked at. */
async function isComplete(): Promise<boolean> {
  const [source] = await observatory.live.sources()
  const whole = source?.signals.every((signal) => signal.backfilled >= 1) === true
  return whole && (await observatory.live.countries()).every(({ status }) => status !== 'blind')
}

let completeAt: UnixSeconds | null = null
let readers = 0
/** Milliseconds until each page that was asked for since the last time was there. */
let pages: { world: number[]; country: number[] } = { world: [], country: [] }
const started = performance.now()
tell('start')
for (;;) {
  if (failures[0] !== undefined) throw failures[0]
  const now = clock.now()
  if (now % (10 * MINUTE) === 0) {
    pages.world.push(await read('/en/'))
    pages.country.push(await read(`/en/country/${countries[readers++ % countries.length]}`))
  }
  if (now % HOUR === 0) {
    const complete = completeAt !== null || (await isComplete())
    if (complete && completeAt === null) completeAt = now
    tell(completeAt === null ? 'back-fill' : 'live')
    if (completeAt !== null && now >= plus(completeAt, life.hours * HOUR)) break
    if (now >= plus(life.start, life.mostHours * HOUR)) throw new Error('history never became complete')
  }
  await clock.until(plus((Math.floor(now / (10 * MINUTE)) * 10 * MINUTE) as UnixSeconds, 10 * MINUTE), never)
}
await observatory.close()
await opened.close()
tell('stopped')

async function read(path: string): Promise<number> {
  const release = clock.hold()
  const asked = performance.now()
  const answer = await app.request(path, { headers: { 'accept-encoding': 'br' } })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  await answer.arrayBuffer()
  release()
  return performance.now() - asked
}

/** What it took since the last time. The peak of memory is the kernel's own, from one telling to the next. */
function tell(phase: string): void {
  const status = readFileSync('/proc/self/status', 'utf8')
  const mebibytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
  const { user, system } = process.cpuUsage()
  const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
  const report = {
    phase,
    now: clock.now(),
    cpuSeconds: (user + system) / 1e6,
    elapsedSeconds: (performance.now() - started) / 1000,
    rssMiB: mebibytes('VmRSS'),
    peakMiB: mebibytes('VmHWM'),
    heapMiB: heapUsed / 2 ** 20,
    heapTotalMiB: heapTotal / 2 ** 20,
    externalMiB: external / 2 ** 20,
    arrayBuffersMiB: arrayBuffers / 2 ** 20,
    pages,
  }
  pages = { world: [], country: [] }
  writeSync(1, `${JSON.stringify(report)}\n`)
  writeFileSync('/proc/self/clear_refs', '5')
}
