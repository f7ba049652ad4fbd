import type { Draft } from '../correlate/correlate.ts'
import { correlate } from '../correlate/correlate.ts'
import type { Standing } from '../correlate/standing.ts'
import type { Detector, DetectorState } from '../detect/state.ts'
import { judgeNext } from '../detect/detector.ts'
import { createDetector, lostFrom, spansOf, startState } from '../detect/state.ts'
import { binAt, createGrid, put } from '../detect/grid.ts'
import { createMemory, slotOf } from '../detect/baseline.ts'
import type { DetectionRule } from '../detect/rules.ts'
import { BASELINE, ruleFor } from '../detect/rules.ts'
import type { EntityId, Share, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Note } from '../model/judgement.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import { seriesName } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { StoredSeries } from '../store/store.ts'

/** One series of a scope. */
export interface ScopeMember {
  readonly series: StoredSeries
  readonly spec: SignalSpec
}

/** Name of the scope that an entity is judged in: its country, with all that is within; an AS by itself. */
export function scopeOf(entity: EntityId): string {
  return entityParts(entity).country ?? entity
}

interface Line {
  readonly member: ScopeMember
  readonly rule: DetectionRule
  detector: Detector
}

interface Checkpoint {
  /** Everything that became available before this instant has been judged, and nothing else. */
  readonly before: UnixSeconds
  readonly states: readonly DetectorState[]
}

const CHECKPOINT_EVERY = 6 * HOUR

/**
 * All series of one country (or AS), judged in lockstep in the order in which their bins normally become available.
 *
 * The order of arrival plays no part: a bin that comes late, or is corrected, takes the scope back to a checkpoint
 * before it, and what follows is judged again. So replaying in one go, bin by bin, or with delays ends in the same
 * answer, and an answer 'as known then' is the answer from the data of then.
 */
export interface Scope {
  readonly members: readonly ScopeMember[]
  /** Takes one bin; `NaN` = asked and none given. The newest write of a bin counts. */
  put(member: number, bin: UnixSeconds, value: number, weight: number): void
  /** Judges every bin that is normally available at `now`. */
  advance(now: UnixSeconds): void
  standings(): readonly Standing[]
  drafts(now: UnixSeconds): readonly Draft[]
  /** True when no series was ever off: there is nothing to correlate. */
  quiet(): boolean
  notes(entity: EntityId): readonly Note[]
  /** The detector of one series: its grid holds usual and spread beside the values. For pages and tests. */
  detector(member: number): Detector
}

