import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBird, startGobgp, until } from '../bench/bgp/daemons.ts'
import { retime, retimeRib } from '../bench/bgp/retime.ts'
import { createRouteTable, type RouteTable, type TableBin } from '../src/collect/bgp/table/route-table.ts'
import { decodeDelegated } from '../src/collect/netdata/delegated.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import { buildNetworkMap } from '../src/netdata/networks/build.ts'
import { loadOperators } from '../src/netdata/operators.ts'
import { createMrtReader } from '../src/wire/mrt/reader.ts'
import { expectedCounts, type Expected, type Who } from './daemons-expected.ts'
import { makeLab } from './daemons-run.ts'
import {
  DELEGATED,
  KAZAKHSTAN,
  SESSIONS,
  SILENT_AFTER,
  STEPS,
  votersAt,
  WITNESSES,
  type Witness,
} from './daemons-script.ts'
import { findProgram } from './find-program.ts'

/**
 * Real daemons write MRT while our speaker announces, withdraws, and dies; what is counted from their files is what was
 * announced. They stamp the time that it really was; the records get the planned times, see bench/bgp/retime.ts. So a
 * test of an hour's bins takes seconds, but for GoBGP, which dumps its table once a minute.
 */
const START = Date.UTC(2024, 2, 11, 6) / 1000

const ENTITIES: readonly (readonly [string, Who])[] = [
  ['country:KZ', (asn) => Object.values(KAZAKHSTAN).includes(asn)],
  ['country:UZ', (asn) => asn >= 421_000],
  ['operator:KZ.kcell', (asn) => asn === 29_355],
  ['access:KZ.mobile', (asn) => asn === 29_355 || asn === 21_299],
  ['as:9198', (asn) => asn === 9198],
  ['as:21299', (asn) => asn === 21_299],
]

interface Recorded {
  /** All of the updates, re-timed. */
  readonly updates: Buffer
  /** The last table, as the daemon dumped it. */
  readonly table: Buffer
}

const networks = makeNetworks()

function makeNetworks(): ReturnType<typeof buildNetworkMap> {
  const decoded = decodeDelegated(DELEGATED)
  if (decoded.kind === 'refused') throw new Error(decoded.reason)
  return buildNetworkMap({ delegated: [decoded.delegations], operators: loadOperators(), at: START as UnixSeconds })
}

function makeTable(): RouteTable {
  return createRouteTable({ networks, leastPeers: 2, ases: 'all', silentAfter: SILENT_AFTER })
}

/** Records of one bin after the other, each bin closed before the next begins. */
function countBins(table: RouteTable, bytes: Buffer, from: number, to: number): TableBin[] {
  const bins: TableBin[] = []
  const reader = createMrtReader(table)
  let at = 0
  for (let bin = from; bin < to; bin += 1) {
    const end = START + (bin + 1) * 300
    const first = at
    while (at < bytes.length && bytes.readUInt32BE(at) < end) at += 12 + bytes.readUInt32BE(at + 8)
    if (bytes.readUInt32BE(first) < START + bin * 300) throw new Error(`a record before bin ${bin}`)
    reader.push(bytes.subarray(first, at))
    bins.push(table.closeBin(START + bin * 300))
  }
  reader.end()
  expect(reader.counts.broken).toBe(0)
  return bins
}

function countsOf(bin: TableBin, entity: string): Expected {
  const row = (bin.entities as readonly string[]).indexOf(entity)
  const of = (column: Float64Array): number => (row === -1 ? Number.NaN : column[row]!)
  return {
    slash24s: of(bin.slash24s),
    slash48s: of(bin.slash48s),
    prefixes4: of(bin.prefixes4),
    prefixes6: of(bin.prefixes6),
    updates4: of(bin.updates4),
    updates6: of(bin.updates6),
    withdrawals4: of(bin.withdrawals4),
    withdrawals6: of(bin.withdrawals6),
  }
}

/** Means are sums of shares: they may differ by rounding, and by nothing else. */
function rounded(counts: Expected): Expected {
  return Object.fromEntries(
    Object.entries(counts).map(([name, value]: [string, number]) => [name, Math.round(value * 1e9) / 1e9]),
  ) as unknown as Expected
}

function checkBins(bins: readonly TableBin[], witness: Witness, from: number): void {
  const name = (n: number): string => `bin ${n}: ${STEPS[n]!.name}`
  const voters = bins.map(({ voting4, voting6 }, n) => [name(from + n), voting4, voting6])
  expect(voters).toEqual(
    bins.map((_, n) => [name(from + n), votersAt(witness, from + n).length, votersAt(witness, from + n).length]),
  )
  for (const [entity, who] of ENTITIES) {
    const expected = expectedCounts(who, witness).slice(from)
    expect(bins.map((bin, n) => [name(from + n), entity, rounded(countsOf(bin, entity))])).toEqual(
      expected.map((counts, n) => [name(from + n), entity, rounded(counts)]),
    )
  }
}

