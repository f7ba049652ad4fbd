import type { Seconds, UnixSeconds } from '../model/brand.ts'
import type { BaselineKind } from '../model/judgement.ts'
import { DAY, HOUR, WEEK } from '../model/time.ts'
import { medianInPlace, medianNear } from './median.ts'
import { BASELINE } from './rules.ts'

/** Seconds east of UTC at an instant where the entity's people live. */
export type OffsetAt = (at: UnixSeconds) => number

/** What is usual for one bin: a value and one robust standard deviation, both in the signal's unit. */
export interface Usual {
  readonly expected: number
  readonly spread: number
  readonly kind: BaselineKind
}

/** 1.4826 × the median absolute deviation estimates the standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826
const HISTORY = (BASELINE.weeks * WEEK) as Seconds
const scratch = new Float64Array(4096)
/**
 * No clock is put forward and back within so many days (the shortest such time are the weeks of Ramadan), so that an
 * offset is not asked for each day. Divides the days of the history.
 */
const CLOCK_DAYS = 4
/** For each of the last 28 days, the slot that showed the same local time; filled anew for each question. */
const sameTime = new Float64Array(BASELINE.weeks * 7 + 1)
/** Of usual, where nothing is known of the noise yet: only falls to nearly nothing stand out of that. */
const UNKNOWN_SPREAD = 0.25

/**
 * The memory of one series: one value and one residual a slot, over four weeks and the stretch that a late bin may
 * reach back. Slots are absolute (seconds since the epoch ÷ slot), so nothing moves when time goes on, and going back
 * in time needs no copy: what lies ahead is not asked for, and is written again.
 */
export interface BaselineMemory {
  readonly slotSeconds: Seconds
  readonly phase: Seconds
  /** How much noisier one bin is than its slot's value, the median of several bins; 1 where a slot is one bin. */
  readonly binNoise: number
  /** Which slot each place holds; −1 for none. */
  readonly slots: Int32Array
  readonly values: Float32Array
  /** Relative residuals, (observed − usual) ÷ usual; `NaN` for slots that were inpainted or had no usual. */
  readonly residuals: Float32Array
  /** The newest median of residuals: from one slot to the next it moves little. */
  lastDeviation: number
}

export function createMemory(step: Seconds, phase: Seconds): BaselineMemory {
  const slotSeconds = Math.max(step, BASELINE.slot) as Seconds
  const places = Math.ceil((HISTORY + BASELINE.rewind + DAY) / slotSeconds) + 4
  return {
    slotSeconds,
    phase,
    // A median of n values with normal noise deviates by 1.25 ÷ √n of what one of them does.
    binNoise: Math.max(1, Math.sqrt(slotSeconds / step) / 1.25),
    slots: new Int32Array(places).fill(-1),
    values: new Float32Array(places).fill(Number.NaN),
    residuals: new Float32Array(places).fill(Number.NaN),
    lastDeviation: 0,
  }
}

export function slotOf(memory: BaselineMemory, at: UnixSeconds): number {
  return Math.floor((at - memory.phase) / memory.slotSeconds)
}

export function remember(memory: BaselineMemory, slot: number, value: number, residual: number): void {
  const place = slot % memory.slots.length
  memory.slots[place] = slot
  memory.values[place] = value
  memory.residuals[place] = residual
}

/** What a slot held is withdrawn: a correction took its value away. Does nothing where nothing was. */
export function forget(memory: BaselineMemory, slot: number): void {
  const place = slot % memory.slots.length
  if (memory.slots[place] === slot) memory.slots[place] = -1
}

/** Value kept for the slot that holds `at`; `NaN` when there is none. */
function recall(memory: BaselineMemory, slot: number): number {
  const place = slot % memory.slots.length
  return memory.slots[place] === slot ? (memory.values[place] ?? Number.NaN) : Number.NaN
}

/**
 * Usual value and spread of one slot, from slots before it and before `known` only: what lies from there on may be
 * left over from before a step back in time.
 *
 * Hour of the week: the median over up to four weeks at the same local time of the same weekday, from two weeks on
 * (with just two, the hour of the day casts the third vote). Hour of the day: the median over up to 14 days, from
 * three. Before that the median of the last 24 hours.
 *
 * @param floor  least spread as a share of usual; @param quantum least spread in the signal's unit.
 * @param rhythm whether the signal has a daily rhythm: if so the running median waits for a whole day.
 * @returns `null` while there is too little history.
 */
