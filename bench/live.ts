import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import type { UnixSeconds } from '../src/model/brand.ts'
import { HOUR, MINUTE, plus } from '../src/model/time.ts'
import type { LivePlan } from './live-plan.ts'
import { thisCommit, thisMachine } from './machine.ts'

/**
 * What watching the world costs: 250 countries × 6 signals as `tocsin serve` collects them with its own settings, from
 * a cold start through eight weeks of back-fill into live operation, and a restart. The code is the built one; time is
 * simulated, the upstream is a process of its own, and a reader asks for two pages every ten minutes.
 *
 * CPU is of the whole process, all threads; memory is resident, its peak as the kernel keeps it.
 */
const CPU_SHARE = 5
const MEMORY_MIB = 600

const { values: flags } = parseArgs({
  options: {
    days: { type: 'string', default: '56' },
    // More than a day: upkeep comes once a day.
    hours: { type: 'string', default: '26' },
    keep: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const ROOT = resolve(import.meta.dirname, '..')
const START = (Date.UTC(2026, 2, 2) / 1000) as UnixSeconds
/** After the end of the first life until the second. */
const DOWN = 20 * MINUTE
const RESTARTED_HOURS = 6

interface Told {
  readonly phase: 'start' | 'back-fill' | 'live' | 'stopped'
  readonly now: UnixSeconds
  readonly cpuSeconds: number
  readonly elapsedSeconds: number
  readonly rssMiB: number
  readonly peakMiB: number
  readonly pages: { readonly world: readonly number[]; readonly country: readonly number[] }
}

const scratch = await mkdtemp(join(tmpdir(), 'tocsin-live-'))
try {
  const plan: LivePlan = {
    folder: join(scratch, 'data-folder'),
    seed: 7,
    start: START,
    backfillDays: Number(flags.days),
    mostHours: Number(flags.hours) + 24 * 14,
  }
  const script = await copyPackage()
  const upstream = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'live-upstream.ts'), JSON.stringify(plan)],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    const [url] = (await once(createInterface({ input: upstream.stdout }), 'line')) as [string]
    const first = await live(script, url, { ...plan, now: START, hours: Number(flags.hours) })
    const last = first.at(-1)?.now ?? START
    const second = await live(script, url, { ...plan, now: plus(last, DOWN), hours: RESTARTED_HOURS })
    await report(first, second)
  } finally {
    upstream.kill()
  }
} finally {
  if (flags.keep) console.log(`kept: ${scratch}`)
  else await rm(scratch, { recursive: true, force: true })
}

/** What is built now, so that building anew meanwhile changes nothing. @returns the path of one life's script. */
async function copyPackage(): Promise<string> {
  await stat(join(ROOT, 'dist', '.built')).catch(() => {
    throw new Error('nothing is built: run `npm run build` first')
  })
  for (const name of ['dist', 'data', 'package.json']) {
    await cp(join(ROOT, name), join(scratch, name), {
      recursive: true,
      filter: (from) => !from.endsWith(join('dist', 'fortnight')),
    })
  }
  await symlink(join(ROOT, 'node_modules'), join(scratch, 'node_modules'))
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: join(import.meta.dirname, 'live-process.ts'),
      outDir: join(scratch, 'bench'),
      target: 'node20',
      minify: false,
    },
  })
  return join(scratch, 'bench', 'live-process.js')
}

