import type { Draft } from '../correlate/correlate.ts'
import { RULE_VERSION } from '../detect/rules.ts'
import { kindOf } from '../assess/kind.ts'
import type { IncidentId, UnixSeconds } from '../model/brand.ts'
import { entityCode } from '../model/entity.ts'
import type { Incident, Revision, RevisionReason } from '../model/incident.ts'
import type { Span } from '../model/judgement.ts'
import { DAY, utcDate } from '../model/time.ts'

/**
 * What has been published, and what is to be published next. Drafts come and go with the data; an incident that was
 * once published keeps its id and its history for ever.
 */
export interface Ledger {
  /**
   * Compares what the data say now with what was last published.
   *
   * @param drafts   all drafts of one scope. @param inScope which published incidents they speak for.
   * @param snapshot number of the store's last batch that they rest on.
   * @param horizon  where the data that they rest on begin, `null` for all there ever were: what was over before it, and
   *                 what began before it and is not among the drafts, stays as it was published.
   * @returns the revisions to publish, in order; none when nothing changed that a reader would notice.
   */
  update(
    drafts: readonly Draft[],
    inScope: (incident: Incident) => boolean,
    now: UnixSeconds,
    snapshot: number,
    horizon: UnixSeconds | null,
  ): readonly Revision[]
  /** The newest revision of every incident, in the order of first publication. */
  current(): readonly Revision[]
}

/** @param published every revision so far, in order; empty for a fresh start. */
export function createLedger(published: readonly Revision[]): Ledger {
  const latest = new Map<IncidentId, Revision>()
  for (const revision of published) latest.set(revision.incident.id, revision)

  function freshId(draft: Draft): IncidentId {
    const stem = `${entityCode(draft.entity)}-${utcDate(draft.onset.at)}`
    for (let i = 0; ; i++) {
      const id = `${stem}-${letters(i)}` as IncidentId
      if (!latest.has(id)) return id
    }
  }

  return {
    update(drafts, inScope, now, snapshot, horizon) {
      const open = [...latest.values()].filter((each) => each.incident.state !== 'retracted' && inScope(each.incident))
      const matched = match(drafts, open)
      const isSettled = (each: Incident | Draft): boolean => horizon !== null && (overAt(each) ?? horizon) < horizon
      const ids = drafts.map((draft, i) => {
        const known = matched.get(i)?.incident.id
        return known ?? (isSettled(draft) ? null : freshIdOnce(draft, i))
      })
      const revisions: Revision[] = []
      drafts.forEach((draft, i) => {
        const before = matched.get(i)
        if (before === undefined ? isSettled(draft) : isSettled(before.incident)) return
        const incident = incidentOf(draft, ids, i, before?.incident ?? null, now)
        const reasons = before === undefined ? (['opened'] as const) : changes(before.incident, incident)
        if (reasons.length === 0) return
        revisions.push({
          incident,
          number: (before?.number ?? 0) + 1,
          publishedAt: now,
          reasons,
          ruleVersion: RULE_VERSION,
          snapshot,
        })
      })
      const kept = new Set([...matched.values()].map((each) => each.incident.id))
      for (const gone of open) {
        // Data that begin later cannot take back what rested on earlier ones.
        if (kept.has(gone.incident.id) || (horizon !== null && gone.incident.onset.at < horizon)) continue
        const incident: Incident = { ...gone.incident, state: 'retracted' }
        revisions.push({
          incident,
          number: gone.number + 1,
          publishedAt: now,
          reasons: ['retracted'],
          ruleVersion: RULE_VERSION,
          snapshot,
        })
      }
      for (const revision of revisions) latest.set(revision.incident.id, revision)
      return revisions

      function freshIdOnce(draft: Draft, index: number): IncidentId {
        const id = freshId(draft)
        // Holds the id for this round: two drafts of one day must not get the same letter.
        latest.set(id, {
          incident: incidentOf(draft, [], index, null, now),
          number: 0,
          publishedAt: now,
          reasons: [],
          ruleVersion: RULE_VERSION,
          snapshot,
        })
        return id
      }
    },
    current: () => [...latest.values()],
  }
}

