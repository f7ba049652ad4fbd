import { StoreError } from '../../model/errors.ts'

/** What lies under a failure of DuckDB, as far as an operator can do something about it. */
export type DatabaseTrouble = 'locked' | 'full' | 'denied' | 'damaged' | 'newer' | 'stopped' | 'other'

/** A failure of DuckDB, with its words in `cause`. Never leaves the engine: it becomes a StoreError or a BusyError. */
export class DatabaseError extends Error {
  override name = 'DatabaseError'
  readonly trouble: DatabaseTrouble

  constructor(cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause)
    super(message, { cause })
    this.trouble = troubleOf(message)
  }
}

/** DuckDB has no codes for these; its words are pinned by errors.test.ts and by the tests that make each one happen. */
const WORDS: readonly (readonly [RegExp, DatabaseTrouble])[] = [
  [/Could not set lock on file/i, 'locked'],
  [/No space left on device|disk quota exceeded|max_temp_directory_size|File too large/i, 'full'],
  [/Permission denied|Read-only file system|Operation not permitted/i, 'denied'],
  [/Trying to read a database file with version number|newer version of DuckDB/i, 'newer'],
  [
    /not a valid DuckDB database file|Corrupt|checksum|could not read enough bytes|Failure while replaying WAL/i,
    'damaged',
  ],
  [/database has been invalidated|FATAL Error/i, 'stopped'],
]

function troubleOf(message: string): DatabaseTrouble {
  return WORDS.find(([words]) => words.test(message))?.[1] ?? 'other'
}

/** @param file the database file, named in the message so that an operator knows where to look. */
export function toStoreError(error: unknown, file: string): unknown {
  if (!(error instanceof DatabaseError)) return error
  return new StoreError(adviceFor(error, file), { cause: error.cause })
}

function adviceFor({ trouble, message }: DatabaseError, file: string): string {
  switch (trouble) {
    case 'full':
      return `no space is left for ${file}; free some and try again (nothing of this call was kept)`
    case 'denied':
      return `no right to write ${file}; give the folder to the user that runs Tocsin (chown) or set another data folder`
    case 'newer':
      return `${file} was written by a newer version; run that version, or move the folder away to start an empty one`
    case 'damaged':
      return damaged(message, file)
    case 'locked':
      return `${file} is in use by another process; stop it, or set another data folder`
    case 'stopped':
    case 'other':
      return `the database ${file} failed: ${firstLine(message)}; try again, and restart Tocsin if it stays`
  }
}

function damaged(message: string, file: string): string {
  const torn = /entry at byte position (\d+)/.exec(message)
  if (torn === null)
    return `${file} is damaged: restore the folder from a back-up, or move it away to start an empty one`
  return (
    `${file}.wal is damaged at byte ${torn[1]}: restore the folder from a back-up; or keep a copy of the file, cut it there ` +
    `(truncate -s ${torn[1]} ${file}.wal) and lose what was written after that; or move the folder away to start an empty one`
  )
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}