async function live(
  script: string,
  upstream: string,
  life: LivePlan & { readonly now: UnixSeconds; readonly hours: number },
): Promise<readonly Told[]> {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('TOCSIN_'))
  const child = spawn(
    process.execPath,
    [
      ...(flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`]),
      script,
      scratch,
      JSON.stringify(life),
    ],
    {
      cwd: scratch,
      env: { ...Object.fromEntries(ours), TOCSIN_IODA_URL: upstream, TOCSIN_IODA_BACKFILL_DAYS: flags.days },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(child, 'close') as Promise<[number | null]>
  const told: Told[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(JSON.parse(line) as Told)
    if (flags.verbose) console.log(line)
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`the observatory ended with ${code}`)
  return told
}

interface Row {
  readonly phase: string
  readonly simulatedHours: number
  readonly elapsedSeconds: number
  readonly cpuSecondsAnHour: number
  readonly cpuSharePercent: number
  readonly rssMeanMiB: number
  readonly rssPeakMiB: number
}

function rowOf(phase: string, told: readonly Told[], of: readonly Told['phase'][]): Row {
  const indices = told.flatMap((each, i) => (i > 0 && of.includes(each.phase) ? [i] : []))
  const own = indices.map((i) => ({ after: told[i] as Told, before: told[i - 1] as Told }))
  const sum = (value: (told: Told) => number): number =>
    own.reduce((total, { after, before }) => total + value(after) - value(before), 0)
  const hours = sum(({ now }) => now) / HOUR
  const cpu = sum(({ cpuSeconds }) => cpuSeconds)
  return {
    phase,
    simulatedHours: hours,
    elapsedSeconds: sum(({ elapsedSeconds }) => elapsedSeconds),
    cpuSecondsAnHour: cpu / hours,
    cpuSharePercent: (cpu / hours / HOUR) * 100,
    rssMeanMiB: own.reduce((total, { after }) => total + after.rssMiB, 0) / own.length,
    rssPeakMiB: Math.max(...own.map(({ after }) => after.peakMiB)),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function report(first: readonly Told[], second: readonly Told[]): Promise<void> {
  const starting = second[0]
  const rows = [
    rowOf('back-fill', first, ['back-fill']),
    rowOf('live', first, ['live']),
    rowOf('after a restart', second, ['back-fill', 'live']),
    // With few days history is complete within the first hour.
  ].filter((row) => row.simulatedHours > 0)
  const results = [
    ...rows.map((row) => ({ name: `CPU, ${row.phase}`, value: row.cpuSharePercent, unit: '%', target: CPU_SHARE })),
    ...rows.map((row) => ({ name: `memory, ${row.phase}`, value: row.rssPeakMiB, unit: 'MiB', target: MEMORY_MIB })),
    { name: 'memory, at a restart', value: starting?.peakMiB ?? NaN, unit: 'MiB', target: MEMORY_MIB },
    { name: 'CPU of a restart', value: starting?.cpuSeconds ?? NaN, unit: 's', target: null },
    ...(['world', 'country'] as const).map((name) => ({
      name: `page made anew: ${name}`,
      value: median(first.filter(({ phase }) => phase === 'live').flatMap(({ pages }) => pages[name])),
      unit: 'ms',
      target: null,
    })),
  ].map((each) => ({ ...each, verdict: each.target === null ? null : each.value < each.target ? 'holds' : 'MISSED' }))
  for (const { name, value, unit, target, verdict } of results)
    console.log(
      `${name.padEnd(26)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(4)} ${target === null ? '' : `< ${target} ${unit} ${verdict}`}`,
    )
  const commit = thisCommit(['src', 'data', 'bench/live.ts', 'bench/live-process.ts', 'package-lock.json'])
  const date = new Date().toISOString().slice(0, 10)
  const digits = (value: number): number => Number(value.toPrecision(4))
  const text = {
    bench: 'live',
    date,
    commit,
    machine: thisMachine(),
    world: {
      countries: 250,
      signals: 6,
      backfillDays: Number(flags.days),
      liveHours: Number(flags.hours),
      readerPagesAnHour: 12,
      loadAverage: loadavg().map(digits),
    },
    phases: rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? digits(value) : String(value)]),
      ),
    ),
    results: results.map((each) => ({ ...each, value: digits(each.value) })),
  }
  await mkdir(join(import.meta.dirname, 'results'), { recursive: true })
  const path = join(import.meta.dirname, 'results', `live-${date}-${commit.hash.slice(0, 7)}.json`)
  await writeFile(path, `${JSON.stringify(text, null, 2)}\n`)
}
