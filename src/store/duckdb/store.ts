import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { UnixSeconds } from '../../model/brand.ts'
import { makeBatchCheck } from '../check.ts'
import type { Store } from '../store.ts'
import { appendBatch } from './append.ts'
import { compactDays } from './compact.ts'
import type { DatabaseOptions } from './database.ts'
import { startEngine, type Engine } from './engine.ts'
import { DatabaseError, toStoreError } from './errors.ts'
import { holdFolder, prepareFolder } from './folder.ts'
import { busyError, claimFolder, type Owner } from './owner.ts'
import { findRevisions, publishRevisions } from './published.ts'
import { readSeries, scanSeries } from './read.ts'

export interface DuckdbOptions extends DatabaseOptions {
  /** Made where there is none. One process at a time. */
  readonly folder: string
  /** For `owner.json`. */
  readonly startedAt: UnixSeconds
}

export interface DuckdbStore extends Store {
  readonly engine: 'duckdb'
  /** Real path. */
  readonly folder: string
  readonly owner: Pick<Owner, 'setUrl' | 'setSocket'>
}

/** Past this the write-ahead log goes into the file: some 500 bins of 5,000 values. Replaying it all takes about a second. */
const LOG_BYTES = 64 * 1024 * 1024

/** @throws BusyError when a process has the folder open; StoreError when it cannot be used, with what to do. */
export async function openDuckdbStore(options: DuckdbOptions): Promise<DuckdbStore> {
  const folder = await prepareFolder(options.folder)
  const file = join(folder, 'tocsin.duckdb')
  const letGo = holdFolder(folder)
  let engine: Engine | null = null
  try {
    engine = await startEngine(file, options)
    const owner = await claimFolder(folder, options.startedAt)
    return makeStore(engine, folder, file, owner, letGo)
  } catch (error) {
    await engine?.close()
    letGo()
    if (error instanceof DatabaseError && error.trouble === 'locked') throw await busyError(folder, error.message)
    throw toStoreError(error, file)
  }
}

function makeStore(engine: Engine, folder: string, file: string, owner: Owner, letGo: () => void): DuckdbStore {
  const checkBatch = makeBatchCheck()

  return {
    engine: 'duckdb',
    folder,
    owner,

    defineSeries: (series) =>
      engine.write(async ({ database, state: { registry } }) => {
        const definition = registry.plan(series)
        if (definition.added.length > 0) {
          await database.transaction((transaction) =>
            transaction.appendRows(
              'series',
              definition.added.map((one) => [
                one.id,
                one.source,
                one.signal,
                one.entity,
                one.facet,
                one.origin,
                one.step,
                one.phase,
              ]),
            ),
          )
          registry.keep(definition)
        }
        return definition.ids
      }),
    series: (filter) => engine.read(async ({ state }) => state.registry.find(filter)),

    putSpecs: (specs) => engine.write(({ database, specs: documents }) => documents.put(database, specs)),
    specs: () => engine.read(async ({ specs }) => specs.all()),
    putEntities: (entities) => engine.write(({ database, entities: documents }) => documents.put(database, entities)),
    entities: () => engine.read(async ({ entities }) => entities.all()),

    async append(batch) {
      const result = await engine.write(async ({ database, state }) => {
        checkBatch(batch, state.registry.all)
        return appendBatch(database, state, batch)
      })
      const log = await stat(`${file}.wal`).catch(() => null)
      // What was appended is kept whatever comes of this; a failure shows in the next call.
      if (log !== null && log.size > LOG_BYTES)
        engine.write(({ database }) => database.checkpoint()).catch(() => undefined)
      return result
    },
    read: (id, range, asOf) =>
      engine.read(async ({ database, state }) => {
        const series = state.registry.all[id]
        const empty = new Float64Array(0)
        if (series === undefined) return { bins: empty, values: empty, weights: empty }
        return readSeries(database, series, range, state.arrivals.visible(asOf))
      }),
    scan: (ids, range, asOf) => {
      const began = engine.read(async ({ state }) => ({
        series: state.registry.all,
        visible: state.arrivals.visible(asOf),
      }))
      // Thrown when the scan is first asked for a series.
      began.catch(() => undefined)
      return (async function* () {
        const { series, visible } = await began
        yield* scanSeries(
          (work) => engine.read(({ database }) => work(database)),
          [...new Set(ids)],
          series,
          range,
          visible,
        )
      })()
    },
    lastBatch: () => engine.read(async ({ state }) => state.arrivals.last),
    lastArrival: () =>
      engine.read(async ({ state: { arrivals } }) => (arrivals.last === 0 ? null : arrivals.at(arrivals.last))),

    publish: (revisions) =>
      engine.write(({ database, state }) => publishRevisions(database, state.revisionKeys, revisions)),
    revisions: (filter) => engine.read(({ database }) => findRevisions(database, filter)),

    compact: (before) => engine.write(({ database }) => compactDays(database, before)),
    async close() {
      // The note goes while the lock is held: it must not be the next owner's that is removed.
      await owner.release()
      await engine.close()
      letGo()
    },
  }
}
