import { open } from 'node:fs/promises'
import { openArchiveFile } from '../archive-file.ts'
import { isBzip2 } from '../archive-magic.ts'
import { mayUnpackAhead, unpackInWorker, type Unpacking } from './unpack.ts'

/**
 * Uncompressed bytes of a file, in chunks that are the caller's. bzip2 is unpacked in a worker; gzip is on a thread of
 * Node's already.
 *
 * @throws Error after the last chunk that could be unpacked, when its encoding is damaged or cut off.
 */
export async function* openChunks(path: string): AsyncGenerator<Uint8Array> {
  if (await beginsAsBzip2(path)) {
    yield* unpackInWorker(path).chunks
    return
  }
  const file = await openArchiveFile(path)
  yield* file.chunks
  if (file.damage !== null) throw new Error(file.damage)
}

async function beginsAsBzip2(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const head = new Uint8Array(4)
    await file.read(head, 0, 4, 0)
    return isBzip2(head)
  } finally {
    await file.close()
  }
}

/**
 * Openers of files that are read in that order: while one is read, the next one is unpacked already, where it is bzip2 by
 * its name and a core is likely to be free.
 */
export function openInTurn(paths: readonly string[]): readonly (() => AsyncIterable<Uint8Array>)[] {
  const begun = new Map<number, Unpacking>()
  return paths.map(
    (path, i) =>
      async function* opened(): AsyncGenerator<Uint8Array> {
        const own = begun.get(i)
        begun.delete(i)
        const next = paths[i + 1]
        const ahead = (): void => {
          if (next === undefined || !next.endsWith('.bz2') || begun.has(i + 1) || !mayUnpackAhead()) return
          begun.set(i + 1, unpackInWorker(next))
        }
        let isRead = false
        try {
          for await (const chunk of own?.chunks ?? openChunks(path)) {
            ahead()
            yield chunk
          }
          isRead = true
        } finally {
          // Who stops within a file does not come to the next one.
          if (!isRead) begun.get(i + 1)?.abandon()
          if (!isRead) begun.delete(i + 1)
        }
      },
  )
}
