import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { CaseError } from '../model/errors.ts'

/** JavaScript holds no longer text. */
const LARGEST_TEXT = 512 * 1024 * 1024 - 32
const TOO_LARGE = 'more than 512 MiB of text; split it, or give it as Parquet'

/** A table as text: the head, and rows with the line (CSV) or row number (Parquet) they stand on. */
export interface Rows {
  readonly head: readonly string[]
  readonly rows: Iterable<Row>
}

export interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

/** A plain decimal number: `12`, `-0.5`, `1e-3`. @returns `null` for anything else that JavaScript would take for one (`0x1F`, `Infinity`). */
export function numberOf(text: string): number | null {
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  // Minus zero is zero.
  return Number.isFinite(number) ? number + 0 : null
}

/** A row cut off, or split by a stray delimiter: what stands where is anyone's guess. @returns why it cannot be used. */
export function misfit(head: readonly string[], row: Row): string | null {
  return row.cells.length === head.length ? null : `row has ${row.cells.length} cells where the head has ${head.length}`
}

/**
 * Reads a CSV, gzipped or not, whole.
 *
 * @throws CaseError when the file is missing, is not the gzip that it says it is, is not UTF-8, or a quote is never
 *         closed; when a column has no name of its own.
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
    head: named(
      path,
      head.record.map((name) => name.trim()),
    ),
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
  let columns: readonly { readonly name: string; readonly text: (value: unknown) => string }[]
  try {
    const file = buffer as ArrayBuffer
    const metadata = await parquetMetadataAsync(file)
    columns = parquetSchema(metadata).children.map(({ element }) => ({ name: element.name, text: cellTexter(element) }))
    records = await parquetReadObjects({ file, metadata, compressors })
  } catch (cause) {
    throw new CaseError(
      `${path} is not a Parquet file that can be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
  return {
    head: named(
      path,
      columns.map((each) => each.name),
    ),
    rows: records.map((record, i) => ({ line: i + 1, cells: columns.map(({ name, text }) => text(record[name])) })),
  }
}

function named(path: string, head: readonly string[]): readonly string[] {
  const twice = head.find((name, i) => name !== '' && head.indexOf(name) !== i)
  if (twice === undefined) return head
  throw new CaseError(`${path}:1: two columns are named "${twice}"; which of them is meant cannot be told`)
}

interface ColumnType {
  readonly type?: string
  readonly converted_type?: string
  readonly logical_type?: { readonly type: string; readonly isAdjustedToUTC?: boolean }
}

/** Dates and wall clocks without a zone stay what they are: only an instant gets the `Z` of one. */
function cellTexter(column: ColumnType): (value: unknown) => string {
  const { type, converted_type: converted, logical_type: logical } = column
  const isDay = converted === 'DATE' || logical?.type === 'DATE'
  const isWallClock = type === 'INT96' || (logical?.type === 'TIMESTAMP' && logical.isAdjustedToUTC !== true)
  return (value) => {
    if (!(value instanceof Date)) return cellText(value)
    if (Number.isNaN(value.getTime())) return ''
    const text = value.toISOString()
    if (isDay) return text.slice(0, 10)
    return isWallClock ? text.slice(0, 19).replace('T', ' ') : text
  }
}

function cellText(value: unknown): string {
  // Not a number is how columns of floating point say that there is none.
  if (value === null || value === undefined || Number.isNaN(value)) return ''
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
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
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!isGzip && /\.gz$/i.test(path))
    throw new CaseError(`${path} is not gzip, though its name says so; mend the file or its name`)
  let plain: Buffer
  try {
    plain = isGzip ? gunzipSync(bytes, { maxOutputLength: LARGEST_TEXT }) : bytes
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : 'is it whole?'
    throw new CaseError(`${path} begins like gzip but cannot be unpacked: ${why}`, { cause })
  }
  if (plain.length > LARGEST_TEXT) throw new CaseError(`${path}: ${TOO_LARGE}`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch (cause) {
    const before = plain.toString('utf8').split('\uFFFD', 1)[0] ?? ''
    const line = before.split('\n').length
    throw new CaseError(`${path}:${line}: not UTF-8; convert it first, such as with iconv -f latin1 -t utf-8`, {
      cause,
    })
  }
}
