import type { Draft } from '../correlate/correlate.ts'
import { correlate } from '../correlate/correlate.ts'
import type { Standing } from '../correlate/standing.ts'
import { judgeNext } from '../detect/detector.ts'
import { indexOf, put, setBlind } from '../detect/grid.ts'
import { letGoBefore } from '../detect/past.ts'
import { BASELINE } from '../detect/rules.ts'
import type { Detector, DetectorState } from '../detect/state.ts'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Interval } from '../model/intervals.ts'
import { union } from '../model/intervals.ts'
import type { Note } from '../model/judgement.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import { seriesName } from '../model/series.ts'
import { DAY, HOUR, MINUTE } from '../model/time.ts'
import type { Line, ScopeMember } from './line.ts'
import {
  availability,
  firstDifference,
  isBlind,
  isDown,
  lineOf,
  notesOf,
  readingOf,
  standingOf,
  startOver,
  takeBack,
} from './line.ts'
import { readSnapshot, writeSnapshot } from './scope-snapshot.ts'

export type { ScopeMember } from './line.ts'

/** The country that an entity lies in by its id or by what it belongs to; `null` for the world and what nobody placed. */
export function countryWithin(entity: EntityId, hierarchy: Hierarchy): string | null {
  for (let each: EntityId | null = entity; each !== null; each = hierarchy.parent(each)) {
    const { country } = entityParts(each)
    if (country !== null) return country
  }
  return null
}

/**
 * Name of the scope that an entity is judged in: its country, with all that is within, the AS of its operators too; an
 * AS that nobody placed is judged by itself.
 */
export function scopeOf(entity: EntityId, hierarchy: Hierarchy): string {
  return countryWithin(entity, hierarchy) ?? entity
}

interface Checkpoint {
  /** Everything that became available before this instant has been judged, and nothing else. */
  readonly before: UnixSeconds
  readonly states: readonly DetectorState[]
}

/** How far a scope has judged, and what it goes back to when data come late. */
export interface Progress {
  checkpoints: Checkpoint[]
  /** Earliest availability of what was written behind the detectors' backs; `null` for none. */
  dirty: UnixSeconds | null
  /** Data came that are older than any: all is to be judged from the start. */
  restart: boolean
  /** Bins were let go of: there is no start to go back to. */
  isTrimmed: boolean
  /** Newest availability that was judged; what the memories hold reaches back from here. */
  judgedUntil: number
  /** Newest availability that was judged since the last going back: what is judged before it is out of its turn. */
  front: number
  /** Newest availability at which a series asked for the others' states, to know whether its level may become normal. */
  asked: number
}

/**
 * How far apart checkpoints are, by how long ago they are: corrections come within the hour as a rule, and going back
 * further than to the bin that changed is judging again for nothing.
 */
const CHECKPOINTS: readonly { readonly within: number; readonly every: number }[] = [
  { within: 2 * HOUR, every: 10 * MINUTE },
  { within: 12 * HOUR, every: HOUR },
  { within: Number.POSITIVE_INFINITY, every: 6 * HOUR },
]

/** Who says that nobody is cut off was in our sight for so long. */
const VOUCHING = 6 * HOUR

/** Distance of checkpoints that are `age` seconds old. */
function checkpointStep(age: number): number {
  return CHECKPOINTS.find(({ within }) => age <= within)?.every ?? HOUR
}

/**
 * Whether what was told is taken in. `too-old`: it would change what was judged from bins that were let go of. Nothing
 * was changed then, and only a scope built anew, from all that the store holds, can tell.
 */
