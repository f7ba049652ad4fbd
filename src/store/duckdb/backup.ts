import { copyFile, link, mkdir, open, readdir, realpath, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

import type { UnixSeconds } from '../../model/brand.ts'
import { StoreError } from '../../model/errors.ts'
import { toRfc3339 } from '../../model/time.ts'
import { ANSWERS, bodyName } from './bodies.ts'
import type { Engine } from './engine.ts'
import { toStoreError } from './errors.ts'
import { toFileError } from './file-errors.ts'
import { DATABASE, measureFile, writeManifest, type BackupManifest } from './manifest.ts'
import { SCHEMA_VERSION } from './schema.ts'

/**
 * DuckDB copies its tables in one transaction, so the copy is the store between two writes, and nobody waits for it.
 * The file itself is never opened here: to close it again would free the lock that this process holds on it. Bodies of
 * answers never change once they have their name: they are linked, or copied where the target is on another disk.
 * They are there before their records, so every record of the copy finds its own; the caller keeps `sweepBodies` off.
 */
export async function makeBackup(
  engine: Engine,
  folder: string,
  target: string,
  at: UnixSeconds,
): Promise<BackupManifest> {
  try {
    await prepareTarget(folder, target)
    const file = join(target, DATABASE)
    const tables = ['series', 'batch', 'recent', 'closed', 'hour', 'revision', 'answer']
    const counts = await engine.read(({ database }) =>
      database.copyTo(file, tables).catch((error: unknown) => {
        // What fails is the copy; the store's own file is as it was.
        throw toStoreError(error, file)
      }),
    )
    const of = (table: string): number => counts.get(table) ?? 0
    const bodies = await linkBodies(folder, target)
    await flush(file)
    const manifest: BackupManifest = {
      format: 'tocsin-backup-1',
      madeAt: toRfc3339(at),
      schemaVersion: SCHEMA_VERSION,
      counts: {
        series: of('series'),
        batches: of('batch'),
        rows: of('recent') + of('closed'),
        hours: of('hour'),
        revisions: of('revision'),
        answers: of('answer'),
      },
      database: { file: DATABASE, ...(await measureFile(file)) },
      bodies,
    }
    await writeManifest(target, manifest)
    return manifest
  } catch (cause) {
    throw toFileError(cause, target)
  }
}

async function prepareTarget(folder: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  if (!relative(folder, await realpath(target)).startsWith('..')) {
    throw new StoreError(`${target} is in the data folder itself; name a folder outside ${folder}`)
  }
  await refuseFull(target)
}

/** @throws StoreError when there is anything in it. */
export async function refuseFull(folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) {
    throw new StoreError(`${folder} is not empty; name a new or an empty folder`)
  }
}

async function linkBodies(folder: string, target: string): Promise<BackupManifest['bodies']> {
  let files = 0
  let bytes = 0
  for await (const { path, directory } of bodiesIn(folder)) {
    await mkdir(join(target, directory), { recursive: true })
    const from = join(folder, path)
    await link(from, join(target, path)).catch(() => copyFile(from, join(target, path)))
    files += 1
    bytes += (await stat(from)).size
  }
  return { files, bytes }
}

/** Paths of bodies, relative to the folder that holds `answers/`. */
export async function* bodiesIn(
  folder: string,
): AsyncGenerator<{ readonly path: string; readonly directory: string; readonly sha256: string }> {
  const root = await readdir(join(folder, ANSWERS)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw cause
  })
  for (const name of root.filter((each) => /^[0-9a-f]{2}$/.test(each)).sort()) {
    const directory = join(ANSWERS, name)
    for (const file of await readdir(join(folder, directory))) {
      const sha256 = bodyName(file)
      if (sha256 !== null) yield { path: join(directory, file), directory, sha256 }
    }
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
