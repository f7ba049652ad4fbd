import type { Draft } from '../correlate/correlate.ts'
import type { Evidence, Incident } from '../model/incident.ts'

/**
 * An incident as it was last published, with the newest shares of its series. A share moves with every bin and is no
 * revision; what a reader sees beside 'newest' must still be the newest.
 *
 * @param drafts what the data say now, of the incident's scope. An incident that they no longer hold stays as it is.
 */
export function withNewestShares(incident: Incident, drafts: readonly Draft[]): Incident {
  const draft = drafts.find((each) => each.entity === incident.entity && each.onset.at === incident.onset.at)
  if (draft === undefined || incident.state === 'retracted') return incident
  return {
    ...incident,
    share: draft.share,
    evidence: incident.evidence.map((each) => {
      const now = draft.evidence.find((other) => sameSeries(each, other))
      return now === undefined ? each : { ...each, share: now.share, seenAt: now.seenAt }
    }),
  }
}

function sameSeries(a: Evidence, b: Evidence): boolean {
  return a.source === b.source && a.signal === b.signal && a.entity === b.entity && a.facet === b.facet
}