export function usualOf(
  memory: BaselineMemory,
  slot: number,
  known: number,
  offsetAt: OffsetAt,
  floor: number,
  quantum: number,
  rhythm: boolean,
): Usual | null {
  const at = (slot * memory.slotSeconds + memory.phase) as UnixSeconds
  findSameTimes(memory, at, offsetAt)
  let kind: BaselineKind
  let count = 0
  for (let week = 1; week <= BASELINE.weeks; week++) {
    const value = recall(memory, sameTime[week * 7] ?? -1)
    if (!Number.isNaN(value)) scratch[count++] = value
  }
  let expected: number
  if (count >= BASELINE.leastWeeks) {
    if (count === BASELINE.leastWeeks) {
      const [first, second] = [scratch[0] ?? 0, scratch[1] ?? 0]
      const daily = dailyMedian(memory, BASELINE.leastDays)
      scratch[0] = first
      scratch[1] = second
      if (!Number.isNaN(daily)) scratch[count++] = daily
    }
    expected = medianInPlace(scratch, count)
    kind = 'hour-of-week'
  } else {
    expected = dailyMedian(memory, BASELINE.leastDays)
    kind = 'hour-of-day'
    if (Number.isNaN(expected)) return runningUsual(memory, slot, known, floor, quantum, rhythm)
  }
  const relative = pooledSpread(memory)
  return { expected, spread: Math.max(relative * Math.abs(expected), floor * Math.abs(expected), quantum), kind }
}

function dailyMedian(memory: BaselineMemory, least: number): number {
  let count = 0
  for (let day = 1; day <= BASELINE.days; day++) {
    const value = recall(memory, sameTime[day] ?? -1)
    if (!Number.isNaN(value)) scratch[count++] = value
  }
  return count >= least ? medianInPlace(scratch, count) : Number.NaN
}

/**
 * Finds the slots that showed the same local time on the days before, whatever the clocks did in between: the nearest
 * one where slots are longer than the clocks' jump, so that a day stays that day.
 */
function findSameTimes(memory: BaselineMemory, at: UnixSeconds, offsetAt: OffsetAt): void {
  const offset = offsetAt(at)
  let newer = offset
  for (let first = 1; first < sameTime.length; first += CLOCK_DAYS) {
    const last = first + CLOCK_DAYS - 1
    const older = offsetAt((at - last * DAY) as UnixSeconds)
    for (let day = first; day <= last; day++) {
      const then = (at - day * DAY) as UnixSeconds
      const offsetThen = newer === older ? older : offsetAt(then)
      sameTime[day] = slotOf(memory, (then + offset - offsetThen + memory.slotSeconds / 2) as UnixSeconds)
    }
    newer = older
  }
}

/**
 * Relative spread, pooled over the neighbouring hours of the day on all days of the history: of the residuals, or,
 * while there are few, of the values themselves about their common median (which counts the slope of the rhythm in).
 */
function pooledSpread(memory: BaselineMemory): number {
  const residualCount = gatherNeighbours(memory, memory.residuals)
  if (residualCount >= BASELINE.leastResiduals) {
    for (let i = 0; i < residualCount; i++) scratch[i] = Math.abs(scratch[i] ?? 0)
    memory.lastDeviation = medianNear(scratch, residualCount, memory.lastDeviation)
    return MAD_TO_SIGMA * memory.lastDeviation
  }
  const count = gatherNeighbours(memory, memory.values)
  if (count < BASELINE.leastNeighbours) return UNKNOWN_SPREAD
  const middle = medianInPlace(scratch, count)
  for (let i = 0; i < count; i++) scratch[i] = Math.abs((scratch[i] ?? 0) - middle)
  if (middle <= 0) return UNKNOWN_SPREAD
  return (memory.binNoise * MAD_TO_SIGMA * medianInPlace(scratch, count)) / middle
}

/** Gathers what is known of the neighbouring hours on all days of the history. @returns how many numbers there are. */
function gatherNeighbours({ slots, slotSeconds }: BaselineMemory, from: Float32Array): number {
  const reach = Math.floor(BASELINE.spreadReach / slotSeconds)
  let count = 0
  for (let day = 1; day < sameTime.length; day++) {
    const centre = sameTime[day] ?? 0
    let place = (centre - reach) % slots.length
    for (let slot = centre - reach; slot <= centre + reach; slot++) {
      const number = slots[place] === slot ? (from[place] ?? Number.NaN) : Number.NaN
      if (!Number.isNaN(number)) scratch[count++] = number
      place = place + 1 === slots.length ? 0 : place + 1
    }
  }
  return count
}

/** The last day's range is so many spreads: fewer than any rule opens at. */
const RANGE_SPREADS = 2.5

/** Median of the last day, with the spread of that day: the least that can be said, and only of deep falls. */
function runningUsual(
  memory: BaselineMemory,
  slot: number,
  known: number,
  floor: number,
  quantum: number,
  rhythm: boolean,
): Usual | null {
  const span = Math.max(Math.round((BASELINE.runningHours * HOUR) / memory.slotSeconds), 3)
  let count = 0
  for (let back = 1; back <= span; back++) {
    if (slot - back >= known) continue
    const value = recall(memory, slot - back)
    if (!Number.isNaN(value)) scratch[count++] = value
  }
  if (count < (rhythm ? span * 0.95 : Math.min(6, span))) return null
  const expected = medianInPlace(scratch, count)
  // What the last day itself did must not alarm, its night above all; what lies well beyond it must.
  let low = expected
  let high = expected
  for (let i = 0; i < count; i++) {
    low = Math.min(low, scratch[i] ?? low)
    high = Math.max(high, scratch[i] ?? high)
  }
  const range = Math.max(expected - low, high - expected) / RANGE_SPREADS
  return { expected, spread: Math.max(range, 2 * floor * Math.abs(expected), quantum), kind: 'running-median' }
}
