import { DOUBLE, DuckDBDataChunk, DuckDBInstance, UINTEGER, type DuckDBConnection } from '@duckdb/node-api'

import { DatabaseError } from './errors.ts'

/** The only module that knows DuckDB's interface. Everything it throws is a DatabaseError. */
export interface Database {
  /** A small answer, row by row. */
  rows(sql: string, parameters: readonly Parameter[]): Promise<readonly (readonly unknown[])[]>
  /**
   * A large answer of UINTEGER and DOUBLE columns without NULL, in pieces of up to 2,048 rows. The arrays that `take`
   * gets are DuckDB's own: they are not to be kept.
   */
  numbers(sql: string, take: (columns: readonly NumberColumn[]) => void): Promise<void>
  /** All of `work` or nothing. The caller sees to it that there is one at a time. */
  transaction(work: (transaction: Transaction) => Promise<void>): Promise<void>
  /** Moves what the write-ahead log holds into the file. Not beside a transaction. */
  checkpoint(): Promise<void>
  /**
   * Copies all tables, as they are at one instant, into a new database file, beside whatever else goes on.
   *
   * @param count tables to count. @returns rows of the copy, by table.
   */
  copyTo(file: string, count: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Waits for what runs. */
  close(): Promise<void>
}

export interface Transaction {
  run(sql: string): Promise<void>
  /** Columns of equal length, in the order of the table's, which are UINTEGER and DOUBLE. */
  appendNumbers(table: string, columns: readonly NumberColumn[]): Promise<void>
  appendRows(table: string, rows: readonly (readonly Parameter[])[]): Promise<void>
}

export type Parameter = string | number | null
export type NumberColumn = Uint32Array | Float64Array

export interface DatabaseOptions {
  readonly memoryLimitMb: number
  readonly threads: number
}

const VECTOR = 2048
/** Under which a copy is attached while it is made; no file of ours is called so. */
const COPY = 'tocsin_copy'

/** Creates the file where there is none. */
export async function openDatabase(file: string, options: DatabaseOptions): Promise<Database> {
  const instance = await wrapped(() =>
    DuckDBInstance.create(file, {
      // A store works without a network, and fetches no code.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${options.memoryLimitMb}MB`,
      threads: String(options.threads),
      // Checkpoints come from `checkpoint` alone: one that fails must not fail a commit.
      checkpoint_threshold: '1TB',
    }),
  )
  const idle: DuckDBConnection[] = []
  const running = new Set<Promise<unknown>>()
  let closed = false

  async function connected<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const run = wrapped(async () => {
      if (closed) throw new Error('the database is closed')
      const connection = idle.pop() ?? (await instance.connect())
      try {
        return await work(connection)
      } finally {
        idle.push(connection)
      }
    })
    running.add(run)
    try {
      return await run
    } finally {
      running.delete(run)
    }
  }

  return {
    rows: (sql, parameters) =>
      connected(async (connection) => (await connection.run(sql, [...parameters])).getRowsJS()),
    numbers: (sql, take) =>
      connected(async (connection) => {
        const result = await connection.stream(sql)
        let chunk = await result.fetchChunk()
        while (chunk !== null && chunk.rowCount > 0) {
          // The next piece is on its way while this one is taken.
          const next = result.fetchChunk()
          try {
            take(itemsOf(chunk))
          } finally {
            chunk = await next
          }
        }
      }),
    transaction: (work) =>
      connected(async (connection) => {
        await connection.run('BEGIN TRANSACTION')
        try {
          await work(makeTransaction(connection))
          await connection.run('COMMIT')
        } catch (error) {
          // A commit that failed has rolled back by itself; to roll back again is an error that says nothing new.
          await connection.run('ROLLBACK').catch(() => undefined)
          throw error
        }
      }),
    checkpoint: () => connected(async (connection) => void (await connection.run('CHECKPOINT'))),
    copyTo: (file, count) =>
      connected(async (connection) => {
        const [row] = await (await connection.run('SELECT current_database()')).getRowsJS()
        const source = row?.[0]
        if (typeof source !== 'string') throw new TypeError('a database has a name')
        await connection.run(`ATTACH ${quoted(file, "'")} AS ${COPY}`)
        try {
          await connection.run(`COPY FROM DATABASE ${quoted(source, '"')} TO ${COPY}`)
          await connection.run(`CHECKPOINT ${COPY}`)
          const counts = new Map<string, number>()
          for (const table of count) {
            const [counted] = await (await connection.run(`SELECT count(*)::DOUBLE FROM ${COPY}.${table}`)).getRowsJS()
            counts.set(table, Number(counted?.[0]))
          }
          return counts
        } finally {
          await connection.run(`DETACH ${COPY}`)
        }
      }),
    async close() {
      closed = true
      await Promise.allSettled(running)
      for (const connection of idle.splice(0)) connection.closeSync()
      instance.closeSync()
    },
  }
}

function makeTransaction(connection: DuckDBConnection): Transaction {
  return {
    async run(sql) {
      await connection.run(sql)
    },
    async appendNumbers(table, columns) {
      const rows = columns[0]?.length ?? 0
      const appender = await connection.createAppender(table)
      const types = columns.map((_, i) => (appender.columnType(i) === UINTEGER ? UINTEGER : DOUBLE))
      for (let from = 0; from < rows; from += VECTOR) {
        const count = Math.min(VECTOR, rows - from)
        const chunk = DuckDBDataChunk.create(types, count)
        itemsOf(chunk).forEach((items, i) => {
          const column = columns[i]!
          items.set(column.subarray(from, from + count))
          chunk.getColumnVector(i).flush()
        })
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
    },
    async appendRows(table, rows) {
      const appender = await connection.createAppender(table)
      for (const row of rows) {
        row.forEach((value, i) =>
          value === null ? appender.appendNull() : appender.appendValue(value, appender.columnType(i)),
        )
        appender.endRow()
      }
      appender.closeSync()
    },
  }
}

function quoted(text: string, quote: '"' | "'"): string {
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
}

/**
 * The arrays under a chunk's vectors. `items` is private in DuckDB's types, though it is what every getter reads: one
 * call a value would make a scan of 43 million rows three times as long. database.test.ts fails should it ever go.
 */
function itemsOf(chunk: DuckDBDataChunk): NumberColumn[] {
  return Array.from({ length: chunk.columnCount }, (_, i) => {
    const { items } = chunk.getColumnVector(i) as unknown as { items: unknown }
    if (items instanceof Uint32Array || items instanceof Float64Array) return items
    throw new TypeError(`column ${i} is neither UINTEGER nor DOUBLE`)
  })
}

async function wrapped<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof TypeError || error instanceof DatabaseError ? error : new DatabaseError(error)
  }
}
