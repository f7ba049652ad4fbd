import { runsOf } from '../provenance.ts'
import type { Provenance, Range, StoredSeries } from '../store.ts'
import { answersById } from './answers.ts'
import type { Database } from './database.ts'
import { selectRows } from './schema.ts'
import type { State } from './state.ts'

/** Which answers a series' newest values came by. */
export async function findProvenance(
  database: Database,
  { arrivals, answerOf }: State,
  series: StoredSeries,
  range: Range,
): Promise<readonly Provenance[]> {
  if (range.from >= range.until) return []
  const newest = new Map<number, number>()
  const where = `series = ${series.id} AND bin >= ${range.from} AND bin < ${range.until}`
  await database.numbers(selectRows(where), ([, bins, batches]) => {
    for (let row = 0; row < bins!.length; row += 1) {
      if (batches![row]! > (newest.get(bins![row]!) ?? 0)) newest.set(bins![row]!, batches![row]!)
    }
  })
  const bins = Float64Array.from(newest.keys()).sort()
  const batches = Float64Array.from(bins, (bin) => newest.get(bin)!)
  const runs = runsOf(bins, batches, series.step)
  const ids = new Set(runs.flatMap(({ batch }) => answerOf[batch - 1] || []))
  const answers = ids.size === 0 ? new Map<number, never>() : await answersById(database, [...ids])
  return runs.map((run) => ({
    ...run,
    arrival: arrivals.at(run.batch),
    answer: answers.get(answerOf[run.batch - 1] ?? 0) ?? null,
  }))
}
