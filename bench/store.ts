import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'

import type { EntityId, Seconds, SignalId, SourceId, UnixSeconds } from '../src/model/brand.ts'
import { DAY } from '../src/model/time.ts'
import { openDuckdbStore, type DuckdbStore } from '../src/store/duckdb/store.ts'
import type { Batch } from '../src/store/store.ts'
import { thisCommit, thisMachine } from './machine.ts'

/**
 * First as an archive: loads noisy counts bin by bin, as live data come, compacts each day when it is over, then loads a day in bulk and
 * reads. The numbers of docs and of the targets are of the full size: 5,000 series, 30 days, 5-minute bins.
 *
 * Then as it lives: 1,500 series of six signals, in DuckDB's 160 MB. Eight weeks of back-fill, a day and signal at a
 * time, newest first; live answers of two hours of a signal, of which one bin is new; then compaction, the whole of it
 * read, and retention of half of it. `--only archive` or `--only live` runs one of them.
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
  options: {
    days: { type: 'string', default: '30' },
    series: { type: 'string', default: '5000' },
    only: { type: 'string', default: '' },
  },
})
const days = Number(flags.days)
const seriesCount = Number(flags.series)
if (!(days >= 1) || !(seriesCount >= 1)) throw new RangeError('--days and --series take whole numbers from 1')

const measured: Measured[] = []
for (const [name, measure] of [
  ['live', measureLive],
  ['archive', measureArchive],
] as const) {
  if (flags.only !== '' && flags.only !== name) continue
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-store-'))
  try {
    measured.push(...(await measure(folder)))
  } finally {
    await rm(folder, { recursive: true })
  }
}
print(measured)
await record(measured)

async function measureArchive(into: string): Promise<Measured[]> {
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

async function measureLive(into: string): Promise<Measured[]> {
  const signals = 6
  const entities = 250
  const weeks = 8
  const backfillDays = weeks * 7
  const options = { folder: into, memoryLimitMb: 160, threads: 2, startedAt: START }
  let store = await openDuckdbStore(options)
  const ids = await store.defineSeries(
    Array.from({ length: signals * entities }, (_, i) => ({
      source: 'bench' as SourceId,
      signal: `counts-${Math.floor(i / entities)}` as SignalId,
      entity: `as:${(i % entities) + 1}` as EntityId,
      facet: null,
      origin: 'laboratory' as const,
      step: STEP as Seconds,
      phase: 0 as Seconds,
    })),
  )
  // A value of a bin is the same whenever it is asked for, as most are: an overlap changes nothing.
  const still: Noise = { count: (series, bin) => 10 + ((series * 7919 + bin * 104_729) % 990) }
  const ofSignal = (signal: number): readonly number[] => ids.slice(signal * entities, (signal + 1) * entities)
  const edge = backfillDays * BINS_A_DAY
  const range = { from: START, until: (START + (backfillDays + 30) * DAY) as UnixSeconds }

  const backfill: number[] = []
  const began = performance.now()
  for (let day = backfillDays - 1; day >= 0; day -= 1) {
    for (let signal = 0; signal < signals; signal += 1) {
      const batch = rows(ofSignal(signal), day * BINS_A_DAY, BINS_A_DAY, still)
      const span = { from: (START + day * DAY) as UnixSeconds, until: (START + (day + 1) * DAY) as UnixSeconds }
      const covered = { stream: `counts-${signal}`, span }
      backfill.push(await timed(() => store.append({ ...batch, covered })))
    }
  }
  const backfillSeconds = (performance.now() - began) / 1000
  process.stderr.write(`${weeks} weeks are back-filled\n`)

  let bin = edge
  async function live(rounds: number): Promise<{ readonly fresh: number[]; readonly same: number[] }> {
    const fresh: number[] = []
    const same: number[] = []
    for (let round = 0; round < rounds; round += 1, bin += 1) {
      for (let signal = 0; signal < signals; signal += 1) {
        const batch = rows(ofSignal(signal), bin - 23, 24, still)
        fresh.push(await timed(() => store.append(batch)))
        same.push(await timed(() => store.append(batch)))
      }
    }
    return { fresh, same }
  }
  const busy = await live(60)
  const compaction = await timed(() => store.compact((START + backfillDays * DAY) as UnixSeconds))
  const calm = await live(60)
  await store.close()
  store = await openDuckdbStore(options)
  const reopened = await live(1)
  const scan = await timed(() => scanAll(store, ids, range, bin * ids.length))
  const days = await timed(() => store.days(ids, range))
  const hours = await timed(() => store.readHours(ids[0]!, range))
  const keep = Array.from({ length: 40 }, (_, i) => ({
    series: [ids[i * 7]!, ids[i * 7 + 1]!],
    range: { from: (START + (i % 20) * DAY) as UnixSeconds, until: (START + ((i % 20) + 2) * DAY) as UnixSeconds },
  }))
  const half = (START + (backfillDays / 2) * DAY) as UnixSeconds
  const retention = await timed(() => store.retain({ rawBefore: half, answersBefore: START, keep }))
  const another = (half + DAY) as UnixSeconds
  const retentionOfADay = await timed(() => store.retain({ rawBefore: another, answersBefore: START, keep }))
  const hoursAfter = await timed(() => store.readHours(ids[0]!, range))
  const backup = await timed(() => store.backup(join(into, '..', `${basename(into)}-backup`), START))
  await rm(join(into, '..', `${basename(into)}-backup`), { recursive: true })
  await store.close()
  const peak = process.resourceUsage().maxRSS / 1024

  const of = (name: string, value: number, unit: string, target: number | null = null): Measured => ({
    name: `live: ${name}`,
    value,
    unit,
    target,
  })
  return [
    of('back-fill of 8 weeks', backfillSeconds, 's'),
    of('back-fill of a day of one signal, median', quantile(backfill, 0.5), 'ms'),
    of('back-fill of a day of one signal, p95', quantile(backfill, 0.95), 'ms'),
    of('append 6,000 rows, 250 new, before compaction, median', quantile(busy.fresh, 0.5), 'ms'),
    of('append 6,000 rows, 250 new, before compaction, p95', quantile(busy.fresh, 0.95), 'ms'),
    of('append 6,000 rows, 250 new, median', quantile(calm.fresh, 0.5), 'ms'),
    of('append 6,000 rows, 250 new, p95', quantile(calm.fresh, 0.95), 'ms'),
    of('append 6,000 rows, none new, median', quantile(calm.same, 0.5), 'ms', 5),
    of('append 6,000 rows, none new, p95', quantile(calm.same, 0.95), 'ms', 5),
    of('append 6,000 rows, the first of a signal after opening', quantile(reopened.fresh, 1), 'ms'),
    of('compact 8 weeks', compaction / 1000, 's'),
    of('scan everything', scan / 1000, 's'),
    of('days of all series', days, 'ms'),
    of('hours of one series, raw', hours, 'ms'),
    of('hours of one series, half rolled up', hoursAfter, 'ms'),
    of('retain: roll up 4 weeks', retention / 1000, 's'),
    of('retain: roll up one more day', retentionOfADay, 'ms'),
    of('back up', backup / 1000, 's'),
    of('peak memory of the process', peak, 'MiB', 600),
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

function print(results: readonly Measured[]): void {
  const width = Math.max(...results.map(({ name }) => name.length))
  for (const one of results) {
    const target = one.target === null ? '' : `< ${one.target} ${one.unit}`
    console.log(
      `${one.name.padEnd(width)}  ${one.value.toFixed(2).padStart(9)} ${one.unit.padEnd(7)}  ${target.padEnd(12)} ${verdict(one)}`,
    )
  }
}

async function record(of: readonly Measured[]): Promise<void> {
  const commit = thisCommit(['src/store', 'src/model', 'bench/store.ts'])
  const date = new Date().toISOString().slice(0, 10)
  const path = join(import.meta.dirname, 'results', `store-${date}-${commit.hash.slice(0, 7)}.json`)
  const results = of.map((one) => ({
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
    load: loadavg()[0],
    results,
  }
  await writeFile(path, `${JSON.stringify(text, null, 2)}\n`)
}
