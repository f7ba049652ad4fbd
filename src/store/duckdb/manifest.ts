import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { z } from 'zod'

import { StoreError } from '../../model/errors.ts'
import { SCHEMA_VERSION } from './schema.ts'

const MANIFEST = 'MANIFEST.json'
export const DATABASE = 'tocsin.duckdb'

const count = z.number().int().min(0)

const manifestShape = z.object({
  format: z.literal('tocsin-backup-1'),
  /** RFC 3339, by the clock of who asked for the back-up. */
  madeAt: z.string(),
  schemaVersion: count,
  counts: z.object({ series: count, batches: count, rows: count, hours: count, revisions: count, answers: count }),
  database: z.object({ file: z.literal(DATABASE), bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** Files in `answers/`, each named by the SHA-256 of what it holds uncompressed, and what they take together. */
  bodies: z.object({ files: count, bytes: count }),
})

/** What a back-up says of itself; written last, so that one without it is half made. */
export type BackupManifest = z.infer<typeof manifestShape>

/** @throws StoreError when there is none, or none that this Tocsin can use. */
export async function readManifest(backup: string): Promise<BackupManifest> {
  const path = join(backup, MANIFEST)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StoreError(`${backup} is not a finished back-up: it has no ${MANIFEST}; make another one`, { cause })
  })
  const parsed = manifestShape.safeParse(parseJson(text))
  if (!parsed.success) throw new StoreError(`${path} is not a back-up's manifest; make another back-up`)
  if (parsed.data.schemaVersion > SCHEMA_VERSION) {
    throw new StoreError(
      `${backup} is of schema version ${parsed.data.schemaVersion} and this Tocsin knows version ${SCHEMA_VERSION}: ` +
        'restore it with the newer Tocsin that made it',
    )
  }
  return parsed.data
}

export async function writeManifest(backup: string, manifest: BackupManifest): Promise<void> {
  const path = join(backup, MANIFEST)
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true })
  await rename(`${path}.new`, path)
}

/** @returns size and SHA-256, in small pieces. */
export async function measureFile(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
