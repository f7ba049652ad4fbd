import type { Seconds, UnixSeconds } from '../model/brand.ts'

/**
 * What a bin holds: nobody looked (absent), asked and none given (null), a value, a value that came while our view was
 * unhealthy (blind): kept to be seen, judged as a gap.
 * @internal
 */
export const BIN_ABSENT = 0
/** @internal */
export const BIN_NULL = 1
export const BIN_VALUE = 2
export const BIN_BLIND = 3

/**
 * One series as a dense grid from its first bin, so that a bin that arrives late is a write, not an insertion.
 * Beside the values stands what the detector made of them.
 */
export interface Grid {
  readonly step: Seconds
  readonly phase: Seconds
  /** Start of bin 0; meaningless while `length` is 0. */
  first: UnixSeconds
  /** Bins in use. */
  length: number
  values: Float64Array
  flags: Uint8Array
  /** Usual value and spread at the time of judging; `NaN` where there was no baseline. */
  expected: Float64Array
  spread: Float64Array
}

export function createGrid(step: Seconds, phase: Seconds): Grid {
  return {
    step,
    phase,
    first: 0 as UnixSeconds,
    length: 0,
    values: new Float64Array(0),
    flags: new Uint8Array(0),
    expected: new Float64Array(0),
    spread: new Float64Array(0),
  }
}

export function binAt(grid: Grid, index: number): UnixSeconds {
  return (grid.first + index * grid.step) as UnixSeconds
}

/** Index of the bin that starts at `at`. */
export function indexOf(grid: Grid, at: UnixSeconds): number {
  return (at - grid.first) / grid.step
}

/**
 * Writes one bin. `NaN` = asked and none given.
 *
 * @returns the index written, and how many bins were put in front of the grid to make room (0 but for data that is
 *          older than any before: then every index moves up by that many and judging starts over).
 * @throws RangeError when `bin` does not lie on the grid: a programmer's mistake, readers align before.
 */
export function put(grid: Grid, bin: UnixSeconds, value: number): { readonly index: number; readonly shifted: number } {
  if ((bin - grid.phase) % grid.step !== 0)
    throw new RangeError(`bin ${bin} is not on a grid of ${grid.step} s, phase ${grid.phase} s`)
  if (grid.length === 0) grid.first = bin
  let shifted = 0
  if (bin < grid.first) {
    shifted = (grid.first - bin) / grid.step
    reserve(grid, grid.length + shifted, shifted)
    grid.first = bin
    grid.length += shifted
  }
  const index = (bin - grid.first) / grid.step
  if (index >= grid.length) {
    reserve(grid, index + 1, 0)
    grid.length = index + 1
  }
  grid.values[index] = value
  grid.flags[index] = Number.isNaN(value) ? BIN_NULL : BIN_VALUE
  return { index, shifted }
}

/** Tells whether our view was unhealthy in a bin. A bin without a value stays what it is. */
export function setBlind(grid: Grid, index: number, blind: boolean): void {
  const flag = grid.flags[index]
  if (flag === BIN_VALUE || flag === BIN_BLIND) grid.flags[index] = blind ? BIN_BLIND : BIN_VALUE
}

/** Lets go of the first `count` bins, fewer than it has, and of their memory: every index moves down by that many. */
export function letGo(grid: Grid, count: number): void {
  const rest = (old: Float64Array): Float64Array => old.slice(count, grid.length)
  grid.values = rest(grid.values)
  grid.expected = rest(grid.expected)
  grid.spread = rest(grid.spread)
  grid.flags = grid.flags.slice(count, grid.length)
  grid.first = binAt(grid, count)
  grid.length -= count
}

/**
 * By how much a grid that is full grows. A live one holds eight days and lets go of the oldest each day: room for one
 * more is enough, and there are thousands of them.
 */
const GROWTH = 1 / 8

/** Makes room for `length` bins, those in use moved `shift` places up. */
function reserve(grid: Grid, length: number, shift: number): void {
  if (length <= grid.values.length && shift === 0) return
  const capacity =
    length <= grid.values.length
      ? grid.values.length
      : Math.max(length, Math.ceil(grid.values.length * (1 + GROWTH)), 256)
  const moved = (old: Float64Array): Float64Array => {
    const wider = new Float64Array(capacity).fill(Number.NaN)
    wider.set(old.subarray(0, grid.length), shift)
    return wider
  }
  grid.values = moved(grid.values)
  grid.expected = moved(grid.expected)
  grid.spread = moved(grid.spread)
  const flags = new Uint8Array(capacity)
  flags.set(grid.flags.subarray(0, grid.length), shift)
  grid.flags = flags
}
