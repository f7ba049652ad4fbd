import { IODA_SIGNALS, iodaSignalOfColumn } from '../collect/ioda/signals.ts'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import { CaseError } from '../model/errors.ts'
import type { SignalSpec } from '../model/signal.ts'
import type { IodaFile } from './case-schema.ts'
import type { Collected } from './loaded.ts'
import { addBin, commonPhase } from './loaded.ts'
import type { ReadReport } from './read-report.ts'
import { skip } from './read-report.ts'
import { misfit, numberOf, readCsv } from './rows.ts'
import { wallClockReader } from './time-format.ts'

const FORMATS = ['yyyy-MM-dd HH:mm:ss', 'yyyy-MM-dd HH:mm', 'rfc3339', 'unix']

interface Column {
  readonly index: number
  readonly title: string
  readonly spec: SignalSpec
}

/**
 * Reads the CSV that IODA's dashboard exports for one entity: a column of UTC times, one column a signal.
 *
 * The dashboard divides each signal by its maximum in the window, so that only shares mean anything. A signal whose
 * own step is longer than the file's (Mozilla: hourly) is blank in between by its cadence; those blanks are no gaps.
 *
 * @throws CaseError when no column is one that IODA exports, or the times have no step.
 */
export function readIodaExport(file: IodaFile, path: string, into: Collected, report: ReadReport): void {
  const { head, rows } = readCsv(path, ',', null)
  const timeIndex = head.findIndex((name) => /^time\b|^date|^timestamp/i.test(name))
  if (timeIndex < 0)
    throw new CaseError(
      `${path}:1: no column of times; an IODA export begins with "Time (UTC)", this one has ${head.join(', ')}`,
    )
  const columns: Column[] = []
  for (const [index, title] of head.entries()) {
    if (index === timeIndex) continue
    const spec = iodaSignalOfColumn(title)
    if (spec === null)
      report.warnings.push(`${path}:1: column "${title}" is no signal that we read from IODA; left out`)
    else if (columns.some((each) => each.spec.signal === spec.signal))
      report.warnings.push(`${path}:1: column "${title}" holds ${spec.signal}, as one before it does; left out`)
    else columns.push({ index, title, spec })
  }
  if (columns.length === 0) {
    throw new CaseError(
      `${path}:1: none of the columns (${head.join(', ')}) is a signal of IODA: ${IODA_SIGNALS.map((each) => each.label).join(', ')}`,
    )
  }
  const read = FORMATS.map((format) => wallClockReader(format))
  const table: { line: number; at: UnixSeconds; cells: readonly string[] }[] = []
  for (const row of rows) {
    const { line, cells } = row
    report.rows += 1
    const wrong = misfit(head, row)
    if (wrong !== null) {
      skip(report, wrong, path, line, null, cells.join(','))
      continue
    }
    const text = cells[timeIndex] ?? ''
    const at = read.map((reader) => reader?.(text) ?? null).find((each) => each !== null) ?? null
    if (at === null) skip(report, 'time cannot be read', path, line, head[timeIndex] ?? null, text)
    else table.push({ line, at: at as UnixSeconds, cells })
  }
  const fileStep = commonStep(table.map((row) => row.at))
  if (fileStep === null)
    throw new CaseError(`${path}: fewer than two different times; the step of the series cannot be told`)
  let largest = 0
  for (const { cells } of table)
    for (const { index } of columns) largest = Math.max(largest, numberOf((cells[index] ?? '').trim()) ?? 0)
  const windowNormalised = file.normalised ?? largest <= 100.000001
  for (const column of columns) readColumn(file, path, column, table, fileStep, windowNormalised, into, report)
}

function readColumn(
  file: IodaFile,
  path: string,
  column: Column,
  table: readonly { line: number; at: UnixSeconds; cells: readonly string[] }[],
  fileStep: Seconds,
  windowNormalised: boolean,
  into: Collected,
  report: ReadReport,
): void {
  const step = Math.max(fileStep, column.spec.step) as Seconds
  const spec: SignalSpec = {
    ...column.spec,
    step,
    windowNormalised,
    // Divided by the maximum, the steps of a count are no longer whole numbers.
    quantum: windowNormalised ? smallestStep(table.map((row) => row.cells[column.index] ?? '')) : column.spec.quantum,
    unit: windowNormalised ? "% of the window's maximum" : column.spec.unit,
  }
  const key = {
    source: spec.source,
    signal: spec.signal,
    entity: file.entity,
    facet: null,
    origin: 'measured',
  } as const
  const textOf = (cells: readonly string[]): string => (cells[column.index] ?? '').trim()
  const spoken = table.filter(({ cells }) => textOf(cells) !== '').map(({ at }) => at)
  const phase = commonPhase(spoken, step)
  for (const { line, at, cells } of table) {
    const text = textOf(cells)
    const blankByCadence = text === '' && (at - phase) % step !== 0
    if (blankByCadence) continue
    const value = text === '' ? Number.NaN : numberOf(text)
    if (value === null) {
      skip(report, 'value is no number', path, line, column.title, text)
      continue
    }
    const outcome = addBin(into, key, spec, step, phase, at, value, Number.NaN)
    if (outcome === 'added') report.observations += 1
    else if (outcome === 'off-grid')
      skip(report, `time is not on the signal's grid of ${step / 60} min`, path, line, column.title, text)
    else if (outcome === 'other-step')
      throw new CaseError(
        `${path}: ${spec.signal} of ${file.entity} was read before with another step than ${step / 60} min`,
      )
    else if (outcome === 'conflict')
      skip(report, 'another value for a bin that was read before; the first stays', path, line, column.title, text)
  }
}

/** The most common distance between neighbouring times, in whatever order the file has them. */
function commonStep(times: readonly UnixSeconds[]): Seconds | null {
  const counts = new Map<number, number>()
  const sorted = times.toSorted((a, b) => a - b)
  for (let i = 1; i < sorted.length; i++) {
    const step = (sorted[i] ?? 0) - (sorted[i - 1] ?? 0)
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  let best: number | null = null
  for (const [step, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = step
  return best as Seconds | null
}

/** Quantum of a column that few values occur in (Mozilla counts cities: 2.5 of 100 is one city); 0 for many. */
function smallestStep(cells: readonly string[]): number {
  const distinct = [...new Set(cells.map((text) => numberOf(text.trim())))]
    .filter((value) => value !== null)
    .sort((a, b) => a - b)
  if (distinct.length < 2 || distinct.length > 200) return 0
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < distinct.length; i++) {
    const step = (distinct[i] ?? 0) - (distinct[i - 1] ?? 0)
    // 55 and 55.00000000000001 are one value.
    if (step > 1e-6) least = Math.min(least, step)
  }
  return Number.isFinite(least) ? least : 0
}
