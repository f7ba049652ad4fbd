import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensurePrograms } from '../../scripts/debian-packages.ts'
import { findProgram } from '../../test/find-program.ts'
import { thisCommit, thisMachine } from '../machine.ts'
import { measureBzip2 } from './bench-bzip2.ts'
import { measureRisLive } from './bench-ris-live.ts'
import { CACHE, ensureArchive, type Archive } from './generate.ts'
import { onlyIpv4 } from './only-ipv4.ts'
import { inTurn, run, type Command, type Timing } from './processes.ts'
import { print, type Measured } from './report.ts'
import { ensureSyntheticRib } from './synthetic-rib.ts'

/**
 * Routes from archives beside `bgpdump -m`, whole processes in turn on the same files, medians of five; see
 * generate.ts for the archive. `--quick` takes a small archive and one round: a trial run, whose numbers mean nothing and
 * are not kept. `--only rib,updates,real,memory,ris-live,bzip2` measures some.
 */
const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '7' },
    rounds: { type: 'string' },
    /** Has bgpdump read the whole RIB too. */
    whole: { type: 'boolean', default: false },
    /** Measures what stands in dist/ as it is. */
    built: { type: 'boolean', default: false },
  },
})
const ROOT = resolve(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'dist/cli/main.js')
const REAL = join(process.env.TOCSIN_SHARED ?? resolve(ROOT, '..', 'shared'), 'mrt/updates.20160811.1600.gz')
const COUNT = ['bgp', 'count', '--least-peers', '2']
const rounds = Number(flags.rounds ?? (flags.quick ? 1 : 5))
const wanted = flags.only === '' ? null : flags.only.split(',')
const wants = (name: string): boolean => wanted === null || wanted.includes(name)
const tell = (line: string): void => void process.stderr.write(`${line}\n`)

ensurePrograms([
  { packageName: 'bird2', find: () => findProgram('bird'), without: 'The archive cannot be made.' },
  { packageName: 'gobgpd', find: () => findProgram('gobgpd'), without: 'Only the tests want it.' },
  { packageName: 'bgpdump', find: () => findProgram('bgpdump'), without: 'There is nothing to compare with.' },
  { packageName: 'lbzip2', find: () => findProgram('lbzip2'), without: 'bzip2 is measured without it.' },
])
if (!flags.built) {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT, stdio: 'ignore' })
  if (status !== 0) throw new Error('npm run build fails')
}

const loadBefore = loadavg()
const size = flags.quick ? 'small' : 'big'
const archive = await ensureArchive(size, Number(flags.seed), tell)
const bgpdump = findProgram('bgpdump')
const results: Measured[] = []
if (wants('rib')) results.push(...(await measureRib(archive)))
if (wants('updates')) results.push(...(await measureUpdates(archive)))
if (wants('real')) results.push(...(await measureReal()))
if (wants('memory')) results.push(...(await measureMemory()))
if (wants('ris-live')) results.push(...(await measureRisLive(flags.quick ? 30_000 : 600_000)))
if (wants('bzip2')) results.push(...(await measureBzip2({ archive, main: MAIN, rounds, tell })))
if (flags.quick) print(results.map((each) => ({ ...each, target: null })))
else {
  print(results)
  await record(results)
}

function ours(name: string, command: readonly string[]): Command {
  return { name, program: process.execPath, args: [MAIN, ...command] }
}

function dumping(file: string): readonly Command[] {
  return bgpdump === null ? [] : [{ name: 'bgpdump -m', program: bgpdump, args: ['-m', file] }]
}

function inflating(file: string): Command {
  return { name: 'inflating', program: process.execPath, args: [join(import.meta.dirname, 'inflate.mjs'), file] }
}

