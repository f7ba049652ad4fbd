import type { UnixSeconds } from '../../model/brand.ts'
import type { BinReading } from '../../model/page.ts'
import { parseRfc3339 } from '../../model/time.ts'

/** A series as a dense chart draws it: columns of equal length. `null` = none, where the line breaks. */
export interface DenseColumns {
  /** Starts of bins, ascending. */
  readonly at: readonly UnixSeconds[]
  readonly values: readonly (number | null)[]
  readonly usual: readonly (number | null)[]
  readonly shares: readonly (number | null)[]
  readonly readings: readonly BinReading[]
  /** What is drawn: shares of usual, or values while no usual is known. */
  readonly measure: 'share' | 'raw'
  readonly drawn: readonly (number | null)[]
  readonly low: readonly (number | null)[]
  readonly high: readonly (number | null)[]
  /** Bins were left out: looking closer brings more. */
  readonly sampled: boolean
  /** Seconds from one bin to the next. */
  readonly step: number
}

/** As on the pictures: what nineteen of twenty quiet bins stay within. */
const BAND_SPREADS = 2

const READINGS: ReadonlySet<string> = new Set(['quiet', 'span', 'gap', 'ambiguous-gap', 'blind'] satisfies BinReading[])

/** @returns `null` for what is not an answer of `/series/{id}`. */
export function readColumns(body: unknown): DenseColumns | null {
  if (typeof body !== 'object' || body === null || !('observations' in body)) return null
  if (!Array.isArray(body.observations)) return null
  const rows = body.observations.map(rowOf)
  if (!rows.every((row) => row !== null)) return null
  return columnsOf(rows, {
    sampled: 'sampled' in body && body.sampled === true,
    step: 'stepSeconds' in body && typeof body.stepSeconds === 'number' ? body.stepSeconds : 0,
  })
}

export interface DenseRow {
  readonly at: UnixSeconds
  readonly value: number | null
  readonly usual: number | null
  readonly spread: number | null
  readonly share: number | null
  readonly reading: BinReading
}

/** @internal */
export function columnsOf(
  rows: readonly DenseRow[],
  of: { readonly sampled: boolean; readonly step: number },
): DenseColumns {
  const measure = rows.some((row) => row.share !== null) ? 'share' : 'raw'
  const band = (row: DenseRow, sign: 1 | -1): number | null =>
    measure === 'raw' || row.usual === null || row.usual <= 0 || row.spread === null
      ? null
      : Math.max(0, 1 + (sign * BAND_SPREADS * row.spread) / row.usual)
  return {
    ...of,
    measure,
    at: rows.map((row) => row.at),
    values: rows.map((row) => row.value),
    usual: rows.map((row) => row.usual),
    shares: rows.map((row) => row.share),
    readings: rows.map((row) => row.reading),
    drawn: rows.map((row) => (measure === 'share' ? row.share : row.value)),
    low: rows.map((row) => band(row, -1)),
    high: rows.map((row) => band(row, 1)),
  }
}

function rowOf(row: unknown): DenseRow | null {
  if (typeof row !== 'object' || row === null || !('time' in row) || !('reading' in row)) return null
  const { time, reading } = row
  const at = typeof time === 'string' ? parseRfc3339(time) : null
  if (at === null || typeof reading !== 'string' || !READINGS.has(reading)) return null
  return {
    at,
    reading: reading as BinReading,
    value: 'value' in row ? known(row.value) : null,
    usual: 'expected' in row ? known(row.expected) : null,
    spread: 'spread' in row ? known(row.spread) : null,
    share: 'share' in row ? known(row.share) : null,
  }
}

function known(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
