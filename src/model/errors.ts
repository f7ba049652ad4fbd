/**
 * The operator must act. The message names what is wrong and how to mend it; `cause` keeps what was underneath.
 * Each class maps to an exit code: 1 failed, 2 usage, 3 busy.
 */
export class TocsinError extends Error {
  readonly exitCode: 1 | 2 | 3 = 1
  override name = 'TocsinError'
}

/** A setting is missing, misspelt or out of range. */
export class ConfigError extends TocsinError {
  override readonly exitCode = 2
  override name = 'ConfigError'
}

/** A command was called with wrong words. */
export class UsageError extends TocsinError {
  override readonly exitCode = 2
  override name = 'UsageError'
}

/** A case file, its mapping or its data cannot be used. The message carries file, line and column where there are any. */
export class CaseError extends TocsinError {
  override name = 'CaseError'
}

/** The data folder cannot be used: no rights, no space, damaged, of another version. */
export class StoreError extends TocsinError {
  override name = 'StoreError'
}

/** Another process owns what was asked for. The message names it and its URL. */
export class BusyError extends TocsinError {
  override readonly exitCode = 3
  override name = 'BusyError'
}
