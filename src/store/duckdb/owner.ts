import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { UnixSeconds } from '../../model/brand.ts'
import { BusyError } from '../../model/errors.ts'
import { toRfc3339 } from '../../model/time.ts'

/** What `owner.json` says of the process that holds the folder. A note for others: the lock itself is DuckDB's. */
export interface OwnerNote {
  readonly pid: number
  /** Where it serves pages; `null` until it listens, or when it never does. */
  readonly url: string | null
  /** Path of its control socket; `null` while there is none. */
  readonly socket: string | null
  /** RFC 3339. */
  readonly startedAt: string
}

export interface Owner {
  setUrl(url: string): Promise<void>
  setSocket(path: string | null): Promise<void>
  release(): Promise<void>
}

const NOTE = 'owner.json'

/** Only after the lock is held: whatever note is there is then a dead process's. */
export async function claimFolder(folder: string, startedAt: UnixSeconds): Promise<Owner> {
  let note: OwnerNote = { pid: process.pid, url: null, socket: null, startedAt: toRfc3339(startedAt) }
  let last = Promise.resolve()

  function write(changed: Partial<OwnerNote>): Promise<void> {
    note = { ...note, ...changed }
    const text = `${JSON.stringify(note, null, 2)}\n`
    last = last.then(async () => {
      const path = join(folder, NOTE)
      // Renamed into place: a reader sees the old note or the new one, never half of one.
      await writeFile(`${path}.new`, text, { mode: 0o644 })
      await rename(`${path}.new`, path)
    })
    return last
  }

  await write({})
  return {
    setUrl: (url) => write({ url }),
    setSocket: (socket) => write({ socket }),
    async release() {
      await last
      await rm(join(folder, NOTE), { force: true })
    },
  }
}

/** @returns `null` when there is no note or it cannot be understood. The process that it names may be long gone. */
export async function readOwner(folder: string): Promise<OwnerNote | null> {
  try {
    const note: unknown = JSON.parse(await readFile(join(folder, NOTE), 'utf8'))
    return isNote(note) ? note : null
  } catch {
    // No note, or not JSON: either way nobody has told us who owns the folder.
    return null
  }
}

function isNote(note: unknown): note is OwnerNote {
  if (typeof note !== 'object' || note === null) return false
  const { pid, url, socket, startedAt } = note as Record<string, unknown>
  return (
    typeof pid === 'number' &&
    typeof startedAt === 'string' &&
    (url === null || typeof url === 'string') &&
    (socket === null || typeof socket === 'string')
  )
}

/**
 * Who is in the way, as well as can be told: DuckDB's message names the process that holds the lock, but not its URL;
 * the note has both, but may be of a process that died, and then it counts only where DuckDB names none.
 *
 * @param lockMessage DuckDB's words on the lock that it could not get.
 */
export async function busyError(folder: string, lockMessage: string): Promise<BusyError> {
  const note = await readOwner(folder)
  const holder = Number(/\(PID (\d+)\)/.exec(lockMessage)?.[1] ?? 0)
  const trusted = note !== null && (holder === 0 || holder === note.pid) ? note : null
  const pid = holder === 0 ? trusted?.pid : holder
  const who = pid === undefined ? 'another process' : `process ${pid}`
  if (trusted === null) return new BusyError(`${folder} is in use by ${who}; stop it, or set another data folder`)
  const since = `, started ${trusted.startedAt}`
  if (trusted.url === null) return new BusyError(`${folder} is in use by ${who}${since}; wait for it, or stop it`)
  return new BusyError(`${folder} is in use by ${who}${since}, which serves ${trusted.url}; ask it, or stop it`)
}
