import type { Standing } from '../correlate/standing.ts'
import { createMemory, slotOf } from '../detect/baseline.ts'
import { BIN_BLIND, BIN_VALUE, binAt, createGrid } from '../detect/grid.ts'
import type { DetectionRule } from '../detect/rules.ts'
import { ruleForEntity } from '../detect/rules.ts'
import type { Detector, DetectorState } from '../detect/state.ts'
import { createDetector, lostFrom, spansOf, startState } from '../detect/state.ts'
import type { Share, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Intervals } from '../model/intervals.ts'
import type { Note } from '../model/judgement.ts'
import type { Gazetteer } from '../model/place.ts'
import type { SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import type { StoredSeries } from '../store/store.ts'

/** One series of a scope. */
export interface ScopeMember {
  readonly series: StoredSeries
  readonly spec: SignalSpec
}

/** One series of a scope, being judged. */
export interface Line {
  readonly member: ScopeMember
  readonly rule: DetectionRule
  detector: Detector
  /** When our view of it was unhealthy. */
  blind: Intervals
}

export function lineOf(member: ScopeMember, gazetteer: Gazetteer): Line {
  const { series, spec } = member
  const rule = ruleForEntity(spec, entityParts(series.entity).kind)
  const detector = createDetector(createGrid(series.step, series.phase), {
    rule,
    badDirection: spec.badDirection,
    seasonality: spec.seasonality,
    quantum: spec.quantum,
    zeroIsOmitted: spec.zeroIsOmitted,
    offsetAt: (at) => gazetteer.offset(series.entity, at),
  })
  return { member, rule, detector, blind: [] }
}

/** When a bin is normally with us. */
export function availability({ detector: { grid }, member }: Line, index: number): UnixSeconds {
  return (binAt(grid, index) + member.series.step + member.spec.delay) as UnixSeconds
}

/** True for a bin of which any part lies in our blindness. */
export function isBlind(blind: Intervals, bin: number, step: number): boolean {
  let low = 0
  let high = blind.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((blind[middle]?.until ?? 0) <= bin) low = middle + 1
    else high = middle
  }
  return (blind[low]?.from ?? Number.POSITIVE_INFINITY) < bin + step
}

/** The first instant from `since` on that lies in one of the two and not in the other; `null` for none. */
export function firstDifference(a: Intervals, b: Intervals, since: UnixSeconds): UnixSeconds | null {
  const edges = [...a, ...b].flatMap((each) => [each.from, each.until]).filter((each) => each > since)
  const isIn = (intervals: Intervals, at: number): boolean => isBlind(intervals, at, 1)
  return [since, ...edges.sort((x, y) => x - y)].find((at) => isIn(a, at) !== isIn(b, at)) ?? null
}

/** What judging makes of a bin: its value, a gap, or a gap of ours. */
export function readingOf(line: Line, index: number): number | 'gap' | 'blind' {
  const { flags, values } = line.detector.grid
  if (flags[index] === BIN_VALUE) return values[index] ?? 'gap'
  return flags[index] === BIN_BLIND ? 'blind' : 'gap'
}

/** In a span, and not lost from sight: a series that fell silent for good says nothing for or against. */
export function isDown({ detector, member }: Line, at: UnixSeconds): boolean {
  const { open } = detector.state
  return open !== null && at < lostFrom(open.lastSeen, member.series.step, member.spec.zeroIsOmitted)
}

/** Judges it again from a snapshot of its state on. */
export function takeBack(line: Line, state: DetectorState): void {
  line.detector.state = { ...state }
  forgetAhead(line.detector)
}

/** Judges it again from its first bin on. */
export function startOver(line: Line): void {
  const { grid, setting } = line.detector
  line.detector = { grid, setting, memory: createMemory(grid.step, grid.phase), past: null, state: startState() }
}

/**
 * Going back, a memory must not know what comes: a slot whose bins have since become gaps is not written again, and a
 * running median would count the slot that it stands in.
 */
function forgetAhead({ memory, grid, state }: Detector): void {
  const isFine = memory.slotSeconds > grid.step
  const from = isFine && state.slot >= 0 ? state.slot : slotOf(memory, binAt(grid, state.next))
  for (let place = 0; place < memory.slots.length; place++)
    if ((memory.slots[place] ?? -1) >= from) memory.slots[place] = -1
}

export function standingOf(line: Line): Standing {
  const { state } = line.detector
  const { series, spec } = line.member
  return {
    spec,
    rule: line.rule,
    entity: series.entity,
    facet: series.facet,
    origin: series.origin,
    spans: spansOf(line.detector),
    share: Number.isNaN(state.lastShare) ? null : (state.lastShare as Share),
    seenAt: state.seenAt,
    firstJudged: state.firstJudged,
    blind: line.blind,
  }
}

/** Excursions that no span covers. */
export function notesOf(line: Line): readonly Note[] {
  const spans = spansOf(line.detector)
  const { series, spec } = line.member
  return line.detector.state.excursions
    .filter(
      (each) =>
        !spans.some(
          (span) =>
            each.since < (span.closedAt ?? Number.POSITIVE_INFINITY) &&
            (each.until ?? Number.POSITIVE_INFINITY) > span.onset.at,
        ),
    )
    .map((each) => ({
      source: spec.source,
      signal: spec.signal,
      entity: series.entity,
      since: each.since,
      until: each.until,
      worstShare: each.worstShare,
    }))
    .sort((a, b) => a.since - b.since || (signalKey(a) < signalKey(b) ? -1 : 1))
}
