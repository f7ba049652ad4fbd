import { z } from '@hono/zod-openapi'
import { toRfc3339 } from '../model/time.ts'
import type { PublishedRevision } from '../store/store.ts'
import type { LiveEvent } from '../street/view.ts'

/** A revision as an event: enough to know whether it concerns a page or a list, and where to read on. */
export const RevisionEventSchema = z
  .object({
    place: z.int().openapi({ description: 'Number among all revisions, from 1 without holes; the id of the event.' }),
    incident: z.string().openapi({ example: 'KZ-2022-01-05-a' }),
    entity: z.string().openapi({ example: 'country:KZ' }),
    partOf: z.string().nullable(),
    number: z.int().openapi({ description: 'Of the revision, from 1 within its incident.' }),
    state: z.enum(['suspected', 'ongoing', 'recovering', 'restricted', 'unverified', 'resolved', 'retracted']),
    severity: z.enum(['minor', 'major', 'critical']),
    reasons: z.array(z.string()).readonly(),
    publishedAt: z.iso.datetime(),
    url: z.string().openapi({ description: 'Path of the incident in this interface.' }),
  })
  .openapi('RevisionEvent')

export const EventListSchema = z
  .object({
    last: z.int().openapi({ description: 'Number of the newest revision; 0 when there is none.' }),
    events: z.array(RevisionEventSchema).readonly(),
    more: z.boolean().openapi({ description: 'There are more after these: ask again after the last place.' }),
    newestData: z.iso.datetime().nullable().openapi({ description: 'Changes when new bins were judged.' }),
    unhealthySignals: z
      .int()
      .openapi({ description: 'Signals with which something is wrong now; ask /api/v1/sources what.' }),
  })
  .openapi('EventList')

export function revisionEvent({ place, revision }: PublishedRevision): z.infer<typeof RevisionEventSchema> {
  const { incident } = revision
  return {
    place,
    incident: incident.id,
    entity: incident.entity,
    partOf: incident.partOf,
    number: revision.number,
    state: incident.state,
    severity: incident.severity,
    reasons: revision.reasons,
    publishedAt: toRfc3339(revision.publishedAt),
    url: `/api/v1/incidents/${incident.id}`,
  }
}

/** One event as a stream of server-sent events carries it. Only revisions have an id: only they can be resumed. */
export function eventBlock(event: LiveEvent): string {
  switch (event.kind) {
    case 'revision':
      return block('revision', revisionEvent(event.published), event.published.place)
    case 'health':
      return block('health', {}, null)
    case 'data':
      return block('data', { newest: event.newest === null ? null : toRfc3339(event.newest) }, null)
  }
}

/** JSON holds no line break, so one `data:` line carries it. */
function block(type: string, data: unknown, id: number | null): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n${id === null ? '' : `id: ${id}\n`}\n`
}
