import type { Evidence } from '../model/incident.ts'
import type { Origin } from '../model/series.ts'
import type { StoredSeries } from '../store/store.ts'
import type { View } from '../street/view.ts'

/** @returns the series that a piece of evidence rests on; `null` for a roll-up of children, which rests on many. */
export async function evidenceSeries(view: View, evidence: Evidence, origin: Origin): Promise<StoredSeries | null> {
  const { source, signal, entity } = evidence
  const found = await view.series({ source, signal, entity })
  return found.find((series) => series.facet === evidence.facet && series.origin === origin) ?? null
}

/** @returns hashes of the answers that the onsets of its spans were read from, each once, in the order of bins. */
export async function onsetAnswers(
  view: View,
  evidence: Evidence,
  series: StoredSeries | null,
): Promise<readonly string[]> {
  if (series === null) return []
  const origins = await Promise.all(
    evidence.spans.map((span) => view.provenance(series.id, { from: span.onset.earliest, until: span.detectedAt })),
  )
  return [...new Set(origins.flat().flatMap(({ answer }) => (answer === null ? [] : [answer.sha256])))]
}
