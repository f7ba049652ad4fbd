import type { EntityId, UnixSeconds } from '../model/brand.ts'
import type { Detectability } from '../model/detectability.ts'
import { entityParts } from '../model/entity.ts'
import type { Incident } from '../model/incident.ts'
import type { EntityRef, HealthLine, Language, LocalClock, Standpoint, WatchStatus } from '../model/page.ts'
import { signalKey } from '../model/signal.ts'
import type { View } from '../street/view.ts'
import { catalogue } from '../words/languages.ts'
import { furtherSentences, leadSentence } from '../words/headline.ts'
import { isClosed } from '../words/scales.ts'
import { groupHealth, unseen } from '../words/sight.ts'
import { sightOf } from './pages/sight.ts'
import { entityRef, localClock, type ViewContext } from './pages/view-context.ts'
import { countryNow, isAwaited, watchStatus } from './pages/watch.ts'

/** A country or network in a few facts. Made without reading a single bin, so that it is cheap for whoever polls it. */
export interface Short {
  readonly entity: EntityRef
  readonly status: WatchStatus
  readonly standpoint: Standpoint
  readonly clock: LocalClock | null
  /** Its own open incident that weighs most. */
  readonly incident: Incident | null
  /** Open incidents of what lies within it. */
  readonly within: number
  readonly share: number | null
  readonly seenAt: UnixSeconds | null
  readonly unhealthy: readonly HealthLine[]
  readonly cuts: readonly Detectability[]
}

/** @returns `null` for what does not exist. */
export async function shortOf(view: View, entity: EntityId, language: Language): Promise<Short | null> {
  const series = await view.series({ entity })
  if (series.length === 0 && !view.gazetteer.exists(entity)) return null
  const context: ViewContext = {
    view,
    language,
    kind: 'live',
    path: '/',
    query: '',
    time: 'utc',
    times: [],
    place: null,
  }
  const { country, kind } = entityParts(entity)
  const around = await view.incidents(kind === 'country' && country !== null ? { country } : { entity }, null)
  const open = around.filter((one) => !isClosed(one))
  const own = open.filter((one) => one.entity === entity).sort(byWeight)
  const keys = new Set(series.map(signalKey))
  const specs = await view.specs()
  const shown = specs.filter((spec) => keys.has(signalKey(spec)))
  const isUnfed = series.length === 0 && (await isAwaited(view, entity))
  const { standpoint, unhealthy } = await sightOf(context, isUnfed ? specs : series.length === 0 ? null : shown, entity)
  const now = await countryNow(view, entity)
  const status = await watchStatus(view, entity, series, around)
  const isBlind = standpoint.kind === 'live' && standpoint.stale
  const incident = own[0] ?? null
  return {
    entity: entityRef(context, entity),
    status: isBlind && (status === 'quiet' || status === 'too-little') ? 'blind' : status,
    standpoint,
    clock: localClock(view, entity, incident?.onset.earliest ?? view.now(), view.now()),
    incident,
    within: open.length - own.length,
    share: isBlind ? null : (now?.share ?? null),
    seenAt: now?.seenAt ?? (standpoint.kind === 'live' && series.length > 0 ? standpoint.newest : null),
    unhealthy,
    cuts: series.length === 0 ? [] : await view.detectability(entity),
  }
}

const WEIGHT: Record<Incident['severity'], number> = { critical: 2, major: 1, minor: 0 }

function byWeight(a: Incident, b: Incident): number {
  return WEIGHT[b.severity] - WEIGHT[a.severity] || b.onset.at - a.onset.at
}

/** In words: the one sentence, then what belongs to it. */
export function shortSentences(short: Short, language: Language): readonly string[] {
  const words = catalogue(language)
  const { entity, incident, standpoint, status } = short
  if (incident !== null) {
    const told = { incident, entity, clock: short.clock, standpoint }
    return [leadSentence(words, told), ...furtherSentences(words, told)]
  }
  switch (status) {
    case 'blind':
      return [words.sight.blindTitle(entity), words.sight.blindNext]
    case 'not-watched':
      return [words.entity.notWatched(entity), words.entity.notWatchedNext]
    case 'too-little':
      return [words.entity.tooLittle(entity)]
    case 'indirect':
      return [words.entity.indirect(entity)]
    case 'incident':
    case 'quiet': {
      const would = words.sight.wouldShow(entity, short.cuts)
      return [
        short.within > 0 ? words.entity.quietButWithin(entity, short.within) : words.entity.quiet(entity),
        ...(would === null ? [] : [would]),
      ]
    }
  }
}

/** What is wrong with our view of it, one sentence for each thing. */
export function shortNotices(short: Short, language: Language): readonly string[] {
  const words = catalogue(language)
  return groupHealth(short.unhealthy).map((group) => words.sight.notice(group))
}

/** Kinds of cuts that would not show there. */
export function shortUnseen(short: Short, language: Language): readonly string[] {
  const words = catalogue(language)
  return unseen(short.cuts).map((cut) => words.sight.cut(short.entity, cut))
}
