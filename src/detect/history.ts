import type { UnixSeconds } from '../model/brand.ts'
import type { Usual } from './baseline.ts'
import { forget, remember, slotOf, usualOf } from './baseline.ts'
import { medianInPlace } from './median.ts'
import type { Detector, Learnt } from './state.ts'

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
    // What the hours of the day or week say of a slot rests on days before it: known a slot ahead, it stays. The median
    // of the last hours does not.
    const ahead = fine && state.usualSlot === slot - 1
    const kept = (usual: Usual | null): Usual | null =>
      ahead && usual !== null && usual.kind !== 'running-median' ? usual : null
    const [, last, next] = state.usual
    state.usual = [fine ? (kept(last) ?? ask(slot - 1)) : null, kept(next) ?? ask(slot), fine ? ask(slot + 1) : null]
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
    if (state.learnt === null) forget(memory, state.slot)
    else {
      const value = medianLearnt(state.learnt, (each) => each.value)
      const residual = medianLearnt(state.learnt, (each) => Math.abs(each.residual))
      remember(memory, state.slot, value, residual)
    }
  }
  state.slot = slot
  state.learnt = null
}

const scratch = new Float64Array(4096)

/** Of those that are numbers. */
function medianLearnt(learnt: Learnt, of: (each: Learnt) => number): number {
  let count = 0
  for (let each: Learnt | null = learnt; each !== null; each = each.before) {
    const number = of(each)
    if (!Number.isNaN(number)) scratch[count++] = number
  }
  return medianInPlace(scratch, count)
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
  state.learnt = { value: value / state.scale, residual, before: state.learnt }
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
