import { fileURLToPath } from 'node:url'
import type { UnixSeconds } from '../src/model/brand.ts'
import type { Incident } from '../src/model/incident.ts'
import { parseRfc3339 } from '../src/model/time.ts'
import { openMemoryStore } from '../src/store/memory.ts'
import { loadCase, parseCase, type LoadedCase } from '../src/street/case.ts'
import { AS_WRITTEN } from '../src/street/reconstruct.ts'
import { ON_TIME, replay, type Replayed, type ReplayOptions } from '../src/street/replay.ts'

/** Path of a case file of the project. */
export function caseFile(id: string): string {
  return fileURLToPath(new URL(`../fixtures/cases/${id}.toml`, import.meta.url))
}

export function load(id: string): Promise<LoadedCase> {
  return loadCase(parseCase(caseFile(id)), AS_WRITTEN)
}

export function run(loaded: LoadedCase, options: Partial<ReplayOptions>): Promise<Replayed> {
  return replay(loaded, openMemoryStore(), {
    pace: 'bin-by-bin',
    lateness: ON_TIME,
    progress: () => undefined,
    asOf: null,
    ...options,
  })
}

/** Incidents that stand at the end, retracted ones left out, in an order of their own. */
export function standing(replayed: Replayed): readonly Incident[] {
  return sorted(replayed.ledger.current().map((each) => each.incident))
}

export function sorted(incidents: readonly Incident[]): readonly Incident[] {
  const key = (each: Incident): string => `${each.entity} ${each.onset.at}`
  return incidents
    .filter((each) => each.state !== 'retracted')
    .toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/** Seconds of an instant in RFC 3339; `2026-01-08T16:30Z` will do. */
export function at(text: string): UnixSeconds {
  const seconds = parseRfc3339(text)
  if (seconds === null) throw new TypeError(`not an instant: ${text}`)
  return seconds
}

/** What replays in different orders of arrival must agree in, to the bin. */
export function substance(incident: Incident): unknown {
  return {
    entity: incident.entity,
    kind: incident.kind,
    severity: incident.severity,
    onset: incident.onset,
    end: incident.end,
    episodes: incident.episodes,
    evidence: incident.evidence.map(({ source, signal, entity, facet, spans }) => ({
      source,
      signal,
      entity,
      facet,
      spans: spans.map(({ onset, end, close }) => ({ onset, end, close })),
    })),
  }
}
