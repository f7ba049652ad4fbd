import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { START } from '../samples.testing.ts'
import { openDuckdbStore, type DuckdbStore } from './store.ts'

/** A folder for one test; `remove` it afterwards. */
export async function makeFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-store-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

export function openSmall(folder: string): Promise<DuckdbStore> {
  return openDuckdbStore({ folder, memoryLimitMb: 256, threads: 1, startedAt: START })
}
