import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '../api/app.ts'
import type { BuiltWeb } from '../api/renderer.ts'
import { StoreError, TocsinError, UsageError } from '../model/errors.ts'
import { askOwner } from '../store/duckdb/control.ts'
import type { DuckdbStore } from '../store/duckdb/store.ts'
import { openDuckdbStore } from '../store/duckdb/store.ts'
import { openMemoryStore } from '../store/memory.ts'
import type { Store } from '../store/store.ts'
import { listCases, shippedFolders } from '../street/catalogue.ts'
import type { ConfigFlags } from '../street/config.ts'
import { readConfig } from '../street/config.ts'
import { createObservatory } from '../street/observatory.ts'
import type { Config } from '../street/config.ts'
import type { CliContext } from './context.ts'
import { remark } from './context.ts'

/** Flags that every command understands which reads or writes the data folder. */
export interface FolderFlags {
  readonly config?: string
  readonly folder?: string
}

export function configOf(context: CliContext, flags: FolderFlags & ConfigFlags): Config {
  const { config, ...rest } = flags
  return readConfig(config ?? null, context.environment, rest)
}

/** The command line asks the interface only. */
const NO_PAGES: BuiltWeb = {
  renderer: {
    render() {
      throw new Error('the command line shows no pages')
    },
  },
  assets: new Map(),
}

const THREADS = 2

export function openFolder(context: CliContext, config: Pick<Config, 'folder' | 'memoryMb'>): Promise<DuckdbStore> {
  const { folder, memoryMb } = config
  return openDuckdbStore({ folder, memoryLimitMb: memoryMb, threads: THREADS, startedAt: context.now() })
}

/**
 * Asks the interface of whoever owns the data folder: the running process by its control socket, or this one.
 *
 * @param path of the interface, such as `/api/v1/incidents?country=IR`.
 * @throws TocsinError with the interface's own words when it refuses.
 */
export async function ask(context: CliContext, config: Config, path: string): Promise<unknown> {
  const answer = await askOwner(config.folder, path)
  if (answer !== null) return accepted(answer.status, answer.body)
  // A replay needs nothing of the data folder, which may be empty or in use.
  if (path.startsWith('/api/v1/replays/')) return askStore(context, config, path, openMemoryStore())
  if (!existsSync(join(config.folder, 'tocsin.duckdb'))) {
    throw new StoreError(
      `there is no data in ${config.folder} yet: start \`tocsin serve\`, or put a case into it with \`tocsin import\``,
    )
  }
  return askStore(context, config, path, await openFolder(context, config))
}

async function askStore(context: CliContext, config: Config, path: string, store: Store): Promise<unknown> {
  try {
    const observatory = await createObservatory({
      store,
      cases: casesOf(context, config),
      now: context.now,
      live: null,
    })
    const app = createApp({
      observatory,
      web: NO_PAGES,
      onError: (error) => remark(context, error.stack ?? error.message),
    })
    const response = await app.request(path)
    return accepted(response.status, await response.json())
  } finally {
    await store.close()
  }
}

export function casesOf(context: CliContext, config: Config): ReturnType<typeof listCases> {
  return listCases([...shippedFolders(), ...config.cases], (message) => remark(context, `replay left out: ${message}`))
}

/** @throws TocsinError with the words of the answer, unless it is one. */
export function accepted(status: number, body: unknown): unknown {
  if (status === 200) return body
  const problem = typeof body === 'object' && body !== null ? (body as { detail?: unknown; title?: unknown }) : {}
  const words =
    typeof problem.detail === 'string'
      ? problem.detail
      : typeof problem.title === 'string'
        ? problem.title
        : `status ${status}`
  // The flags became the interface's parameters: what it refuses, the user typed.
  throw status === 400 ? new UsageError(words) : new TocsinError(words)
}