export type Taken = 'kept' | 'too-old'

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
  put(member: number, bin: UnixSeconds, value: number, weight: number): Taken
  /**
   * Says when our view of one series was unhealthy, in place of all that was said of it before. Bins of which any part
   * lies in it keep their values and are judged as gaps. What lies before the bins still held changes nothing.
   */
  blind(member: number, spans: readonly Interval[]): Taken
  /** Judges every bin that is normally available at `now`. */
  advance(now: UnixSeconds): void
  standings(): readonly Standing[]
  drafts(now: UnixSeconds): readonly Draft[]
  /** True when no series was ever off: there is nothing to correlate. */
  quiet(): boolean
  notes(entity: EntityId): readonly Note[]
  /** The detector of one series: its grid holds usual and spread beside the values. For pages and tests. */
  detector(member: number): Detector
  /**
   * Lets go of bins before an instant that no judgement can ask for any more: never those that data which come up to five
   * days late would be judged with. Every answer stays. Does nothing between a change and the `advance` after it.
   */
  trim(before: UnixSeconds): void
  /** First bin still held; `null` while there is none. */
  since(member: number): UnixSeconds | null
  /** All that it holds, for `restoreScope`. */
  snapshot(): Uint8Array
}

/** @param members in any order; judged in the order of their names, so that ties in time fall the same way always. */
export function createScope(members: readonly ScopeMember[], gazetteer: Gazetteer, hierarchy: Hierarchy): Scope {
  const lines = members.map((member) => lineOf(member, gazetteer))
  return scopeOfLines(lines, startProgress(), hierarchy)
}

/**
 * The scope that `snapshot` was taken of, which goes on as that one would have.
 *
 * @returns `null` when the bytes are no such snapshot, were written under other rules or by another version, or are of
 *          other series: then it is to be built from the store.
 */
export function restoreScope(
  bytes: Uint8Array,
  members: readonly ScopeMember[],
  gazetteer: Gazetteer,
  hierarchy: Hierarchy,
): Scope | null {
  const lines = members.map((member) => lineOf(member, gazetteer))
  const progress = readSnapshot(bytes, lines)
  return progress === null ? null : scopeOfLines(lines, progress, hierarchy)
}

function startProgress(): Progress {
  return {
    checkpoints: [],
    dirty: null,
    restart: false,
    isTrimmed: false,
    judgedUntil: Number.NEGATIVE_INFINITY,
    front: Number.NEGATIVE_INFINITY,
    asked: Number.NEGATIVE_INFINITY,
  }
}

