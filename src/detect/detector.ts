import type { UnixSeconds } from '../model/brand.ts'
import type { Moment } from '../model/judgement.ts'
import type { Usual } from './baseline.ts'
import { onsetIndex } from './changepoint.ts'
import { noteBin } from './excursion.ts'
import { BIN_BLIND, BIN_VALUE, binAt, indexOf } from './grid.ts'
import { enterSlot, learn, learnNothing, learnUsual, usualAt } from './history.ts'
import { considerNewNormal } from './new-normal.ts'
import { lastInPast } from './past.ts'
import type { Detector, OpenSpan } from './state.ts'
import {
  BAND,
  LASTING,
  LASTING_BINS,
  LASTING_SPREADS,
  beyond,
  judgedFrom,
  lostFrom,
  runningLevel,
  spanOf,
} from './state.ts'

/** Bins in a row that turn a partial recovery on or off. */
const TURN_BINS = 3
/** A surge this far up, in spreads and as a share, is kept out of the history. */
const SURGE_SPREADS = 4
const SURGE_SHARE = 1.25

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
  // A running median would follow the outage down, and call its low a return: what opened the span stays its yardstick.
  const frozen = state.open?.frozen ?? null
  if (frozen !== null) enterSlot(detector, at)
  const usual = frozen ?? usualAt(detector, at)
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
  if (usual === null || usual.expected <= judgedFrom(setting)) {
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
  if (state.offFrom !== null) considerNewNormal(detector, index, mayBecomeNormal)
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
  const ambiguous = setting.zeroIsOmitted && open.trough < 0.1 && grid.flags[state.next - 1] !== BIN_BLIND
  state.open = { ...open, gapBins: open.gapBins + 1, ambiguous: open.ambiguous || ambiguous }
}

function calmBin(detector: Detector, index: number, share: number, spreads: number, usual: Usual): void {
  const { state, setting, grid } = detector
  const { rule } = setting
  const at = binAt(grid, index)
  // A running median knows no rhythm: only a fall much deeper than the usual threshold counts.
  const level = usual.kind === 'running-median' ? runningLevel(rule.open) : rule.open
  // Its spread holds the last day's whole range: what stands out of that stands out.
  const needed = usual.kind === 'running-median' ? BAND : rule.openSpreads
  const low = beyond(detector, share, level)
  if (!low) state.lowFrom = null
  else state.lowFrom ??= at
  state.lowBins = low ? state.lowBins + 1 : 0
  // What one bin cannot tell from noise, many of them in a row can.
  const lasting = low && usual.kind !== 'running-median' && hasLasted(detector) && spreads >= LASTING_SPREADS
  const bad = low && (spreads >= needed || lasting)
  const out = bad || (beyond(detector, share, rule.close) && spreads >= BAND)
  if (!out) {
    // Low but within the noise says nothing either way; back within `close` ends the suspicion.
    if (!beyond(detector, share, rule.close)) {
      state.suspectFrom = null
      state.badBins = 0
    }
    return
  }
  state.suspectFrom ??= at
  if (lasting && state.lowFrom !== null && state.lowFrom < state.suspectFrom) state.suspectFrom = state.lowFrom
  if (bad) state.badBins += 1
  if (state.badBins >= 2 && state.badBins * grid.step >= rule.openAfter)
    openSpan(detector, index, indexOf(grid, state.suspectFrom), usual)
}

/** Beyond the opening level for so many bins in a row, and for hours: five-minute noise is alike from bin to bin. */
function hasLasted({ state, grid }: Detector): boolean {
  return state.lowBins >= LASTING_BINS && state.lowBins * grid.step >= LASTING
}

/** @param from index of the first bin of the excursion; @param index of the one that confirms it. */
function openSpan(detector: Detector, index: number, from: number, usual: Usual): void {
  const { state, setting, grid } = detector
  const shareAt = (i: number): number => (grid.values[i] ?? 0) / (grid.expected[i] ?? 1)
  const down = setting.badDirection === 'down'
  let trough = shareAt(index)
  for (let i = from; i < index; i++) {
    if (grid.flags[i] === BIN_VALUE) trough = down ? Math.min(trough, shareAt(i)) : Math.max(trough, shareAt(i))
  }
  const band = hasLasted(detector) ? LASTING_SPREADS : BAND
  const spreadsAt = (i: number): number =>
    Math.abs((grid.expected[i] ?? 0) - (grid.values[i] ?? 0)) / (grid.spread[i] ?? 1)
  const isOut = (i: number): boolean =>
    grid.flags[i] === BIN_VALUE && beyond(detector, shareAt(i), setting.rule.open) && spreadsAt(i) >= band
  const onset = onsetIndex(grid, from, index, trough, isOut)
  const at = binAt(grid, onset)
  // The last good bin: the newest with a value before the onset that had not left the noise, or was still nearer to
  // usual than to the low (a plateau of mild loss before the cut is another matter than the cut).
  const isGood = (share: number, spreads: number): boolean =>
    !(beyond(detector, share, setting.rule.close) && spreads >= band && (share - trough) / (1 - trough) < 0.5)
  const wasGood = (i: number): boolean =>
    grid.flags[i] === BIN_VALUE && !Number.isNaN(grid.expected[i] ?? Number.NaN) && isGood(shareAt(i), spreadsAt(i))
  let before = onset - 1
  while (before >= 0 && !wasGood(before)) before -= 1
  // Where judging began with the series down already, nothing before was seen to be good: back to where the data begin.
  const past = detector.past === null ? grid.first : lastInPast(detector.past, isGood)
  const end = binAt(grid, index + 1)
  state.open = {
    onset: { at, earliest: before < 0 ? past : binAt(grid, before), latest: binAt(grid, onset + 1) },
    detectedAt: end,
    baseline: usual.kind,
    frozen: usual.kind === 'running-median' ? usual : null,
    trough,
    lastShare: shareAt(index),
    lastSeen: binAt(grid, index),
    lastBad: binAt(grid, index),
    partialSince: null,
    turnFrom: null,
    turnBins: 0,
    gapBins: 0,
    ambiguous: false,
    goodFrom: null,
    goodBins: 0,
  }
  state.suspectFrom = null
  state.badBins = 0
  state.lowFrom = null
  state.lowBins = 0
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
      goodFrom: null,
      goodBins: 0,
    }
    return
  }
  const goodFrom = open.goodFrom ?? at
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
  const end: Moment = {
    at: goodFrom,
    earliest: open.lastBad,
    latest: (goodFrom + grid.step) as UnixSeconds,
  }
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
    state.open !== null || (state.suspectFrom !== null && (state.badBins > 0 || usual.kind === 'hour-of-week'))
  const surge = down ? share > SURGE_SHARE : share < 1 / SURGE_SHARE
  // Until the rhythm of the week is known, what looks like a surge may be a weekend: it has to be learnt.
  const keepOut = inExcursion || (usual.kind === 'hour-of-week' && surge && spreads <= -SURGE_SPREADS)
  if (keepOut) {
    state.offFrom ??= at
    learnUsual(detector, at, usual)
    return
  }
  if (spreads < BAND && spreads > -SURGE_SPREADS) state.offFrom = null
  learn(detector, at, value, usual.kind === 'running-median' ? Number.NaN : share - 1)
}
