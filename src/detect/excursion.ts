import type { Share } from '../model/brand.ts'
import { binAt } from './grid.ts'
import type { Detector } from './state.ts'
import { BAND, beyond } from './state.ts'

/** Keeps stretches that stand out of the noise by a part of what would open something. */
export function noteBin(detector: Detector, index: number, share: number, spreads: number): void {
  const { state, setting, grid } = detector
  const level = (1 + setting.rule.close) / 2
  const out = beyond(detector, share, level) && spreads >= BAND
  if (out) {
    if (state.noteFrom === null) {
      state.noteFrom = binAt(grid, index)
      state.noteWorst = share
      state.noteBins = 0
    }
    state.noteBins += 1
    state.noteWorst =
      setting.badDirection === 'down' ? Math.min(state.noteWorst, share) : Math.max(state.noteWorst, share)
    return
  }
  if (state.noteFrom === null) return
  if (state.noteBins >= 2) {
    const until = binAt(grid, index)
    state.excursions = [...state.excursions, { since: state.noteFrom, until, worstShare: state.noteWorst as Share }]
  }
  state.noteFrom = null
}
