import type { Incident } from '../model/incident.ts'
import type { EntityRef, LocalClock, Standpoint } from '../model/page.ts'
import type { Catalogue } from './catalogue.ts'
import { mostTelling, nameContradictions, seenUntil, type SignalName } from './contradiction.ts'
import { headlineCase, isClosed, isOfRoutesAlone, standingOf } from './scales.ts'

/** What is told: an incident, where, by whose clock, and from which instant. */
export interface Told {
  readonly incident: Incident
  readonly entity: EntityRef
  readonly clock: LocalClock | null
  readonly standpoint: Standpoint
}

/** The leading sentence: what, where, since when. It stands alone in lists and titles. */
export function leadSentence(words: Catalogue, told: Told): string {
  const { standpoint } = told
  return words.headline.lead({
    case: headlineCase(told.incident, standpoint),
    incident: told.incident,
    entity: told.entity,
    clock: told.clock,
    newest: standpoint.kind === 'live' ? standpoint.newest : standpoint.end,
  })
}

/** The sentences that follow it: how much, how sure, what contradicts, how it came and went, and what it rests on. */
export function furtherSentences(words: Catalogue, told: Told): readonly string[] {
  const { incident } = told
  if (incident.state === 'retracted') return originSentences(words, incident)
  const telling = mostTelling(nameContradictions(incident.contradictions, namesIn(incident)))
  const disputed = telling !== null && !isClosed(incident)
  return [
    ...(disputed ? [words.contradiction(seenUntil(telling, told.standpoint), told.entity)] : []),
    ...(standingOf(incident) === 'unverified' && incident.end !== null
      ? [
          words.headline[isOfRoutesAlone(incident) ? 'routesLasted' : 'lasted'](
            incident.onset.at,
            incident.end.at,
            told.clock,
          ),
        ]
      : []),
    ...shareSentences(words, told, disputed),
    ...(incident.episodes.length > 1 ? [words.headline.episodes(incident.episodes)] : []),
    words.headline.confidence(incident.confidence),
    ...(isOfRoutesAlone(incident) && !isClosed(incident) ? [words.headline.routesAlone] : []),
    ...(incident.state === 'resolved' && incident.closedBy === 'measurement-only'
      ? [words.headline.measurementOnly]
      : []),
    ...originSentences(words, incident),
  ]
}

/** All of it, for what has room for a paragraph alone: descriptions, command line. */
export function incidentSentences(words: Catalogue, told: Told): string {
  return [leadSentence(words, told), ...furtherSentences(words, told)].join(' ')
}

function namesIn(incident: Incident): readonly SignalName[] {
  return incident.evidence.map((one) => ({ key: `${one.source}/${one.signal}`, label: one.label, plane: one.plane }))
}

function shareSentences(words: Catalogue, told: Told, disputed: boolean): readonly string[] {
  const { incident, standpoint } = told
  const over = isClosed(incident) || incident.state === 'unverified'
  if (over) return incident.troughShare === null ? [] : [words.headline.shareAtWorst(incident.troughShare)]
  if (standpoint.kind === 'live' && standpoint.stale) {
    return incident.share === null ? [] : [words.headline.shareAtEnd(incident.share)]
  }
  if (disputed && incident.share !== null) return [words.headline.shareNowDisputed(incident.share)]
  return [words.headline.shareNow(incident.share)]
}

function originSentences(words: Catalogue, incident: Incident): readonly string[] {
  switch (incident.origin) {
    case 'measured':
      return []
    case 'reconstructed':
      return [words.headline.reconstructed]
    case 'laboratory':
      return [words.headline.laboratory]
  }
}
