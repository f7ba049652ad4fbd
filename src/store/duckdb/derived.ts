import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { toFileError } from './file-errors.ts'

/** What may be made anew: one file each in `derived/`, its bytes after their SHA-256. */
export interface Derived {
  /** One at a time. */
  put(key: string, bytes: Uint8Array | null): Promise<void>
  /** `null` also when the file is damaged: it is dropped like one that never was. */
  get(key: string): Promise<Uint8Array | null>
}

const HASH_BYTES = 32

export function makeDerived(root: string): Derived {
  const folder = join(root, 'derived')
  const pathOf = (key: string): string => join(folder, hash(Buffer.from(key)).toString('hex'))

  return {
    async put(key, bytes) {
      const path = pathOf(key)
      try {
        if (bytes === null) return await rm(path, { force: true })
        await mkdir(folder, { recursive: true })
        await writeFile(`${path}.new`, Buffer.concat([hash(bytes), bytes]))
        await rename(`${path}.new`, path)
      } catch (cause) {
        throw toFileError(cause, path)
      }
    },
    async get(key) {
      const file = await readFile(pathOf(key)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return null
        throw toFileError(cause, pathOf(key))
      })
      if (file === null || file.length < HASH_BYTES) return null
      const bytes = file.subarray(HASH_BYTES)
      return hash(bytes).equals(file.subarray(0, HASH_BYTES)) ? new Uint8Array(bytes) : null
    },
  }
}

function hash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
