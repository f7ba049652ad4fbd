import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATA_SOURCES as IODA_DATA_SOURCES } from '../src/collect/ioda/data-sources.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import type { Revision } from '../src/model/incident.ts'
import { DAY, HOUR, MINUTE, binStart, plus } from '../src/model/time.ts'
import { openDuckdbStore, type DuckdbStore } from '../src/store/duckdb/store.ts'
import { seededRandom } from '../src/street/random.ts'
import { worldOf, type FortnightPlan } from './fortnight.ts'
import { at } from './replays.ts'
import { DATA_SOURCES, shutdownsOf, type DataSource } from './simulated-world.ts'

const SEED = 7
const KILLS = 10
const START = at('2026-03-02T00:00Z')
const MINUTES_ALLOWED = 25

const specOf = (source: DataSource): (typeof IODA_DATA_SOURCES)[number] => {
  const found = IODA_DATA_SOURCES.find(({ id }) => id === source)
  if (found === undefined) throw new TypeError(`no data source ${source}`)
  return found
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * As one file of plain JavaScript: run from TypeScript, each inner function costs a call more, and there are millions.
 * @returns its path, as deep below the project's root as `src` is deep, since `data/` is found by that.
 */
async function buildProcess(): Promise<string> {
  const outDir = join(ROOT, 'node_modules', '.fortnight')
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: join(ROOT, 'test', 'fortnight-process.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
    },
  })
  return join(outDir, 'fortnight-process.js')
}

