import { StoreError } from '../../model/errors.ts'
import { signalKey, type SignalSpec } from '../../model/signal.ts'
import type { StoredEntity } from '../store.ts'
import { openDatabase, type Database, type DatabaseOptions } from './database.ts'
import { loadDocuments, type Documents } from './documents.ts'
import { DatabaseError, toStoreError } from './errors.ts'
import { prepareSchema } from './schema.ts'
import { loadState, type State } from './state.ts'

export interface Opened {
  readonly database: Database
  readonly state: State
  readonly specs: Documents<SignalSpec>
  readonly entities: Documents<StoredEntity>
}

/** An open file that is opened afresh after a failure that DuckDB does not survive, such as a full disk. */
export interface Engine {
  /** Any number at once. */
  read<T>(work: (opened: Opened) => Promise<T>): Promise<T>
  /** One at a time, in the order of the calls. */
  write<T>(work: (opened: Opened) => Promise<T>): Promise<T>
  /** Lets writes that were asked for finish. */
  close(): Promise<void>
}

/** @throws DatabaseError as it comes, for the caller to say who is in the way; StoreError for a schema of another version. */
export async function startEngine(file: string, options: DatabaseOptions): Promise<Engine> {
  let opened: Promise<Opened> = openAll(file, options)
  let closed = false
  let lastWrite: Promise<unknown> = opened
  await opened

  /** @param tries reading twice costs nothing but time; writing twice might write what is there. */
  async function use<T>(work: (opened: Opened) => Promise<T>, tries: 1 | 2): Promise<T> {
    const current = opened
    try {
      return await work(await current)
    } catch (error) {
      if (error instanceof DatabaseError) {
        // Whatever failed underneath, the file says what is kept. What a caller did wrong changes nothing.
        if (opened === current) opened = reopen(current)
        // Another call's failure took the file from under this one.
        else if (tries === 2 && !closed) return use(work, 1)
      }
      throw toStoreError(error, file)
    }
  }

  function reopen(broken: Promise<Opened>): Promise<Opened> {
    const next = broken
      .then(
        ({ database }) => database.close(),
        () => undefined,
      )
      .then(() => openAll(file, options))
    // Nobody may be waiting yet; who comes next sees the failure, and tries again in turn.
    next.catch(() => undefined)
    return next
  }

  function refuseClosed(): void {
    if (closed) throw new StoreError(`the store ${file} is closed`)
  }

  return {
    async read(work) {
      refuseClosed()
      return use(work, 2)
    },
    async write(work) {
      refuseClosed()
      const write = lastWrite.then(() => use(work, 1))
      lastWrite = write.catch(() => undefined)
      return write
    },
    async close() {
      if (closed) return
      closed = true
      await lastWrite
      await opened.then(
        ({ database }) => database.close(),
        () => undefined,
      )
    },
  }
}

async function openAll(file: string, options: DatabaseOptions): Promise<Opened> {
  const database = await openDatabase(file, options)
  try {
    await prepareSchema(database, file)
    return {
      database,
      state: await loadState(database),
      specs: await loadDocuments<SignalSpec>(database, 'spec', signalKey),
      entities: await loadDocuments<StoredEntity>(database, 'entity', ({ entity }) => entity),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
