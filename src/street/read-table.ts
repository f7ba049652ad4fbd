import type { EntityId, Seconds, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import { CaseError } from '../model/errors.ts'
import type { SignalSpec } from '../model/signal.ts'
import { isZone, localToUtc } from '../netdata/zones.ts'
import type { CaseFile, SeriesMapping, TableFile } from './case-schema.ts'
import type { Collected } from './loaded.ts'
import { addBin, commonPhase } from './loaded.ts'
import type { ReadReport } from './read-report.ts'
import { skip } from './read-report.ts'
import { rowEntityReader } from './row-entity.ts'
import type { Row } from './rows.ts'
import { misfit, numberOf, readCsv, readParquet } from './rows.ts'
import { fixedOffset, wallClockReader } from './time-format.ts'

interface ValueColumn {
  readonly mapping: SeriesMapping
  readonly spec: SignalSpec
  readonly step: Seconds
  readonly value: number
  readonly weight: number | null
}

/**
 * Reads any CSV or Parquet that a mapping describes.
 *
 * @throws CaseError when the mapping names a column, zone, format or source that is not there. Bad rows are skipped,
 *         counted and told with file, line and column; never guessed.
 */
export async function readTable(
  file: TableFile,
  path: string,
  sources: CaseFile['sources'],
  into: Collected,
  report: ReadReport,
): Promise<void> {
  const format = file.format ?? (/\.parquet$/i.test(path) ? 'parquet' : 'csv')
  const table =
    format === 'parquet' ? await readParquet(path) : readCsv(path, file.delimiter ?? ',', file.comment ?? null)
  const columnOf = (name: string): number => {
    const index = table.head.indexOf(name)
    if (index < 0)
      throw new CaseError(
        `${path}: the mapping names a column "${name}"; the file has ${table.head.map((each) => `"${each}"`).join(', ')}`,
      )
    return index
  }
  const columns = file.series.map((mapping) => valueColumn(mapping, sources, path, columnOf))
  const first = columns[0]
  if (first === undefined) throw new CaseError(`${path}: the mapping has no [[files.series]]`)
  const entityOf = rowEntityReader(file.entity, columnOf, first.spec.source, path)
  const timeOf = rowTimeReader(file, path, columnOf)
  const readings: Reading[] = []
  for (const row of table.rows) {
    const { line, cells } = row
    report.rows += 1
    const wrong = misfit(table.head, row)
    if (wrong !== null) {
      skip(report, wrong, path, line, null, cells.join(file.delimiter ?? ','))
      continue
    }
    const time = timeOf(cells)
    if (typeof time !== 'number') {
      skip(report, time.reason, path, line, time.column, time.text)
      continue
    }
    const about = entityOf(cells)
    if (about.kind === 'ignored') {
      report.ignored += 1
      continue
    }
    if (about.kind === 'problem') {
      skip(report, about.reason, path, line, about.column, about.text)
      continue
    }
    if (about.described !== null) into.entities.set(about.entity, about.described)
    readings.push({ row, entity: about.entity, time })
  }
  const place = { path, time: file.time.column, timeIndex: columnOf(file.time.column) }
  const timesOf = new Map<EntityId, number[]>()
  for (const { entity, time } of readings) {
    const times = timesOf.get(entity)
    if (times === undefined) timesOf.set(entity, [time])
    else times.push(time)
  }
  for (const column of columns) {
    const phases = new Map([...timesOf].map(([entity, times]) => [entity, commonPhase(times, column.step)]))
    for (const reading of readings)
      readValue(column, reading, phases.get(reading.entity) ?? (0 as Seconds), place, into, report)
  }
}

/** A row whose time and entity are known. */
interface Reading {
  readonly row: Row
  readonly entity: EntityId
  readonly time: UnixSeconds
}

function readValue(
  column: ValueColumn,
  { row: { line, cells }, entity, time }: Reading,
  phase: Seconds,
  place: { readonly path: string; readonly time: string; readonly timeIndex: number },
  into: Collected,
  report: ReadReport,
): void {
  const { path } = place
  const { spec, mapping } = column
  const text = (cells[column.value] ?? '').trim()
  const value = text === '' ? Number.NaN : numberOf(text)
  if (value === null) {
    skip(report, 'value is no number', path, line, mapping.column, text)
    return
  }
  const weightText = column.weight === null ? '' : (cells[column.weight] ?? '').trim()
  const weight = weightText === '' ? Number.NaN : numberOf(weightText)
  if (weight === null) {
    skip(report, 'weight is no number', path, line, mapping.weight_column ?? null, weightText)
    return
  }
  const key = {
    source: spec.source,
    signal: spec.signal,
    entity,
    facet: mapping.facet ?? null,
    origin: 'measured',
  } as const
  const outcome = addBin(into, key, spec, column.step, phase, time, value, weight)
  switch (outcome) {
    case 'added':
      report.observations += 1
      return
    case 'repeated':
      return
    case 'off-grid':
      skip(
        report,
        `time is not on the grid of ${mapping.step_minutes} min that most times of the series lie on`,
        path,
        line,
        place.time,
        cells[place.timeIndex] ?? '',
      )
      return
    case 'conflict':
      skip(report, 'another value for a bin that was read before; the first stays', path, line, mapping.column, text)
      return
    case 'other-step':
      throw new CaseError(
        `${path}: ${spec.source}/${spec.signal} of ${entity} was read before with another step_minutes than ${mapping.step_minutes}`,
      )
    default:
      outcome satisfies never
  }
}

function valueColumn(
  mapping: SeriesMapping,
  sources: CaseFile['sources'],
  path: string,
  columnOf: (name: string) => number,
): ValueColumn {
  const source = sources.find((each) => each.id === mapping.source)
  if (source === undefined) {
    throw new CaseError(
      `${path}: series "${mapping.signal}" is of source "${mapping.source}", which is not under [[sources]]`,
    )
  }
  const step = (mapping.step_minutes * 60) as Seconds
  if (!Number.isInteger(step))
    throw new CaseError(`${path}: step_minutes = ${mapping.step_minutes} is not a whole number of seconds`)
  const spec: SignalSpec = {
    source: mapping.source as SourceId,
    signal: mapping.signal as SignalId,
    label: mapping.label,
    plane: mapping.plane,
    unit: mapping.unit,
    step,
    delay: (mapping.delay_minutes === undefined ? step : mapping.delay_minutes * 60) as Seconds,
    badDirection: mapping.bad,
    seasonality: mapping.seasonality,
    quantum: mapping.quantum,
    windowNormalised: mapping.window_normalised ?? false,
    zeroIsOmitted: mapping.zero_is_omitted ?? false,
    group: mapping.group ?? `${mapping.source}/${mapping.signal}`,
    witness: mapping.witness ?? 'none',
    licence: { class: source.licence.class, name: source.licence.name, url: source.licence.url ?? null },
    citation: source.citation,
  }
  const weight = mapping.weight_column === undefined ? null : columnOf(mapping.weight_column)
  return { mapping, spec, step, value: columnOf(mapping.column), weight }
}

interface TimeProblem {
  readonly reason: string
  readonly column: string
  readonly text: string
}

/** Times of rows in UTC: the wall clock by its format, the zone by its name, its offset or a column of the row. */
function rowTimeReader(
  file: TableFile,
  path: string,
  columnOf: (name: string) => number,
): (cells: readonly string[]) => UnixSeconds | TimeProblem {
  const { column, format, zone, zone_column: zoneColumn } = file.time
  const read = wallClockReader(format)
  if (read === null) {
    throw new CaseError(
      `${path}: time.format = "${format}" is not one we read: unix, unix-ms, rfc3339, or a pattern of yyyy MM MMM dd HH mm ss such as dd-MMM-yyyy HH:mm:ss`,
    )
  }
  if (zone === undefined && zoneColumn === undefined && format !== 'rfc3339') {
    throw new CaseError(
      `${path}: the time mapping needs zone (UTC, +03:30, Asia/Tehran) or zone_column; nothing is guessed`,
    )
  }
  if (zone !== undefined && zoneColumn !== undefined)
    throw new CaseError(`${path}: the time mapping has zone and zone_column; which of them counts? Leave one out`)
  if (format === 'rfc3339' && (zone ?? zoneColumn) !== undefined)
    throw new CaseError(
      `${path}: times in rfc3339 carry their own zone, and that one counts; leave out ${zone === undefined ? 'zone_column' : 'zone'}`,
    )
  if (zone !== undefined && fixedOffset(zone) === null && !isZone(zone))
    throw new CaseError(`${path}: time.zone = "${zone}" is no zone and no offset; such as UTC, Asia/Tehran, +03:30`)
  const index = columnOf(column)
  const zoneIndex = zoneColumn === undefined ? null : columnOf(zoneColumn)
  return (cells) => {
    const text = cells[index] ?? ''
    const wall = read(text)
    if (wall === null) return { reason: `time is not in the format ${format}`, column, text }
    const name = zoneIndex === null ? (zone ?? 'UTC') : (cells[zoneIndex] ?? '').trim()
    const offset = fixedOffset(name)
    if (offset !== null) return (wall - offset) as UnixSeconds
    if (!isZone(name)) return { reason: 'zone is not one we know', column: zoneColumn ?? column, text: name }
    const utc = localToUtc(wall, name)
    if (utc === null) return { reason: 'local time that the clocks jumped over', column, text }
    if (utc.ambiguous) return { reason: 'local time that occurred twice as the clocks went back', column, text }
    return utc.at
  }
}