/** Lives from `now` until it is killed when it has passed `killAt`, or to the end. @returns the last instant told. */
async function live(
  script: string,
  plan: FortnightPlan,
  now: UnixSeconds,
  killAt: UnixSeconds | null,
): Promise<UnixSeconds | 'done'> {
  const child = spawn(process.execPath, ['--enable-source-maps', script, JSON.stringify({ ...plan, now })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  let last: UnixSeconds | 'done' = now
  for await (const line of createInterface({ input: child.stdout })) {
    if (process.env['TOCSIN_TEST_PROGRESS'] !== undefined) process.stderr.write(`${line}\n`)
    if (line === 'done') last = 'done'
    else last = (JSON.parse(line) as { readonly now: UnixSeconds }).now
    if (killAt !== null && last !== 'done' && last >= killAt) child.kill('SIGKILL')
  }
  const code = await ended
  if (last !== 'done' && killAt === null) throw new Error(`the observatory ended with ${code}: ${errors}`)
  return last
}

/**
 * Two weeks of live by a simulated clock: 250 countries, six signals, an upstream with every fault that a source can
 * come back from, three shutdowns, ten kills. Processes, HTTP, database and kills are real; only time is not.
 */
describe('a simulated fortnight', { timeout: MINUTES_ALLOWED * 60_000 }, () => {
  let plan: FortnightPlan
  let store: DuckdbStore
  let lives = 0

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-fortnight-'))
    plan = {
      folder,
      seed: SEED,
      start: START,
      until: plus(START, 14 * DAY),
      // Four weeks are what the usual of an hour of the week rests on.
      backfillDays: 28,
      withFaults: true,
      calmHours: 30,
    }
    const script = await buildProcess()
    const random = seededRandom(SEED)
    // The first within the back-fill.
    const kills = [plus(START, HOUR), ...Array.from({ length: KILLS - 1 }, () => plus(START, random() * 13 * DAY))]
    kills.sort((a, b) => a - b)
    let now: UnixSeconds = START
    for (const killAt of [...kills, null]) {
      lives += 1
      const last = await live(script, plan, now, killAt)
      if (last === 'done') break
      // It was down for up to two hours.
      now = binStart(plus(last, Math.floor(random() * 2 * HOUR)), MINUTE, 0 as typeof MINUTE)
    }
    store = await openDuckdbStore({ folder, memoryLimitMb: 400, threads: 2, startedAt: plan.until })
  }, MINUTES_ALLOWED * 60_000)
  afterAll(async () => {
    // Not there when the lives failed.
    await store?.close()
    await rm(plan.folder, { recursive: true, force: true })
  })

  it('lived eleven lives', () => {
    expect(lives).toBe(KILLS + 1)
  })

  it('ends with exactly the observations that the upstream held', async () => {
    const world = worldOf(plan)
    // Bins that came in the last quarter of an hour were still rising when they were asked for.
    const settled = plus(plan.until, -HOUR)
    let compared = 0
    for (const source of DATA_SOURCES) {
      const { spec, divisor } = specOf(source)
      const stored = new Map(
        (await store.series({ signal: spec.signal })).map((each) => [each.entity as string, each.id]),
      )
      for (const country of world.countries) {
        const id = stored.get(`country:${country}`)
        expect(id !== undefined, `${source} of ${country}`).toBe(world.knows(source, country))
        if (id === undefined) continue
        const column = await store.read(id, { from: world.from, until: settled }, null)
        const step = world.stepOf(source)
        const first = column.bins[0] ?? Number.NaN
        // History reaches back four weeks from when it is asked for, the oldest last.
        expect(first - world.from, `${source} of ${country}`).toBeLessThan(6 * HOUR)
        const due = (Math.floor(settled / step) * step - first) / step
        expect(column.bins.length, `${source} of ${country}`).toBe(due)
        for (let i = 0; i < due; i++) {
          const bin = first + i * step
          const given = world.value(source, country, bin)
          const value = given === null ? Number.NaN : given / divisor
          if (column.bins[i] !== bin || !Object.is(column.values[i], value))
            throw new Error(`${source} of ${country} at ${bin}: ${column.values[i]} for ${value}`)
          compared += 1
        }
      }
    }
    expect(compared).toBeGreaterThan(9_000_000)
  })

  it('tells the three shutdowns and nothing else, ever', async () => {
    const latest = new Map<string, Revision>()
    for (const revision of await store.revisions({})) {
      // Nothing was published twice, and nothing is missing.
      expect(revision.number).toBe((latest.get(revision.incident.id)?.number ?? 0) + 1)
      latest.set(revision.incident.id, revision)
    }
    const told = [...latest.values()].map(({ incident }) => incident)
    expect(told.map(({ entity, state }) => `${entity} ${state === 'retracted' ? state : ''}`).toSorted()).toEqual(
      shutdownsOf(START)
        .map(({ country }) => `country:${country} `)
        .toSorted(),
    )
    for (const shutdown of shutdownsOf(START)) {
      const incident = told.find(({ entity }) => entity === `country:${shutdown.country}`)
      const first = shutdown.stretches[0]
      expect(incident?.onset.earliest).toBeLessThanOrEqual(first?.from ?? 0)
      expect(incident?.onset.latest).toBeGreaterThanOrEqual(first?.from ?? 0)
    }
  })

  it('says when each was over, but of the one that lasts', async () => {
    for (const { country, stretches } of shutdownsOf(START)) {
      const incident = (await store.revisions({})).findLast((each) => each.incident.entity === `country:${country}`)
      const last = stretches.at(-1)?.until ?? 0
      const end = incident?.incident.end ?? null
      if (last > plan.until) expect(end).toBeNull()
      else {
        expect(end?.earliest, country).toBeLessThanOrEqual(last + HOUR)
        expect(end?.latest, country).toBeGreaterThanOrEqual(last)
      }
    }
  })

  it('leads from each incident to the upstream answers that it rests on, whose bytes hold the very values', async () => {
    for (const { country } of shutdownsOf(START)) {
      const revisions = await store.revisions({ entity: `country:${country}` as Revision['incident']['entity'] })
      const incident = revisions.at(-1)?.incident
      expect(incident?.evidence.length, country).toBeGreaterThan(1)
      for (const evidence of incident?.evidence ?? []) {
        const source = DATA_SOURCES.find((each) => specOf(each).spec.signal === evidence.signal)
        const series = (await store.series({ signal: evidence.signal, entity: evidence.entity }))[0]
        const onset = evidence.spans[0]?.onset.at ?? incident?.onset.at ?? (0 as UnixSeconds)
        const range = { from: onset, until: plus(onset, 6 * HOUR) }
        const { divisor, spec } = specOf(source ?? 'bgp')
        const column = await store.read(series?.id ?? -1, range, null)
        const provenance = await store.provenance(series?.id ?? -1, range)
        expect(provenance.reduce((sum, each) => sum + each.bins, 0)).toBe(6 * (HOUR / spec.step))
        for (const { from, until, answer } of provenance) {
          const body = answer === null ? null : await store.answerBody(answer.sha256)
          const given = valuesIn(new TextDecoder().decode(body ?? new Uint8Array()), country)
          for (let bin: number = from; bin < until; bin += spec.step) {
            const kept = column.values[column.bins.indexOf(bin)]
            expect((given.get(bin) ?? Number.NaN) / divisor).toBe(kept)
          }
        }
      }
    }
  })
})

/** By hand from the bytes, not by the code under test: the start of each bin and its number. */
function valuesIn(body: string, country: string): ReadonlyMap<number, number> {
  const { data } = JSON.parse(body) as {
    readonly data: readonly (readonly {
      readonly entityCode: string
      readonly from: number
      readonly step: number
      readonly values: readonly unknown[]
    }[])[]
  }
  const series = data.flat().find((each) => each.entityCode === country)
  return new Map(
    (series?.values ?? []).map((value, i) => [
      (series?.from ?? 0) + i * (series?.step ?? 0),
      Number(/(?:"median_latency":|"loss_pct":|^)(-?\d+(?:\.\d+)?)/.exec(JSON.stringify(value))?.[1] ?? Number.NaN),
    ]),
  )
}
