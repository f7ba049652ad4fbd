import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { writeNetdata, writeRibs, writeUpdates } from './archive-layout.ts'
import { startBird, until, type Bird } from './daemons.ts'
import { encodeEndOfRib } from './encode.ts'
import { makePeerTable, type PeerTable } from './peer-table.ts'
import { makeSeconds, retime, type Seconds } from './retime.ts'
import { hasPrefix, makeNoise, planDarkness, planFlaps, type Noise, type PeerEvent, type Scenario } from './scenario.ts'
import { openSpeaker, type Speaker } from './speaker.ts'
import { binsOfDarkness, countCountry, type Truth } from './truth.ts'
import { makeWorld } from './world.ts'

/**
 * An archive in the layout of RIS that a real daemon wrote: BIRD as collector, fed over BGP sessions on loopback by
 * peers of ours; 36 hours of an invented world in which Kazakhstan goes dark on the second morning and returns. Its
 * records carry planned times, see retime.ts. The same seed sends the same messages.
 */
export const SIZES = {
  big: { prefixes4: 560_000, prefixes6: 160_000, origins: 60_000, fullPeers: 6, noise: 1_150_000 },
  small: { prefixes4: 12_000, prefixes6: 3500, origins: 2500, fullPeers: 4, noise: 40_000 },
} as const

export type SizeName = keyof typeof SIZES

/** What is in the folder of an archive; paths are absolute. */
export interface Archive {
  readonly folder: string
  /** `rrc99/2024.03/…`, for `bgp replay --folder`. */
  readonly archive: string
  /** RIR delegated-extended statistics of this world, as `tocsin netdata update` keeps them. */
  readonly netdata: string
  /** One whole RIB, and all updates of the 36 hours, each raw and as .gz. */
  readonly rib: string
  readonly ribGz: string
  readonly updates: string
  readonly updatesGz: string
  readonly truth: Truth
}

const VERSION = 3
const BIN = 300
const HOURS = 36
const ROOT = resolve(import.meta.dirname, '../..')
/** Outside of git; TOCSIN_BENCH_CACHE names another folder. */
export const CACHE = process.env.TOCSIN_BENCH_CACHE ?? join(ROOT, 'node_modules/.cache/tocsin-bench')

