import type { IncidentId } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { HealthInterval } from '../../model/health.ts'
import type { Incident, Revision } from '../../model/incident.ts'
import type { IncidentPage, Panel, RevisionChange } from '../../model/page.ts'
import { signalKey } from '../../model/signal.ts'
import type { Range, StoredSeries } from '../../store/store.ts'
import type { View } from '../../street/view.ts'
import { changesBetween } from '../../words/changes.ts'
import { standingOf } from '../../words/scales.ts'
import { evidenceSeries } from '../evidence.ts'
import { frameOf } from './frame.ts'
import { incidentRouting } from './routing.ts'
import { dataLinks, incidentLine, MOST_SPARKS, panel, rangeAround } from './panels.ts'
import { answersLink } from './provenance.ts'
import { healthLines, healthOver } from './sight.ts'
import {
  api,
  blindSpots,
  entityRef,
  incidentClock,
  incidentHref,
  lastSight,
  type ViewContext,
  waypointLines,
} from './view-context.ts'

/** @returns `null` when there is no such incident in this view. */
export async function incidentPage(context: ViewContext, id: IncidentId): Promise<IncidentPage | null> {
  const { view } = context
  const incident = await view.incident(id, null)
  if (incident === null) return null
  const [specs, revisions, members] = await Promise.all([view.specs(), view.revisions(id), membersOf(view, incident)])
  const parent = incident.partOf === null ? null : await view.incident(incident.partOf, null)
  const range = rangeAround(incident, await lastSight(view))
  const found = await Promise.all(incident.evidence.map((one) => evidenceSeries(view, one, incident.origin)))
  const health = await view.health(incident.entity, range)
  const panels = await panelsOf(context, incident, found, range, health)
  const keys = new Set(incident.evidence.map(signalKey))
  const shown = specs.filter((spec) => keys.has(signalKey(spec)))
  const series = found.filter((one) => one !== null)
  const ofOneLevel = members.every((member) => view.hierarchy.parent(member.entity) === incident.entity)
  return {
    kind: 'incident',
    // A roll-up rests on all that is watched within it: its licence is the strictest of everything there.
    frame: await frameOf(context, shown.length < keys.size ? specs : shown, incident.entity),
    incident,
    entity: entityRef(context, incident.entity),
    clock: incidentClock(view, incident),
    parts: [...new Set(incident.evidence.map((one) => one.entity))]
      .filter((entity) => entity !== incident.entity)
      .map((entity) => entityRef(context, entity)),
    panels,
    data: found.map((one) =>
      one === null
        ? null
        : {
            ...dataLinks(context, one, range),
            answers: context.kind === 'live' ? answersLink(context, one, range) : null,
          },
    ),
    range,
    revisions: revisions.map((revision, index) => ({
      number: revision.number,
      publishedAt: revision.publishedAt,
      reasons: revision.reasons,
      ruleVersion: revision.ruleVersion,
      standing: standingOf(revision.incident),
      severity: revision.incident.severity,
      confidence: revision.incident.confidence.value,
      changes: changesSince(revisions[index - 1], revision),
    })),
    partOf:
      parent === null
        ? null
        : { id: parent.id, entity: entityRef(context, parent.entity), href: incidentHref(context, parent.id) },
    members: await Promise.all(members.map((member, index) => incidentLine(context, member, 0, index < MOST_SPARKS))),
    knownChildren: ofOneLevel ? view.hierarchy.knownChildren(incident.entity) : 0,
    signals: specs.map((spec) => ({ key: signalKey(spec), label: spec.label, plane: spec.plane })),
    waypoints: waypointLines(context, incident.entity),
    blindSpots: blindSpots(shown.length === 0 ? specs : shown, series, incident.entity),
    health: await healthLines(
      context,
      (await healthOver(view, shown.length === 0 ? specs : shown, incident.entity, range)).slice(0, MOST_HEALTH),
    ),
    routing: await incidentRouting(context, incident),
    json: `${api(context)}/incidents/${incident.id}`,
  }
}

const MOST_HEALTH = 40

function changesSince(before: Revision | undefined, revision: Revision): readonly RevisionChange[] {
  return before === undefined ? [] : changesBetween(before.incident, revision.incident)
}

async function panelsOf(
  context: ViewContext,
  incident: Incident,
  found: readonly (StoredSeries | null)[],
  range: Range,
  health: readonly HealthInterval[],
): Promise<readonly Panel[]> {
  const panels = incident.evidence.map(async (evidence, index) => {
    const series = found[index] ?? null
    const isOwn = evidence.entity === incident.entity
    return series === null || !isOwn ? null : await panel(context, series, range, evidence.spans, health)
  })
  return (await Promise.all(panels)).filter((drawn) => drawn !== null)
}

async function membersOf(view: View, incident: Incident): Promise<readonly Incident[]> {
  const { country } = entityParts(incident.entity)
  const near = await view.incidents(country === null ? {} : { country }, null)
  return near
    .filter((one) => one.partOf === incident.id)
    .sort((a, b) => a.onset.at - b.onset.at || (a.id < b.id ? -1 : 1))
}
