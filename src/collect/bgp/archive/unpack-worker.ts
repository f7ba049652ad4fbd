import { parentPort } from 'node:worker_threads'
import { openArchiveFile } from '../archive-file.ts'
import type { ToWorker, FromWorker } from './unpack.ts'

/** Unpacks files in a thread of its own, one after another: what `unpack.ts` starts. */
const port = parentPort
if (port === null) throw new TypeError('not started as a worker')

let credit = 0
let wake: (() => void) | null = null

const send = (message: FromWorker, transferred: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transferred)

async function unpack(path: string): Promise<void> {
  const file = await openArchiveFile(path)
  for await (const chunk of file.chunks) {
    while (credit === 0) await new Promise<void>((resolve) => (wake = resolve))
    credit -= 1
    // A view into a larger buffer, or into one that cannot be handed over, is copied.
    const isWhole = chunk.buffer instanceof ArrayBuffer && chunk.byteLength === chunk.buffer.byteLength
    const own = isWhole ? chunk : Uint8Array.from(chunk)
    send({ kind: 'chunk', chunk: own }, [own.buffer as ArrayBuffer])
  }
  send({ kind: 'end', damage: file.damage })
}

port.on('message', (message: ToWorker) => {
  credit = message.kind === 'unpack' ? message.credit : credit + 1
  wake?.()
  wake = null
  if (message.kind !== 'unpack') return
  unpack(message.path).catch((error: unknown) => {
    send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
  })
})
