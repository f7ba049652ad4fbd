import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

import { StoreError } from '../../model/errors.ts'
import { sha256Of } from '../check-answer.ts'
import { toFileError } from './file-errors.ts'

/** A body that is written, and not yet in its place. */
interface PreparedBody {
  /** Puts it in its place. */
  settle(): Promise<void>
  /** Removes what `settle` did not need. */
  drop(): Promise<void>
}

/**
 * Bodies of answers: `answers/ab/abcd….gz`, named by the SHA-256 of the bytes before they were compressed, so that
 * anyone can check them with `zcat FILE | sha256sum`. A file is written under another name and renamed: it is whole or
 * not there. One without a record is harmless; `sweep` removes it.
 */
export interface Bodies {
  /** The slow part, for outside the write queue. */
  prepare(sha256: string, body: Uint8Array): Promise<PreparedBody>
  /** @returns `null` when there is none. @throws StoreError when it is not what its name says. */
  read(sha256: string): Promise<Uint8Array | null>
  /** For a body that an answer holds and that is not there. */
  missing(sha256: string): StoreError
  /** Names of the folders of `answers/`, in order. */
  folders(): Promise<readonly string[]>
  /** Removes from one folder what `held` does not name. Not while a body of it settles. */
  sweep(folder: string, held: ReadonlySet<string>): Promise<void>
}

export const ANSWERS = 'answers'
const ENDING = '.gz'
/** Of a file that is being written. */
const UNFINISHED = '.new'

function bodyPath(sha256: string): string {
  return join(ANSWERS, sha256.slice(0, 2), `${sha256}${ENDING}`)
}

/** @returns `null` for a file that is not a body. */
export function bodyName(file: string): string | null {
  return /^([0-9a-f]{64})\.gz$/.exec(file)?.[1] ?? null
}

export function makeBodies(root: string): Bodies {
  const writing = new Set<string>()
  let count = 0

  async function write(path: string, body: Uint8Array): Promise<void> {
    try {
      await mkdir(join(path, '..'), { recursive: true })
      const handle = await open(path, 'w', 0o644)
      try {
        await handle.writeFile(await promisify(gzip)(body))
        await handle.datasync()
      } finally {
        await handle.close()
      }
    } catch (cause) {
      throw toFileError(cause, path)
    }
  }

  return {
    async prepare(sha256, body) {
      const path = join(root, bodyPath(sha256))
      count += 1
      const name = `${sha256}.${count}${UNFINISHED}`
      const unfinished = join(path, '..', name)
      let written = false
      writing.add(name)
      const prepared = {
        async settle() {
          if (!written && (await exists(path))) return
          if (!written) await write(unfinished, body)
          await rename(unfinished, path).catch((cause: unknown) => {
            throw toFileError(cause, path)
          })
        },
        async drop() {
          // What cannot be removed is swept later.
          await rm(unfinished, { force: true }).catch(() => undefined)
          writing.delete(name)
        },
      }
      if (await exists(path)) return prepared
      try {
        await write(unfinished, body)
        written = true
        return prepared
      } catch (error) {
        await prepared.drop()
        throw error
      }
    },
    async read(sha256) {
      const path = join(root, bodyPath(sha256))
      const compressed = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return null
        throw toFileError(cause, path)
      })
      return compressed === null ? null : unpackBody(compressed, sha256, path)
    },
    missing: (sha256) => new StoreError(`${join(root, bodyPath(sha256))} is missing; restore it from a back-up`),
    async folders() {
      const names = await readdir(join(root, ANSWERS)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return []
        throw toFileError(cause, join(root, ANSWERS))
      })
      return names.filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()
    },
    async sweep(folder, held) {
      const path = join(root, ANSWERS, folder)
      for (const file of await readdir(path)) {
        const sha256 = bodyName(file)
        const stays = sha256 === null ? writing.has(file) || !file.endsWith(UNFINISHED) : held.has(sha256)
        if (!stays) await rm(join(path, file), { force: true })
      }
    },
  }
}

/** @throws StoreError, naming the file, when it does not hold the bytes with that hash. */
export async function unpackBody(compressed: Uint8Array, sha256: string, path: string): Promise<Uint8Array> {
  const body = await promisify(gunzip)(compressed).catch((cause: unknown) => {
    throw damaged(path, cause)
  })
  if (sha256Of(body) !== sha256) throw damaged(path, undefined)
  return new Uint8Array(body.buffer, body.byteOffset, body.length)
}

function damaged(path: string, cause: unknown): StoreError {
  return new StoreError(`${path} does not hold the bytes that its name says; restore it from a back-up`, { cause })
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
