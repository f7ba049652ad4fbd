import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { UnixSeconds } from '../../../model/brand.ts'
import { openChunks } from './open.ts'
import { createMrtWalk, type MrtFacts } from './walk.ts'

/** A file of an archive as it lies in the cache, whole and verified. */
export interface StoredFile {
  /** Below the cache's folder, with `/`. */
  readonly path: string
  readonly url: string
  /** As it came, compressed. */
  readonly bytes: number
  readonly sha256: string
  readonly fetchedAt: UnixSeconds
  readonly facts: MrtFacts
}

/** What has come of a file up to now. */
export interface PartFile {
  readonly bytes: number
  /** What `If-Range` (RFC 9110, 13.1.5) asks for: a strong ETag, or a date; `null` where the server gave neither. */
  readonly validator: string | null
}

/** What reading a file from end to end told. `damaged`: its encoding does not end properly, or its records do not. */
export type Verified =
  | { readonly kind: 'whole'; readonly bytes: number; readonly sha256: string; readonly facts: MrtFacts }
  | { readonly kind: 'damaged'; readonly reason: string }

/**
 * The cache's side of the world: all of it outside JavaScript, so that a simulated clock can hold time while it works.
 * Files are written aside and renamed when they are whole; next to each lies what is known of it, as JSON. One process
 * at a time.
 */
export interface ArchiveDisk {
  /** @param now for the order in which files are let go: used last, let go last. */
  find(path: string, now: UnixSeconds): Promise<StoredFile | null>
  part(path: string): Promise<PartFile | null>
  /** Begins a file anew, or goes on with what is there. */
  begin(path: string, validator: string | null, goesOn: boolean): Promise<void>
  append(path: string, chunk: Uint8Array): Promise<void>
  /** Nothing more comes for now: what was written is in the file. */
  pause(path: string): Promise<void>
  /** Reads what came from end to end. */
  verify(path: string): Promise<Verified>
  /** What came is whole: from now on it is found. Lets go of files used long ago while there is more than the limit. */
  commit(file: StoredFile): Promise<void>
  /** Lets go of a file and of what has come of it. */
  drop(path: string): Promise<void>
  /** Of a file that is found, uncompressed. */
  read(path: string): AsyncIterable<Uint8Array>
  /** Not to be let go, whatever the limit, until as often released. */
  keep(path: string): Promise<void>
  release(path: string): Promise<void>
  /** All files that are found. */
  list(): Promise<readonly StoredFile[]>
}

interface Entry {
  readonly file: StoredFile
  usedAt: number
}

