import type { Seconds, Share, UnixSeconds } from '../model/brand.ts'
import type { BaselineKind, Moment, Span } from '../model/judgement.ts'
import { HOUR } from '../model/time.ts'
import type { BaselineMemory, OffsetAt, Usual } from './baseline.ts'
import { createMemory } from './baseline.ts'
import type { Grid } from './grid.ts'
import type { Past } from './past.ts'
import { BASELINE } from './rules.ts'
import type { DetectionRule } from './rules.ts'

/** What a detector is told once of its series. */
export interface DetectorSetting {
  readonly rule: DetectionRule
  readonly badDirection: 'down' | 'up'
  readonly seasonality: 'none' | 'daily' | 'weekly'
  readonly quantum: number
  readonly zeroIsOmitted: boolean
  readonly offsetAt: OffsetAt
}

/** A stretch off usual that opened nothing. Bins by their start; `until` null while it lasts. */
export interface Excursion {
  readonly since: UnixSeconds
  readonly until: UnixSeconds | null
  readonly worstShare: Share
}

/** One bin of the present slot as it goes into the history; a chain, so that adding to it copies nothing. */
export interface Learnt {
  readonly value: number
  readonly residual: number
  readonly before: Learnt | null
}

/** A span that has not closed yet. */
export interface OpenSpan {
  readonly onset: Moment
  readonly detectedAt: UnixSeconds
  readonly baseline: BaselineKind
  /** The usual that it opened under, where that was but a running median; it holds, and nothing is learnt, to its end. */
  readonly frozen: Usual | null
  readonly trough: number
  readonly lastShare: number
  readonly lastSeen: UnixSeconds
  readonly lastBad: UnixSeconds
  readonly partialSince: UnixSeconds | null
  /** First bin of the present run that would change `partialSince`, and its length. */
  readonly turnFrom: UnixSeconds | null
  readonly turnBins: number
  readonly gapBins: number
  readonly ambiguous: boolean
  /** First bin of the present run of good ones; `null` for none. */
  readonly goodFrom: UnixSeconds | null
  readonly goodBins: number
}

/**
 * All that a detector carries from bin to bin, but for the baseline's memory. Nothing in it is changed in place:
 * `{ ...state }` is a snapshot, and going on from a snapshot gives what going on gave then.
 */
export interface DetectorState {
  /** Index of the next bin to judge; all else that names a bin does so by its start, which letting go of bins does not move. */
  next: number
  /** Factor by which new normals have moved the usual. */
  scale: number
  slot: number
  /** What was learnt in the slot so far, the newest first. */
  learnt: Learnt | null
  usualSlot: number
  usual: readonly [Usual | null, Usual | null, Usual | null]
  /** First bin of an excursion that has opened nothing yet; `null` for none. */
  suspectFrom: UnixSeconds | null
  badBins: number
  /** Bins in a row beyond the opening level, whatever the noise, and the first of them (`null` for none). */
  lowBins: number
  lowFrom: UnixSeconds | null
  open: OpenSpan | null
  closed: readonly Span[]
  noteFrom: UnixSeconds | null
  noteBins: number
  noteWorst: number
  excursions: readonly Excursion[]
  /** Since when every bin was off and its history inpainted; `null` for none. */
  offFrom: UnixSeconds | null
  firstJudged: UnixSeconds | null
  baseline: BaselineKind | null
  lastShare: number
  seenAt: UnixSeconds | null
}

/** One series being judged: the data, the memory, the state. */
export interface Detector {
  readonly setting: DetectorSetting
  readonly grid: Grid
  readonly memory: BaselineMemory
  /** Of the bins that the grid has let go of; `null` while it holds all. */
  past: Past | null
  state: DetectorState
}

export function createDetector(grid: Grid, setting: DetectorSetting): Detector {
  return { setting, grid, memory: createMemory(grid.step, grid.phase), past: null, state: startState() }
}

export function startState(): DetectorState {
  return {
    next: 0,
    scale: 1,
    slot: -1,
    learnt: null,
    usualSlot: -1,
    usual: [null, null, null],
    suspectFrom: null,
    badBins: 0,
    lowBins: 0,
    lowFrom: null,
    open: null,
    closed: [],
    noteFrom: null,
    noteBins: 0,
    noteWorst: 1,
    excursions: [],
    offFrom: null,
    firstJudged: null,
    baseline: null,
    lastShare: Number.NaN,
    seenAt: null,
  }
}

/** Bins this many spreads from usual stand out of the noise. */
export const BAND = 3
/** So many bins in a row beyond the opening level, each at least so far out, count like one that stands out by itself. */
export const LASTING_BINS = 12
export const LASTING = 6 * HOUR
export const LASTING_SPREADS = 1.5

/** Usual values up to here are not judged: too low for a fall to tell anything. */
export function judgedFrom({ rule, quantum }: DetectorSetting): number {
  return Math.max(rule.minUsual, quantum / 2, 1e-9)
}

/** The opening level under a running median. 0.8 → 0.48, 1.5 → 2.5: the same distance from usual, widened. */
export function runningLevel(open: number): number {
  return open < 1 ? open * 0.6 : 1 + (open - 1) * 3
}

/** All spans so far, the open one last. */
export function spansOf(detector: Detector): readonly Span[] {
  const { open, closed } = detector.state
  return open === null ? closed : [...closed, spanOf(open, null, null, null)]
}

/**
 * When a span whose series has gone silent is lost from sight: after a week, or four where the source leaves zeros out
 * and its silence may be the very thing.
 *
 * @param lastSeen start of its newest bin that had a value.
 */
export function lostFrom(lastSeen: UnixSeconds, step: Seconds, zeroIsOmitted: boolean): UnixSeconds {
  return (lastSeen + step + (zeroIsOmitted ? BASELINE.lostAfterOmitted : BASELINE.lostAfter)) as UnixSeconds
}

export function spanOf(open: OpenSpan, end: Moment | null, close: Span['close'], closedAt: UnixSeconds | null): Span {
  return {
    onset: open.onset,
    end,
    close,
    detectedAt: open.detectedAt,
    closedAt,
    troughShare: open.trough as Share,
    lastShare: Number.isNaN(open.lastShare) ? null : (open.lastShare as Share),
    lastSeen: open.lastSeen,
    partialSince: open.partialSince,
    baseline: open.baseline,
    gaps: { bins: open.gapBins, reading: open.ambiguous ? 'ambiguous' : 'unknown' },
  }
}

/** On the bad side of a level, whichever side that is. */
export function beyond(detector: Detector, share: number, level: number): boolean {
  return detector.setting.badDirection === 'down' ? share < level : share > level
}
