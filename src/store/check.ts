import { seriesName } from '../model/series.ts'
import type { Batch, StoredSeries } from './store.ts'

/** Bins are kept as unsigned 32-bit seconds: from 1970 to 2106. */
const LAST_BIN = 0xffff_ffff

/** What a batch may name. */
export interface Known {
  readonly series: readonly StoredSeries[]
  /** The number of the newest answer; 0 when there is none. */
  readonly answers: number
}

/**
 * Makes the check that every engine runs before it appends. It keeps its scratch between calls, so that a replay of
 * thousands of small batches allocates nothing for it.
 *
 * The check throws RangeError, and means a mistake in a collector: columns of different length, an unknown series or
 * answer, a bin off its series' grid, a (series, bin) twice, or a span that ends before it begins.
 */
export function makeBatchCheck(): (batch: Batch, known: Known) => void {
  let seenIn = new Uint32Array(0)
  let lastBin = new Float64Array(0)
  let call = 0

  return (batch, { series, answers }) => {
    checkOrigin(batch, answers)
    const rows = batch.series.length
    if (batch.bins.length !== rows || batch.values.length !== rows || batch.weights.length !== rows) {
      throw new RangeError(
        `a batch needs columns of one length: ${rows} series, ${batch.bins.length} bins, ` +
          `${batch.values.length} values, ${batch.weights.length} weights`,
      )
    }
    if (seenIn.length < series.length) {
      seenIn = new Uint32Array(series.length * 2)
      lastBin = new Float64Array(series.length * 2)
      call = 0
    }
    call += 1
    let ascending = true
    for (let row = 0; row < rows; row += 1) {
      const id = batch.series[row]!
      const bin = batch.bins[row]!
      const info = series[id]
      if (info === undefined) throw new RangeError(`series ${id} is not defined; call defineSeries first`)
      if (!(bin >= 0 && bin <= LAST_BIN) || (bin - info.phase) % info.step !== 0) {
        throw new RangeError(`${bin} is not a bin of ${seriesName(info)}, step ${info.step} s, phase ${info.phase} s`)
      }
      if (seenIn[id] === call && bin <= lastBin[id]!) ascending = false
      seenIn[id] = call
      lastBin[id] = bin
    }
    // Bins that ascend within each series, as they nearly always do, cannot hold one twice.
    if (!ascending) refuseTwice(batch, series)
  }
}

function checkOrigin({ arrival, answer, covered }: Batch, answers: number): void {
  if (!Number.isSafeInteger(arrival)) throw new RangeError(`a batch's arrival is whole seconds: ${arrival}`)
  if (answer !== undefined && !(Number.isSafeInteger(answer) && answer >= 1 && answer <= answers)) {
    throw new RangeError(`answer ${answer} is not kept; call keepAnswer first`)
  }
  if (covered === undefined) return
  const { from, until } = covered.span
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(until) || until < from) {
    throw new RangeError(`from ${from} until ${until} is not a span that ${covered.stream} can have answered`)
  }
}

function refuseTwice(batch: Batch, series: readonly StoredSeries[]): void {
  const seen = new Map<number, Set<number>>()
  for (let row = 0; row < batch.series.length; row += 1) {
    const id = batch.series[row]!
    const bin = batch.bins[row]!
    let bins = seen.get(id)
    if (bins === undefined) {
      bins = new Set()
      seen.set(id, bins)
    }
    if (bins.has(bin)) throw new RangeError(`a batch holds bin ${bin} of ${seriesName(series[id]!)} twice`)
    bins.add(bin)
  }
}

/** Equal as far as a store cares: `NaN` is the same as `NaN`. */
export function sameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}
