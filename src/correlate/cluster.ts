import type { UnixSeconds } from '../model/brand.ts'
import type { Span } from '../model/judgement.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { Standing, Stretch } from './standing.ts'
import { byName, spanUntil } from './standing.ts'

/** A span with the series it is of. */
export interface Found {
  readonly standing: Standing
  readonly span: Span
}

/** The spans of one entity that belong to one event, in the order of onset. */
export type Cluster = readonly Found[]

/** Curfews and brief returns: what begins again within a day is the same event (methods: 44 % recur after exactly a day). */
const SAME_EVENT = DAY
/** Exam mornings skip a weekend: up to four days when the clock time is the same (68 % recur within four days). */
const SAME_CLOCK_EVENT = 4 * DAY
const SAME_CLOCK = 1.5 * HOUR

/**
 * Sorts the spans of one entity into events. A signal that may not open one joins where it overlaps, else it is left out.
 */
export function cluster(founds: readonly Found[]): readonly Cluster[] {
  const opening = founds.filter((each) => each.standing.rule.opens).sort(byOnset)
  const clusters: Found[][] = []
  let until: UnixSeconds | null = null
  for (const each of opening) {
    const last = clusters.at(-1)
    if (last !== undefined && (until === null || belongs(each, last, until))) {
      last.push(each)
      until = until === null ? null : later(until, spanUntil(each.span))
    } else {
      clusters.push([each])
      until = spanUntil(each.span)
    }
  }
  for (const each of founds) {
    if (each.standing.rule.opens) continue
    const joined = clusters.find((found) => episodesOf(found).some((episode) => overlaps(episode, each.span)))
    joined?.push(each)
  }
  return clusters.map((found) => found.sort(byOnset))
}

/** By onset; the names of the series settle a tie, so that the order of arrival never does. */
function byOnset(a: Found, b: Found): number {
  return a.span.onset.at - b.span.onset.at || byName(a.standing, b.standing)
}

function belongs(next: Found, cluster: Cluster, until: UnixSeconds): boolean {
  const gap = next.span.onset.at - until
  if (gap <= SAME_EVENT) return true
  if (gap > SAME_CLOCK_EVENT) return false
  return cluster.some((each) => {
    const apart = Math.abs(next.span.onset.at - each.span.onset.at) % DAY
    return Math.min(apart, DAY - apart) <= SAME_CLOCK
  })
}

function later(a: UnixSeconds, b: UnixSeconds | null): UnixSeconds | null {
  return b === null ? null : a > b ? a : b
}

function overlaps(stretch: Stretch, span: Span): boolean {
  const until = spanUntil(span)
  return (stretch.until === null || span.onset.at < stretch.until) && (until === null || until > stretch.since)
}

/** One episode as its spans have it. `isLost`: `until` is when it was last seen, and nobody knows its end. */
export interface EpisodeStretch extends Stretch {
  readonly isLost: boolean
  /** `until` is when its low became the new normal: no end either. */
  readonly isMoved: boolean
}

/** Stretches in which any opening signal was down, merged where they touch. */
export function episodesOf(cluster: Cluster): readonly EpisodeStretch[] {
  const stretches: { since: UnixSeconds; until: UnixSeconds | null; isLost: boolean; isMoved: boolean }[] = []
  const spans = cluster.filter((each) => each.standing.rule.opens).map((each) => each.span)
  for (const span of spans.toSorted((a, b) => a.onset.at - b.onset.at)) {
    const last = stretches.at(-1)
    const until = spanUntil(span)
    const isLost = span.close === 'lost-sight'
    const isMoved = span.close === 'new-normal'
    if (last === undefined || (last.until !== null && span.onset.at > last.until)) {
      stretches.push({ since: span.onset.at, until, isLost, isMoved })
    } else if (last.until !== null) {
      // Whoever was down longest tells how it ended; a return after the last sight of another is an end.
      if (until === null || until >= last.until) Object.assign(last, { isLost, isMoved })
      last.until = later(last.until, until)
    }
  }
  return stretches
}
