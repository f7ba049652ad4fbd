import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { EntityId, Seconds, SignalId, SourceId, UnixSeconds } from '../src/model/brand.ts'
import { DAY } from '../src/model/time.ts'
import { openDuckdbStore, type DuckdbStore } from '../src/store/duckdb/store.ts'
import type { Batch } from '../src/store/store.ts'
import { thisCommit, thisMachine } from './machine.ts'

/**
 * Loads noisy counts bin by bin, as live data come, compacts each day when it is over, then loads a day in bulk and
 * reads. The numbers of docs and of the targets are of the full size: 5,000 series, 30 days, 5-minute bins.
 */
const STEP = 300
const START = 1_640_995_200 as UnixSeconds
const BINS_A_DAY = DAY / STEP

interface Measured {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The value is to be under it; `null` where there is none, and the number is for the record. */
  readonly target: number | null
}

const { values: flags } = parseArgs({
  options: { days: { type: 'string', default: '30' }, series: { type: 'string', default: '5000' } },
})
const days = Number(flags.days)
const seriesCount = Number(flags.series)
if (!(days >= 1) || !(seriesCount >= 1)) throw new RangeError('--days and --series take whole numbers from 1')

const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-store-'))
try {
  const measured = await measure(folder)
  print(measured)
  await record(measured)
} finally {
  await rm(folder, { recursive: true })
}

async function measure(into: string): Promise<Measured[]> {
  const options = { folder: into, memoryLimitMb: 2048, threads: 2, startedAt: START }
  let store = await openDuckdbStore(options)
  const ids = await store.defineSeries(
    Array.from({ length: seriesCount }, (_, i) => ({
      source: 'bench' as SourceId,
      signal: 'counts' as SignalId,
      entity: `as:${i + 1}` as EntityId,
      facet: null,
      origin: 'laboratory' as const,
      step: STEP as Seconds,
      phase: 0 as Seconds,
    })),
  )
  const noise = makeNoise(20_220_105)
  const appends: number[] = []
  const compactions: number[] = []
  for (let day = 0; day < days; day += 1) {
    for (let bin = 0; bin < BINS_A_DAY; bin += 1) {
      const batch = oneBin(ids, day * BINS_A_DAY + bin, noise)
      appends.push(await timed(() => store.append(batch)))
    }
    compactions.push(await timed(() => store.compact((START + (day + 1) * DAY) as UnixSeconds)))
    process.stderr.write(`day ${day + 1} of ${days} is in\n`)
  }
  const points = days * BINS_A_DAY * seriesCount
  const bytesAPoint = (await bytesIn(into)) / points

  const reads: number[] = []
  const range = { from: START, until: (START + days * DAY) as UnixSeconds }
  for (let n = 0; n < 50; n += 1) reads.push(await timed(() => store.read(ids[(n * 997) % ids.length]!, range, null)))
  const scans: number[] = []
  for (let n = 0; n < 3; n += 1) scans.push(await timed(() => scanAll(store, ids, range, points)))

  const bulk: number[] = []
  const compactedBulk: number[] = []
  for (let n = 0; n < 3; n += 1) {
    const batch = oneDay(ids, days + n, noise)
    bulk.push(await timed(() => store.append(batch)))
    compactedBulk.push(await timed(() => store.compact((START + (days + n + 1) * DAY) as UnixSeconds)))
  }
  const again = oneBinOfHour(ids, (days + 3) * BINS_A_DAY - 12, noise)
  const overlap = await timed(() => store.append(again))
  await store.close()
  const opening = await timed(async () => {
    store = await openDuckdbStore(options)
  })
  await store.close()

  const full = days === 30 && seriesCount === 5000
  const target = (value: number): number | null => (full ? value : null)
  return [
    { name: 'append one bin of every series, median', value: quantile(appends, 0.5), unit: 'ms', target: target(20) },
    { name: 'append one bin of every series, p95', value: quantile(appends, 0.95), unit: 'ms', target: target(20) },
    { name: 'append one bin of every series, longest', value: quantile(appends, 1), unit: 'ms', target: null },
    { name: 'append one day in bulk, median of 3', value: quantile(bulk, 0.5), unit: 'ms', target: target(500) },
    {
      name: 'read one series of all days, compacted, median of 50',
      value: quantile(reads, 0.5),
      unit: 'ms',
      target: target(15),
    },
    { name: 'read one series of all days, compacted, p95', value: quantile(reads, 0.95), unit: 'ms', target: null },
    {
      name: 'scan everything into typed arrays, median of 3',
      value: quantile(scans, 0.5) / 1000,
      unit: 's',
      target: target(6),
    },
    { name: 'disk after the last compaction', value: bytesAPoint, unit: 'B/point', target: target(6) },
    {
      name: 'compact one day that came bin by bin, median',
      value: quantile(compactions, 0.5),
      unit: 'ms',
      target: null,
    },
    {
      name: 'compact one day that came in bulk, median of 3',
      value: quantile(compactedBulk, 0.5),
      unit: 'ms',
      target: null,
    },
    { name: 're-read the last hour of every series, most of it changed', value: overlap, unit: 'ms', target: null },
    { name: 'open', value: opening, unit: 'ms', target: null },
  ]
}

