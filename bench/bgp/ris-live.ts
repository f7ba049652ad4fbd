import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { WebSocketServer, type WebSocket } from 'ws'
import { createBacklog } from '../../src/collect/bgp/ris-live/backlog.ts'
import { createMessageReader } from '../../src/collect/bgp/ris-live/read-message.ts'
import { openWebSocket } from '../../src/collect/bgp/ris-live/web-socket.ts'
import { noNetworks } from '../../src/collect/bgp/table/no-networks.ts'
import { createRouteTable } from '../../src/collect/bgp/table/route-table.ts'
import { thisMachine } from '../machine.ts'

/**
 * RIS Live on one core: messages a second from the text of a message to the table with its bins closed, and the same through
 * a WebSocket on loopback, whose server runs on the same core and only sends what was made before.
 *
 * The messages are made: shapes as RIS Live sends them (with the message as it was on the wire), 300 sessions of 200 peer
 * ASes at 20 collectors, prefixes and paths drawn so that few change much and most seldom, one in six a withdrawal, one in
 * six of IPv6, one to six prefixes a message. 20,000 messages a second of their time. The first third fills the table and is
 * not counted.
 */
const { values: flags } = parseArgs({
  options: { messages: { type: 'string', default: '600000' }, prefixes: { type: 'string', default: '200000' } },
})
const count = Number(flags.messages)
const prefixCount = Number(flags.prefixes)
if (!(count >= 1000) || !(prefixCount >= 1000))
  throw new RangeError('--messages and --prefixes take whole numbers from 1000')

const TARGET = 50_000
const START = 1_700_092_800
const A_SECOND = 20_000
const DISORDER_SECONDS = 5

let seed = 20_260_108
const random = (): number => {
  seed = (seed + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}
const below = (most: number): number => Math.floor(random() * most)
/** Small numbers far more often than large ones. */
const skewed = (most: number): number => Math.floor(most * random() ** 3)

const sessions = Array.from({ length: 300 }, (_, i) => ({
  peer:
    i % 6 === 0
      ? `2001:7f8:${(i + 16).toString(16)}::${(i + 1).toString(16)}:1`
      : `195.66.${224 + (i >> 8)}.${i & 255}`,
  asn: 2000 + (i % 200) * 7,
  host: `rrc${String(i % 20).padStart(2, '0')}`,
}))

const prefixOf = (n: number, isSix: boolean): string =>
  isSix
    ? `2a0${n % 8}:${(n >>> 3).toString(16)}::/${n % 3 === 0 ? 32 : 48}`
    : `${20 + (n >>> 14)}.${(n >>> 6) & 255}.${(n << 2) & 255}.0/${n % 3 === 0 ? 22 : 24}`

function makeMessages(): Buffer[] {
  const made: Buffer[] = []
  for (let i = 0; i < count; i++) {
    const { peer, asn, host } = sessions[below(sessions.length)]!
    const isSix = random() < 1 / 6
    const most = isSix ? prefixCount >> 2 : prefixCount
    const first = skewed(most)
    const prefixes = Array.from({ length: 1 + skewed(6) }, (_, k) => prefixOf((first + k) % most, isSix))
    const timestamp = START + Math.floor((i * 100) / A_SECOND) / 100
    const raw = 'FF'.repeat(16) + '005B02'.padEnd(150, '0A')
    const common = {
      timestamp,
      peer,
      peer_asn: String(asn),
      id: `${peer}-${timestamp}-${i}`,
      raw,
      host,
      type: 'UPDATE',
    }
    const path = [
      asn,
      3356 + below(40),
      ...Array.from({ length: 1 + below(4) }, () => 10_000 + below(60_000)),
      30_000 + (first % 70_000),
    ]
    const community = Array.from({ length: below(6) }, () => [asn, below(65_535)])
    const data =
      random() < 1 / 6
        ? { ...common, withdrawals: prefixes }
        : { ...common, path, community, origin: 'igp', announcements: [{ next_hop: peer, prefixes }] }
    made.push(Buffer.from(JSON.stringify({ type: 'ris_message', data })))
  }
  return made
}

/** Takes messages as the source does. */
function createTaker(): { take(message: Buffer): void; end(): void; readonly closed: number } {
  const table = createRouteTable({ networks: noNetworks, leastPeers: 2, ases: 'all' })
  const reader = createMessageReader((collector) => table.collector(collector))
  const backlog = createBacklog(reader.peer)
  let newest = 0
  let drained = START
  let bin = START
  let closed = 0
  const advance = (until: number): void => {
    for (; bin + 300 <= until; bin += 300) {
      backlog.drain(bin + 300, reader.bySession)
      table.closeBin(bin)
      closed += 1
    }
    backlog.drain(until, reader.bySession)
    drained = until
  }
  return {
    take(message) {
      backlog.begin()
      const fault = reader.read(message, backlog.sink)
      if (fault !== null) throw new Error(`a message of ours cannot be read: ${fault}: ${message.toString('utf8')}`)
      newest = Math.max(newest, backlog.commit(Infinity) ?? 0)
      if (newest - DISORDER_SECONDS >= drained + 1) advance(newest - DISORDER_SECONDS)
    },
    end() {
      advance(bin + 300)
    },
    get closed() {
      return closed
    },
  }
}

interface Measured {
  readonly name: string
  /** Of processor time, of all threads of the process: what else runs on the machine does not count. */
  readonly messagesPerSecond: number
  /** Of time on the wall. */
  readonly messagesPerWallSecond: number
  readonly ofTarget: number
}

/** Starts both clocks. @returns what has passed on them, in seconds. */
function watch(): () => { readonly cpu: number; readonly wall: number } {
  const wall = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { cpu: (user + system) / 1e6, wall: Number(process.hrtime.bigint() - wall) / 1e9 }
  }
}

