import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { BusyError, StoreError } from '../../model/errors.ts'
import { readOwner, type Owner } from './owner.ts'

/** Answers what the command line asks of the process that owns the folder. */
export type ControlHandler = (request: Request) => Promise<Response>

export interface Control {
  readonly path: string
  /** Breaks off what is under way. */
  close(): Promise<void>
}

/** A path of a Unix socket is at most 103 bytes on macOS and 107 on Linux. */
const LONGEST_PATH = 103
/** An owner that is silent for so long hangs. */
const PATIENCE_MS = 30_000

/** Serves HTTP/1.1 on `control.sock` in the folder, for its user alone, and notes the socket in `owner.json`. */
export async function serveControl(
  store: { readonly folder: string; readonly owner: Pick<Owner, 'setSocket'> },
  handler: ControlHandler,
): Promise<Control> {
  const { path, removeFolder } = await socketPath(store.folder)
  // Who holds the lock may remove it: it was left by a process that died.
  await rm(path, { force: true })
  const server = createServer((incoming, outgoing) => {
    answer(handler, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new StoreError(`cannot listen on ${path}: ${cause.message}`, { cause })))
    server.listen(path, resolve)
  })
  await chmod(path, 0o600)
  await store.owner.setSocket(path)
  return {
    path,
    async close() {
      await store.owner.setSocket(null)
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      await removeFolder()
    },
  }
}

async function socketPath(folder: string): Promise<{ path: string; removeFolder: () => Promise<void> }> {
  const path = join(folder, 'control.sock')
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, removeFolder: () => Promise.resolve() }
  // mkdtemp makes it for this user alone.
  const short = join(await mkdtemp(join(tmpdir(), 'tocsin-')), 'control.sock')
  const removeFolder = (): Promise<void> => rm(dirname(short), { recursive: true, force: true })
  if (Buffer.byteLength(short) <= LONGEST_PATH) return { path: short, removeFolder }
  await removeFolder()
  throw new StoreError(
    `${path} and ${short} are too long for a socket; set a data folder or TMPDIR with a shorter path`,
  )
}

async function answer(handler: ControlHandler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  let response: Response
  try {
    response = await handler(toRequest(incoming, gone.signal))
  } catch (error) {
    response = Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 })
  }
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) outgoing.end()
  else await pipeline(Readable.fromWeb(response.body), outgoing)
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const url = new URL(incoming.url ?? '/', 'http://tocsin.local')
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  const body = Readable.toWeb(incoming)
  // Node's types know two kinds of streams of one shape.
  return new Request(url, { method, headers, signal, body, duplex: 'half' } as unknown as RequestInit)
}

export interface OwnerAnswer {
  readonly status: number
  /** Parsed JSON, not checked. */
  readonly body: unknown
}

/** How the owner is asked for something that it is to do. */
export interface Order {
  /** Sent as JSON. */
  readonly body: unknown
  /** What it does may take as long. */
  readonly patienceMs: number
}

/**
 * Asks the process that owns the folder, by GET; with an order, by POST.
 *
 * @param path with its leading slash and query.
 * @returns `null` when no living owner serves a control socket: open the store yourself.
 * @throws BusyError when there is one and it does not answer; StoreError when it may not be asked or gives no JSON.
 */
export async function askOwner(folder: string, path: string, order?: Order): Promise<OwnerAnswer | null> {
  const note = await readOwner(folder)
  if (note === null || note.socket === null) return null
  const { socket, pid } = note
  try {
    return await send(socket, path, order ?? null)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return null
    if (code === 'EACCES' || code === 'EPERM') {
      throw new StoreError(`no right to ask process ${pid} by ${socket}; run the command as the user that runs it`, {
        cause,
      })
    }
    if (cause instanceof SyntaxError)
      throw new StoreError(`process ${pid} answered ${path} with what is not JSON`, { cause })
    throw new BusyError(`process ${pid}, which owns ${folder}, does not answer; wait, or restart it`, { cause })
  }
}

function send(socketPath: string, path: string, order: Order | null): Promise<OwnerAnswer> {
  const timeout = order?.patienceMs ?? PATIENCE_MS
  return new Promise((resolve, reject) => {
    const asking = request({
      socketPath,
      path,
      method: order === null ? 'GET' : 'POST',
      headers: { accept: 'application/json', ...(order === null ? {} : { 'content-type': 'application/json' }) },
      timeout,
    })
    asking.on('timeout', () => asking.destroy(new Error(`silent for ${timeout} ms`)))
    asking.on('error', reject)
    asking.on('response', (incoming) => {
      readJson(incoming).then((body) => resolve({ status: incoming.statusCode ?? 0, body }), reject)
    })
    asking.end(order === null ? undefined : JSON.stringify(order.body))
  })
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown
}