async function measureRib({ folder, rib, ribGz, netdata, truth }: Archive): Promise<Measured[]> {
  tell(`RIB: ${truth.ribEntries} entries, ${megabytes(truth.ribBytes)} MB`)
  const rib4 = await onlyIpv4(rib, join(folder, 'rib-ipv4.mrt'))
  const ipv4 = await inTurn([ours('count', [...COUNT, rib4]), ...dumping(rib4)], rounds, tell)
  const raw = await inTurn([ours('count', [...COUNT, rib])], rounds, tell)
  // bgpdump takes far longer for an entry of IPv6 than for one of IPv4: many minutes for the whole RIB, so once, if asked.
  const once = flags.whole ? await inTurn(dumping(rib), 1, tell) : new Map<string, never>()
  const packed = await inTurn([ours('count', [...COUNT, ribGz]), inflating(ribGz)], rounds, tell)
  const parts = await inTurn(
    [
      ours('start', ['--version']),
      ours('decode', ['mrt', 'stats', rib]),
      ours('countries', [...COUNT, '--netdata', netdata, rib]),
    ],
    Math.min(3, rounds),
    tell,
  )
  const whole = raw.get('count')!
  return [
    of('RIB raw, IPv4 alone, to state and counts', ipv4.get('count')!),
    ...compared('RIB raw, IPv4 alone: times as fast as bgpdump -m', ipv4, 20),
    of('RIB raw to state and counts', whole),
    ...(flags.whole
      ? compared('RIB raw, bgpdump run once: times as fast as bgpdump -m', new Map([...raw, ...once]), 20)
      : []),
    of('RIB .gz to state and counts', packed.get('count')!),
    of('RIB .gz: inflating alone', packed.get('inflating')!),
    {
      name: 'RIB .gz: times of inflating alone',
      value: packed.get('count')!.seconds / packed.get('inflating')!.seconds,
      unit: '×',
      target: { most: 1.5 },
    },
    ...where('RIB raw', whole, parts),
    of('RIB raw, countries of all AS by the registries besides', parts.get('countries')!),
  ]
}

async function measureUpdates({ updates, updatesGz, truth }: Archive): Promise<Measured[]> {
  tell(`updates: ${truth.updateMessages} messages, ${megabytes(truth.updateBytes)} MB`)
  const raw = await inTurn([ours('count', [...COUNT, updates]), ...dumping(updates)], rounds, tell)
  const packed = await inTurn([ours('count', [...COUNT, updatesGz]), inflating(updatesGz)], rounds, tell)
  const parts = await inTurn(
    [ours('start', ['--version']), ours('decode', ['mrt', 'stats', updates])],
    Math.min(3, rounds),
    tell,
  )
  const whole = raw.get('count')!
  return [
    of('updates raw to bins by entity', whole),
    ...compared('updates raw: times as fast as bgpdump -m', raw, 12),
    {
      name: 'updates raw: bytes a second',
      value: truth.updateBytes / 1e6 / whole.seconds,
      unit: 'MB/s',
      target: { least: 150 },
    },
    { name: 'updates raw: messages a second', value: truth.updateMessages / whole.seconds, unit: '1/s', target: null },
    of('updates .gz to bins by entity', packed.get('count')!),
    of('updates .gz: inflating alone', packed.get('inflating')!),
    ...where('updates raw', whole, parts),
  ]
}

async function measureReal(): Promise<Measured[]> {
  if (!existsSync(REAL)) {
    tell(`the real file is not there: ${REAL}`)
    return []
  }
  const timings = await inTurn(
    [ours('count', [...COUNT, REAL]), ...dumping(REAL), ours('start', ['--version'])],
    rounds,
    tell,
  )
  const whole = timings.get('count')!
  return [
    { ...of('a real file of 2.4 MB (updates.20160811.1600.gz), start to counts', whole), target: { most: 0.25 } },
    ...compared('that file: times as fast as bgpdump -m', timings, null),
    of('starting alone (--version)', timings.get('start')!),
  ]
}

async function measureMemory(): Promise<Measured[]> {
  const table = flags.quick
    ? { prefixes4: 20_000, prefixes6: 4000, peers: 40, origins: 2000 }
    : { prefixes4: 1_000_000, prefixes6: 200_000, peers: 40, origins: 75_000 }
  const file = join(CACHE, `synthetic-${table.prefixes4}-${table.peers}.mrt.gz`)
  await ensureSyntheticRib(file, table)
  const { seconds, peakMiB } = await run(ours('a table of 1.2 million × 40', ['bgp', 'count', file]))
  tell(`  ${seconds.toFixed(1)} s, ${peakMiB?.toFixed(0)} MiB`)
  const name = `table of ${table.prefixes4 + table.prefixes6} prefixes × ${table.peers} peers (a RIB that we wrote)`
  const time: Measured = { name: `${name}: time from .gz`, value: seconds, unit: 's', target: null }
  if (peakMiB === null) return [time]
  const target = { most: 2048 }
  return [{ name: `${name}: peak resident`, value: peakMiB, unit: 'MiB', target }, time]
}

