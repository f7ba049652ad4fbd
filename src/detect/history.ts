import type { UnixSeconds } from '../model/brand.ts'
import type { Usual } from './baseline.ts'
import { forget, remember, slotOf, usualOf } from './baseline.ts'
import { median } from './median.ts'
import type { Detector } from './state.ts'

/** Usual for one bin, from what was before it; `null` while there is too little history. */
export function usualAt(detector: Detector, at: UnixSeconds): Usual | null {
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

/** Goes on to the slot of a bin whose usual is not asked for, so that the slots before it are finished all the same. */
export function enterSlot(detector: Detector, at: UnixSeconds): void {
  const slot = slotOf(detector.memory, at)
  if (detector.state.slot !== slot) finishSlot(detector, slot)
}

export function learn(detector: Detector, at: UnixSeconds, value: number, residual: number): void {
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
export function learnUsual(detector: Detector, at: UnixSeconds, usual: Usual | null): void {
  if (usual === null || (detector.state.open?.frozen ?? null) !== null) learnNothing(detector, at)
  else learn(detector, at, usual.expected, Number.NaN)
}

/** A slot without a value: what it held before a step back in time no longer counts. */
export function learnNothing(detector: Detector, at: UnixSeconds): void {
  const { memory, grid } = detector
  // Slots of several bins are seen to when they are finished.
  if (memory.slotSeconds === grid.step) forget(memory, slotOf(memory, at))
}
