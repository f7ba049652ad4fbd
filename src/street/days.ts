import type { Standing } from '../correlate/standing.ts'
import type { Share, UnixSeconds } from '../model/brand.ts'
import type { HealthInterval } from '../model/health.ts'
import { BLINDING } from '../model/health.ts'
import type { Incident } from '../model/incident.ts'
import { DAY, binStart, plus } from '../model/time.ts'
import type { DayColumn, Range } from '../store/store.ts'
import type { DayCell } from './view.ts'

/** Of a day, or of what has passed of it, a series must have seen so much before its silence about events says anything. */
const LEAST_SEEN = 0.5

/** A series of the entity itself, which may open incidents, with what the store has of its days. */
export interface WatchedDays {
  readonly standing: Standing
  readonly days: DayColumn
}

export interface Strip {
  readonly watched: readonly WatchedDays[]
  /** Of the entity and of what lies within it; retracted ones left out. */
  readonly incidents: readonly Incident[]
  readonly health: readonly HealthInterval[]
  readonly now: UnixSeconds
}

/** Midnights of the whole UTC days that touch `range` and have begun. */
function daysOf(range: Range, now: UnixSeconds): readonly UnixSeconds[] {
  const days: UnixSeconds[] = []
  const until = Math.min(range.until, now)
  for (let day = binStart(range.from, DAY, 0 as typeof DAY); day < until; day = plus(day, DAY)) days.push(day)
  return days
}

/** One cell a day, for one entity. */
export function stripOf(strip: Strip, range: Range): readonly DayCell[] {
  const { watched, incidents, now } = strip
  const counts = watched.map(({ days }) => new Map(Array.from(days.days, (day, i) => [day, days.counts[i] ?? 0])))
  return daysOf(range, now).map((day) => {
    const until = Math.min(plus(day, DAY), now) as UnixSeconds
    const worst = worstOf(incidents.filter((each) => touches(each, day, until)))
    if (worst !== null) return { day, status: 'incident', worstShare: worst.troughShare, incident: worst.id }
    const isSeen = watched.some(({ standing }, i) =>
      saw(standing, counts[i]?.get(day) ?? 0, { from: day, until }, strip.health),
    )
    return { day, status: isSeen ? 'quiet' : 'no-data', worstShare: null, incident: null }
  })
}

function touches(incident: Incident, from: UnixSeconds, until: UnixSeconds): boolean {
  // What was lost from sight did not go on: its episodes have no end, and its newest data have.
  const seenUntil = incident.closedBy === null ? Number.POSITIVE_INFINITY : lastSeen(incident)
  return incident.episodes.some((each) => each.onset < until && (each.end ?? seenUntil) > from)
}

function lastSeen(incident: Incident): number {
  const ends = incident.evidence.flatMap((each) => each.spans.map((span) => span.closedAt ?? span.lastSeen))
  return ends.reduce<number>((last, each) => Math.max(last, each), incident.onset.latest)
}

function worstOf(incidents: readonly Incident[]): Incident | null {
  const share = (each: Incident): Share => each.troughShare ?? (1 as Share)
  return incidents.reduce<Incident | null>(
    (worst, each) => (worst === null || share(each) < share(worst) ? each : worst),
    null,
  )
}

/** It knew its usual, it had most of the day's bins, and nobody has said since that they were no measurement. */
function saw(standing: Standing, bins: number, day: Range, health: readonly HealthInterval[]): boolean {
  const { spec, firstJudged, entity } = standing
  if (firstJudged === null || firstJudged >= day.until) return false
  const wanted = (day.until - day.from) / spec.step
  if (wanted < 1) return bins > 0
  const blind = health
    .filter((each) => each.source === spec.source && each.signal === spec.signal && BLINDING.includes(each.condition))
    .filter((each) => each.scope === null || each.scope === entity)
    .reduce((sum, each) => {
      const until = Math.min(each.until ?? day.until, day.until)
      return sum + Math.max(0, until - Math.max(each.from, day.from))
    }, 0)
  return Math.min(bins, wanted) - blind / spec.step >= LEAST_SEEN * wanted
}