/** @param members in any order; judged in the order of their names, so that ties in time fall the same way always. */
export function createScope(members: readonly ScopeMember[], gazetteer: Gazetteer, hierarchy: Hierarchy): Scope {
  const lines: Line[] = members.map((member) => ({
    member,
    rule: ruleFor(member.spec),
    detector: detectorOf(member, gazetteer),
  }))
  const name = (i: number): string => seriesName((lines[i] as Line).member.series)
  const order = lines.map((_, i) => i).sort((a, b) => (name(a) < name(b) ? -1 : 1))
  let checkpoints: Checkpoint[] = []
  /** Earliest availability of what was written behind the detectors' backs; null for none. */
  let dirty: UnixSeconds | null = null
  let restart = false
  /** Newest availability that was judged; what the memories hold reaches back from here. */
  let judgedUntil = Number.NEGATIVE_INFINITY
  /** Newest availability that was judged since the last going back: what is judged before it is out of its turn. */
  let front = Number.NEGATIVE_INFINITY
  /** Newest availability at which a series asked for the others' states, to know whether its level may become normal. */
  let asked = Number.NEGATIVE_INFINITY
  /** The newest answer: a list asks for the drafts of one instant once for each of its incidents. */
  let drafted: { readonly now: UnixSeconds; readonly drafts: readonly Draft[] } | null = null

  const availability = (line: Line, index: number): UnixSeconds =>
    (binAt(line.detector.grid, index) + line.member.series.step + line.member.spec.delay) as UnixSeconds

  function rewind(): void {
    const target = dirty
    dirty = null
    const found =
      restart || target === null
        ? undefined
        : checkpoints.findLast((each) => each.before <= target && judgedUntil - each.before <= BASELINE.rewind)
    if (found !== undefined && target !== null) {
      checkpoints = checkpoints.slice(0, checkpoints.indexOf(found) + 1)
      lines.forEach((line, i) => {
        const state = found.states[i]
        if (state === undefined) return
        line.detector.state = { ...state }
        forgetAhead(line.detector)
      })
      front = found.before - 1
      asked = Math.min(asked, front)
    } else if (restart || target !== null) {
      checkpoints = []
      judgedUntil = Number.NEGATIVE_INFINITY
      front = Number.NEGATIVE_INFINITY
      asked = Number.NEGATIVE_INFINITY
      for (const line of lines) {
        const { grid, setting } = line.detector
        line.detector = { grid, setting, memory: createMemory(grid.step, grid.phase), state: startState() }
      }
    }
    restart = false
  }

  function standings(): readonly Standing[] {
    return lines.map((line) => standingOf(line))
  }

  function mayBecomeNormal(line: Line, at: UnixSeconds, inSpan: boolean): boolean {
    const own = line.member.series
    const others = lines.filter(
      (each) =>
        each !== line && each.member.series.entity === own.entity && each.member.spec.group !== line.member.spec.group,
    )
    if (others.some((each) => each.rule.opens && isDown(each, at))) return false
    // Its own span holds an incident open. Only another signal, fresh and at usual, can say that nobody is cut off.
    const vouched = others.some((each) => {
      const { seenAt, firstJudged } = each.detector.state
      return (
        each.rule.opens &&
        firstJudged !== null &&
        seenAt !== null &&
        seenAt >= at - DAY &&
        each.member.spec.plane !== 'routing'
      )
    })
    if (inSpan && !vouched) return false
    return !correlate(standings(), hierarchy, at).some(
      (draft) => draft.end === null && draft.closedBy === null && isAncestor(hierarchy, draft.entity, own.entity),
    )
  }

  /** Judges in the order of availability. Sets `dirty` where a series that lags asked when the others were ahead of it. */
  function judgeUntil(now: UnixSeconds): void {
    for (;;) {
      let at: number = Number.POSITIVE_INFINITY
      for (const line of lines) {
        if (line.detector.state.next < line.detector.grid.length)
          at = Math.min(at, availability(line, line.detector.state.next))
      }
      if (at > now || at === Number.POSITIVE_INFINITY) return
      const isInTurn = at > front
      judgedUntil = Math.max(judgedUntil, at)
      const last = checkpoints.at(-1)
      if (last === undefined || at - last.before >= CHECKPOINT_EVERY) {
        checkpoints.push({ before: at as UnixSeconds, states: lines.map((line) => ({ ...line.detector.state })) })
        if (checkpoints.length > BASELINE.rewind / CHECKPOINT_EVERY) checkpoints.shift()
      }
      for (const i of order) {
        const line = lines[i]
        if (line === undefined) continue
        const { detector } = line
        while (detector.state.next < detector.grid.length && availability(line, detector.state.next) <= at) {
          judgeNext(detector, (instant, inSpan) => {
            asked = Math.max(asked, at)
            if (!isInTurn && lines.length > 1) dirty = (dirty === null ? at : Math.min(dirty, at)) as UnixSeconds
            return mayBecomeNormal(line, instant, inSpan)
          })
        }
      }
      front = Math.max(front, at)
    }
  }

  return {
    members,
    put(member, bin, value, weight) {
      const line = lines[member]
      if (line === undefined) throw new RangeError(`no series ${member} in this scope`)
      const least = line.rule.minWeight
      const tooThin = least !== null && !Number.isNaN(weight) && weight < least
      const { grid } = line.detector
      const kept = tooThin ? Number.NaN : value
      const before = grid.values[(bin - grid.first) / grid.step]
      const { index, shifted } = put(grid, bin, kept)
      if (shifted > 0) restart = true
      // What is read again unchanged, as overlapping reads do, changes no answer.
      else if (index >= line.detector.state.next || !Object.is(before, kept)) {
        // A late bin at the end of its own series, or the silence before it, touches the others only where one of them
        // has asked since.
        const { next } = line.detector.state
        const at = availability(line, Math.min(index, next))
        if (index < next || at <= asked) dirty = dirty === null || at < dirty ? at : dirty
      }
    },
    advance(now) {
      drafted = null
      do {
        if (dirty !== null || restart) rewind()
        judgeUntil(now)
      } while (dirty !== null)
    },
    standings,
    drafts(now) {
      if (drafted?.now !== now) drafted = { now, drafts: correlate(standings(), hierarchy, now) }
      return drafted.drafts
    },
    quiet: () => lines.every((line) => line.detector.state.open === null && line.detector.state.closed.length === 0),
    notes: (entity) => lines.filter((line) => line.member.series.entity === entity).flatMap((line) => notesOf(line)),
    detector: (member) => {
      const line = lines[member]
      if (line === undefined) throw new RangeError(`no series ${member} in this scope`)
      return line.detector
    },
  }
}

/** In a span, and not lost from sight: a series that fell silent for good says nothing for or against. */
function isDown({ detector, member }: Line, at: UnixSeconds): boolean {
  const { open } = detector.state
  return open !== null && at < lostFrom(open.lastSeen, member.series.step, member.spec.zeroIsOmitted)
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

function detectorOf(member: ScopeMember, gazetteer: Gazetteer): Detector {
  const { series, spec } = member
  return createDetector(createGrid(series.step, series.phase), {
    rule: ruleFor(spec),
    badDirection: spec.badDirection,
    seasonality: spec.seasonality,
    quantum: spec.quantum,
    zeroIsOmitted: spec.zeroIsOmitted,
    offsetAt: (at) => gazetteer.offset(series.entity, at),
  })
}

function standingOf(line: Line): Standing {
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
  }
}

/** Excursions that no span covers. */
function notesOf(line: Line): readonly Note[] {
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

function isAncestor(hierarchy: Hierarchy, ancestor: EntityId, of: EntityId): boolean {
  for (let each = hierarchy.parent(of); each !== null; each = hierarchy.parent(each)) if (each === ancestor) return true
  return false
}
