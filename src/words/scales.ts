import type { UnixSeconds } from '../model/brand.ts'
import { entityParts, isNetwork } from '../model/entity.ts'
import type { Incident } from '../model/incident.ts'
import type { Span } from '../model/judgement.ts'
import type { Standing, Standpoint } from '../model/page.ts'

/*
 * What is said, before a language says it: the cases that every catalogue has a sentence for.
 */

export type ConfidenceWord = 'low' | 'medium' | 'high'

/** The one table from the number to the word. docs/METHODOLOGY.md#confidence. */
const CONFIDENCE: readonly { readonly from: number; readonly word: ConfidenceWord }[] = [
  { from: 0.75, word: 'high' },
  { from: 0.5, word: 'medium' },
  { from: 0, word: 'low' },
]

export function confidenceWord(value: number): ConfidenceWord {
  return CONFIDENCE.find((row) => value >= row.from)?.word ?? 'low'
}

/** Up to and including one per cent is 'less than 1 %': the difference between 0.2 % and 0.9 % is noise, not news. */
export type ShareWord = { readonly kind: 'under-one' } | { readonly kind: 'percent'; readonly percent: number }

export function shareWord(share: number): ShareWord {
  if (share <= 0.01) return { kind: 'under-one' }
  return { kind: 'percent', percent: Math.round(share * 100) }
}

/** A blackout whose signals have come back this far is no longer told as 'almost entirely offline', though not over. */
const EASED_FROM_SHARE = 0.25

/**
 * Which sentence leads. Of what still lasts when our data are stale there is no present tense (`stale-…`): what
 * happened since we cannot see.
 */
export type HeadlineCase =
  | 'retracted'
  | 'suspected'
  | 'ongoing'
  | 'ongoing-eased'
  | 'recovering'
  | 'restricted'
  | 'unverified'
  | 'resolved'
  | 'resolved-measurement-only'
  | 'new-normal'
  | 'lost-sight'
  | 'stale-suspected'
  | 'stale-ongoing'
  | 'stale-recovering'
  | 'stale-restricted'
  | 'stale-unverified'

export function headlineCase(incident: Incident, standpoint: Standpoint): HeadlineCase {
  const stale = standpoint.kind === 'live' && standpoint.stale
  // Neither is a return, whatever state they are kept in.
  if (incident.state !== 'retracted') {
    if (incident.closedBy === 'new-normal') return 'new-normal'
    if (incident.closedBy === 'lost-sight') return 'lost-sight'
  }
  switch (incident.state) {
    case 'retracted':
      return 'retracted'
    case 'resolved':
      return incident.closedBy === 'measurement-only' ? 'resolved-measurement-only' : 'resolved'
    case 'ongoing': {
      if (stale) return 'stale-ongoing'
      const eased = incident.kind === 'blackout' && incident.share !== null && incident.share >= EASED_FROM_SHARE
      return eased ? 'ongoing-eased' : 'ongoing'
    }
    case 'suspected':
      return stale ? 'stale-suspected' : 'suspected'
    case 'recovering':
      return stale ? 'stale-recovering' : 'recovering'
    case 'restricted':
      return stale ? 'stale-restricted' : 'restricted'
    case 'unverified':
      return stale ? 'stale-unverified' : 'unverified'
  }
}

/** Routes alone tell of it: what is announced, and nothing of whether packets pass. */
export function isOfRoutesAlone({ evidence }: Pick<Incident, 'evidence'>): boolean {
  return evidence.length > 0 && evidence.every(({ plane }) => plane === 'routing')
}

/** A new normal and a lost sight are no returns, whatever state they are kept in. */
export function standingOf(incident: Incident): Standing {
  const isOpenEnded = incident.closedBy === 'new-normal' || incident.closedBy === 'lost-sight'
  return isOpenEnded && incident.state !== 'retracted' ? incident.closedBy : incident.state
}

/** Until when a span was seen, as it is drawn: to its end, to where it was lost from sight, or on (`null`). */
export function seenUntilOf(span: Span): UnixSeconds | null {
  if (span.end !== null) return span.end.at
  if (span.close === 'lost-sight') return span.lastSeen
  return span.close === 'new-normal' ? span.closedAt : null
}

/** Over as far as anybody can tell, taken back, or followed no longer: settled on a new level, or lost from sight. */
export function isClosed(incident: Incident): boolean {
  return incident.state === 'resolved' || incident.state === 'retracted' || incident.closedBy !== null
}

interface HasIncident {
  readonly incident: Incident
}

/** What is not closed, apart: what lasts in countries and their parts, what lasts on networks, and what answers again. */
export interface Unclosed<T> {
  readonly areas: readonly T[]
  readonly networks: readonly T[]
  /** Without a witness, and so not called over; nor is it an outage. */
  readonly back: readonly T[]
}

export function unclosed<T extends HasIncident>(open: readonly T[]): Unclosed<T> {
  const lasting = open.filter(({ incident }) => incident.state !== 'unverified')
  return {
    areas: lasting.filter(({ incident }) => !isNetwork(entityParts(incident.entity).kind)),
    networks: lasting.filter(({ incident }) => isNetwork(entityParts(incident.entity).kind)),
    back: open.filter(({ incident }) => incident.state === 'unverified'),
  }
}

/**
 * A replay tells what was, over or not. Live tells what lasts in an area; if nothing does, what lasts on a network: the
 * networks of a country that is cut are cut with it. Else it tells what is back. The one to tell where there is one
 * alone, else `null`.
 */
export function soleIncident<T extends HasIncident>(
  kind: Standpoint['kind'],
  open: readonly T[],
  closed: readonly T[],
): T | null {
  const news = kind === 'replay' ? [...open, ...closed] : mainNews(unclosed(open))
  return news.length === 1 ? (news[0] ?? null) : null
}

function mainNews<T>({ areas, networks, back }: Unclosed<T>): readonly T[] {
  if (areas.length > 0) return areas
  return networks.length > 0 ? networks : back
}

/** Parts of a length of time that people read: two units at most, the smaller one rounded down. */
export interface DurationParts {
  readonly days: number
  readonly hours: number
  readonly minutes: number
}

/** From two days on minutes say nothing; from two weeks on hours say nothing. */
export function durationParts(seconds: number): DurationParts {
  const minutes = Math.floor(Math.max(0, seconds) / 60)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  if (days >= 14) return { days, hours: 0, minutes: 0 }
  if (days >= 1) return { days, hours, minutes: 0 }
  return { days: 0, hours, minutes: minutes % 60 }
}