function letters(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26))
  return index < 26 ? letter : letters(Math.floor(index / 26) - 1) + letter
}

/** Draft → published incident of the same entity that overlaps it, or lies within a day of it; the closest onset wins. */
function match(drafts: readonly Draft[], published: readonly Revision[]): Map<number, Revision> {
  const pairs: { draft: number; revision: Revision; apart: number }[] = []
  drafts.forEach((draft, i) => {
    for (const revision of published) {
      if (revision.incident.entity !== draft.entity || gapBetween(draft, revision.incident) > DAY) continue
      pairs.push({ draft: i, revision, apart: Math.abs(draft.onset.at - revision.incident.onset.at) })
    }
  })
  pairs.sort((a, b) => a.apart - b.apart || a.draft - b.draft)
  const taken = new Map<number, Revision>()
  const used = new Set<IncidentId>()
  for (const { draft, revision } of pairs) {
    if (taken.has(draft) || used.has(revision.incident.id)) continue
    taken.set(draft, revision)
    used.add(revision.incident.id)
  }
  return taken
}

/** When it was over: its end, or when sight of it was lost or its low became usual; `null` while it lasts. */
function overAt({ end, closedBy, evidence }: Incident | Draft): UnixSeconds | null {
  if (end !== null) return end.at
  if (closedBy === null) return null
  const closes = evidence.flatMap((each) => each.spans.map((span) => span.closedAt))
  return closes.reduce((last, each) => (each !== null && (last === null || each > last) ? each : last), null)
}

function gapBetween(a: Pick<Incident, 'onset' | 'end'>, b: Pick<Incident, 'onset' | 'end'>): number {
  const [first, second] = a.onset.at <= b.onset.at ? [a, b] : [b, a]
  return first.end === null ? 0 : Math.max(0, second.onset.at - first.end.at)
}

function incidentOf(
  draft: Draft,
  ids: readonly (IncidentId | null)[],
  index: number,
  before: Incident | null,
  now: UnixSeconds,
): Incident {
  const { partOf, ...rest } = draft
  const kind = kindOf({
    troughShare: draft.troughShare,
    signals: draft.evidence.map((each) => ({
      badDirection: each.spans.every((span) => span.troughShare > 1) ? 'up' : 'down',
      isService: each.facet !== null,
    })),
  })
  return {
    ...rest,
    id: ids[index] ?? ('' as IncidentId),
    kind,
    knownAt: before?.knownAt ?? now,
    partOf: partOf === null ? null : (ids[partOf] ?? null),
  }
}

/** What changed that a reader would notice. The newest share alone is no revision: it moves with every bin. */
function changes(before: Incident, after: Incident): readonly RevisionReason[] {
  const reasons: RevisionReason[] = []
  const differ = (reason: RevisionReason, of: (incident: Incident) => unknown): void => {
    if (JSON.stringify(of(before)) !== JSON.stringify(of(after))) reasons.push(reason)
  }
  differ('state', (each) => [each.state, each.closedBy])
  differ('onset', (each) => each.onset)
  differ('end', (each) => each.end)
  differ('episode', (each) => each.episodes)
  differ('kind', (each) => each.kind)
  differ('severity', (each) => each.severity)
  differ('evidence', (each) => [
    each.confidence,
    each.evidence.map((one) => [
      one.source,
      one.signal,
      one.entity,
      one.facet,
      one.spans.map(one.entity === each.entity ? spanDigest : memberDigest),
    ]),
  ])
  differ('contradiction', (each) => each.contradictions)
  differ('part-of', (each) => each.partOf)
  return reasons
}

/** A span as a reader sees it: the trough in whole per cent, no newest value. */
function spanDigest(span: Span): unknown {
  return [span.onset, span.end, span.close, Math.round(span.troughShare * 100), span.partialSince]
}

/** A span of a part of the whole: when, not how deep. */
function memberDigest(span: Span): unknown {
  return [span.onset, span.end, span.close]
}
