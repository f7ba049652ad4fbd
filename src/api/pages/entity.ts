import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { HealthInterval } from '../../model/health.ts'
import type { Incident } from '../../model/incident.ts'
import type { Note } from '../../model/judgement.ts'
import type { EntityPage, NoteLine, Panel, RangeName } from '../../model/page.ts'
import { seriesName } from '../../model/series.ts'
import { signalKey, type SignalSpec } from '../../model/signal.ts'
import { DAY, plus, toRfc3339, WEEK } from '../../model/time.ts'
import type { Range, StoredSeries } from '../../store/store.ts'
import type { View } from '../../street/view.ts'
import { isClosed } from '../../words/scales.ts'
import { addressWith } from './address.ts'
import { frameOf } from './frame.ts'
import { panel } from './panels.ts'
import { networkFacts, operatorLines } from './network.ts'
import { incidentsOfNetwork, networkRouting } from './routing.ts'
import { healthLines, healthOver } from './sight.ts'
import { countryStrip } from './strips.ts'
import { blindSpots, entityRef, lineOf, localClock, type ViewContext, waypointLines } from './view-context.ts'
import { countryNow, isAwaited, watchedLines, watchStatus } from './watch.ts'
import { incidentLines } from './world.ts'

/** What the reader asked to see; `null` = what serves best. */
export interface AskedRange {
  readonly from: UnixSeconds | null
  readonly until: UnixSeconds | null
  /** Which of the ways to choose was taken. */
  readonly name: RangeName
}

/** @returns `null` when there is no such entity. One that exists and is not watched has a page that says so. */
export async function entityPage(
  context: ViewContext,
  entity: EntityId,
  asked: AskedRange,
): Promise<EntityPage | null> {
  const { view } = context
  const [specs, all, newest] = await Promise.all([view.specs(), view.series({}), view.newestData()])
  const own = all.filter((series) => series.entity === entity)
  const near = all.filter((series) => series.entity === entity || lineOf(view, series.entity).includes(entity))
  if (near.length === 0 && !view.gazetteer.exists(entity)) return null

  const incidents = await incidentsAround(view, entity)
  const clockFrom = Math.min(newest ?? view.now(), ...incidents.map((incident) => incident.onset.earliest))
  const range = newest === null || own.length === 0 ? null : rangeOf(asked, newest, incidents, own)
  const health = range === null ? [] : await view.health(entity, range)
  const panels =
    range === null ? [] : await Promise.all(own.map((series) => panelOf(context, series, range, incidents, health)))
  const keys = new Set(near.map((series) => `${series.source}/${series.signal}`))
  const shown = specs.filter((spec) => keys.has(`${spec.source}/${spec.signal}`))
  const parent = view.hierarchy.parent(entity)
  const children = childrenOf(view, entity, near)
  const lines = await incidentLines(context, incidents)
  const now = await countryNow(view, entity)
  const isUnfed = near.length === 0 && (await isAwaited(view, entity))
  const frame = await frameOf(context, isUnfed ? specs : near.length === 0 ? null : shown, entity)
  const status = await watchStatus(view, entity, near, incidents)
  const isBlind = frame.standpoint.kind === 'live' && frame.standpoint.stale
  const isNetworkPage = ['as', 'operator'].includes(entityParts(entity).kind)
  // Route events may be there where no series is.
  const told =
    range ?? (newest === null ? null : { from: asked.from ?? plus(newest, -WEEK), until: asked.until ?? newest })
  return {
    kind: 'entity',
    frame,
    entity: entityRef(context, entity),
    parent: parent === null || entityParts(parent).kind === 'world' ? null : entityRef(context, parent),
    clock: localClock(view, entity, clockFrom as UnixSeconds, view.now()),
    status: isBlind && (status === 'quiet' || status === 'too-little') ? 'blind' : status,
    share: now?.share ?? null,
    seenAt: now?.seenAt ?? null,
    open: lines.filter((line) => !isClosed(line.incident)),
    closed: lines.filter((line) => isClosed(line.incident)),
    panels: [...panels].sort((a, b) => (a.key < b.key ? -1 : 1)),
    range,
    ranges: rangeChoices(context, asked.name),
    fixed:
      range === null
        ? null
        : addressWith(context, { from: toRfc3339(range.from), until: toRfc3339(range.until) }, null),
    strip: entityParts(entity).kind === 'country' ? await countryStrip(context, entity) : null,
    detectability: near.length === 0 ? [] : await view.detectability(entity),
    health: await healthLines(
      context,
      range === null ? [] : (await healthOver(view, shown, entity, range)).slice(0, MOST_HEALTH),
    ),
    children: await watchedLines(context, children, near, incidents),
    knownChildren: view.hierarchy.knownChildren(entity),
    notes: noteLines(await view.notes(entity), specs),
    waypoints: waypointLines(context, entity),
    blindSpots: near.length === 0 ? [] : blindSpots(shown, near, entity),
    network: isNetworkPage ? await networkFacts(context, entity) : null,
    operators: await operatorLines(context, entity),
    routing:
      isNetworkPage && told !== null
        ? await networkRouting(context, entity, told, await incidentsOfNetwork(context, entity))
        : null,
  }
}

