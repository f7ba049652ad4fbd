/** Fewer entities than this are too few to speak of the source. */
const LEAST_ENTITIES = 20
/** Under this share of those that usually have a value, the answer was cut short. */
const PARTIAL_BELOW = 0.7

export interface PartialFinding {
  readonly isPartial: boolean
  /** Entities that usually have a value at this time of day, and those of them that have one now. */
  readonly usual: number
  readonly present: number
}

/** @param usual by entity, from `SameTimeMemory`: `NaN` for those that have no usual value at this time of day. */
export function partial(values: Float64Array, usual: Float64Array): PartialFinding {
  let expected = 0
  let present = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(usual[i] ?? Number.NaN)) continue
    expected += 1
    if (!Number.isNaN(values[i] ?? Number.NaN)) present += 1
  }
  return { isPartial: expected >= LEAST_ENTITIES && present < PARTIAL_BELOW * expected, usual: expected, present }
}
