const scratch = new Float64Array(4096)

/**
 * Median of the first `count` numbers of `values`, which it reorders. Even counts give the mean of the middle two.
 *
 * @returns `NaN` for a count of 0.
 */
export function medianInPlace(values: Float64Array, count: number): number {
  if (count === 0) return Number.NaN
  const middle = count >> 1
  const upper = select(values, count, middle)
  if (count % 2 === 1) return upper
  let lower = values[0] ?? Number.NaN
  for (let i = 1; i < middle; i++) {
    const value = values[i] ?? Number.NaN
    if (value > lower) lower = value
  }
  return (lower + upper) / 2
}

/** A guess is near when it is within this share of the median: wide enough for most, and leaving few to choose among. */
const NEAR = 0.2
const near = new Float64Array(4096)

/**
 * `medianInPlace` of numbers that are not negative, several times faster where `guess` is near: only what lies about it
 * is then sorted out. The guess decides nothing else; the numbers may be reordered.
 */
export function medianNear(values: Float64Array, count: number, guess: number): number {
  const low = guess * (1 - NEAR)
  const high = guess * (1 + NEAR)
  let below = 0
  let inside = 0
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? Number.NaN
    near[inside] = value
    // Without branches: which way one would go nobody can foretell, a processor neither.
    below += Number(value < low)
    inside += Number(value >= low) & Number(value <= high)
  }
  const upper = (count >> 1) - below
  const lower = count % 2 === 1 ? upper : upper - 1
  if (!(lower >= 0 && upper < inside)) return medianInPlace(values, count)
  const found = select(near, inside, upper)
  if (lower === upper) return found
  let largest = near[0] ?? Number.NaN
  for (let i = 1; i < upper; i++) largest = Math.max(largest, near[i] ?? largest)
  return (largest + found) / 2
}

/**
 * The value that sorting the first `count` would put at `rank`; what comes before it is no larger then, what comes
 * after no smaller (Hoare's selection). A sort of some hundred numbers for every bin is what judging would spend half
 * of its time on.
 */
function select(values: Float64Array, count: number, rank: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? Number.NaN
    let left = low
    let right = high
    while (left <= right) {
      while ((values[left] ?? Number.NaN) < pivot) left++
      while ((values[right] ?? Number.NaN) > pivot) right--
      if (left > right) break
      const swapped = values[left] ?? Number.NaN
      values[left] = values[right] ?? Number.NaN
      values[right] = swapped
      left++
      right--
    }
    if (rank <= right) high = right
    else if (rank >= left) low = left
    else break
  }
  return values[rank] ?? Number.NaN
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
