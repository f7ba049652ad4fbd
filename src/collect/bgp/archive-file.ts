import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ReadableOptions } from 'node:stream'
import { createGunzip, type ZlibOptions } from 'node:zlib'
import { compressionOf, type Compression } from './archive-magic.ts'

/** Read from disk at once, bytes. */
const READ_BYTES = 512 * 1024
/** Unpacked at once: large enough that handing over costs nothing, small enough to stay in a cache. */
const CHUNK_BYTES = 512 * 1024
/** Unpacked ahead of whoever decodes: libuv's thread inflates while we decode. */
const AHEAD_BYTES = 4 * CHUNK_BYTES

/** An archive as it lies on disk, opened. */
export interface ArchiveFile {
  /** By what the file begins with, not by its name. */
  readonly compression: Compression
  /**
   * The unpacked bytes, in chunks that are the caller's. Of a damaged file all that could be unpacked comes, then it ends:
   * look at `damage` behind it. Throws what Node throws where the disk fails.
   */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Behind the last chunk: why the file could not be unpacked to its end, in words; `null` where it could. */
  readonly damage: string | null
}

/**
 * Opens an archive, packed with gzip or bzip2 or not at all. Unpacks bzip2 in the thread that iterates: slow (about 35
 * MB/s), so let a worker do it where others wait.
 *
 * @throws what Node throws where the file cannot be opened: `ENOENT`, `EISDIR`, `EACCES`.
 */
export async function openArchiveFile(path: string): Promise<ArchiveFile> {
  const compression = await readCompression(path)
  let damage: string | null = null
  const chunks =
    compression === 'none'
      ? createReadStream(path, { highWaterMark: READ_BYTES })
      : compression === 'gzip'
        ? gunzip(path, (words) => {
            damage = words
          })
        : bunzip2(path, (words) => {
            damage = words
          })
  return {
    compression,
    chunks,
    get damage() {
      return damage
    },
  }
}

async function readCompression(path: string): Promise<Compression> {
  const file = await open(path)
  try {
    const head = new Uint8Array(4)
    await file.read(head, 0, 4, 0)
    return compressionOf(head)
  } finally {
    await file.close()
  }
}

async function* gunzip(path: string, damaged: (words: string) => void): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: READ_BYTES })
  const options: ZlibOptions & ReadableOptions = { chunkSize: CHUNK_BYTES, highWaterMark: AHEAD_BYTES }
  const unpacked = createGunzip(options)
  const failed: { disk?: Error } = {}
  file.on('error', (error) => {
    failed.disk = error
    unpacked.destroy()
  })
  file.pipe(unpacked)
  try {
    for await (const chunk of unpacked) yield chunk as Uint8Array
  } catch (error) {
    if (failed.disk !== undefined) throw failed.disk
    const { code } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') damaged('the gzip stream ends early: the file is cut off')
    else if (code?.startsWith('Z_') === true) damaged(`the gzip stream is corrupt (${code})`)
    else throw error
  } finally {
    file.destroy()
    unpacked.destroy()
  }
}

async function* bunzip2(path: string, damaged: (words: string) => void): AsyncGenerator<Uint8Array> {
  // Loaded where it is wanted only: WebAssembly takes its time to start.
  const { createBzip2Decoder } = await import('./bzip2-decoder.ts')
  const decoder = await createBzip2Decoder()
  const file = createReadStream(path, { highWaterMark: READ_BYTES })
  try {
    for await (const chunk of file) {
      yield* decoder.push(chunk as Uint8Array)
      if (decoder.fault !== null) break
    }
  } finally {
    file.destroy()
  }
  const fault = decoder.end()
  if (fault === 'truncated') damaged('the bzip2 stream ends early: the file is cut off')
  else if (fault !== null) damaged('the bzip2 stream is corrupt')
}
