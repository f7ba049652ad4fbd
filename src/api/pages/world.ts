import { entityParts, isNetwork } from '../../model/entity.ts'
import type { Incident } from '../../model/incident.ts'
import type { IncidentLine, ReplayLine, ReplaysPage, WorldPage } from '../../model/page.ts'
import type { Observatory } from '../../street/view.ts'
import { isClosed, soleIncident } from '../../words/scales.ts'
import { type AskedFeed, feedOf } from './feed.ts'
import { frameOf } from './frame.ts'
import { incidentLine, incidentPicture, MOST_SPARKS } from './panels.ts'
import { isToCome, sourcesSummary } from './sight.ts'
import { worldStrips } from './strips.ts'
import { blindSpots, home, root, type ViewContext, waypointLines } from './view-context.ts'
import { countryLines } from './watch.ts'

/** What of the world the reader wants to see. */
export interface AskedWorld {
  /** Strips of all countries, not only of those with incidents. */
  readonly allStrips: boolean
  readonly feed: AskedFeed
}

export async function worldPage(context: ViewContext, observatory: Observatory, asked: AskedWorld): Promise<WorldPage> {
  const { view } = context
  const [specs, series, all] = await Promise.all([view.specs(), view.series({}), view.incidents({}, null)])
  const lines = await incidentLines(context, all)
  const open = lines.filter((line) => !isClosed(line.incident))
  const closed = lines.filter((line) => isClosed(line.incident))
  const sole = soleIncident(context.kind, open, closed)
  const countries = await countryLines(context, series, all)
  return {
    kind: 'world',
    frame: await frameOf(context, series.length === 0 && !(await isToCome(view)) ? null : specs, null),
    open,
    closed: closed.slice(0, MOST_CLOSED),
    picture: sole === null ? null : await incidentPicture(context, sole.incident),
    countries,
    map: context.kind === 'live' && countries.length > 0 ? `${home(context)}map.svg` : null,
    strips: await worldStrips(context, asked.allStrips),
    feed: await feedOf(context, observatory.events, asked.feed),
    sources: context.kind === 'live' ? await sourcesSummary(context) : null,
    blindSpots: series.length === 0 ? [] : blindSpots(specs, series, null),
    replays: context.kind === 'live' ? await replayLines(context, observatory) : [],
    waypoints: waypointLines(context, null),
  }
}

/** Older ones stand in the strips and on the countries' own pages. */
const MOST_CLOSED = 30

/** Those that are part of no other, with how many parts each has: areas before networks, newest onset first. */
export async function incidentLines(context: ViewContext, all: readonly Incident[]): Promise<readonly IncidentLine[]> {
  const members = new Map<string, number>()
  for (const { partOf } of all) if (partOf !== null) members.set(partOf, (members.get(partOf) ?? 0) + 1)
  const ids = new Set<string>(all.map((incident) => incident.id))
  const top = all.filter((incident) => incident.partOf === null || !ids.has(incident.partOf))
  const isOnNetwork = (one: Incident): number => Number(isNetwork(entityParts(one.entity).kind))
  top.sort((a, b) => isOnNetwork(a) - isOnNetwork(b) || b.onset.at - a.onset.at || (a.id < b.id ? -1 : 1))
  return await Promise.all(
    top.map((incident, index) => incidentLine(context, incident, members.get(incident.id) ?? 0, index < MOST_SPARKS)),
  )
}

async function replayLines(context: ViewContext, observatory: Observatory): Promise<readonly ReplayLine[]> {
  const entries = await observatory.replays()
  return entries.map((entry) => ({ ...entry, href: `${root(context.language)}replay/${entry.id}/` }))
}

export async function replaysPage(context: ViewContext, observatory: Observatory): Promise<ReplaysPage> {
  return {
    kind: 'replays',
    frame: await frameOf(context, null, null),
    replays: await replayLines(context, observatory),
  }
}
