import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import type * as z from 'zod'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { CaseError } from '../model/errors.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { Origin } from '../model/series.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { createHierarchy } from '../netdata/hierarchy.ts'
import { accessGroupName } from '../words/access.ts'
import type { SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import type { StoredEntity } from '../store/store.ts'
import type { CaseExpectation, CaseFile, ReconstructionFile } from './case-schema.ts'
import { caseSchema, reconstructionSchema } from './case-schema.ts'
import type { LoadedSeries } from './loaded.ts'
import { emptyCollection } from './loaded.ts'
import { readIodaExport } from './read-ioda.ts'
import { readBgpFile, warningsOf } from './read-bgp.ts'
import type { RoutesRead, RoutesView } from './read-routes.ts'
import type { ReadReport } from './read-report.ts'
import { emptyReport } from './read-report.ts'
import { readTable } from './read-table.ts'
import type { ReconstructionVariant } from './reconstruct.ts'
import { reconstruct, waypointsOf } from './reconstruct.ts'
import type { ReplayEntry, Waypoint } from './view.ts'

/** A case file that was read and is sound, before its data are. */
export type ParsedCase =
  | { readonly kind: 'case'; readonly path: string; readonly file: CaseFile }
  | { readonly kind: 'reconstruction'; readonly path: string; readonly file: ReconstructionFile }

/** A case with its data, ready to be replayed. */
export interface LoadedCase {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly origin: Origin
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  readonly series: readonly LoadedSeries[]
  readonly entities: readonly StoredEntity[]
  readonly gazetteer: Gazetteer
  readonly hierarchy: Hierarchy
  readonly waypoints: readonly Waypoint[]
  /** Prefixes lost and returned, in order of time; empty for a case without routes. */
  readonly routeEvents: readonly RouteEvent[]
  /** How good the view of routes was, one for each archive. */
  readonly routesSeen: readonly RoutesView[]
  readonly expectations: readonly CaseExpectation[]
  readonly report: ReadReport
}

/**
 * Reads and checks a case file.
 *
 * @throws CaseError naming file, line and column of what is wrong: no file, no TOML, an unknown key, a bad value.
 */
export function parseCase(path: string): ParsedCase {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CaseError(`${path} cannot be read; give the path of a case file, such as fixtures/cases/iran-2026.toml`, {
      cause,
    })
  }
  let raw: Record<string, unknown>
  try {
    raw = parse(text)
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const first = cause.message.split('\n')[0] ?? ''
    throw new CaseError(
      `${path}:${cause.line}:${cause.column}: not TOML: ${first.replace(/^Invalid TOML document: /, '')}`,
      { cause },
    )
  }
  if (raw['reconstruction'] === true)
    return { kind: 'reconstruction', path, file: checked(reconstructionSchema, raw, path, text) }
  return { kind: 'case', path, file: checked(caseSchema, raw, path, text) }
}

function checked<T>(schema: z.ZodType<T>, raw: unknown, path: string, text: string): T {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = flatten(result.error.issues)[0]
  const where = issue === undefined ? '' : locate(text, issue.path)
  const key = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.')
  const more = result.error.issues.length > 1 ? ` (and ${result.error.issues.length - 1} more)` : ''
  throw new CaseError(`${path}${where}: ${key}: ${issue?.message ?? 'does not fit'}${more}`)
}

/** A union's own message says only that nothing fitted, a record's that a key is bad; what they hold says what. */
function flatten(issues: readonly z.core.$ZodIssue[]): readonly { path: readonly PropertyKey[]; message: string }[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'invalid_key')
      return flatten(issue.issues).map((each) => ({ path: issue.path, message: each.message }))
    if (issue.code !== 'invalid_union' || issue.errors.length === 0)
      return [{ path: issue.path, message: issue.message }]
    const best = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? []
    return flatten(best).map((each) => ({ path: [...issue.path, ...each.path], message: each.message }))
  })
}

/** `:line:column` of the last named key of a path, as near as the text can tell; empty when it does not occur. */
function locate(text: string, path: readonly PropertyKey[]): string {
  const lines = text.split('\n')
  let from = 0
  let found = ''
  for (let i = 0; i < path.length; i++) {
    const key = path[i]
    if (typeof key !== 'string') continue
    const nth = typeof path[i + 1] === 'number' ? Number(path[i + 1]) + 1 : 1
    const pattern = new RegExp(`^\\s*(?:\\[\\[?(?:[\\w-]+\\.)*)?${key.replace(/[^\w-]/g, '\\$&')}\\b`)
    let seen = 0
    for (let line = from; line < lines.length; line++) {
      const text = lines[line] ?? ''
      if (!pattern.test(text)) continue
      seen += 1
      if (seen < nth) continue
      from = line
      found = `:${line + 1}:${text.indexOf(key) + 1}`
      break
    }
  }
  return found
}

/**
 * Reads the data of a case.
 *
 * @param progress told how far reading is where it takes long, 0 to 1.
 * @throws CaseError when a data file is missing or its mapping does not fit it. Bad rows are in the report.
 */
export async function loadCase(
  parsed: ParsedCase,
  variant: ReconstructionVariant,
  progress: (done: number) => void = () => undefined,
): Promise<LoadedCase> {
  return parsed.kind === 'case'
    ? loadMeasured(parsed.file, parsed.path, progress)
    : loadReconstruction(parsed.file, variant)
}

