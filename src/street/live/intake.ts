import type { AnswerWithBody } from '../../model/answer.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Observed, Progress } from '../../collect/source.ts'
import type { Intervals } from '../../model/intervals.ts'
import { union } from '../../model/intervals.ts'
import type { RouteEvent } from '../../model/routing.ts'
import type { SignalSpec } from '../../model/signal.ts'
import type { Store } from '../../store/store.ts'
import type { Behind } from './behind.ts'
import type { LiveScopes, Rows } from './scopes.ts'

/** From a source into the store, and from there into the scopes. */
export interface Intake {
  readonly progress: Progress
  /** @returns names of the scopes that took any of it. What it resolved with is in the store. */
  take(item: Observed, spec: SignalSpec, now: UnixSeconds): Promise<ReadonlySet<string>>
  /** @returns how many were new. */
  takeRoutes(events: readonly RouteEvent[]): Promise<number>
  /** An answer that shows what was wrong. */
  keep(answer: AnswerWithBody): Promise<void>
}

export async function openIntake(store: Store, scopes: LiveScopes, behind: Behind): Promise<Intake> {
  const covered = new Map<string, Intervals>(await store.covered())
  return {
    progress: { covered: (stream) => covered.get(stream) ?? [] },
    async take(item, spec, now) {
      const answer = await store.keepAnswer(item.answer)
      const infos = item.series.map((each) => each.series)
      const ids = await store.defineSeries(infos)
      scopes.grow(
        infos.map((info, i) => ({ ...info, id: ids[i] ?? -1 })),
        spec,
        now,
      )
      const rows: Rows[] = item.series.map(({ bins, values, weights }, i) => ({
        series: ids[i] ?? -1,
        bins,
        values,
        weights,
      }))
      // Before the rows: a scope that is not told of them must not be taken for whole after a kill.
      if (item.purpose === 'back-fill') await behind.add(scopes.tooOldFor(rows), now)
      await store.append({ ...columnsOf(rows), arrival: item.answer.fetchedAt, answer, covered: item.covered })
      const { stream, span } = item.covered
      covered.set(stream, union(covered.get(stream) ?? [], [span]))
      return scopes.put(rows, item.purpose, now)
    },
    takeRoutes: (events) => store.putRouteEvents(events),
    async keep(answer) {
      await store.keepAnswer(answer)
    },
  }
}

function columnsOf(rows: readonly Rows[]): {
  readonly series: Uint32Array
  readonly bins: Float64Array
  readonly values: Float64Array
  readonly weights: Float64Array
} {
  const length = rows.reduce((sum, each) => sum + each.bins.length, 0)
  const columns = {
    series: new Uint32Array(length),
    bins: new Float64Array(length),
    values: new Float64Array(length),
    weights: new Float64Array(length),
  }
  let at = 0
  for (const { series, bins, values, weights } of rows) {
    columns.series.fill(series, at, at + bins.length)
    columns.bins.set(bins, at)
    columns.values.set(values, at)
    columns.weights.set(weights, at)
    at += bins.length
  }
  return columns
}
