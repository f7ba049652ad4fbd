import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { BusyError, StoreError } from '../../model/errors.ts'
import { bodiesIn, refuseFull } from './backup.ts'
import { ANSWERS, unpackBody } from './bodies.ts'
import { toFileError } from './file-errors.ts'
import { prepareFolder } from './folder.ts'
import { DATABASE, measureFile, readManifest, type BackupManifest } from './manifest.ts'
import { readOwner } from './owner.ts'

/**
 * Makes a data folder of a back-up, after every byte of it was checked. The database gets its name last, so that a
 * restore that was broken off leaves nothing that opens.
 *
 * @param folder empty or not there.
 * @throws StoreError when the back-up is half made or changed, or the folder holds anything; BusyError when a process
 *         runs on the folder. Nothing is left in it then.
 */
export async function restoreBackup(backup: string, folder: string): Promise<BackupManifest> {
  const manifest = await readManifest(backup)
  await refuseRunning(folder)
  const into = await prepareFolder(folder)
  await refuseFull(into)
  try {
    await copyBodies(backup, into, manifest)
    await copyDatabase(backup, into, manifest)
    return manifest
  } catch (cause) {
    await rm(join(into, ANSWERS), { recursive: true, force: true })
    await rm(join(into, `${DATABASE}.new`), { force: true })
    throw toFileError(cause, into)
  }
}

async function refuseRunning(folder: string): Promise<void> {
  const owner = await readOwner(folder)
  if (owner === null || !isAlive(owner.pid)) return
  throw new BusyError(`${folder} is in use by process ${owner.pid}; stop it, or name another folder`)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is another user's, and lives.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function copyBodies(backup: string, into: string, { bodies }: BackupManifest): Promise<void> {
  let files = 0
  let bytes = 0
  for await (const { path, directory, sha256 } of bodiesIn(backup)) {
    const from = join(backup, path)
    const compressed = await readFile(from)
    await unpackBody(compressed, sha256, from)
    await mkdir(join(into, directory), { recursive: true })
    await writeFile(join(into, path), compressed)
    files += 1
    bytes += compressed.length
  }
  if (files === bodies.files && bytes === bodies.bytes) return
  throw new StoreError(
    `${backup} was changed: its manifest speaks of ${bodies.files} answers in ${bodies.bytes} bytes, ` +
      `and there are ${files} in ${bytes}; use another back-up`,
  )
}

async function copyDatabase(backup: string, into: string, { database }: BackupManifest): Promise<void> {
  const from = join(backup, database.file)
  if ((await stat(from).catch(() => null)) === null) {
    throw new StoreError(`${backup} was changed: ${database.file} is missing; use another back-up`)
  }
  const unfinished = join(into, `${database.file}.new`)
  await copyFile(from, unfinished)
  // What is checked is the copy: it is what will be opened.
  const { bytes, sha256 } = await measureFile(unfinished)
  if (bytes !== database.bytes || sha256 !== database.sha256) {
    throw new StoreError(
      `${from} was changed: ${bytes} bytes with SHA-256 ${sha256}, and its manifest says ${database.bytes} bytes ` +
        `with ${database.sha256}; use another back-up`,
    )
  }
  await rename(unfinished, join(into, database.file))
}