async function loadMeasured(file: CaseFile, path: string, progress: (done: number) => void): Promise<LoadedCase> {
  const report = emptyReport()
  const collected = emptyCollection()
  const routes: RoutesRead[] = []
  for (const each of file.files) {
    const data = resolve(dirname(path), each.path)
    if (each.reader === 'bgp-archive') routes.push(await readBgpFile(each, data, file, path, progress))
    else if (each.reader === 'ioda-export') readIodaExport(each, data, collected, report)
    else await readTable(each, data, file.sources, collected, report)
  }
  for (const { series, view } of routes) {
    report.observations += series.reduce((sum, each) => sum + each.bins.length, 0)
    report.warnings.push(...warningsOf(view))
  }
  const series = [...collected.series.values(), ...routes.flatMap((each) => each.series)]
    .map((each) => within(each, file.from, file.until))
    .filter((each) => each.bins.length > 0)
  refuseTwoSpecs(series, path)
  const kept = series.reduce((sum, each) => sum + each.bins.length, 0)
  report.outside = report.observations - kept
  report.observations = kept
  const known = file.hierarchy?.known_children ?? {}
  const names = createGazetteer([])
  const entities = new Map(collected.entities)
  for (const each of routes.flatMap((read) => read.entities)) entities.set(each.entity, each)
  for (const [id, count] of Object.entries(known)) {
    const entity = (id.includes(':') ? id : `region:${id}`) as EntityId
    const before = entities.get(entity)
    entities.set(entity, {
      entity,
      name: before?.name ?? names.name(entity, 'en'),
      parent: before?.parent ?? null,
      timeZone: before?.timeZone ?? null,
      knownChildren: count,
    })
  }
  const isLaboratory = file.files.some((each) => each.reader === 'bgp-archive' && each.laboratory === true)
  return finished(file, isLaboratory ? 'laboratory' : 'measured', series, [...entities.values()], {
    waypoints: [],
    routeEvents: routes.flatMap((each) => each.events).toSorted((a, b) => a.at - b.at),
    routesSeen: routes.map((each) => each.view),
    expectations: file.expect ?? [],
    report,
  })
}

/** A signal of one source has one spec (step and quantum may differ by series): every later look would judge by one. */
function refuseTwoSpecs(series: readonly LoadedSeries[], path: string): void {
  const known = new Map<string, SignalSpec>()
  for (const { spec } of series) {
    const before = known.get(signalKey(spec)) ?? spec
    known.set(signalKey(spec), before)
    for (const field of ONE_PER_SIGNAL) {
      if (before[field] !== spec[field])
        throw new CaseError(
          `${path}: ${signalKey(spec)} is mapped twice with different ${field}: "${before[field]}" and "${spec[field]}"; give one of them another signal or source`,
        )
    }
  }
}

const ONE_PER_SIGNAL = [
  'label',
  'plane',
  'unit',
  'delay',
  'badDirection',
  'seasonality',
  'windowNormalised',
  'zeroIsOmitted',
  'group',
  'witness',
] as const

function loadReconstruction(file: ReconstructionFile, variant: ReconstructionVariant): LoadedCase {
  const entities = file.entities.map((each): StoredEntity => ({
    entity: each.id,
    name: each.name,
    parent: null,
    timeZone: null,
    knownChildren: null,
  }))
  const series = reconstruct(file, createGazetteer(entities), variant)
  const report = emptyReport()
  report.observations = series.reduce((sum, each) => sum + each.bins.length, 0)
  report.rows = report.observations
  return finished(file, 'reconstructed', series, entities, {
    waypoints: waypointsOf(file),
    routeEvents: [],
    routesSeen: [],
    expectations: [],
    report,
  })
}

function finished(
  file: {
    readonly id: string
    readonly title: string
    readonly summary: string
    readonly from: UnixSeconds
    readonly until: UnixSeconds
  },
  origin: Origin,
  series: readonly LoadedSeries[],
  entities: readonly StoredEntity[],
  rest: Pick<LoadedCase, 'waypoints' | 'routeEvents' | 'routesSeen' | 'expectations' | 'report'>,
): LoadedCase {
  const { report } = rest
  if (series.every((each) => each.bins.length === 0)) {
    const worst = report.skipped.toSorted((a, b) => b.count - a.count)[0]
    const why =
      worst === undefined
        ? `${report.rows} rows were read, ${report.outside} observations lie outside`
        : `${worst.count} of ${report.rows} rows were skipped: ${worst.reason}; first ${worst.first.file}:${worst.first.line}: "${worst.first.text}"`
    throw new CaseError(`${file.id}: no observation between its from and until (${why})`)
  }
  const { id, title, summary, from, until } = file
  return {
    id,
    title,
    summary,
    origin,
    from,
    until,
    series,
    entities,
    gazetteer: createGazetteer(entities, accessGroupName),
    hierarchy: createHierarchy(entities),
    ...rest,
  }
}

function within(series: LoadedSeries, from: UnixSeconds, until: UnixSeconds): LoadedSeries {
  const keep = series.bins.map((bin) => bin >= from && bin < until)
  if (keep.every(Boolean)) return series
  const pick = (numbers: readonly number[]): number[] => numbers.filter((_, i) => keep[i])
  return {
    info: series.info,
    spec: series.spec,
    bins: pick(series.bins),
    values: pick(series.values),
    weights: pick(series.weights),
  }
}

/** How a list of replays shows it. `missing` names a data file that is not there. */
export function replayEntry(parsed: ParsedCase, missing: string | null): ReplayEntry {
  const { file } = parsed
  const sources =
    parsed.kind === 'case'
      ? parsed.file.sources.map((each) => ({ name: each.name, url: each.url ?? null, licence: each.licence.name }))
      : parsed.file.sources.map((each) => ({ name: each.name, url: each.url ?? null, licence: each.licence }))
  return {
    id: file.id,
    title: file.title,
    summary: file.summary,
    origin: parsed.kind === 'case' ? 'measured' : 'reconstructed',
    unavailable: missing,
    sources,
  }
}
