import type { Revision, Severity } from '../../model/incident.ts'
import type { Choice, Feed, FeedKind, FeedLine } from '../../model/page.ts'
import type { EventFeed } from '../../street/view.ts'
import { standingOf } from '../../words/scales.ts'
import { addressWith } from './address.ts'
import { entityRef, incidentHref, type ViewContext } from './view-context.ts'

/** What the reader wants of the feed; `null` = everything. */
export interface AskedFeed {
  readonly kind: FeedKind | null
  readonly severity: Severity | null
}

const LINES = 20
/** How many revisions are looked at for lines that fit: each is a whole incident, so many only for who asks for few. */
const LOOKED_AT = { forAll: 100, forSome: 500 }
/** A replay is asked incident by incident. */
const MOST_INCIDENTS = 24

export const FEED_KINDS: readonly FeedKind[] = ['onset', 'update', 'end', 'retracted']
export const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor']

/** The newest revisions of incidents that are part of no other, newest first. */
export async function feedOf(context: ViewContext, events: EventFeed, asked: AskedFeed): Promise<Feed> {
  const most = asked.kind === null && asked.severity === null ? LOOKED_AT.forAll : LOOKED_AT.forSome
  const revisions = context.kind === 'live' ? await newestLive(events, most) : await newestOfReplay(context)
  const lines = revisions
    .filter((revision) => revision.incident.partOf === null)
    .map((revision) => feedLine(context, revision))
    .filter((line) => (asked.kind ?? line.kind) === line.kind && (asked.severity ?? line.severity) === line.severity)
  return {
    lines: lines.slice(0, LINES),
    kinds: choices(context, 'what', FEED_KINDS, asked.kind),
    severities: choices(context, 'severity', SEVERITIES, asked.severity),
  }
}

async function newestLive(events: EventFeed, most: number): Promise<readonly Revision[]> {
  const last = await events.last()
  const published = await events.since(Math.max(0, last - most), most)
  return published.map(({ revision }) => revision).toReversed()
}

async function newestOfReplay({ view }: ViewContext): Promise<readonly Revision[]> {
  const incidents = [...(await view.incidents({ topLevelOnly: true }, null))]
  incidents.sort((a, b) => b.knownAt - a.knownAt)
  const each = await Promise.all(incidents.slice(0, MOST_INCIDENTS).map((incident) => view.revisions(incident.id)))
  return each.flat().sort((a, b) => b.publishedAt - a.publishedAt || b.number - a.number)
}

function feedLine(context: ViewContext, revision: Revision): FeedLine {
  const { incident } = revision
  return {
    publishedAt: revision.publishedAt,
    kind: kindOf(revision),
    id: incident.id,
    number: revision.number,
    entity: entityRef(context, incident.entity),
    incidentKind: incident.kind,
    state: incident.state,
    origin: incident.origin,
    standing: standingOf(incident),
    severity: incident.severity,
    onset: incident.onset.at,
    end: incident.end?.at ?? null,
    reasons: revision.reasons,
    href: incidentHref(context, incident.id),
  }
}

/** The end is news, and is told as such when it is dated or the state says so, not at every later change. */
function kindOf({ incident, reasons }: Revision): FeedKind {
  if (incident.state === 'retracted') return 'retracted'
  if (reasons.includes('opened')) return 'onset'
  const isOver = incident.state === 'unverified' || incident.state === 'resolved'
  return isOver && (reasons.includes('end') || reasons.includes('state')) ? 'end' : 'update'
}

function choices<T extends string>(
  context: ViewContext,
  name: string,
  values: readonly T[],
  current: T | null,
): readonly Choice<T | 'all'>[] {
  return (['all', ...values] as const).map((value) => ({
    value,
    href: addressWith(context, { [name]: value === 'all' ? null : value }, 'feed'),
    isCurrent: value === (current ?? 'all'),
  }))
}
