import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { encodeKeepalive, encodeNotification, encodeOpen, HEADER_BYTES, MESSAGE } from './encode.ts'

/**
 * One BGP session of ours towards a real daemon. We connect, from a loopback address of the peer's own, and we only
 * speak: what the daemon says is read for its OPEN, its keepalives and its NOTIFICATION, and otherwise thrown away.
 */
export interface SpeakerOptions {
  readonly asn: number
  /** 127.x.y.z: a peer each, since daemons tell peers apart by address. Also the BGP identifier. */
  readonly address: string
  readonly host: string
  readonly port: number
  /** Seconds, as both sides announce it; keepalives go out every third of it. */
  readonly holdSeconds: number
  /** Milliseconds until the session must stand. */
  readonly patienceMs: number
}

export interface Speaker {
  readonly asn: number
  readonly address: string
  /** Queues UPDATEs; waits while the daemon does not take them, so that memory stays small. */
  send(messages: readonly Uint8Array[]): Promise<void>
  /** UPDATEs handed over since the session stands, End-of-RIB markers too. */
  readonly sent: number
  /** Ends the session as an operator does: NOTIFICATION Cease, Administrative Shutdown. */
  cease(): Promise<void>
  /** Ends it as a crash or a cut cable does that the kernel notices: RST, no word of BGP. */
  abort(): Promise<void>
}

const BATCH_BYTES = 128 * 1024

export async function openSpeaker(options: SpeakerOptions): Promise<Speaker> {
  const { asn, address, host, port, holdSeconds, patienceMs } = options
  const socket = await connected(options)
  let sent = 0
  let failure: Error | undefined
  let ended = false
  let established: (() => void) | null = null
  let broken: ((reason: Error) => void) | null = null
  const standing = new Promise<void>((resolve, reject) => {
    established = resolve
    broken = reject
  })

  // A daemon that is busy does not read; a socket that is gone never will.
  let goOn: (() => void) | null = null
  socket.on('drain', () => goOn?.())
  socket.on('close', () => goOn?.())

  function fail(reason: string, cause?: Error): void {
    failure ??= new Error(`BGP session of AS${asn} at ${address} with ${host}:${port}: ${reason}`, { cause })
    broken?.(failure)
  }

  let rest: Buffer = Buffer.alloc(0)
  let opened = false
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt16BE(16)
      if (length < HEADER_BYTES) return fail(`a message of ${length} bytes`)
      if (rest.length < length) break
      const type = rest[18]
      if (type === MESSAGE.open) {
        opened = true
        socket.write(encodeKeepalive())
      } else if (type === MESSAGE.keepalive && opened) {
        established?.()
      } else if (type === MESSAGE.notification) {
        fail(`NOTIFICATION ${rest[19]}/${rest[20]} from the daemon`)
      }
      rest = rest.subarray(length)
    }
  })
  socket.on('error', (error) => fail(error.message, error))
  socket.on('close', () => {
    if (!ended) fail('closed by the daemon')
    clearInterval(keepalives)
  })
  const keepalives = setInterval(() => socket.write(encodeKeepalive()), (holdSeconds * 1000) / 3)
  keepalives.unref()
  const patience = setTimeout(() => fail(`not established after ${patienceMs} ms`), patienceMs)
  socket.write(encodeOpen(asn, routerId(address), holdSeconds))
  try {
    await standing
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(patience)
  }

  function check(): void {
    if (failure !== undefined) throw failure
  }

  async function write(bytes: Uint8Array): Promise<void> {
    check()
    if (socket.write(bytes)) return
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
    check()
  }

  async function end(how: () => void): Promise<void> {
    ended = true
    clearInterval(keepalives)
    if (socket.destroyed) return
    const closed = once(socket, 'close')
    how()
    await closed
  }

  return {
    asn,
    address,
    get sent() {
      return sent
    },
    async send(messages) {
      let from = 0
      while (from < messages.length) {
        let until = from
        let bytes = 0
        while (until < messages.length && bytes < BATCH_BYTES) bytes += messages[until++]!.length
        await write(Buffer.concat(messages.slice(from, until), bytes))
        sent += until - from
        from = until
      }
    },
    cease: () =>
      end(() => {
        socket.end(encodeNotification(6, 2))
      }),
    abort: () => end(() => socket.resetAndDestroy()),
  }
}

/** A daemon that has just been told to listen may refuse for a moment: tried again until patience ends. */
async function connected(options: SpeakerOptions): Promise<Socket> {
  const until = performance.now() + options.patienceMs
  for (;;) {
    const socket = connect({ host: options.host, port: options.port, localAddress: options.address, noDelay: true })
    try {
      await once(socket, 'connect')
      return socket
    } catch (error) {
      socket.destroy()
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** The address as BGP identifier: 32 bits, unsigned. */
function routerId(address: string): number {
  return address.split('.').reduce((sum, part) => (sum * 256 + Number(part)) >>> 0, 0)
}