function of(name: string, { seconds, least, most, peakMiB, cpuSeconds }: Timing): Measured {
  const measured = { name, value: seconds, unit: 's', target: null, least, most } as const
  return {
    ...measured,
    ...(peakMiB === null ? {} : { peakMiB }),
    ...(cpuSeconds === null ? {} : { cpuSeconds }),
  }
}

function compared(name: string, timings: ReadonlyMap<string, Timing>, least: number | null): readonly Measured[] {
  const other = timings.get('bgpdump -m')
  if (other === undefined) return []
  const value = other.seconds / timings.get('count')!.seconds
  return [
    { ...of(name.replace(/: .*$/, ': bgpdump -m'), other) },
    { name, value, unit: '×', target: least === null ? null : { least } },
  ]
}

/** Where the time goes: starting, reading and decoding without a table, and the rest, which is table and counts. */
function where(name: string, whole: Timing, parts: ReadonlyMap<string, Timing>): readonly Measured[] {
  const start = parts.get('start')!.seconds
  const decode = parts.get('decode')!.seconds
  const part = (what: string, value: number): Measured => ({
    name: `${name}, of it ${what}`,
    value,
    unit: 's',
    target: null,
  })
  return [
    part('starting', start),
    part('reading and decoding (mrt stats less starting)', decode - start),
    part('table and counts (the rest)', whole.seconds - decode),
  ]
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

async function record(all: readonly Measured[]): Promise<void> {
  const commit = thisCommit(['src', 'data', 'bench/bgp', 'package-lock.json'])
  const date = new Date().toISOString().slice(0, 10)
  const { seed, size, peers, fullPeers, prefixes, ribEntries, ribBytes, updateMessages, updateBytes } = archive.truth
  const text = {
    bench: 'bgp',
    date,
    commit,
    machine: thisMachine(),
    loadAverageBefore: loadBefore.map((load) => Number(load.toPrecision(3))),
    isBusy: loadBefore[0]! > cpus().length / 2,
    bgpdump: version('bgpdump', /bgpdump version ([\w.+]+)/),
    rounds,
    archive: { seed, size, peers, fullPeers, prefixes, ribEntries, ribBytes, updateMessages, updateBytes },
    sameWork: [
      'Whole processes on the same files in turn, output thrown away, page cache warm.',
      'bgpdump -m decodes and prints every route as text with all of its attributes, and keeps no state. Tocsin prints no ' +
        'routes: it keeps prefix × peer, votes, and counts every AS, operator, access group and country known by its AS.',
      'bgpdump 1.6 takes far longer for an entry of IPv6 than for one of IPv4 (why was not looked into), which is most of its time on a ' +
        'RIB of both families; the fair comparison is the RIB of IPv4 alone. On the whole one it runs once, with --whole.',
      'Of the attributes Tocsin decodes those that counting needs: AS_PATH, AS4_PATH, MP_REACH and MP_UNREACH.',
      'Updates are counted from the file alone, without a RIB before it, as bgpdump prints it.',
    ],
    results: all.map(({ value, ...rest }) => ({ ...rest, value: Number(value.toPrecision(4)) })),
  }
  await mkdir(join(ROOT, 'bench/results'), { recursive: true })
  const path = join(ROOT, 'bench/results', `bgp-${date}-${commit.hash.slice(0, 7)}.json`)
  await writeFile(path, `${JSON.stringify(text, null, 2)}\n`)
}

function version(program: string, pattern: RegExp): string | null {
  const path = findProgram(program)
  if (path === null) return null
  const { stdout, stderr } = spawnSync(path, ['-?'], { encoding: 'utf8' })
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? null
}
