import type { Seconds, Share, UnixSeconds } from '../model/brand.ts'
import type { BaselineKind, Moment, Span } from '../model/judgement.ts'
import { DAY, HOUR, WEEK } from '../model/time.ts'
import type { BaselineMemory, OffsetAt, Usual } from './baseline.ts'
import { createMemory, forget, remember, slotOf, usualOf } from './baseline.ts'
import { onsetIndex } from './changepoint.ts'
import type { Grid } from './grid.ts'
import { BIN_VALUE, binAt } from './grid.ts'
import { median } from './median.ts'
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

interface OpenSpan {
  readonly onset: Moment
  readonly detectedAt: UnixSeconds
  readonly baseline: BaselineKind
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
  /** Index of the first bin of the present run of good ones; −1 for none. */
  readonly goodFrom: number
  readonly goodBins: number
}

/**
 * All that a detector carries from bin to bin, but for the baseline's memory. Nothing in it is changed in place:
 * `{ ...state }` is a snapshot, and going on from a snapshot gives what going on gave then.
 */
export interface DetectorState {
  /** Index of the next bin to judge. */
  next: number
  /** Factor by which new normals have moved the usual. */
  scale: number
  slot: number
  slotValues: readonly number[]
  slotResiduals: readonly number[]
  usualSlot: number
  usual: readonly [Usual | null, Usual | null, Usual | null]
  /** First bin of an excursion that has opened nothing yet; −1 for none. */
  suspectFrom: number
  badBins: number
  /** Bins in a row beyond the opening level, whatever the noise, and the first of them. */
  lowBins: number
  lowFrom: number
  open: OpenSpan | null
  closed: readonly Span[]
  noteFrom: number
  noteBins: number
  noteWorst: number
  excursions: readonly Excursion[]
  /** Since when every bin was off and its history inpainted; −1 for none. */
  offFrom: number
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
  state: DetectorState
}

/** Bins in a row that turn a partial recovery on or off. */
const TURN_BINS = 3
/** Bins this many spreads from usual stand out of the noise. */
const BAND = 3
/** So many bins in a row beyond the opening level, each at least so far out, count like one that stands out by itself. */
const LASTING_BINS = 12
const LASTING = 6 * HOUR
const LASTING_SPREADS = 1.5
/** A surge this far up, in spreads and as a share, is kept out of the history. */
const SURGE_SPREADS = 4
const SURGE_SHARE = 1.25

export function createDetector(grid: Grid, setting: DetectorSetting): Detector {
  return { setting, grid, memory: createMemory(grid.step, grid.phase), state: startState() }
}

export function startState(): DetectorState {
  return {
    next: 0,
    scale: 1,
    slot: -1,
    slotValues: [],
    slotResiduals: [],
    usualSlot: -1,
    usual: [null, null, null],
    suspectFrom: -1,
    badBins: 0,
    lowBins: 0,
    lowFrom: -1,
    open: null,
    closed: [],
    noteFrom: -1,
    noteBins: 0,
    noteWorst: 1,
    excursions: [],
    offFrom: -1,
    firstJudged: null,
    baseline: null,
    lastShare: Number.NaN,
    seenAt: null,
  }
}

/**
 * Judges the next bin of the grid, which is a gap when nothing was written to it.
 *
 * A fold: the answer depends on the bins up to this one, in their order in time, and on nothing else. Data that comes
 * late is judged by going back to a state before it.
 *
 * @param mayBecomeNormal asked when the series has been off long enough for its level to become the new normal.
 */