const MOST_HEALTH = 40
const MOST_NOTES = 40

function noteLines(notes: readonly Note[], specs: readonly SignalSpec[]): readonly NoteLine[] {
  const labels = new Map(specs.map((spec) => [signalKey(spec), spec.label]))
  return [...notes]
    .sort((a, b) => b.since - a.since)
    .slice(0, MOST_NOTES)
    .map((note) => ({
      signal: { key: signalKey(note), label: labels.get(signalKey(note)) ?? note.signal },
      since: note.since,
      until: note.until,
      worstShare: note.worstShare,
    }))
}

/** The same page over other stretches of time; 'custom' is chosen by the form beside them. */
function rangeChoices(context: ViewContext, current: RangeName): EntityPage['ranges'] {
  const relative = (['24h', '7d', '30d'] as const).map((value) => ({
    value,
    href: addressWith(context, { from: `-${value}`, until: null }, 'signals'),
    isCurrent: value === current,
  }))
  const best = { value: 'best' as const, href: addressWith(context, { from: null, until: null }, 'signals') }
  return [{ ...best, isCurrent: current === 'best' }, ...relative]
}

/** Its own incidents, and those of what lies within it. */
async function incidentsAround(view: View, entity: EntityId): Promise<readonly Incident[]> {
  const { country, kind } = entityParts(entity)
  if (kind === 'country' && country !== null) return await view.incidents({ country }, null)
  if (country === null) return await view.incidents({ entity }, null)
  const inCountry = await view.incidents({ country }, null)
  return inCountry.filter((one) => one.entity === entity || lineOf(view, one.entity).includes(entity))
}

/** Those that are watched, themselves or by something within them. */
function childrenOf(view: View, entity: EntityId, near: readonly StoredSeries[]): readonly EntityId[] {
  const below = near.flatMap((series) => {
    const line = [series.entity, ...lineOf(view, series.entity)]
    const at = line.indexOf(entity)
    return at > 0 ? line.slice(at - 1, at) : []
  })
  return [...new Set(below)]
}

/**
 * From before the newest incident that is still open, or ended within a week of the newest data; else a week, or as
 * much as makes a line of a slow series.
 */
function rangeOf(
  asked: AskedRange,
  newest: UnixSeconds,
  incidents: readonly Incident[],
  own: readonly StoredSeries[],
): Range {
  const until = asked.until ?? newest
  if (asked.from !== null) return { from: asked.from, until }
  const recent = incidents
    .filter((incident) => own.some((one) => one.entity === incident.entity) && incident.onset.at < until)
    .filter((incident) => incident.end === null || incident.end.at > plus(until, -WEEK))
    .map((incident) => plus(incident.onset.at, -3 * DAY))
  const slow = plus(until, -LEAST_BINS * Math.min(...own.map((one) => one.step)))
  const from = Math.max(Math.min(plus(until, -WEEK), slow, ...recent), plus(until, -MOST_DAYS * DAY))
  return { from: from as UnixSeconds, until }
}

const MOST_DAYS = 60
const LEAST_BINS = 56

async function panelOf(
  context: ViewContext,
  series: StoredSeries,
  range: Range,
  incidents: readonly Incident[],
  health: readonly HealthInterval[],
): Promise<Panel> {
  const spans = incidents.flatMap((incident) =>
    incident.evidence.filter((one) => seriesName({ ...one, origin: incident.origin }) === seriesName(series)),
  )
  return await panel(
    context,
    series,
    range,
    spans.flatMap((one) => one.spans),
    health,
  )
}
