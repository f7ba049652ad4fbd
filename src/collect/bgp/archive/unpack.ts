import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

export type ToWorker =
  | { readonly kind: 'unpack'; readonly path: string; readonly credit: number }
  /** One more chunk may be sent. */
  | { readonly kind: 'more' }

export type FromWorker =
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array }
  | { readonly kind: 'end'; readonly damage: string | null }
  | { readonly kind: 'failed'; readonly reason: string }

/** Chunks that a worker may be ahead: blocks of bzip2 of 900 kB each, so some 60 MB a file. */
const AHEAD = 64

/** So many files are unpacked ahead of their turn only while fewer workers than this are busy. */
const AT_ONCE = 2

/** A file on its way out of a worker. Begins at once, whether or not anybody reads. */
export interface Unpacking {
  /** To be read once. @throws Error after the last chunk, when the file is damaged. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Nobody will read it. */
  abandon(): void
}

const idle: Worker[] = []
let busy = 0

/** Whether a core is likely to be free for a file whose turn is to come. */
export function mayUnpackAhead(): boolean {
  return busy < AT_ONCE
}

/**
 * Unpacks a file in a thread of its own. bzip2 unpacks at a tenth of the speed of gzip, so several files are to be on
 * their way at once; results are handed over, not copied. Workers are kept for the next file, and do not keep the
 * process alive.
 */
export function unpackInWorker(path: string): Unpacking {
  const worker = idle.pop() ?? spawn()
  busy += 1
  const arrived: FromWorker[] = []
  let wake: (() => void) | null = null
  let isOver = false

  const take = (message: FromWorker): void => {
    arrived.push(message)
    wake?.()
    wake = null
  }
  const crash = (error: Error): void => {
    take({ kind: 'failed', reason: error.message })
    leave(false)
  }
  const leave = (isReusable: boolean): void => {
    if (isOver) return
    isOver = true
    busy -= 1
    worker.off('message', receive)
    worker.off('error', crash)
    if (isReusable && idle.length < AT_ONCE) idle.push(worker)
    else void worker.terminate()
  }
  const receive = (message: FromWorker): void => {
    take(message)
    // It has sent all: free for the next file, even if this one is not read yet.
    if (message.kind !== 'chunk') leave(true)
  }
  worker.on('message', receive)
  worker.on('error', crash)
  const begin: ToWorker = { kind: 'unpack', path, credit: AHEAD }
  worker.postMessage(begin)

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const message = arrived.shift()
        if (message === undefined) {
          // Only who waits for it is a reason to go on living.
          worker.ref()
          await new Promise<void>((resolve) => (wake = resolve))
          worker.unref()
          continue
        }
        if (message.kind === 'failed') throw new Error(message.reason)
        if (message.kind === 'end') {
          if (message.damage !== null) throw new Error(message.damage)
          return
        }
        if (!isOver) worker.postMessage({ kind: 'more' } satisfies ToWorker)
        yield message.chunk
      }
    } finally {
      leave(false)
    }
  }

  return { chunks: read(), abandon: () => leave(false) }
}

/** Worker threads run built JavaScript, whatever runs this. */
function spawn(): Worker {
  const beside = new URL('./unpack-worker.js', import.meta.url)
  const built = new URL(beside.href.replace('/src/collect/', '/dist/collect/'))
  if (!existsSync(built)) throw new Error(`${built.pathname} is not there; run \`npm run build\``)
  const worker = new Worker(built)
  worker.unref()
  return worker
}