/** What is visible by a dumped table is what was visible at the end of the last bin. */
function checkTable(dump: Buffer): void {
  const table = makeTable()
  const reader = createMrtReader(table)
  reader.push(dump)
  reader.end()
  expect(reader.counts.broken).toBe(0)
  const bin = table.closeBin(START + (STEPS.length - 1) * 300)
  expect([bin.voting4, bin.voting6]).toEqual([5, 5])
  for (const [entity, who] of ENTITIES) {
    const { slash24s, slash48s, prefixes4, prefixes6 } = expectedCounts(who, WITNESSES.birdWithStates).at(-1)!
    expect([entity, countsOf(bin, entity)]).toMatchObject([entity, { slash24s, slash48s, prefixes4, prefixes6 }])
  }
}

/** The claims of the script in plain words, of the country's IPv4 and IPv6 blocks. */
function checkClaims(bins: readonly TableBin[]): void {
  const blocks = bins.map((bin) => {
    const { slash24s, slash48s } = countsOf(bin, 'country:KZ')
    return [slash24s, slash48s]
  })
  const whole = [276, 3072]
  // Sessions of C and D end and come back: no outage.
  expect(blocks.slice(1, 7)).toEqual(Array.from({ length: 6 }, () => whole))
  // Withdrawn by all but E, who keeps it: gone within the bin, and dark until it returns.
  expect(blocks.slice(7, 10)).toEqual([[0, 0], [0, 0], whole])
}

function needs(program: string, debianPackage: string): readonly [typeof describe | typeof describe.skip, string] {
  return findProgram(program) === null ? [describe.skip, ` [needs the package ${debianPackage}]`] : [describe, '']
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-daemons-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const [describeBird, missingBird] = needs('bird', 'bird2')
const [describeGobgp, missingGobgp] = needs('gobgpd', 'gobgpd')

describeBird.each([
  ['state changes', 'birdWithStates', true],
  ['no state changes', 'birdWithoutStates', false],
] as const)(`BIRD on loopback, with %s in its archive${missingBird}`, (_, witness, states) => {
  let recorded: Recorded
  /** Dumped between two bins. */
  let between: Buffer
  const CUT = 7

  beforeAll(async () => {
    const bird = await startBird({ folder: join(folder, witness), peers: SESSIONS, states })
    const lab = makeLab(bird, START)
    try {
      await lab.act(0, CUT)
      const file = join(folder, `${witness}.table`)
      await bird.dumpTables(file)
      between = await readFile(file)
      retimeRib(between, START + CUT * 300 - 1, START)
      await lab.act(CUT, STEPS.length)
      await bird.dumpTables(file)
      const table = await readFile(file)
      retimeRib(table, START + STEPS.length * 300 - 1, START)
      await bird.stop()
      recorded = { updates: retime(await readFile(bird.updatesFile), lab.timetables).bytes, table }
    } finally {
      await bird.stop()
      await lab.end()
    }
  })

  it('is counted as it was announced, at every bin', () => {
    checkBins(countBins(makeTable(), recorded.updates, 0, STEPS.length), WITNESSES[witness], 0)
  })

  it('takes no session that dies for an outage, and a withdrawn country for one although a peer keeps it', () => {
    checkClaims(countBins(makeTable(), recorded.updates, 0, STEPS.length))
  })

  it('is counted alike from a RIB in between and the updates since', () => {
    const table = makeTable()
    const reader = createMrtReader(table)
    reader.push(between)
    reader.end()
    let at = 0
    while (recorded.updates.readUInt32BE(at) < START + CUT * 300) at += 12 + recorded.updates.readUInt32BE(at + 8)
    checkBins(countBins(table, recorded.updates.subarray(at), CUT, STEPS.length), WITNESSES[witness], CUT)
  })

  it('dumps a table in which the same is visible', () => {
    checkTable(recorded.table)
  })
})

describeGobgp(`GoBGP on loopback${missingGobgp}`, () => {
  let recorded: Recorded

  beforeAll(async () => {
    const gobgp = await startGobgp(join(folder, 'gobgp'), SESSIONS)
    const lab = makeLab(gobgp, START)
    try {
      await lab.act(0, STEPS.length)
      const table = await until('the table of a minute', 90_000, async () => {
        const bytes = existsSync(gobgp.tableFile) ? await readFile(gobgp.tableFile) : Buffer.alloc(0)
        return isWhole(bytes) ? bytes : null
      })
      retimeRib(table, START + STEPS.length * 300 - 1, START)
      recorded = { updates: retime(await readFile(gobgp.updatesFile), lab.timetables).bytes, table }
    } finally {
      await gobgp.stop()
      await lab.end()
    }
  })

  it('is counted as it was announced, at every bin, without a word of sessions', () => {
    checkBins(countBins(makeTable(), recorded.updates, 0, STEPS.length), WITNESSES.gobgp, 0)
  })

  it('takes no session that dies for an outage, and a withdrawn country for one although a peer keeps it', () => {
    checkClaims(countBins(makeTable(), recorded.updates, 0, STEPS.length))
  })

  it('dumps a table in which the same is visible', () => {
    checkTable(recorded.table)
  })
})

/** All prefixes that stand at the end are in the dump, and its last record is whole. */
function isWhole(bytes: Buffer): boolean {
  const wanted = new Set<number>()
  let at = 0
  let prefixes = 0
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at + 8)
    if (end > bytes.length) return false
    if (bytes.readUInt16BE(at + 6) !== 1) prefixes += 1
    wanted.add(at)
    at = end
  }
  // Beeline's stands with two peers, Kcell's block with none.
  return prefixes === Object.keys(KAZAKHSTAN).length - 1 + 900
}
