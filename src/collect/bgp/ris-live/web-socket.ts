import WebSocket from 'ws'
import type { OpenStream } from './stream-socket.ts'

/** An UPDATE of BGP holds 4 KiB, extended ones 64 KiB (RFC 8654); as JSON some ten times that. */
const LONGEST_MESSAGE_BYTES = 4_000_000
/** How much of the page that comes with a refusal is counted. */
const LONGEST_REFUSAL_BYTES = 65_536

/** Causes that an operator meets most; any other stands for itself. */
const CAUSES: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'its name cannot be resolved now',
  ENOTFOUND: 'its name is not known',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection broken off',
  ENETUNREACH: 'no network',
  EHOSTUNREACH: 'no way to its host',
  ETIMEDOUT: 'no connection in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
}

/** A WebSocket of `ws`. Not compressed: inflating message by message costs more than it saves. */
export const openWebSocket: OpenStream = (url, headers, events) => {
  const socket = new WebSocket(url, {
    headers,
    perMessageDeflate: false,
    maxPayload: LONGEST_MESSAGE_BYTES,
    followRedirects: false,
    skipUTF8Validation: true,
  })
  socket.binaryType = 'nodebuffer'
  let failure: string | null = null
  let hasEnded = false
  const end = (reason: string, retryAfter: string | null, kind: 'refused' | 'closed', bytes: number): void => {
    if (hasEnded) return
    hasEnded = true
    events.ended({ kind, reason, retryAfter, bytes })
  }
  socket.on('open', () => events.opened())
  socket.on('message', (data) => {
    if (!hasEnded) events.message(data as Buffer)
  })
  socket.on('ping', () => events.alive())
  socket.on('pong', () => events.alive())
  socket.on('unexpected-response', (request, response) => {
    let bytes = 0
    const after = response.headers['retry-after'] ?? null
    const done = (): void => end(`HTTP ${response.statusCode}`, after, 'refused', bytes)
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > LONGEST_REFUSAL_BYTES) request.destroy()
    })
    response.on('close', done)
    response.on('error', done)
  })
  socket.on('error', (error) => {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : null
    failure ??= code === null ? error.message : (CAUSES[code] ?? code)
  })
  socket.on('close', (code, why) => {
    const text = why.length === 0 ? `closed with ${code}` : `closed with ${code}: ${why.toString('utf8')}`
    end(failure ?? (code === 1006 ? 'connection broken off' : text), null, 'closed', 0)
  })
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    ping: () => {
      if (socket.readyState === WebSocket.OPEN) socket.ping()
    },
    cut: () => socket.terminate(),
  }
}