export function judgeNext(detector: Detector, mayBecomeNormal: (at: UnixSeconds, inSpan: boolean) => boolean): void {
  const { grid, state, setting } = detector
  const index = state.next
  const at = binAt(grid, index)
  const usual = usualAt(detector, at)
  state.next = index + 1
  state.baseline = usual?.kind ?? null
  grid.expected[index] = usual?.expected ?? Number.NaN
  grid.spread[index] = usual?.spread ?? Number.NaN
  if (grid.flags[index] !== BIN_VALUE) {
    gap(detector, at, usual)
    return
  }
  const value = grid.values[index] ?? Number.NaN
  state.seenAt = at
  if (usual === null || usual.expected <= Math.max(setting.rule.minUsual, setting.quantum / 2, 1e-9)) {
    state.lastShare = Number.NaN
    // Hours too low to be judged are part of an outage too: their history is kept from it like that of all others.
    if (state.open === null) learn(detector, at, value, Number.NaN)
    else learnUsual(detector, at, usual)
    return
  }
  state.firstJudged ??= at
  const share = value / usual.expected
  state.lastShare = share
  const down = setting.badDirection === 'down'
  const spreads = (down ? usual.expected - value : value - usual.expected) / usual.spread
  // A running median knows no rhythm: every night would be a note.
  if (usual.kind !== 'running-median') noteBin(detector, index, share, spreads)
  if (state.open === null) calmBin(detector, index, share, spreads, usual)
  else alarmBin(detector, index, share)
  settle(detector, index, value, share, spreads, usual)
  if (state.offFrom >= 0) considerNewNormal(detector, index, mayBecomeNormal)
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

function spanOf(open: OpenSpan, end: Moment | null, close: Span['close'], closedAt: UnixSeconds | null): Span {
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

function beyond(detector: Detector, share: number, level: number): boolean {
  return detector.setting.badDirection === 'down' ? share < level : share > level
}

function usualAt(detector: Detector, at: UnixSeconds): Usual | null {
  const { memory, setting, state } = detector
  const slot = slotOf(memory, at)
  const { spreadFloor } = setting.rule
  const rhythm = setting.seasonality !== 'none'
  const ask = (which: number): Usual | null =>
    usualOf(memory, which, slot, setting.offsetAt, spreadFloor, setting.quantum / state.scale, rhythm)
  const fine = memory.slotSeconds > detector.grid.step
  if (state.usualSlot !== slot) {
    finishSlot(detector, slot)
    state.usual = [fine ? ask(slot - 1) : null, ask(slot), fine ? ask(slot + 1) : null]
    state.usualSlot = slot
  }
  const [before, here, after] = state.usual
  if (here === null) return null
  const scaled = (usual: Usual, expected: number): Usual => ({
    expected: expected * state.scale,
    spread: usual.spread * state.scale,
    kind: usual.kind,
  })
  if (!fine) return state.scale === 1 ? here : scaled(here, here.expected)
  // Within a slot the usual runs straight from the middle of one to the middle of the next.
  const position = (at + detector.grid.step / 2 - memory.phase) / memory.slotSeconds - slot - 0.5
  const other = position < 0 ? before : after
  if (other === null || other.kind !== here.kind) return scaled(here, here.expected)
  return scaled(here, here.expected + (other.expected - here.expected) * Math.abs(position))
}

/**
 * Puts the finished slot into the memory: the median of its bins, and of how far each was off. (The median residual
 * would be less noisy than the bins are, and the spread would promise too much.)
 */
function finishSlot(detector: Detector, slot: number): void {
  const { state, memory } = detector
  if (state.slot >= 0 && memory.slotSeconds > detector.grid.step) {
    if (state.slotValues.length === 0) forget(memory, state.slot)
    else remember(memory, state.slot, median(state.slotValues), median(state.slotResiduals.map(Math.abs)))
  }
  state.slot = slot
  state.slotValues = []
  state.slotResiduals = []
}

function learn(detector: Detector, at: UnixSeconds, value: number, residual: number): void {
  const { state, memory } = detector
  const slot = slotOf(memory, at)
  if (memory.slotSeconds === detector.grid.step) {
    remember(memory, slot, value / state.scale, residual)
    return
  }
  state.slotValues = [...state.slotValues, value / state.scale]
  state.slotResiduals = [...state.slotResiduals, residual]
}

/** During a span the usual takes the place of what goes into the history, of values and of gaps. */
function learnUsual(detector: Detector, at: UnixSeconds, usual: Usual | null): void {
  if (usual === null) learnNothing(detector, at)
  else learn(detector, at, usual.expected, Number.NaN)
}

/** A slot without a value: what it held before a step back in time no longer counts. */
function learnNothing(detector: Detector, at: UnixSeconds): void {
  const { memory, grid } = detector
  // Slots of several bins are seen to when they are finished.
  if (memory.slotSeconds === grid.step) forget(memory, slotOf(memory, at))
}

function gap(detector: Detector, at: UnixSeconds, usual: Usual | null): void {
  const { state, setting, grid } = detector
  const open = state.open
  if (open === null) {
    learnNothing(detector, at)
    return
  }
  // Else a long silence would wear the usual out, and the low that follows it would pass for a return.
  learnUsual(detector, at, usual)
  const lostAt = lostFrom(open.lastSeen, grid.step, setting.zeroIsOmitted)
  if (binAt(grid, state.next) >= lostAt) {
    state.closed = [...state.closed, spanOf(open, null, 'lost-sight', lostAt)]
    state.open = null
    return
  }
  // Blanks of a source that leaves zeros out, among values near zero, may be zeros: nobody can tell.
  const ambiguous = setting.zeroIsOmitted && open.trough < 0.1
  state.open = { ...open, gapBins: open.gapBins + 1, ambiguous: open.ambiguous || ambiguous }
}

function calmBin(detector: Detector, index: number, share: number, spreads: number, usual: Usual): void {
  const { state, setting, grid } = detector
  const { rule } = setting
  // A running median knows no rhythm: only a fall much deeper than the usual threshold counts.
  const level = usual.kind === 'running-median' ? runningLevel(rule.open) : rule.open
  const low = beyond(detector, share, level)
  if (low && state.lowBins === 0) state.lowFrom = index
  state.lowBins = low ? state.lowBins + 1 : 0
  // What one bin cannot tell from noise, many of them in a row can.
  const lasting = low && hasLasted(detector) && spreads >= LASTING_SPREADS
  const bad = low && (spreads >= rule.openSpreads || lasting)
  const out = bad || (beyond(detector, share, rule.close) && spreads >= BAND)
  if (!out) {
    // Low but within the noise says nothing either way; back within `close` ends the suspicion.
    if (!beyond(detector, share, rule.close)) {
      state.suspectFrom = -1
      state.badBins = 0
    }
    return
  }
  if (state.suspectFrom < 0) state.suspectFrom = index
  if (lasting) state.suspectFrom = Math.min(state.suspectFrom, state.lowFrom)
  if (bad) state.badBins += 1
  if (state.badBins >= 2 && state.badBins * grid.step >= rule.openAfter) openSpan(detector, index, usual)
}

/** Beyond the opening level for so many bins in a row, and for hours: five-minute noise is alike from bin to bin. */
function hasLasted({ state, grid }: Detector): boolean {
  return state.lowBins >= LASTING_BINS && state.lowBins * grid.step >= LASTING
}

/** 0.8 → 0.48, 1.5 → 2.5: the same distance from usual, widened. */
function runningLevel(open: number): number {
  return open < 1 ? open * 0.6 : 1 + (open - 1) * 3
}

function openSpan(detector: Detector, index: number, usual: Usual): void {
  const { state, setting, grid } = detector
  const shareAt = (i: number): number => (grid.values[i] ?? 0) / (grid.expected[i] ?? 1)
  const down = setting.badDirection === 'down'
  let trough = shareAt(index)
  for (let i = state.suspectFrom; i < index; i++) {
    if (grid.flags[i] === BIN_VALUE) trough = down ? Math.min(trough, shareAt(i)) : Math.max(trough, shareAt(i))
  }
  const band = hasLasted(detector) ? LASTING_SPREADS : BAND
  const isOut = (i: number, level: number): boolean => {
    if (grid.flags[i] !== BIN_VALUE || !beyond(detector, shareAt(i), level)) return false
    return Math.abs((grid.expected[i] ?? 0) - (grid.values[i] ?? 0)) / (grid.spread[i] ?? 1) >= band
  }
  const onset = onsetIndex(grid, state.suspectFrom, index, trough, (i) => isOut(i, setting.rule.open))
  const at = binAt(grid, onset)
  // The last good bin: the newest with a value before the onset that had not left the noise, or was still nearer to
  // usual than to the low (a plateau of mild loss before the cut is another matter than the cut).
  const nearLow = (i: number): boolean => (shareAt(i) - trough) / (1 - trough) < 0.5
  let before = onset - 1
  while (before >= 0 && (grid.flags[before] !== BIN_VALUE || (isOut(before, setting.rule.close) && nearLow(before))))
    before -= 1
  const end = binAt(grid, index + 1)
  state.open = {
    onset: { at, earliest: before >= 0 ? binAt(grid, before) : at, latest: binAt(grid, onset + 1) },
    detectedAt: end,
    baseline: usual.kind,
    trough,
    lastShare: shareAt(index),
    lastSeen: binAt(grid, index),
    lastBad: binAt(grid, index),
    partialSince: null,
    turnFrom: null,
    turnBins: 0,
    gapBins: 0,
    ambiguous: false,
    goodFrom: -1,
    goodBins: 0,
  }
  state.suspectFrom = -1
  state.badBins = 0
}

function alarmBin(detector: Detector, index: number, share: number): void {
  const { state, setting, grid } = detector
  const open = state.open
  if (open === null) return
  const at = binAt(grid, index)
  const down = setting.badDirection === 'down'
  if (beyond(detector, share, setting.rule.close)) {
    const trough = down ? Math.min(open.trough, share) : Math.max(open.trough, share)
    state.open = {
      ...open,
      ...partialOf(open, at, trough, share),
      trough,
      lastShare: share,
      lastSeen: at,
      lastBad: at,
      goodFrom: -1,
      goodBins: 0,
    }
    return
  }
  const goodFrom = open.goodFrom < 0 ? index : open.goodFrom
  const goodBins = open.goodBins + 1
  const partialSince = open.partialSince ?? open.turnFrom ?? at
  state.open = {
    ...open,
    partialSince,
    turnFrom: null,
    turnBins: 0,
    lastShare: share,
    lastSeen: at,
    goodFrom,
    goodBins,
  }
  if (goodBins < 2 || goodBins * grid.step < setting.rule.closeAfter) return
  const first = binAt(grid, goodFrom)
  const end: Moment = { at: first, earliest: open.lastBad, latest: binAt(grid, goodFrom + 1) }
  state.closed = [...state.closed, spanOf(state.open, end, 'returned', binAt(grid, index + 1))]
  state.open = null
}

/** Half won back for some bins in a row makes a partial recovery; mostly lost again for as many unmakes it. */
function partialOf(
  open: OpenSpan,
  at: UnixSeconds,
  trough: number,
  share: number,
): Pick<OpenSpan, 'partialSince' | 'turnFrom' | 'turnBins'> {
  // Won back: 0 at the trough, 1 at usual.
  const progress = (share - trough) / (1 - trough)
  const turns = open.partialSince === null ? progress >= 0.5 : progress < 0.35
  if (!turns) return { partialSince: open.partialSince, turnFrom: null, turnBins: 0 }
  const turnFrom = open.turnFrom ?? at
  const turnBins = open.turnBins + 1
  if (turnBins < TURN_BINS) return { partialSince: open.partialSince, turnFrom, turnBins }
  return { partialSince: open.partialSince === null ? turnFrom : null, turnFrom: null, turnBins: 0 }
}

/** Decides what of the bin goes into the history: the value, or the usual in its place. */
function settle(detector: Detector, index: number, value: number, share: number, spreads: number, usual: Usual): void {
  const { state, setting, grid } = detector
  const at = binAt(grid, index)
  const down = setting.badDirection === 'down'
  const inExcursion =
    state.open !== null || (state.suspectFrom >= 0 && (state.badBins > 0 || usual.kind === 'hour-of-week'))
  const surge = down ? share > SURGE_SHARE : share < 1 / SURGE_SHARE
  // Until the rhythm of the week is known, what looks like a surge may be a weekend: it has to be learnt.
  const keepOut = inExcursion || (usual.kind === 'hour-of-week' && surge && spreads <= -SURGE_SPREADS)
  if (keepOut) {
    if (state.offFrom < 0) state.offFrom = index
    learnUsual(detector, at, usual)
    return
  }
  if (spreads < BAND && spreads > -SURGE_SPREADS) state.offFrom = -1
  learn(detector, at, value, usual.kind === 'running-median' ? Number.NaN : share - 1)
}

/** Once a day: has the series been off so long, and so steadily, that its level is what is usual now? */
function considerNewNormal(
  detector: Detector,
  index: number,
  mayBecomeNormal: (at: UnixSeconds, inSpan: boolean) => boolean,
): void {
  const { state, grid, setting } = detector
  const off = (index - state.offFrom) * grid.step
  if (off < DAY || off % DAY >= grid.step) return
  const window = Math.min(WEEK, off)
  const shares: number[] = []
  for (let i = index - Math.floor(window / grid.step); i <= index; i++) {
    if (grid.flags[i] === BIN_VALUE) shares.push((grid.values[i] ?? 0) / (grid.expected[i] ?? 1))
  }
  const level = median(shares)
  const worse = setting.badDirection === 'down' ? level < 1 : level > 1
  // Back from an earlier new normal towards where it was: no reason to wait.
  const homeward = Math.abs(state.scale * level - 1) < Math.abs(state.scale - 1) * 0.5
  const wait = homeward ? DAY : worse ? BASELINE.newNormalAfter : BASELINE.newNormalAfterRise
  if (off < wait || level < BASELINE.newNormalLeast || level > 1 / BASELINE.newNormalLeast) return
  const at = binAt(grid, index + 1)
  if (!mayBecomeNormal(at, state.open !== null)) return
  state.scale *= level
  state.usualSlot = -1
  state.offFrom = -1
  state.suspectFrom = -1
  state.badBins = 0
  if (state.open !== null) {
    state.closed = [...state.closed, spanOf(state.open, null, 'new-normal', at)]
    state.open = null
  }
}

/** Keeps stretches that stand out of the noise by a part of what would open something. */
function noteBin(detector: Detector, index: number, share: number, spreads: number): void {
  const { state, setting, grid } = detector
  const level = (1 + setting.rule.close) / 2
  const out = beyond(detector, share, level) && spreads >= BAND
  if (out) {
    if (state.noteFrom < 0) {
      state.noteFrom = index
      state.noteWorst = share
      state.noteBins = 0
    }
    state.noteBins += 1
    state.noteWorst =
      setting.badDirection === 'down' ? Math.min(state.noteWorst, share) : Math.max(state.noteWorst, share)
    return
  }
  if (state.noteFrom < 0) return
  if (state.noteBins >= 2) {
    const until = binAt(grid, index)
    state.excursions = [
      ...state.excursions,
      { since: binAt(grid, state.noteFrom), until, worstShare: state.noteWorst as Share },
    ]
  }
  state.noteFrom = -1
}
