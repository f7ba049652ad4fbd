import type { EntityPage, IncidentLine, Standpoint, WorldPage } from '../model/page.ts'
import type { Catalogue } from '../words/catalogue.ts'
import { furtherSentences, leadSentence } from '../words/headline.ts'
import { soleIncident, unclosed } from '../words/scales.ts'

/** What stands on top of a page: one sentence, and what belongs to it. */
export interface Front {
  readonly sentence: string
  readonly deck: readonly string[]
  /** What else is to be said, of other places. */
  readonly aside: readonly string[]
  /** The one incident that the sentence tells, so that no list need tell it again. */
  readonly told: IncidentLine | null
}

export function isStale(standpoint: Standpoint): boolean {
  return standpoint.kind === 'live' && standpoint.stale
}

function tell(words: Catalogue, line: IncidentLine, standpoint: Standpoint): Front {
  const told = { ...line, standpoint }
  return { sentence: leadSentence(words, told), deck: furtherSentences(words, told), aside: [], told: line }
}

export function worldFront(words: Catalogue, page: WorldPage): Front {
  const { standpoint } = page.frame
  const isReplay = standpoint.kind === 'replay'
  if (page.countries.length === 0 && page.open.length + page.closed.length === 0) {
    if (isReplay) return { sentence: words.world.noIncidentInData, deck: [], aside: [], told: null }
    // With the reason before it, as a notice.
    const sentence = page.frame.unhealthy.length > 0 ? words.world.seeNothing : words.world.noData
    return { sentence, deck: [words.world.noDataWhy], aside: [], told: null }
  }
  const watch = isReplay ? [] : watchSentences(words, page)
  const sole = soleIncident(standpoint.kind, page.open, page.closed)
  const { areas, networks, back } = unclosed(page.open)
  const lasting = areas.length > 0 ? areas : networks
  const also = [
    ...(areas.length > 0 && networks.length > 0 ? [words.world.networksNow(networks.length)] : []),
    ...(lasting.length > 0 && back.length > 0 ? [words.world.backUnverified(back.length, true)] : []),
  ]
  if (sole !== null) return { ...tell(words, sole, standpoint), aside: isReplay ? [] : [...also, ...watch] }
  if (isReplay && page.open.length + page.closed.length > 1) {
    const sentence = words.world.incidentsInData(page.open.length + page.closed.length)
    return { sentence, deck: watch, aside: [], told: null }
  }
  // Nothing is said of now when we see nothing of it.
  if (standpoint.kind === 'live' && standpoint.stale && standpoint.newest !== null) {
    return { sentence: words.stale(standpoint.newest, null), deck: watch, aside: [], told: null }
  }
  if (!isReplay && page.open.length > 1) {
    const sentence =
      lasting.length > 0 ? words.world.incidentsNow(lasting.length) : words.world.backUnverified(back.length, false)
    return { sentence, deck: [...also, ...watch], aside: [], told: null }
  }
  if (isReplay) {
    return { sentence: words.world.noIncidentInData, deck: unsaidSentences(words, page), aside: [], told: null }
  }
  const [sentence = words.world.noData, ...deck] = watch
  return { sentence, deck, aside: [], told: null }
}

/** How many are quiet and of how many nothing can be said, with what would not show. Nothing of it when we are blind. */
function watchSentences(words: Catalogue, page: WorldPage): readonly string[] {
  if (isStale(page.frame.standpoint)) return [words.world.watched(page.countries.length)]
  const quiet = page.countries.filter((line) => line.status === 'quiet').length
  const [blind] = page.blindSpots
  const isQuietSaid = quiet > 0 || page.countries.length === 1
  return [
    ...(isQuietSaid ? [words.world.quiet(quiet, page.countries.length)] : []),
    ...unsaidSentences(words, page),
    ...(quiet > 0 && blind !== undefined ? [words.blindSpots[blind]] : []),
  ]
}

/** Of how many countries nothing can be said, though they are watched. */
function unsaidSentences(words: Catalogue, page: WorldPage): readonly string[] {
  const tooLittle = page.countries.filter((line) => line.status === 'too-little').length
  const indirect = page.countries.filter((line) => line.status === 'indirect').length
  const blind = page.countries.filter((line) => line.status === 'blind').length
  return [
    ...(blind > 0 ? [words.world.blindCountries(blind)] : []),
    ...(tooLittle > 0 ? [words.world.tooLittle(tooLittle)] : []),
    ...(indirect > 0 ? [words.world.indirect(indirect)] : []),
  ]
}

export function entityFront(words: Catalogue, page: EntityPage): Front {
  const { standpoint } = page.frame
  const own = page.open.find((line) => line.entity.id === page.entity.id)
  if (own !== undefined) return tell(words, own, standpoint)
  const wouldShow = words.sight.wouldShow(page.entity, page.detectability)
  const hidden = page.blindSpots.slice(0, 2).map((spot) => words.blindSpots[spot])
  const blind = wouldShow === null ? hidden : [wouldShow]
  switch (page.status) {
    case 'not-watched':
      return {
        sentence: words.entity.notWatched(page.entity),
        deck: [words.entity.notWatchedNext],
        aside: [],
        told: null,
      }
    case 'too-little':
      return { sentence: words.entity.tooLittle(page.entity), deck: [], aside: [], told: null }
    case 'indirect':
      return { sentence: words.entity.indirect(page.entity), deck: [], aside: [], told: null }
    case 'blind':
      return {
        sentence: words.sight.blindTitle(page.entity),
        deck: [
          ...(standpoint.kind === 'live' && standpoint.newest !== null
            ? [words.stale(standpoint.newest, page.clock)]
            : []),
          words.sight.blindNext,
        ],
        aside: [],
        told: null,
      }
    case 'incident':
    case 'quiet': {
      if (standpoint.kind === 'live' && standpoint.stale && standpoint.newest !== null) {
        return { sentence: words.stale(standpoint.newest, page.clock), deck: [], aside: [], told: null }
      }
      const sentence =
        page.open.length > 0
          ? words.entity.quietButWithin(page.entity, page.open.length)
          : words.entity.quiet(page.entity)
      return { sentence, deck: blind, aside: [], told: null }
    }
  }
}