/** @param limitBytes of whole files, compressed. */
export function createArchiveDisk(folder: string, limitBytes: number): ArchiveDisk {
  const kept = new Map<string, number>()
  const handles = new Map<string, Awaited<ReturnType<typeof open>>>()
  let entries: Promise<Map<string, Entry>> | null = null

  const whole = (path: string): string => join(folder, path)
  const about = (path: string): string => `${whole(path)}.json`
  const part = (path: string): string => `${whole(path)}.part`
  const aboutPart = (path: string): string => `${whole(path)}.part.json`

  const known = (): Promise<Map<string, Entry>> => (entries ??= readEntries(folder))

  const trim = async (): Promise<void> => {
    const all = await known()
    let sum = [...all.values()].reduce((total, { file }) => total + file.bytes, 0)
    const oldest = [...all.values()].sort((a, b) => a.usedAt - b.usedAt)
    for (const { file } of oldest) {
      if (sum <= limitBytes) return
      if ((kept.get(file.path) ?? 0) > 0) continue
      await remove(file.path)
      sum -= file.bytes
    }
  }

  const remove = async (path: string): Promise<void> => {
    const all = await known()
    all.delete(path)
    // What is known of it goes first: a file without it is not found.
    await rm(about(path), { force: true })
    await rm(whole(path), { force: true })
  }

  const close = async (path: string): Promise<void> => {
    const handle = handles.get(path)
    handles.delete(path)
    await handle?.close()
  }

  return {
    async find(path, now) {
      const entry = (await known()).get(path)
      if (entry === undefined) return null
      if (entry.usedAt !== now) {
        entry.usedAt = now
        await utimes(about(path), now, now)
      }
      return entry.file
    },
    async part(path) {
      const size = await stat(part(path)).then(
        ({ size: bytes }) => bytes,
        () => 0,
      )
      if (size === 0) return null
      const text = await readFile(aboutPart(path), 'utf8').catch(() => null)
      return { bytes: size, validator: text === null ? null : validatorIn(text) }
    },
    async begin(path, validator, goesOn) {
      await close(path)
      await mkdir(dirname(whole(path)), { recursive: true })
      if (!goesOn) await writeFile(aboutPart(path), JSON.stringify({ validator }))
      handles.set(path, await open(part(path), goesOn ? 'a' : 'w'))
    },
    async append(path, chunk) {
      const handle = handles.get(path)
      if (handle === undefined) throw new TypeError(`nothing was begun: ${path}`)
      await handle.writeFile(chunk)
    },
    pause: close,
    async verify(path) {
      await close(path)
      return verifyFile(part(path))
    },
    async commit(file) {
      await close(file.path)
      const all = await known()
      await rename(part(file.path), whole(file.path))
      await writeFile(about(file.path), `${JSON.stringify(file)}\n`)
      await utimes(about(file.path), file.fetchedAt, file.fetchedAt)
      await rm(aboutPart(file.path), { force: true })
      all.set(file.path, { file, usedAt: file.fetchedAt })
      kept.set(file.path, (kept.get(file.path) ?? 0) + 1)
      await trim()
      kept.set(file.path, (kept.get(file.path) ?? 1) - 1)
    },
    async drop(path) {
      await close(path)
      await rm(part(path), { force: true })
      await rm(aboutPart(path), { force: true })
      await remove(path)
    },
    read: (path) => openChunks(whole(path)),
    async keep(path) {
      kept.set(path, (kept.get(path) ?? 0) + 1)
    },
    async release(path) {
      const count = (kept.get(path) ?? 0) - 1
      if (count > 0) kept.set(path, count)
      else kept.delete(path)
    },
    async list() {
      return [...(await known()).values()].map(({ file }) => file)
    },
  }
}

/** Of what earlier runs left; a file without a note, or with another length than it says, is none. */
async function readEntries(folder: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  await mkdir(folder, { recursive: true })
  for (const each of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!each.isFile() || !each.name.endsWith('.json') || each.name.endsWith('.part.json')) continue
    const note = join(each.parentPath, each.name)
    const file = storedIn(await readFile(note, 'utf8').catch(() => ''))
    const path = relative(folder, note.slice(0, -'.json'.length)).replaceAll('\\', '/')
    const length = await stat(join(folder, path)).then(
      ({ size }) => size,
      () => -1,
    )
    if (file === null || file.path !== path || file.bytes !== length) continue
    entries.set(path, { file, usedAt: Math.floor((await stat(note)).mtimeMs / 1000) })
  }
  return entries
}

function storedIn(text: string): StoredFile | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const { path, sha256, bytes, facts } = value as Partial<StoredFile>
    const isSound = typeof path === 'string' && typeof sha256 === 'string' && typeof bytes === 'number'
    return isSound && typeof facts === 'object' ? (value as StoredFile) : null
  } catch {
    return null
  }
}

function validatorIn(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    const { validator } = value as { readonly validator?: unknown }
    return typeof validator === 'string' ? validator : null
  } catch {
    return null
  }
}

/**
 * Reads a file from end to end: its hash, whether its encoding ends properly, and whether its last record does.
 *
 * @internal
 */
export async function verifyFile(path: string): Promise<Verified> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const piece = chunk as Buffer
    hash.update(piece)
    bytes += piece.length
  }
  const walk = createMrtWalk()
  try {
    for await (const chunk of openChunks(path)) walk.push(chunk)
  } catch (error) {
    return { kind: 'damaged', reason: error instanceof Error ? error.message : String(error) }
  }
  const facts = walk.end()
  if (facts.broken !== null) return { kind: 'damaged', reason: facts.broken }
  return { kind: 'whole', bytes, sha256: hash.digest('hex'), facts }
}
