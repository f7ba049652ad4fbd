import type { AppendResult, Batch } from '../store.ts'
import type { Database } from './database.ts'
import type { State } from './state.ts'
import { rowsToLeaveOut } from './unchanged.ts'

/** The caller has checked the batch, and sees to it that there is one write at a time. */
export async function appendBatch(database: Database, state: State, batch: Batch): Promise<AppendResult> {
  const { arrivals, answerOf, coverage } = state
  const fresh = withoutRows(batch, await rowsToLeaveOut(database, state, batch))
  const appended = fresh.series.length
  const unchanged = batch.series.length - appended
  const { covered } = batch
  const covers = covered !== undefined && !coverage.has(covered.stream, covered.span)
  if (appended === 0 && !covers) return { batch: arrivals.last, appended, unchanged }

  const number = arrivals.last + 1
  const answer = batch.answer ?? 0
  await database.transaction(async (transaction) => {
    if (appended > 0) {
      const numbers = new Uint32Array(appended).fill(number)
      await transaction.appendNumbers('recent', [fresh.series, fresh.bins, numbers, fresh.values, fresh.weights])
      const row = [Uint32Array.of(number), Float64Array.of(batch.arrival), Uint32Array.of(answer)]
      await transaction.appendNumbers('batch', row)
    }
    if (covers) {
      await transaction.appendRows('covered', [[covered.stream, covered.span.from, covered.span.until]])
    }
  })
  if (covers) coverage.add(covered.stream, covered.span)
  if (appended > 0) {
    arrivals.add(batch.arrival)
    answerOf.push(answer)
    remember(state, fresh)
  }
  return { batch: arrivals.last, appended, unchanged }
}

function remember({ registry, marks, newest }: State, fresh: Batch): void {
  for (let row = 0; row < fresh.series.length; row += 1) {
    const id = fresh.series[row]!
    if (marks.at(id) === -1) newest.begin(id)
    newest.put(registry.all[id]!, fresh.bins[row]!, fresh.values[row]!, fresh.weights[row]!)
    marks.raise(id, fresh.bins[row]!)
  }
}

/** @param out 1 for each row to leave out. */
function withoutRows(batch: Batch, out: Uint8Array): Batch {
  if (!out.includes(1)) return batch
  const keep = (_: number, row: number): boolean => out[row] === 0
  return {
    arrival: batch.arrival,
    series: batch.series.filter(keep),
    bins: batch.bins.filter(keep),
    values: batch.values.filter(keep),
    weights: batch.weights.filter(keep),
  }
}
