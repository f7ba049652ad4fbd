import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { CaseError } from '../model/errors.ts'

/** A table as text: the head, and rows with the line (CSV) or row number (Parquet) they stand on. */
export interface Rows {
  readonly head: readonly string[]
  readonly rows: Iterable<{ readonly line: number; readonly cells: readonly string[] }>
}

/**
 * Reads a CSV, gzipped or not, whole.
 *
 * @throws CaseError when the file is missing, is not the gzip that it says it is, or a quote is never closed.
 */
export function readCsv(path: string, delimiter: string, comment: string | null): Rows {
  const text = readText(path)
  let records: { record: string[]; info: { lines: number } }[]
  try {
    records = parse(text, {
      delimiter,
      info: true,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      ...(comment === null ? {} : { comment, comment_no_infix: true }),
    }) as unknown as typeof records
  } catch (cause) {
    throw new CaseError(
      `${path} is not a CSV that can be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
  const [head, ...rest] = records
  if (head === undefined) throw new CaseError(`${path} is empty: not even a line of column names`)
  return {
    head: head.record.map((name) => name.trim()),
    rows: rest.map(({ record, info }) => ({ line: info.lines, cells: record })),
  }
}

/**
 * Reads a Parquet file whole; every value as the text that a CSV would have held. Timestamps become RFC 3339.
 *
 * @throws CaseError when the file is missing or is no Parquet.
 */
export async function readParquet(path: string): Promise<Rows> {
  const bytes = readBytes(path)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  let records: Record<string, unknown>[]
  try {
    records = await parquetReadObjects({ file: buffer as ArrayBuffer, compressors })
  } catch (cause) {
    throw new CaseError(
      `${path} is not a Parquet file that can be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
  const head = Object.keys(records[0] ?? {})
  return {
    head,
    rows: records.map((record, i) => ({ line: i + 1, cells: head.map((name) => cellText(record[name])) })),
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  return JSON.stringify(value)
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new CaseError(`${path} cannot be read; the case names it under [[files]]. Is the data folder in its place?`, {
      cause,
    })
  }
}

function readText(path: string): string {
  const bytes = readBytes(path)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8')
  try {
    return gunzipSync(bytes).toString('utf8')
  } catch (cause) {
    throw new CaseError(`${path} begins like gzip but cannot be unpacked: is it whole?`, { cause })
  }
}
