import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { UnixSeconds } from '../../model/brand.ts'
import { parseRfc3339, utcDate } from '../../model/time.ts'

/** Far more than any of these files unpacks to; what unpacks to more is none of ours. */
const MOST_BYTES = 1024 ** 3

const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** A file of one day: `ripencc-2024-01-05.txt.gz`. */
export interface DatedFile {
  readonly name: string
  readonly path: string
  readonly date: UnixSeconds
}

export function datedName(stem: string, date: UnixSeconds): string {
  return `${stem}-${utcDate(date)}.txt.gz`
}

/** Files of a stem, oldest first; none where the folder is not there. Anything else in the folder is let be. */
export async function datedFiles(folder: string, stem: string): Promise<readonly DatedFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names
    .flatMap((name) => {
      const match = /^(.+)-(\d{4}-\d{2}-\d{2})\.txt\.gz$/.exec(name)
      const date = match?.[1] === stem ? parseRfc3339(match[2] ?? '') : null
      return date === null ? [] : [{ name, path: join(folder, name), date }]
    })
    .sort((a, b) => a.date - b.date)
}

/**
 * In which order files serve for an instant: the newest of that day or before, then older ones, then the ones after it,
 * the oldest first.
 */
export function inOrderFor(files: readonly DatedFile[], at: UnixSeconds): readonly DatedFile[] {
  const before = files.filter(({ date }) => date <= at)
  return [...before.toReversed(), ...files.slice(before.length)]
}

/** @throws Error where it is no gzip, is cut short, or unpacks to more than a gigabyte. */
export async function readGzip(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    return await unzip(await file.readFile(), { maxOutputLength: MOST_BYTES })
  } finally {
    await file.close()
  }
}

export async function writeGzip(path: string, bytes: Uint8Array | string): Promise<void> {
  await writeWhole(path, await zip(bytes))
}

/** Writes aside, waits for the disk, and puts it in its place: whoever reads finds the old file or the new one, never half. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const aside = `${path}.new`
  try {
    const file = await open(aside, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
