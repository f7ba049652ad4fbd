import { openArchiveFile } from '../archive-file.ts'

/**
 * Uncompressed bytes of a file, in chunks that are the caller's.
 *
 * @throws Error after the last chunk that could be unpacked, when its encoding is damaged or cut off.
 */
export async function* openChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await openArchiveFile(path)
  yield* file.chunks
  if (file.damage !== null) throw new Error(file.damage)
}