function rate(name: string, count: number, { cpu, wall }: { readonly cpu: number; readonly wall: number }): Measured {
  const messagesPerSecond = Math.round(count / cpu)
  const ofTarget = Math.round((messagesPerSecond / TARGET) * 100) / 100
  return { name, messagesPerSecond, messagesPerWallSecond: Math.round(count / wall), ofTarget }
}

function textToTable(messages: readonly Buffer[]): Measured {
  const taker = createTaker()
  const first = Math.floor(messages.length / 3)
  for (let i = 0; i < first; i++) taker.take(messages[i]!)
  const passed = watch()
  for (let i = first; i < messages.length; i++) taker.take(messages[i]!)
  taker.end()
  return rate('text to table, bins closed', messages.length - first, passed())
}

function parseAlone(messages: readonly Buffer[]): Measured {
  let sum = 0
  const passed = watch()
  for (const message of messages)
    sum += (JSON.parse(message.toString('latin1')) as { readonly type: string }).type.length
  const time = passed()
  if (sum !== messages.length * 'ris_message'.length) throw new Error('not all messages are of RIS Live')
  return rate('JSON.parse alone', messages.length, time)
}

async function throughSocket(messages: readonly Buffer[]): Promise<Measured> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.on('listening', resolve))
  const { port } = server.address() as { readonly port: number }
  const taker = createTaker()
  let taken = 0
  const first = Math.floor(messages.length / 3)
  let passed = watch()
  server.on('connection', (socket: WebSocket) => {
    let next = 0
    const feed = (): void => {
      const end = Math.min(messages.length, next + 500)
      for (; next < end; next++) socket.send(messages[next]!, { binary: false })
      if (next < messages.length) socket.send('{"type":"pong"}', () => setImmediate(feed))
    }
    feed()
  })
  await new Promise<void>((resolve, reject) => {
    const socket = openWebSocket(
      `ws://127.0.0.1:${port}/`,
      {},
      {
        opened: () => {},
        alive: () => {},
        message(data) {
          if (data.length < 20) return
          taker.take(data)
          taken += 1
          if (taken === first) passed = watch()
          if (taken === messages.length) resolve()
        },
        ended: ({ reason }) => reject(new Error(reason)),
      },
    )
    void socket
  })
  taker.end()
  const time = passed()
  for (const client of server.clients) client.terminate()
  server.close()
  return rate('through a WebSocket, sender on the same core', messages.length - first, time)
}

const messages = makeMessages()
const bytes = messages.reduce((sum, { length }) => sum + length, 0)
const runs: Measured[][] = []
for (let run = 0; run < 3; run++) {
  runs.push([parseAlone(messages), textToTable(messages), await throughSocket(messages)])
}
const medians = (runs[0] ?? []).map((_, i) => {
  const sorted = runs.map((each) => each[i]!).sort((a, b) => a.messagesPerSecond - b.messagesPerSecond)
  return sorted[1]!
})
const report = {
  machine: thisMachine(),
  load: loadavg().map((each) => Math.round(each * 100) / 100),
  messages: messages.length,
  meanBytes: Math.round(bytes / messages.length),
  target: TARGET,
  measured: medians,
}
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
process.exitCode = medians.slice(1).every(({ ofTarget }) => ofTarget >= 1) ? 0 : 1