function scopeOfLines(lines: readonly Line[], progress: Progress, hierarchy: Hierarchy): Scope {
  const names = lines.map((line) => seriesName(line.member.series))
  const order = lines.map((_, i) => i).sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1))
  /** What is being judged now: the instant of availability, and whether nothing later was judged before. */
  const turn = { at: Number.NEGATIVE_INFINITY, isInTurn: true }
  const asks = lines.map((line) => (instant: UnixSeconds, inSpan: boolean): boolean => {
    progress.asked = Math.max(progress.asked, turn.at)
    if (!turn.isInTurn && lines.length > 1) markDirty(turn.at as UnixSeconds)
    return mayBecomeNormal(line, instant, inSpan)
  })
  /** The newest answer: a list asks for the drafts of one instant once for each of its incidents. */
  let drafted: { readonly now: UnixSeconds; readonly drafts: readonly Draft[] } | null = null

  function lineAt(member: number): Line {
    const line = lines[member]
    if (line === undefined) throw new RangeError(`no series ${member} in this scope`)
    return line
  }

  function isInReach({ before }: Checkpoint): boolean {
    return progress.judgedUntil - before <= BASELINE.rewind
  }

  function markDirty(at: UnixSeconds): void {
    if (progress.dirty === null || at < progress.dirty) progress.dirty = at
  }

  /**
   * What a change of one bin takes to be judged. A late bin at the end of its own series, or the silence before it,
   * touches the others only where one of them has asked since.
   */
  function touch(line: Line, index: number): { readonly at: UnixSeconds; readonly goesBack: boolean } {
    const { next } = line.detector.state
    const at = availability(line, Math.min(index, next))
    return { at, goesBack: index < next || at <= progress.asked }
  }

  /** Before what can be judged again once bins were let go of. */
  function isTooOld(at: UnixSeconds): boolean {
    return progress.isTrimmed && at < (progress.checkpoints.find(isInReach)?.before ?? Number.POSITIVE_INFINITY)
  }

  /** Of a bin of any series: judged out of its turn it may ask for the others' states, and take all back to it. */
  function wouldBeTooOld(line: Line, bin: UnixSeconds, index: number): boolean {
    const { series, spec } = line.member
    if (index < 0 || isTooOld((bin + series.step + spec.delay) as UnixSeconds)) return true
    if (line.detector.grid.length === 0) return false
    const { at, goesBack } = touch(line, index)
    return goesBack && isTooOld(at)
  }

  function rewind(): void {
    const { dirty, restart, checkpoints } = progress
    const found =
      restart || dirty === null ? undefined : checkpoints.findLast((each) => each.before <= dirty && isInReach(each))
    if (found !== undefined) {
      progress.checkpoints = checkpoints.slice(0, checkpoints.indexOf(found) + 1)
      lines.forEach((line, i) => {
        const state = found.states[i]
        if (state !== undefined) takeBack(line, state)
      })
      progress.front = found.before - 1
      progress.asked = Math.min(progress.asked, progress.front)
      progress.dirty = null
    } else {
      if (progress.isTrimmed) throw new Error('a scope cannot start over after bins were let go of')
      for (const line of lines) startOver(line)
      Object.assign(progress, startProgress())
    }
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
        each.member.spec.plane !== 'routing' &&
        each.member.spec.badDirection === 'down' &&
        !isBlind(each.blind, at - VOUCHING, VOUCHING)
      )
    })
    if (inSpan && !vouched) return false
    return !correlate(standings(), hierarchy, at).some(
      (draft) => draft.end === null && draft.closedBy === null && isAncestor(hierarchy, draft.entity, own.entity),
    )
  }

  /**
   * Judges in the order of availability. Stops with `dirty` set where a series that lags asked for the others' states
   * when they were ahead of it.
   */
  function judgeUntil(now: UnixSeconds): void {
    while (progress.dirty === null) {
      let at: number = Number.POSITIVE_INFINITY
      for (const line of lines) {
        const { state, grid } = line.detector
        if (state.next < grid.length) at = Math.min(at, availability(line, state.next))
      }
      if (at > now || at === Number.POSITIVE_INFINITY) return
      turn.at = at
      turn.isInTurn = at > progress.front
      progress.judgedUntil = Math.max(progress.judgedUntil, at)
      const last = progress.checkpoints.at(-1)
      if (last === undefined || at - last.before >= checkpointStep(now - at)) {
        progress.checkpoints.push({
          before: at as UnixSeconds,
          states: lines.map((line) => ({ ...line.detector.state })),
        })
        progress.checkpoints = thinned(progress.checkpoints, progress.judgedUntil)
      }
      for (const i of order) {
        const line = lines[i]
        const ask = asks[i]
        if (line === undefined || ask === undefined) continue
        const { detector } = line
        while (detector.state.next < detector.grid.length && availability(line, detector.state.next) <= at)
          judgeNext(detector, ask)
      }
      progress.front = Math.max(progress.front, at)
    }
  }

  return {
    members: lines.map((line) => line.member),
    put(member, bin, value, weight) {
      const line = lineAt(member)
      const least = line.rule.minWeight
      const tooThin = least !== null && !Number.isNaN(weight) && weight < least
      const { grid } = line.detector
      const kept = tooThin ? Number.NaN : value
      const place = grid.length === 0 ? 0 : indexOf(grid, bin)
      const before = readingOf(line, place)
      if (progress.isTrimmed) {
        // What is read again unchanged, as overlapping reads do, changes no answer.
        if (place >= 0 && place < grid.length && Object.is(grid.values[place], kept)) return 'kept'
        if (wouldBeTooOld(line, bin, place)) return 'too-old'
      }
      const { index, shifted } = put(grid, bin, kept)
      if (line.blind.length > 0) setBlind(grid, index, isBlind(line.blind, bin, grid.step))
      if (shifted > 0) progress.restart = true
      // What changes nothing that is judged takes nothing back.
      else if (index >= line.detector.state.next || !Object.is(before, readingOf(line, index))) {
        const { at, goesBack } = touch(line, index)
        if (goesBack) markDirty(at)
      }
      return 'kept'
    },
    blind(member, spans) {
      const line = lineAt(member)
      const { grid } = line.detector
      const blind = union([], spans)
      const changed: number[] = []
      for (let i = 0; i < grid.length; i++) {
        const bin = grid.first + i * grid.step
        if (isBlind(blind, bin, grid.step) !== isBlind(line.blind, bin, grid.step)) changed.push(i)
      }
      const first = changed.find((index) => readingOf(line, index) !== 'gap')
      const touched = first === undefined ? null : touch(line, first)
      // Whoever asked since whether another is at usual was told so, or not, by what we knew of our blindness.
      const differs = firstDifference(line.blind, blind, grid.first)
      const asksAnew = differs !== null && differs <= progress.asked ? differs : null
      if (touched?.goesBack === true && isTooOld(touched.at)) return 'too-old'
      if (asksAnew !== null && isTooOld(asksAnew)) return 'too-old'
      for (const index of changed) setBlind(grid, index, isBlind(blind, grid.first + index * grid.step, grid.step))
      if (touched?.goesBack === true) markDirty(touched.at)
      if (asksAnew !== null) markDirty(asksAnew)
      line.blind = blind
      return 'kept'
    },
    advance(now) {
      drafted = null
      do {
        if (progress.dirty !== null || progress.restart) rewind()
        judgeUntil(now)
      } while (progress.dirty !== null)
    },
    standings,
    drafts(now) {
      if (drafted?.now !== now) drafted = { now, drafts: correlate(standings(), hierarchy, now) }
      return drafted.drafts
    },
    quiet: () => lines.every((line) => line.detector.state.open === null && line.detector.state.closed.length === 0),
    notes: (entity) => lines.filter((line) => line.member.series.entity === entity).flatMap((line) => notesOf(line)),
    detector: (member) => lineAt(member).detector,
    trim(before) {
      // What waits to be judged may go back further than what is kept.
      if (progress.restart || progress.dirty !== null) return
      const inReach = progress.checkpoints.filter(isInReach)
      if (inReach.length === 0) return
      progress.checkpoints = inReach.filter((each, i) => {
        const isRecent = each.before > progress.judgedUntil - DAY
        // Corrections come within hours as a rule: of the days before, one checkpoint each is enough.
        return isRecent || Math.floor(each.before / DAY) !== Math.floor((inReach[i - 1]?.before ?? 0) / DAY)
      })
      for (const [i, line] of lines.entries()) {
        const states = [line.detector.state]
        for (const each of progress.checkpoints) if (each.states[i] !== undefined) states.push(each.states[i])
        letGoBefore(line.detector, Math.min(before, progress.judgedUntil - BASELINE.rewind) as UnixSeconds, states)
        if (line.detector.past !== null) progress.isTrimmed = true
      }
    },
    since(member) {
      const { grid } = lineAt(member).detector
      return grid.length === 0 ? null : grid.first
    },
    snapshot: () => writeSnapshot(lines, progress),
  }
}

/** The first checkpoint of each stretch; stretches are as long as the age of the checkpoint says. None out of reach. */
function thinned(checkpoints: readonly Checkpoint[], judgedUntil: number): Checkpoint[] {
  return checkpoints.filter(({ before }, i) => {
    const age = judgedUntil - before
    if (age > BASELINE.rewind) return false
    const step = checkpointStep(age)
    return Math.floor(before / step) !== Math.floor((checkpoints[i - 1]?.before ?? Number.NEGATIVE_INFINITY) / step)
  })
}

function isAncestor(hierarchy: Hierarchy, ancestor: EntityId, of: EntityId): boolean {
  for (let each = hierarchy.parent(of); each !== null; each = hierarchy.parent(each)) if (each === ancestor) return true
  return false
}
