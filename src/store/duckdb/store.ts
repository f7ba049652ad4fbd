import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { UnixSeconds } from '../../model/brand.ts'
import type { Column } from '../../model/series.ts'
import { makeBatchCheck } from '../check.ts'
import { hoursOf } from '../hours.ts'
import type { Store } from '../store.ts'
import { checkAnswer } from '../check-answer.ts'
import { selectHealth } from '../health-intervals.ts'
import { findAnswers, keepRecord } from './answers.ts'
import { appendBatch } from './append.ts'
import { makeBackup } from './backup.ts'
import { makeBodies } from './bodies.ts'
import { compactDays } from './compact.ts'
import { joinCoverage } from './coverage.ts'
import type { DatabaseOptions } from './database.ts'
import { readDays } from './days.ts'
import { makeDerived } from './derived.ts'
import { startEngine, type Engine } from './engine.ts'
import { DatabaseError, toStoreError } from './errors.ts'
import { holdFolder, prepareFolder } from './folder.ts'
import { readHours } from './hours.ts'
import type { BackupManifest } from './manifest.ts'
import { findProvenance } from './origins.ts'
import { busyError, claimFolder, type Owner } from './owner.ts'
import { findPublished, findRevisions, publishRevisions } from './published.ts'
import { readSeries, scanSeries } from './read.ts'
import { retainRows, sweepBodies } from './retain.ts'
import { findRouteEvents, putRouteEvents } from './routes.ts'

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
  /**
   * A copy of the folder as it is at one instant of the call, while it is written to. What is derived is left out.
   *
   * @param target a folder that is empty or not there; `restoreBackup` makes a data folder of it.
   * @param at     for the manifest, which is written last: a back-up without it is half made.
   * @throws StoreError when the target is not empty, or cannot be written; what was written of it stays.
   */
  backup(target: string, at: UnixSeconds): Promise<BackupManifest>
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
  const bodies = makeBodies(folder)
  const derived = makeDerived(folder)
  const exclusively = makeQueue()

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
        checkBatch(batch, { series: state.registry.all, answers: state.lastAnswer })
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
        if (series === undefined) return emptyColumn()
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

    publish: (revisions) => engine.write(({ database, state }) => publishRevisions(database, state, revisions)),
    revisions: (filter) => engine.read(({ database }) => findRevisions(database, filter)),

    published: (after, limit) => engine.read(({ database }) => findPublished(database, after, limit)),
    lastPublished: () => engine.read(async ({ state }) => state.lastPublished),

    async keepAnswer(answer) {
      checkAnswer(answer)
      const prepared = await engine.read(() => bodies.prepare(answer.sha256, answer.body))
      try {
        return await engine.write(async ({ database, state }) => {
          // The bytes first: a record is never without them.
          await prepared.settle()
          await keepRecord(database, state.lastAnswer + 1, answer)
          state.lastAnswer += 1
          return state.lastAnswer
        })
      } finally {
        await prepared.drop()
      }
    },
    answers: (sha256) => engine.read(({ database }) => findAnswers(database, sha256)),
    answerBody: (sha256) =>
      engine.read(async ({ database }) => {
        const isHeld = async (): Promise<boolean> =>
          (await findAnswers(database, sha256)).some(({ hasBody }) => hasBody)
        if (!(await isHeld())) return null
        const body = await bodies.read(sha256)
        // Let go between the two, or lost.
        if (body === null && (await isHeld())) throw bodies.missing(sha256)
        return body
      }),
    provenance: (id, range) =>
      engine.read(async ({ database, state }) => {
        const series = state.registry.all[id]
        return series === undefined ? [] : findProvenance(database, state, series, range)
      }),
    covered: () => engine.read(async ({ state }) => state.coverage.all()),

    putHealth: (intervals) => engine.write(({ database, state }) => state.health.put(database, intervals)),
    health: (filter) => engine.read(async ({ state }) => selectHealth(state.health.all(), filter)),

    putRouteEvents: (events) => engine.write(({ database, state }) => putRouteEvents(database, state, events)),
    routeEvents: (filter) => engine.read(({ database }) => findRouteEvents(database, filter)),

    putDerived: (key, bytes) => engine.write(() => derived.put(key, bytes)),
    derived: (key) => engine.read(() => derived.get(key)),

    readHours: (id, range) =>
      engine.read(async ({ database, state }) => {
        const series = state.registry.all[id]
        if (series === undefined) return hoursOf(emptyColumn())
        return readHours(database, series, range, state.arrivals.visible(null))
      }),
    days: (ids, range) => engine.read(({ database }) => readDays(database, ids, range)),
    async retain(retention) {
      const result = await retainRows(engine, retention)
      await exclusively(() => sweepBodies(engine, bodies))
      return result
    },

    async compact(before) {
      await engine.write(({ database }) => joinCoverage(database))
      await compactDays(engine, before)
    },
    backup: (target, at) => exclusively(() => makeBackup(engine, folder, target, at)),
    async close() {
      // The note goes while the lock is held: it must not be the next owner's that is removed.
      await owner.release()
      await engine.close()
      letGo()
    },
  }
}

function emptyColumn(): Column {
  return { bins: new Float64Array(0), values: new Float64Array(0), weights: new Float64Array(0) }
}

/** One after another: a back-up links to bodies that a sweep would remove. */
function makeQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}