function oneBin(ids: readonly number[], bin: number, noise: Noise): Batch {
  return rows(ids, bin, 1, noise)
}

function oneDay(ids: readonly number[], day: number, noise: Noise): Batch {
  return rows(ids, day * BINS_A_DAY, BINS_A_DAY, noise)
}

function oneBinOfHour(ids: readonly number[], firstBin: number, noise: Noise): Batch {
  return rows(ids, firstBin, 12, noise)
}

/** Bin after bin, each of every series. */
function rows(ids: readonly number[], firstBin: number, bins: number, noise: Noise): Batch {
  const count = bins * ids.length
  return {
    arrival: (START + (firstBin + bins) * STEP + 60) as UnixSeconds,
    series: Uint32Array.from({ length: count }, (_, row) => ids[row % ids.length]!),
    bins: Float64Array.from({ length: count }, (_, row) => START + (firstBin + Math.floor(row / ids.length)) * STEP),
    values: Float64Array.from({ length: count }, (_, row) =>
      noise.count(row % ids.length, firstBin + Math.floor(row / ids.length)),
    ),
    weights: new Float64Array(count).fill(Number.NaN),
  }
}

interface Noise {
  count(series: number, bin: number): number
}

/** Counts between 10 and 1,000 with the hours of a day and 5 % of noise; the same numbers for the same seed. */
function makeNoise(seed: number): Noise {
  let state = seed >>> 0
  function next(): number {
    // mulberry32, public domain.
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    count(series, bin) {
      const level = 10 + ((series * 7919) % 990)
      const hour = Math.sin((2 * Math.PI * (bin % BINS_A_DAY)) / BINS_A_DAY)
      return Math.round(level * (1 + 0.3 * hour + 0.1 * (next() - 0.5)))
    },
  }
}

async function scanAll(
  store: DuckdbStore,
  ids: readonly number[],
  range: { from: UnixSeconds; until: UnixSeconds },
  points: number,
): Promise<void> {
  let seen = 0
  for await (const { column } of store.scan(ids, range, null)) seen += column.values.length
  if (seen !== points) throw new Error(`a scan brought ${seen} of ${points} points`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(q * sorted.length) - 1] ?? sorted[0] ?? Number.NaN
}

async function bytesIn(path: string): Promise<number> {
  const sizes = await Promise.all((await readdir(path)).map(async (name) => (await stat(join(path, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

function verdict({ value, target }: Measured): string {
  if (target === null) return ''
  return value < target ? 'met' : 'missed'
}

function print(measured: readonly Measured[]): void {
  const width = Math.max(...measured.map(({ name }) => name.length))
  for (const one of measured) {
    const target = one.target === null ? '' : `< ${one.target} ${one.unit}`
    console.log(
      `${one.name.padEnd(width)}  ${one.value.toFixed(2).padStart(9)} ${one.unit.padEnd(7)}  ${target.padEnd(12)} ${verdict(one)}`,
    )
  }
}

async function record(measured: readonly Measured[]): Promise<void> {
  const commit = thisCommit(['src/store', 'src/model', 'bench/store.ts'])
  const date = new Date().toISOString().slice(0, 10)
  const path = join(import.meta.dirname, 'results', `store-${date}-${commit.hash.slice(0, 7)}.json`)
  const results = measured.map((one) => ({
    ...one,
    value: Number(one.value.toPrecision(4)),
    verdict: verdict(one) || null,
  }))
  await mkdir(join(import.meta.dirname, 'results'), { recursive: true })
  const text = {
    bench: 'store',
    date,
    commit,
    machine: thisMachine(),
    size: { series: seriesCount, days, stepSeconds: STEP },
    results,
  }
  await writeFile(path, `${JSON.stringify(text, null, 2)}\n`)
}
