import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { WebSocketServer, type WebSocket } from 'ws'
import { MINUTE } from '../../../model/time.ts'
import type { SimulatedClock } from '../../clock.testing.ts'
import { dateInName, monthFolder, readArchiveName } from '../archive/names.ts'
import { createLinks, type Link, type Links } from './links.testing.ts'
import { jsonOf, type World, type WorldMessage } from './world.testing.ts'
import type { OpenStream } from './stream-socket.ts'

/**
 * What can go wrong with RIS Live and its archive, each from when it is set until another is.
 *
 * Of both: `unreachable`, `hangs`, `refuses` (429 with `Retry-After`), `refuses-silently`, `errs` (500), `half-body` (broken
 * off inside a message or file), `no-json` (pages in HTML), `changed-field`, `empty`, `frozen` (nothing new comes; no file is new), `wrong-clock`
 * (four hours ahead). Of the stream alone: `silent`, `half-open` (connected, deaf and dumb), `stalls` (as silent; new connections
 * are accepted), `garbage` (much that cannot be read between the messages), `repeats` (each message twice, seconds apart),
 * `disorder` (messages up to 20 s late).
 */
export type RisFault = (typeof RIS_FAULTS)[number]

export const RIS_FAULTS = [
  'unreachable',
  'hangs',
  'refuses',
  'refuses-silently',
  'errs',
  'half-body',
  'no-json',
  'changed-field',
  'empty',
  'frozen',
  'wrong-clock',
  'silent',
  'half-open',
  'stalls',
  'garbage',
  'repeats',
  'disorder',
] as const

const AHEAD_SECONDS = 4 * 3600
const RETRY_AFTER_SECONDS = 600
/** From the end of a file's span to when it is there. */
const UPDATES_DELAY = 2 * MINUTE
const RIB_DELAY = 40 * MINUTE
/** From a message's second to when it is sent. */
const LATENCY = 1
const MOST_DISORDER = 20
const REPEAT_AFTER = 7

export interface RisServer {
  /** Of the archive; the stream is at the same host, `streamUrl`. */
  readonly url: string
  readonly streamUrl: string
  /** Real WebSockets, with time held while something is under way. */
  readonly openStream: OpenStream
  fault(kind: RisFault | null): void
  /** Cuts all connections of the stream now. */
  drop(): void
  /** Sends so many messages now that no collector ever heard. */
  flood(messages: number): void
  /** Sends text as it is. */
  say(text: string): void
  /** Files of updates that are not there until it is set to `false`. */
  holdUpdates(held: boolean): void
  readonly requests: readonly { readonly at: number; readonly path: string; readonly of: 'stream' | 'archive' }[]
  /** Requests to one of both, stream or archive. */
  mostAtOnce(): number
  connections(): number
  close(): Promise<void>
}

interface Client {
  readonly socket: WebSocket
  readonly link: Link
  readonly wanted: Set<string>
}

