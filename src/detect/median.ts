const scratch = new Float64Array(4096)

/**
 * Median of the first `count` numbers of `values`, which it reorders. Even counts give the mean of the middle two.
 *
 * @returns `NaN` for a count of 0.
 */
export function medianInPlace(values: Float64Array, count: number): number {
  if (count === 0) return Number.NaN
  const part = values.subarray(0, count)
  part.sort()
  const middle = count >> 1
  const upper = part[middle] ?? Number.NaN
  return count % 2 === 1 ? upper : ((part[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Median of those that are numbers; leaves the argument as it is. `NaN` when none is. */
export function median(values: ArrayLike<number>): number {
  let count = 0
  const into = values.length <= scratch.length ? scratch : new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (!Number.isNaN(value)) into[count++] = value
  }
  return medianInPlace(into, count)
}