/** The archive of that size; made when it is not there. @param seed the same one, the same archive. */
export async function ensureArchive(size: SizeName, seed: number, tell: (line: string) => void): Promise<Archive> {
  const folder = join(CACHE, `bgp-${size}-${seed}`)
  const kept = await readTruth(folder)
  if (kept !== null) return archiveIn(folder, kept)
  const making = `${folder}.${process.pid}`
  await rm(making, { recursive: true, force: true })
  try {
    const truth = await generate(size, seed, making, tell)
    await rm(folder, { recursive: true, force: true })
    await mkdir(dirname(folder), { recursive: true })
    await rename(making, folder)
    return archiveIn(folder, truth)
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

async function readTruth(folder: string): Promise<Truth | null> {
  const file = join(folder, 'truth.json')
  if (!existsSync(file)) return null
  const truth = JSON.parse(await readFile(file, 'utf8')) as Truth
  return truth.version === VERSION ? truth : null
}

function archiveIn(folder: string, truth: Truth): Archive {
  const of = (name: string): string => join(folder, name)
  return {
    folder,
    archive: of('archive'),
    netdata: of('netdata'),
    rib: of('rib.mrt'),
    ribGz: of('rib.mrt.gz'),
    updates: of('updates.mrt'),
    updatesGz: of('updates.mrt.gz'),
    truth,
  }
}

interface Peer {
  readonly asn: number
  readonly address: string
  readonly number: number
  readonly table: PeerTable
  readonly noise: Noise
  /** Of all of the plan, in order. */
  readonly planned: readonly PeerEvent[]
  readonly updates: Seconds
  readonly ups: number[]
  readonly downs: number[]
  readonly reset: { readonly bin: number; readonly how: 'cease' | 'abort' } | null
  speaker: Speaker | null
  /** Of `planned`. */
  next: number
}

async function generate(size: SizeName, seed: number, folder: string, tell: (line: string) => void): Promise<Truth> {
  const began = performance.now()
  const { fullPeers, noise, ...worldSize } = SIZES[size]
  const world = makeWorld({ seed, ...worldSize })
  const start = Date.UTC(2024, 2, 11) / 1000
  const bins = (HOURS * 3600) / BIN
  const darkAt = start + 30 * 3600 + 60
  const lightAt = start + 33.5 * 3600 + 30
  const scenario: Scenario = { seed, start, bins, fullPeers, noise, darkAt, lightAt }
  const darkness = planDarkness(world, scenario)
  const flaps = planFlaps(world, scenario)
  const peers = Array.from({ length: fullPeers + 1 }, (_, n): Peer => {
    // Of documentation (RFC 5398).
    const asn = 64_497 + n
    const planned = [...(darkness.events[n] ?? []), ...(flaps[n] ?? [])].sort((a, b) => a.at - b.at)
    const reset =
      n === 2
        ? ({ bin: 15 * 12, how: 'cease' } as const)
        : n === 1
          ? ({ bin: 20 * 12 + 3, how: 'abort' } as const)
          : null
    return {
      asn,
      address: `127.0.1.${n + 1}`,
      number: n + 1,
      table: makePeerTable(world, asn, n + 1),
      noise: makeNoise(world, scenario, n),
      planned,
      updates: makeSeconds(),
      ups: [],
      downs: [],
      reset,
      speaker: null,
      next: 0,
    }
  })
  tell(`${world.prefixes.count} prefixes of ${world.origins.length} AS, ${peers.length} peers`)

  await mkdir(join(folder, 'daemon'), { recursive: true })
  const bird = await startBird({ folder: join(folder, 'daemon'), peers, states: true })
  const resets: Truth['resets'][number][] = []
  try {
    const ribs: { readonly at: number; readonly file: string }[] = []
    async function dump(at: number): Promise<void> {
      await Promise.all(peers.map((peer) => taken(bird, peer)))
      const file = join(folder, `rib-${ribs.length}`)
      await bird.dumpTables(file)
      ribs.push({ at, file })
      tell(`RIB of ${new Date(at * 1000).toISOString()} is dumped`)
    }
    await Promise.all(
      peers.map(async (peer) => {
        for (let prefix = 0; prefix < world.prefixes.count; prefix += 1) {
          if (hasPrefix(world, scenario, peer.number - 1, prefix)) peer.table.hold(prefix)
        }
        await comeUp(bird, peer, start - 3600, 1800)
      }),
    )
    tell('all tables are announced')
    await dump(start)
    for (const [from, to] of [
      [0, 24 * 12],
      [24 * 12, bins],
    ] as const) {
      await Promise.all(peers.map((peer) => live(bird, peer, scenario, from, to, resets)))
      tell(`updates until ${new Date((start + to * BIN) * 1000).toISOString()} are sent`)
      if (to < bins) await dump(start + to * BIN)
    }
    await Promise.all(peers.map((peer) => taken(bird, peer)))
    await bird.stop()
    await Promise.all(peers.map(async (peer) => peer.speaker?.abort()))

    const retimed = retime(await readFile(bird.updatesFile), peers)
    tell(`${retimed.updates} UPDATEs are recorded`)
    const { updateMessages, updateBytes } = await writeUpdates(folder, retimed, start, bins)
    const { entries, bytes } = await writeRibs(folder, ribs)
    await writeNetdata(folder, world)
    await rm(join(folder, 'daemon'), { recursive: true })
    const truth: Truth = {
      version: VERSION,
      seed,
      size,
      peers: peers.length,
      fullPeers,
      prefixes: world.prefixes.count,
      ribEntries: entries,
      ribBytes: bytes,
      updateMessages,
      updateBytes,
      start,
      until: start + bins * BIN,
      darkAt,
      lightAt,
      country: countCountry(world),
      bins: binsOfDarkness(world, scenario, darkness),
      departures: darkness.departures,
      resets,
      tookSeconds: Math.round((performance.now() - began) / 1000),
    }
    await writeFile(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`)
    return truth
  } finally {
    await bird.stop()
    await Promise.all(peers.map(async (peer) => peer.speaker?.abort()))
  }
}

/** Opens the session and announces the whole table, from `at` on within `spreadSeconds`. */
async function comeUp(bird: Bird, peer: Peer, at: number, spreadSeconds: number): Promise<void> {
  // BIRD lets a session rest for a second after its end, and turns callers away meanwhile.
  const speaker = await until(`session of ${peer.address}`, 30_000, () =>
    openSpeaker({ ...peer, host: bird.host, port: bird.port, holdSeconds: 240, patienceMs: 10_000 }).catch(() => null),
  )
  peer.speaker = speaker
  peer.ups.push(at)
  peer.table.restart()
  let waiting: Uint8Array[] = []
  for (const { messages, done } of peer.table.whole()) {
    for (const message of messages) {
      peer.updates.push(at + 5 + Math.floor(done * spreadSeconds))
      waiting.push(message)
    }
    if (waiting.length < 512) continue
    await speaker.send(waiting)
    waiting = []
  }
  await speaker.send([...waiting, encodeEndOfRib(4), encodeEndOfRib(6)])
}

/** Waits until BIRD has taken in all that the session's messages said. */
async function taken(bird: Bird, peer: Peer): Promise<void> {
  const { table, number, address } = peer
  await until(`BIRD to take in what ${address} sends`, 300_000, async () => {
    const said = await bird.ask(`show protocols all peer${number - 1}`)
    const sum = (name: string): number =>
      [...said.matchAll(new RegExp(`${name}: +(\\d+)`, 'g'))].reduce((all, [, count]) => all + Number(count), 0)
    const isAll = sum('Import updates') === table.told.announced && sum('Import withdraws') === table.told.withdrawn
    return isAll ? true : null
  })
}

async function live(
  bird: Bird,
  peer: Peer,
  scenario: Scenario,
  from: number,
  to: number,
  resets: Truth['resets'][number][],
): Promise<void> {
  const { table } = peer
  let waiting: Uint8Array[] = []
  for (let bin = from; bin < to; bin += 1) {
    const begins = scenario.start + bin * BIN
    const events = [...peer.noise.bin(bin, table)]
    while (peer.planned[peer.next] !== undefined && peer.planned[peer.next]!.at < begins + BIN) {
      events.push(peer.planned[peer.next++]!)
    }
    events.sort((a, b) => a.at - b.at)
    const isReset = peer.reset?.bin === bin
    if (isReset) {
      await peer.speaker!.send(waiting)
      waiting = []
      await taken(bird, peer)
      await peer.speaker![peer.reset.how]()
      peer.downs.push(begins + 10)
    }
    for (const { at, kind, prefixes, variant } of events) {
      const messages = kind === 'announce' ? table.announce(prefixes, variant) : table.withdraw(prefixes)
      // What happens while the session is down is in the table that it comes back with.
      if (isReset) continue
      for (const message of messages) {
        peer.updates.push(at)
        waiting.push(message)
      }
    }
    if (isReset) {
      const up = begins + 120
      await comeUp(bird, peer, up, 150)
      resets.push({ peer: peer.address, asn: peer.asn, down: begins + 10, up, how: peer.reset.how })
    }
    if (waiting.length < 256) continue
    await peer.speaker!.send(waiting)
    waiting = []
  }
  await peer.speaker!.send(waiting)
}
