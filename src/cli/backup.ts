import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { StoreError } from '../model/errors.ts'
import { askOwner } from '../store/duckdb/control.ts'
import { restoreBackup } from '../store/duckdb/restore.ts'
import type { Config } from '../street/config.ts'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import { BACKUP_PATH } from './control-handler.ts'
import type { FolderFlags } from './data-folder.ts'
import { accepted, configOf, openFolder } from './data-folder.ts'

type Flags = FolderFlags & { readonly json: boolean }

/** A world of years on a slow disk. */
const PATIENCE_MS = 6 * 3600 * 1000

const manifest = z.looseObject({
  madeAt: z.string(),
  counts: z.looseObject({ rows: z.number(), revisions: z.number(), answers: z.number() }),
})

/** `tocsin backup FOLDER`: a copy that is whole, also while the observatory runs. */
export async function backupCommand(this: CliContext, flags: Flags, target: string): Promise<void> {
  const { json, ...rest } = flags
  const config = configOf(this, rest)
  // The owner may have been started elsewhere: a path means the folder that the user means.
  const folder = resolve(target)
  const answer = await askOwner(config.folder, BACKUP_PATH, { body: { target: folder }, patienceMs: PATIENCE_MS })
  const made = answer === null ? await backUp(this, config, folder) : accepted(answer.status, answer.body)
  tell(this, json, made, `is backed up in ${target}`)
}

/** Nobody runs on the folder: this process opens it. */
async function backUp(context: CliContext, config: Config, target: string): Promise<unknown> {
  if (!existsSync(join(config.folder, 'tocsin.duckdb')))
    throw new StoreError(`there is no data in ${config.folder} to back up; name the data folder with --folder`)
  const store = await openFolder(context, config)
  try {
    return await store.backup(target, context.now())
  } finally {
    await store.close()
  }
}

/** `tocsin restore BACKUP`: an empty data folder becomes what was backed up, after every byte was checked. */
export async function restoreCommand(this: CliContext, flags: Flags, backup: string): Promise<void> {
  const { json, ...rest } = flags
  const config = configOf(this, rest)
  tell(this, json, await restoreBackup(backup, config.folder), `of the back-up is in ${config.folder}`)
}

function tell(context: CliContext, json: boolean, made: unknown, what: string): void {
  if (json) {
    printJson(context, made)
    return
  }
  const { madeAt, counts } = manifest.parse(made)
  const number = (value: number): string => value.toLocaleString('en')
  print(
    context,
    `What was there at ${madeAt} ${what}: ${number(counts.rows)} bins, ${number(counts.revisions)} revisions, ${number(counts.answers)} answers.`,
  )
}