export async function createRisServer(clock: SimulatedClock, world: World): Promise<RisServer> {
  let fault: RisFault | null = null
  let faultSince = clock.now()
  let updatesHeldSince = Infinity
  const open = { stream: 0, archive: 0 }
  let mostAtOnce = 0
  const requests: { at: number; path: string; of: 'stream' | 'archive' }[] = []
  const clients = new Set<Client>()
  const links: Links = createLinks(clock)
  const sockets = new WebSocketServer({ noServer: true, autoPong: false })
  const stop = new AbortController()
  /** Of streams, also such as were never accepted. */
  const raw = new Set<Duplex>()

  const begin = (of: 'stream' | 'archive', path: string): void => {
    requests.push({ at: clock.now(), path, of })
    open[of] += 1
    mostAtOnce = Math.max(mostAtOnce, open[of])
  }

  /** Newest instant that the archive knows of. */
  const archiveNow = (): number =>
    fault === 'frozen' || fault === 'empty' ? Math.min(faultSince, clock.now()) : clock.now()

  const fileOf = (path: string): Uint8Array | null => {
    const [, collector = '', , file = ''] = path.split('/')
    const name = readArchiveName(file)
    if (name === null) return null
    if (name.kind === 'rib') {
      if (name.from % (8 * 3600) !== 0 || name.from + RIB_DELAY > archiveNow()) return null
      const rib = world.rib(collector, name.from)
      return rib.length === 0 ? null : rib
    }
    const there = Math.min(archiveNow(), updatesHeldSince)
    if (name.from % 300 !== 0 || name.from + 300 + UPDATES_DELAY > there) return null
    return world.updates(collector, name.from, name.from + 300)
  }

  const indexOf = (path: string): string | null => {
    const match = /^\/(rrc\d\d)\/(\d{4})\.(\d{2})\/$/.exec(path)
    if (match === null) return null
    const [, collector = '', year = '', month = ''] = match
    const from = Date.parse(`${year}-${month}-01T00:00:00Z`) / 1000
    const links: string[] = []
    for (let at = from; at < archiveNow() && monthFolder(at as never) === `${year}.${month}`; at += 300) {
      for (const name of [`bview.${dateInName(at as never)}.gz`, `updates.${dateInName(at as never)}.gz`]) {
        if (fileOf(`/${collector}/${year}.${month}/${name}`) !== null) links.push(`<a href="${name}">${name}</a>`)
      }
    }
    return `<html><body>${links.join('\n')}</body></html>`
  }

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    const date = new Date((clock.now() + (fault === 'wrong-clock' ? AHEAD_SECONDS : 0)) * 1000).toUTCString()
    const send = (status: number, body: Uint8Array | string, headers: Record<string, string> = {}): void => {
      const length = String(Buffer.byteLength(body))
      response.writeHead(status, { date, 'content-length': length, ...headers })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    switch (fault) {
      case 'unreachable':
        request.socket.destroy()
        return
      case 'hangs':
        clock.hang(request.headers)
        return
      case 'refuses':
        return send(429, '', { 'retry-after': String(RETRY_AFTER_SECONDS) })
      case 'refuses-silently':
        return send(429, '')
      case 'errs':
        return send(500, '<html>sorry</html>')
      case 'no-json':
        return send(200, '<html>maintenance</html>')
      default:
    }
    const index = indexOf(path)
    if (index !== null) return send(200, index, { 'content-type': 'text/html' })
    const raw = fileOf(path)
    if (raw === null) return send(404, 'not found')
    let packed: Uint8Array = gzipSync(fault === 'changed-field' ? changed(raw) : raw)
    const headers: Record<string, string> = { 'content-type': 'application/gzip', 'accept-ranges': 'bytes' }
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
    let status = 200
    if (range !== null && Number(range[1]) < packed.length) {
      const from = Number(range[1])
      headers['content-range'] = `bytes ${from}-${packed.length - 1}/${packed.length}`
      packed = packed.subarray(from)
      status = 206
    }
    if (fault !== 'half-body') return send(status, packed, headers)
    response.writeHead(status, { date, 'content-length': String(packed.length), ...headers })
    response.write(packed.subarray(0, Math.floor(packed.length / 2)), () => response.destroy())
  }

  const server = createServer((request, response) => {
    begin('archive', request.url ?? '/')
    response.on('close', () => (open.archive -= 1))
    answer(request, response)
  })
  server.keepAliveTimeout = 60_000

  const refusal = (socket: Duplex, status: string, headers = ''): void => {
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n${headers}\r\n`)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const link = links.of(request.headers)
    begin('stream', request.url ?? '/')
    socket.on('error', () => {})
    raw.add(socket)
    socket.on('close', () => raw.delete(socket))
    const done = (): void => void (open.stream -= 1)
    if (fault === 'hangs') {
      done()
      link.passTime()
      return
    }
    if (fault === 'unreachable') {
      done()
      socket.destroy()
      return
    }
    if (fault === 'refuses' || fault === 'refuses-silently' || fault === 'errs') {
      done()
      const after = fault === 'refuses' ? `retry-after: ${RETRY_AFTER_SECONDS}\r\n` : ''
      refusal(socket, fault === 'errs' ? '500 Sorry' : '429 Too Many Requests', after)
      return
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      done()
      accept(accepted, link)
    })
  })

  const accept = (socket: WebSocket, link: Link): void => {
    const client: Client = { socket, link, wanted: new Set() }
    clients.add(client)
    if (fault === 'half-open') deafen(client)
    socket.on('error', () => {})
    socket.on('close', () => clients.delete(client))
    socket.on('ping', (data: Buffer) => {
      link.arrivedUp()
      link.sentDown()
      socket.pong(data)
    })
    socket.on('message', (data: Buffer) => {
      const said = JSON.parse(data.toString('utf8')) as {
        readonly type: string
        readonly data: {
          readonly host: string
          readonly type: string
          readonly socketOptions?: { acknowledge?: boolean }
        }
      }
      link.arrivedUp()
      if (said.type !== 'ris_subscribe') return
      client.wanted.add(`${said.data.host}/${said.data.type}`)
      if (said.data.socketOptions?.acknowledge !== true) return
      const { socketOptions, ...subscription } = said.data
      send(client, JSON.stringify({ type: 'ris_subscribe_ok', data: { subscription, socketOptions } }))
    })
  }

  const deafen = (client: Client): void => {
    client.link.goDeaf()
    client.socket.pause()
  }

  const send = (client: Client, text: string): void => {
    if (client.socket.readyState !== client.socket.OPEN) return
    client.link.sentDown()
    client.socket.send(text)
  }

  const drop = (): void => {
    for (const client of clients) {
      client.link.dropped()
      client.socket.terminate()
    }
  }

  /** In a frame that says that more will come. */
  const breakOff = (): void => {
    for (const client of clients) {
      client.link.dropped()
      client.socket.send('{"type":"ris_message","data":{"times', { fin: false }, () => client.socket.terminate())
    }
  }

  const wantedBy = (client: Client, { peer, kind }: WorldMessage): boolean =>
    client.wanted.has(`${peer.collector}/${kind === 'state' ? 'RIS_PEER_STATE' : 'UPDATE'}`)

  /** A number in [0, 1) that depends on the message alone. */
  const chanceOf = ({ time, micros, peer }: WorldMessage): number =>
    ((((time * 7919 + micros * 31 + peer.asn * 104_729) % 1000) + 1000) % 1000) / 1000

  const deliver = (message: WorldMessage): void => {
    if (fault !== null && MUTE.includes(fault)) return
    const text = textOf(message)
    for (const client of clients) {
      if (!wantedBy(client, message)) continue
      if (fault === 'garbage') for (const each of GARBAGE) send(client, each)
      send(client, text)
    }
  }

  const textOf = (message: WorldMessage): string => {
    if (fault === 'no-json') return '<html>maintenance</html>'
    if (fault === 'changed-field') return jsonOf(message).replace('"timestamp"', '"time"')
    if (fault === 'wrong-clock') return jsonOf({ ...message, time: message.time + AHEAD_SECONDS })
    return jsonOf(message)
  }

  /** When a message is sent, whole seconds. The order of one session is kept, as TCP and the collector keep it. */
  const sentAt = (message: WorldMessage): number => {
    const lateness = fault === 'disorder' ? Math.floor(chanceOf({ ...message, micros: 0 }) * MOST_DISORDER) : 0
    return message.time + LATENCY + lateness
  }

  /** What waits to be sent: by second. */
  const queue = new Map<number, WorldMessage[]>()
  const put = (at: number, message: WorldMessage): void => {
    const list = queue.get(at)
    if (list === undefined) queue.set(at, [message])
    else list.push(message)
  }

  const speak = async (): Promise<void> => {
    let reached = clock.now() as number
    while (!stop.signal.aborted) {
      const now = clock.now()
      // A clock that was set, or slept: what lies between was said to nobody.
      if (now < reached - 60 || now > reached + 120) {
        reached = now
        queue.clear()
      }
      for (const message of world.between(reached, now)) {
        put(sentAt(message), message)
        if (fault === 'repeats') put(sentAt(message) + REPEAT_AFTER, message)
      }
      reached = Math.max(reached, now)
      const due = [...queue.keys()].filter((at) => at <= now).sort((a, b) => a - b)
      for (const at of due) {
        const messages = queue.get(at) ?? []
        queue.delete(at)
        for (const message of messages) deliver(message)
      }
      const [next] = world.between(reached, reached + 60)
      const times = [...queue.keys(), next === undefined ? now + 60 : next.time + 1]
      await clock.until(Math.max(now + 1, Math.min(...times)) as never, stop.signal)
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const speaking = speak()

  return {
    url: `http://127.0.0.1:${port}`,
    streamUrl: `ws://127.0.0.1:${port}/v1/ws/`,
    openStream: links.openStream,
    requests,
    drop,
    mostAtOnce: () => mostAtOnce,
    connections: () => clients.size,
    holdUpdates: (held) => (updatesHeldSince = held ? clock.now() : Infinity),
    fault(kind) {
      fault = kind
      faultSince = clock.now()
      if (kind === 'unreachable' || kind === 'refuses' || kind === 'refuses-silently' || kind === 'errs') drop()
      if (kind === 'half-body') breakOff()
      if (kind === 'half-open' || kind === 'hangs') for (const client of clients) deafen(client)
    },
    flood(count) {
      const [peer] = world.messages.map((each) => each.peer)
      if (peer === undefined) return
      for (let i = 0; i < count; i++) {
        const route = { prefix: `10.${(i >>> 8) & 255}.${i & 255}.0/24`, path: [peer.asn, 64_511] }
        const text = jsonOf({ time: clock.now(), micros: 0, peer, kind: 'announce', route })
        for (const client of clients) send(client, text)
      }
    },
    say(text) {
      for (const client of clients) send(client, text)
    },
    async close() {
      stop.abort()
      await speaking
      for (const socket of raw) socket.destroy()
      sockets.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

const MUTE: readonly RisFault[] = [
  'silent',
  'half-open',
  'stalls',
  'hangs',
  'empty',
  'frozen',
  'unreachable',
  'half-body',
]

/** Not JSON, JSON that is nothing, and messages with one thing wrong each. */
const GARBAGE: readonly string[] = [
  '<html>',
  '{"type":"ris_message","data":{"timest',
  '{"type":"ris_message","data":null}',
  '{"type":"ris_message","data":{"timestamp":"soon","peer":"192.0.2.1","peer_asn":"64501","host":"rrc00","type":"UPDATE","withdrawals":["2.72.0.0/13"]}}',
  '{"type":"ris_message","data":{"timestamp":1700092800.1,"peer":"192.0.2.1","peer_asn":"64501","host":"rrc00","type":"UPDATE","withdrawals":["2.72.0.0/64"]}}',
  '{"type":"ris_message","data":{"timestamp":1700092800.1,"peer":"nobody","peer_asn":"64501","host":"rrc00","type":"UPDATE","withdrawals":["2.72.0.0/13"]}}',
  '{"type":"ris_something","data":{}}',
]

/** An MRT archive of another kind: lengths that reach past the end of the file. */
function changed(raw: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(raw)
  if (copy.length >= 12) copy.fill(255, 8, 12)
  return copy
}
