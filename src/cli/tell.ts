import Table from 'cli-table3'
import type { EntityId } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Incident } from '../model/incident.ts'
import type { EntityRef, LocalClock, Standpoint } from '../model/page.ts'
import type { Gazetteer } from '../model/place.ts'
import { toRfc3339 } from '../model/time.ts'
import { incidentSentences } from '../words/headline.ts'
import { catalogue } from '../words/languages.ts'

/** An incident in the sentences that the pages say. */
export function tellIncident(incident: Incident, gazetteer: Gazetteer, standpoint: Standpoint): string {
  const words = catalogue('en')
  return incidentSentences(words, {
    incident,
    entity: refOf(incident.entity, gazetteer),
    clock: clockOf(incident, gazetteer),
    standpoint,
  })
}

function refOf(id: EntityId, gazetteer: Gazetteer): EntityRef {
  const parts = entityParts(id)
  const within =
    parts.country === null || parts.kind === 'country'
      ? null
      : gazetteer.name(`country:${parts.country}` as EntityId, 'en')
  return { id, kind: parts.kind, name: gazetteer.name(id, 'en'), country: parts.country, within, href: '' }
}

function clockOf(incident: Incident, gazetteer: Gazetteer): LocalClock | null {
  const zone = gazetteer.timeZone(incident.entity)
  return zone === null
    ? null
    : { zone, changes: [{ from: incident.onset.at, offset: gazetteer.offset(incident.entity, incident.onset.at) }] }
}

/** One line an incident, for lists. */
export function incidentTable(incidents: readonly Incident[], gazetteer: Gazetteer): string {
  const table = new Table({
    head: ['id', 'where', 'state', 'kind', 'severity', 'onset', 'end', 'worst share', 'confidence'],
    style: { head: [], border: [] },
  })
  for (const each of incidents) {
    table.push([
      each.id,
      gazetteer.name(each.entity, 'en'),
      each.state,
      each.kind,
      each.severity,
      toRfc3339(each.onset.at),
      each.end === null ? '' : toRfc3339(each.end.at),
      each.troughShare === null ? '' : `${Math.round(each.troughShare * 100)} %`,
      `${each.confidence.value.toFixed(2)} (${each.confidence.agreeing} of ${each.confidence.able})`,
    ])
  }
  return table.toString()
}
