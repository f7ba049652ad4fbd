import { gapStretches, keptRows } from '../../chart/sample.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { HealthInterval } from '../../model/health.ts'
import type { Incident } from '../../model/incident.ts'
import type { Span } from '../../model/judgement.ts'
import type { GapStretch, IncidentLine, Panel, Spark } from '../../model/page.ts'
import { signalKey } from '../../model/signal.ts'
import { DAY, HOUR, plus, toRfc3339 } from '../../model/time.ts'
import type { Range, StoredSeries } from '../../store/store.ts'
import type { Trace } from '../../street/view.ts'
import { evidenceSeries } from '../evidence.ts'
import { provenanceOf } from './provenance.ts'
import { api, entityRef, incidentClock, incidentHref, lastSight, type ViewContext } from './view-context.ts'

/** One point for each pixel and a half of a wide chart: more cannot be seen, and phones pay for each. */
const PANEL_POINTS = 480
const SPARK_POINTS = 60
const SPARK_LEAD = 2 * DAY

/** Lists may be long and each line reads a series: those far down do without. */
export const MOST_SPARKS = 24

export async function panel(
  context: ViewContext,
  series: StoredSeries,
  range: Range,
  spans: readonly Span[],
  health: readonly HealthInterval[],
): Promise<Panel> {
  const trace = await context.view.trace(series.id, range, null)
  const { spec } = trace
  const rows = keptRows(trace.baseline === null ? trace.values : trace.shares, PANEL_POINTS)
  return {
    seriesId: series.id,
    key: signalKey(spec),
    label: spec.label,
    plane: spec.plane,
    unit: spec.unit,
    badDirection: spec.badDirection,
    zeroIsOmitted: spec.zeroIsOmitted,
    entity: entityRef(context, series.entity),
    facet: series.facet,
    origin: series.origin,
    step: series.step,
    baseline: trace.baseline,
    range,
    columns: {
      bins: rows.map((row) => (trace.bins[row] ?? 0) as UnixSeconds),
      values: pick(trace.values, rows),
      expected: pick(trace.expected, rows),
      spread: pick(trace.spread, rows),
      shares: pick(trace.shares, rows),
      readings: rows.map((row) => trace.readings[row] ?? 'gap'),
    },
    gaps: await explained(context, series, gapStretches(trace.bins, trace.readings, series.step), health),
    spans: spans.filter((span) => span.onset.at < range.until && (span.end === null || span.end.at > range.from)),
    ...dataLinks(context, series, range),
    provenance: await provenanceOf(context, series, range, binsOfNote(trace, spans)),
  }
}

/** Starts of the bins whose answers a reader asks for first: of the onset, and the newest. */
function binsOfNote(trace: Trace, spans: readonly Span[]): readonly UnixSeconds[] {
  const newest = trace.values.findLastIndex((value) => Number.isFinite(value))
  const onset = spans[0]?.onset.at ?? null
  const first = trace.bins[0] ?? 0
  return [
    ...(onset !== null && onset >= first ? [onset] : []),
    ...(newest === -1 ? [] : [(trace.bins[newest] ?? 0) as UnixSeconds]),
  ]
}

/** Each gap with what was wrong with our view for the most of it, where that is known. */
async function explained(
  context: ViewContext,
  series: StoredSeries,
  gaps: readonly GapStretch[],
  health: readonly HealthInterval[],
): Promise<readonly GapStretch[]> {
  const own = health.filter((one) => signalKey(one) === signalKey(series))
  if (own.length === 0 || gaps.length === 0) return gaps
  const names = new Map((await context.view.sources()).map((source) => [source.source, source.name]))
  return gaps.map((gap) => {
    const overlap = (one: HealthInterval): number =>
      Math.min(one.until ?? Number.POSITIVE_INFINITY, gap.until) - Math.max(one.from, gap.from)
    const [why] = own.filter((one) => overlap(one) > 0).sort((a, b) => overlap(b) - overlap(a))
    if (why === undefined) return gap
    return {
      ...gap,
      why: { condition: why.condition, source: names.get(why.source) ?? why.source, detail: why.detail },
    }
  })
}

/** Where the data of a series are had over a range. */
export function dataLinks(
  context: ViewContext,
  series: StoredSeries,
  range: Range,
): { readonly csv: string; readonly json: string } {
  const data = `${api(context)}/series/${series.id}?from=${toRfc3339(range.from)}&until=${toRfc3339(range.until)}`
  return { csv: `${data}&format=csv`, json: `${data}&format=json` }
}

/** Five digits are more than a chart shows; NaN is none, never 0. */
function pick(column: Float64Array, rows: readonly number[]): readonly (number | null)[] {
  return rows.map((row) => {
    const value = column[row]
    return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(5))
  })
}

export async function incidentLine(
  context: ViewContext,
  incident: Incident,
  members: number,
  withSpark: boolean,
): Promise<IncidentLine> {
  return {
    incident,
    entity: entityRef(context, incident.entity),
    clock: incidentClock(context.view, incident),
    href: incidentHref(context, incident.id),
    members,
    spark: withSpark ? await spark(context, incident) : null,
  }
}

/** A sixth of its length before and after, so that the usual is seen beside it; half a day at least, three at most. */
export function rangeAround(incident: Incident, seen: UnixSeconds): Range {
  const end = incident.end?.at ?? seen
  const around = Math.min(3 * DAY, Math.max(12 * HOUR, Math.round((end - incident.onset.at) / 6 / HOUR) * HOUR))
  return { from: plus(incident.onset.at, -around), until: Math.min(seen, plus(end, around)) as UnixSeconds }
}

/** Of the entity's own signals the one that went dark first. `null` where it has none, as a roll-up of its parts. */
export async function incidentPicture(context: ViewContext, incident: Incident): Promise<Panel | null> {
  const onset = (spans: readonly Span[]): number => spans[0]?.onset.at ?? Number.POSITIVE_INFINITY
  const own = incident.evidence.filter((one) => one.entity === incident.entity)
  for (const evidence of own.sort((a, b) => onset(a.spans) - onset(b.spans))) {
    const series = await evidenceSeries(context.view, evidence, incident.origin)
    if (series === null) continue
    const range = rangeAround(incident, await lastSight(context.view))
    return await panel(context, series, range, evidence.spans, await context.view.health(incident.entity, range))
  }
  return null
}

/** The series that shows the incident plainest: the deepest evidence of its own entity. */
async function spark(context: ViewContext, incident: Incident): Promise<Spark | null> {
  const { view } = context
  const depth = (spans: readonly Span[]): number => Math.min(...spans.map((span) => span.troughShare))
  const [deepest] = incident.evidence
    .filter((one) => one.entity === incident.entity && one.spans.length > 0)
    .sort((a, b) => depth(a.spans) - depth(b.spans))
  if (deepest === undefined) return null
  const series = await evidenceSeries(view, deepest, incident.origin)
  if (series === null) return null
  const seen = await lastSight(view)
  const until = incident.end === null ? seen : Math.min(seen, plus(incident.end.at, SPARK_LEAD))
  const range = { from: plus(incident.onset.at, -SPARK_LEAD), until: until as UnixSeconds }
  const trace: Trace = await view.trace(series.id, range, null)
  const rows = keptRows(trace.shares, SPARK_POINTS)
  return {
    range,
    label: deepest.label,
    bins: rows.map((row) => (trace.bins[row] ?? 0) as UnixSeconds),
    shares: pick(trace.shares, rows),
  }
}
