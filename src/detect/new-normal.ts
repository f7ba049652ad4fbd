import type { UnixSeconds } from '../model/brand.ts'
import { DAY, WEEK } from '../model/time.ts'
import { BIN_VALUE, binAt } from './grid.ts'
import { median } from './median.ts'
import { BASELINE } from './rules.ts'
import type { Detector } from './state.ts'
import { spanOf } from './state.ts'

/** Once a day: has the series been off so long, and so steadily, that its level is what is usual now? */
export function considerNewNormal(
  detector: Detector,
  index: number,
  mayBecomeNormal: (at: UnixSeconds, inSpan: boolean) => boolean,
): void {
  const { state, grid, setting } = detector
  const off = binAt(grid, index) - (state.offFrom ?? binAt(grid, index))
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
  // Nor may several small ones add up to what one may not.
  if (worse && state.scale * level < BASELINE.newNormalLeast) return
  const at = binAt(grid, index + 1)
  if (!mayBecomeNormal(at, state.open !== null)) return
  state.scale *= level
  state.usualSlot = -1
  state.offFrom = null
  state.suspectFrom = null
  state.badBins = 0
  if (state.open !== null) {
    state.closed = [...state.closed, spanOf(state.open, null, 'new-normal', at)]
    state.open = null
  }
}
