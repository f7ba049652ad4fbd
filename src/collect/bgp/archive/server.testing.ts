import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { HOUR } from '../../../model/time.ts'
import type { SimulatedClock } from '../../clock.testing.ts'
import type { UpstreamFault } from '../../source.testing.ts'
import { record } from './mrt.testing.ts'
import { readArchiveName } from './names.ts'

/** What an archive of ours holds: uncompressed MRT of a file, by collector. */
export interface ArchiveContent {
  readonly rib: (collector: string, at: number) => Uint8Array
  /** Of the messages of `seconds` from `at` on; `shift` seconds are added to the time of each record. */
  readonly updates: (collector: string, at: number, seconds: number, shift: number) => Uint8Array
}

export interface ArchiveServer {
  readonly url: string
  /** From now on. */
  fault(kind: UpstreamFault | null): void
  /** Files whose address holds this are not there; `null` = all are. */
  hide(part: string | null): void
  readonly requests: readonly { readonly at: number; readonly path: string; readonly range: string | null }[]
  readonly bytes: () => number
  mostAtOnce(): number
  close(): Promise<void>
}

/** Seconds from the end of what a file speaks of to when it is there. */
const UPDATES_AFTER = 60
const RIB_AFTER = 1200
const CLOCK_OFF = 4 * HOUR

/**
 * An archive on loopback: addresses of RIS (files of 5 minutes) or RouteViews (15), delays, ranges and validators, and
 * every fault of the conformance suite. All is packed with gzip, whatever its name says.
 */
export async function createArchiveServer(clock: SimulatedClock, content: ArchiveContent): Promise<ArchiveServer> {
  const requests: { at: number; path: string; range: string | null }[] = []
  const packed = new Map<string, Buffer>()
  let fault: { readonly kind: UpstreamFault; readonly from: number } | null = null
  let hidden: string | null = null
  let open = 0
  let most = 0
  let bytes = 0

  const bodyOf = (path: string): Buffer | null => {
    const parts = path.slice(1).split('/')
    const [collector = ''] = parts
    const file = readArchiveName(parts.at(-1) ?? '')
    const step = path.includes('/bgpdata/') ? 900 : 300
    if (file === null) return null
    const isRib = file.kind === 'rib'
    const end = isRib ? file.from : file.from + step
    if (end + (isRib ? RIB_AFTER : UPDATES_AFTER) > clock.now()) return null
    if (fault?.kind === 'frozen' && end > fault.from) return null
    if (hidden !== null && path.includes(hidden)) return null
    if (fault?.kind === 'empty') return gzipSync(new Uint8Array(0))
    if (fault?.kind === 'changed-field') return gzipSync(record(file.from, 99, 1, [1, 2, 3]))
    if (fault?.kind === 'no-json') return Buffer.from('<html>maintenance</html>')
    const shift = fault?.kind === 'wrong-clock' ? CLOCK_OFF : 0
    const key = `${path} ${shift}`
    let body = packed.get(key)
    if (body === undefined) {
      body = gzipSync(isRib ? content.rib(collector, file.from) : content.updates(collector, file.from, step, shift))
      packed.set(key, body)
    }
    return body
  }

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '/'
    const range = request.headers.range ?? null
    requests.push({ at: clock.now(), path, range })
    const off = fault?.kind === 'wrong-clock' ? CLOCK_OFF : 0
    response.setHeader('date', new Date((clock.now() + off) * 1000).toUTCString())
    switch (fault?.kind) {
      case 'unreachable':
        request.socket.destroy()
        return
      case 'hangs':
        clock.hang(request.headers)
        return
      case 'refuses':
        response.writeHead(429, { 'retry-after': '600' }).end()
        return
      case 'refuses-silently':
        response.writeHead(429).end()
        return
      case 'errs':
        response.writeHead(500).end('<html>sorry</html>')
        return
      default:
    }
    const body = bodyOf(path)
    if (body === null) {
      response.writeHead(404).end('<html>not found</html>')
      return
    }
    const tag = `"${path}"`
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const isPart = from > 0 && from < body.length && request.headers['if-range'] === tag
    const sent = isPart ? body.subarray(from) : body
    const headers: Record<string, string> = { etag: tag, 'content-length': String(sent.length) }
    if (isPart) headers['content-range'] = `bytes ${from}-${body.length - 1}/${body.length}`
    response.writeHead(isPart ? 206 : 200, headers)
    bytes += sent.length
    if (fault?.kind === 'half-body') {
      response.write(sent.subarray(0, Math.floor(sent.length / 2)), () => response.destroy())
      return
    }
    response.end(sent)
  }

  const server = createServer((request, response) => {
    open += 1
    most = Math.max(most, open)
    response.on('close', () => (open -= 1))
    answer(request, response)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: (kind) => (fault = kind === null ? null : { kind, from: clock.now() }),
    hide: (part) => (hidden = part),
    requests,
    bytes: () => bytes,
    mostAtOnce: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
