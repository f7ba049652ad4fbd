import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { findProgram } from '../../test/find-program.ts'

/**
 * Real BGP daemons of Debian on loopback, as collectors: BIRD 2 (`bird2`) and GoBGP (`gobgpd`). They run as whoever
 * starts them, on free ports, touch no kernel table, and write MRT into a folder of ours.
 */
export interface CollectorPeer {
  readonly asn: number
  /** 127.x.y.z */
  readonly address: string
}

export interface Collector {
  readonly program: 'bird' | 'gobgpd'
  readonly host: string
  readonly port: number
  /** BGP4MP records of what came in, growing as it comes. */
  readonly updatesFile: string
  /** Ends the daemon; what it has written is on disk when this resolves. */
  stop(): Promise<void>
}

export interface Bird extends Collector {
  /** Writes TABLE_DUMP_V2 of all tables as they are now. */
  dumpTables(file: string): Promise<void>
  /** Answer of the control socket, without its codes. */
  ask(command: string): Promise<string>
}

export interface Gobgp extends Collector {
  /** Written anew every minute: GoBGP takes no shorter interval. */
  readonly tableFile: string
}

/** Asks again and again until there is an answer; no fixed wait. @throws when `patienceMs` are over. */
export async function until<T>(what: string, patienceMs: number, ask: () => Promise<T | null>): Promise<T> {
  const end = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > end) throw new Error(`${what}: not after ${patienceMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const HOST = '127.0.0.1'
/** Of documentation (RFC 5398): the collector's own AS. */
const COLLECTOR_AS = 64_496

interface Running {
  readonly child: ChildProcess
  said(): Promise<string>
  stop(): Promise<void>
}

/**
 * Runs a daemon that does not outlive us, however we end: it is told to end when the pipe from us closes, which the
 * kernel does for the dead.
 */
const LEASH = '"$@" 3<&- & daemon=$!; { read -r _ <&3; kill -TERM $daemon; } 2>/dev/null & wait $daemon'

async function run(program: string, args: readonly string[], folder: string): Promise<Running> {
  const path = findProgram(program)
  if (path === null) throw new Error(`${program} is not installed`)
  const log = join(folder, 'out')
  const file = await open(log, 'a')
  const command = ['-c', LEASH, 'sh', path, ...args]
  const child = spawn('/bin/sh', command, { cwd: folder, stdio: ['ignore', file.fd, file.fd, 'pipe'] })
  const exited = once(child, 'exit')
  exited.catch(() => {})
  const leash = child.stdio[3] as Writable
  leash.on('error', () => {})
  await once(child, 'spawn')
  await file.close()
  return {
    child,
    said: () => readFile(log, 'utf8'),
    async stop() {
      leash.end()
      await exited
    },
  }
}

async function ready(running: Running, what: string, isReady: () => Promise<boolean>): Promise<void> {
  try {
    await until(what, 20_000, async () => {
      if (running.child.exitCode !== null) throw new Error(`${what}: it ended with ${running.child.exitCode}`)
      return (await isReady()) ? true : null
    })
  } catch (error) {
    await running.stop()
    throw new Error(`${(error as Error).message}\n${await running.said()}`, { cause: error })
  }
}

export interface BirdOptions {
  readonly folder: string
  readonly peers: readonly CollectorPeer[]
  /** Whether changes of session state are written into the updates, as some collectors do and some do not. */
  readonly states: boolean
}

export async function startBird({ folder, peers, states }: BirdOptions): Promise<Bird> {
  await mkdir(folder, { recursive: true })
  const port = await freePort(HOST)
  const updatesFile = join(folder, 'updates.mrt')
  // A socket's path has at most 107 bytes.
  const socket = join(folder, 'ctl')
  const config = join(folder, 'bird.conf')
  await writeFile(
    config,
    `log "${join(folder, 'bird.log')}" all;
router id ${HOST};
mrtdump "${updatesFile}";
mrtdump protocols { ${states ? 'states, messages' : 'messages'} };
protocol device { scan time 3600; }
template bgp collected {
  local ${HOST} port ${port} as ${COLLECTOR_AS};
  multihop; passive; strict bind on; hold time 240; graceful restart off; connect delay time 1; error wait time 1, 2;
  ipv4 { import all; export none; };
  ipv6 { import all; export none; };
}
${peers.map(({ asn, address }, n) => `protocol bgp peer${n} from collected { neighbor ${address} as ${asn}; }`).join('\n')}
`,
  )
  const running = await run('bird', ['-f', '-c', config, '-s', socket, '-P', join(folder, 'pid')], folder)
  await ready(running, 'bird', async () => existsSync(socket) && (await askBird(socket, 'show status')).includes('up'))
  return {
    program: 'bird',
    host: HOST,
    port,
    updatesFile,
    ask: (command) => askBird(socket, command),
    async dumpTables(file) {
      await rm(file, { force: true })
      const answer = await askBird(socket, `mrt dump table "*" to "${file}"`)
      if (!existsSync(file)) throw new Error(`bird wrote no ${file}: ${answer}`)
    },
    stop: () => running.stop(),
  }
}

/** The protocol of `birdc`: lines with a code of four digits; a code followed by a space ends the answer. */
async function askBird(socket: string, command: string): Promise<string> {
  const client = connect(socket)
  try {
    await once(client, 'connect')
    client.setEncoding('utf8')
    let text = ''
    let asked = false
    for await (const chunk of client) {
      text += String(chunk)
      const end = /^(\d{4}) .*\n$/m.exec(text.slice(text.lastIndexOf('\n', text.length - 2) + 1))
      if (end === null) continue
      if (!asked) {
        asked = true
        text = ''
        client.write(`${command}\n`)
        continue
      }
      if (/^[89]/.test(end[1]!)) throw new Error(`bird refuses '${command}': ${text.trim()}`)
      return text.replaceAll(/^(\d{4}[ -]| )/gm, '').trim()
    }
    throw new Error(`bird closed its control socket before it answered '${command}'`)
  } finally {
    client.destroy()
  }
}

export async function startGobgp(folder: string, peers: readonly CollectorPeer[]): Promise<Gobgp> {
  await mkdir(folder, { recursive: true })
  const port = await freePort(HOST)
  const api = await freePort(HOST)
  // GoBGP reads names of files as layouts of Go's time: every digit in a folder's name could become a date.
  const updates = 'updates.mrt'
  const table = 'table.mrt'
  const config = join(folder, 'gobgpd.toml')
  const neighbor = ({ asn, address }: CollectorPeer): string => `
[[neighbors]]
  [neighbors.config]
    neighbor-address = "${address}"
    peer-as = ${asn}
  [neighbors.transport.config]
    passive-mode = true
    local-address = "${HOST}"
  [neighbors.ebgp-multihop.config]
    enabled = true
    multihop-ttl = 8
  [neighbors.timers.config]
    hold-time = 240
    idle-hold-time-after-reset = 1
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv6-unicast"
`
  await writeFile(
    config,
    `[global.config]
  as = ${COLLECTOR_AS}
  router-id = "${HOST}"
  port = ${port}
  local-address-list = ["${HOST}"]
[global.apply-policy.config]
  default-import-policy = "accept-route"
  default-export-policy = "reject-route"
${peers.map(neighbor).join('')}
[[mrt-dump]]
  [mrt-dump.config]
    dump-type = "updates"
    file-name = "${updates}"
[[mrt-dump]]
  [mrt-dump.config]
    dump-type = "table"
    file-name = "${table}"
    dump-interval = 60
`,
  )
  const args = ['-f', config, '--api-hosts', `${HOST}:${api}`, '--log-plain', '--log-level', 'info']
  const running = await run('gobgpd', args, folder)
  const updatesFile = join(folder, updates)
  const tableFile = join(folder, table)
  await ready(running, 'gobgpd', async () => {
    const said = await running.said()
    return peers.every(({ address }) => said.includes(address)) && existsSync(updatesFile)
  })
  return { program: 'gobgpd', host: HOST, port, updatesFile, tableFile, stop: () => running.stop() }
}
