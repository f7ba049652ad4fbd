import type { UnixSeconds } from '../model/brand.ts'
import type { HealthInterval } from '../model/health.ts'
import type { Revision } from '../model/incident.ts'
import type { Column } from '../model/series.ts'
import { signalKey, type SignalSpec } from '../model/signal.ts'
import { DAY } from '../model/time.ts'
import { makeArrivals } from './arrivals.ts'
import { makeBatchCheck } from './check.ts'
import { makeCoverage } from './coverage.ts'
import { healthKey, selectHealth } from './health-intervals.ts'
import { dayOf, daysOf } from './hours.ts'
import { makeMemoryAnswers } from './memory-answers.ts'
import { makeMemoryRoutes } from './memory-routes.ts'
import { makeMemoryRows, type MemoryRows } from './memory-rows.ts'
import { runsOf } from './provenance.ts'
import { makeRegistry } from './registry.ts'
import { goneUntil, keptHours } from './retention.ts'
import { makeRevisionKeys, selectRevisions } from './revisions.ts'
import type { Range, Retention, Store, StoredEntity } from './store.ts'

/** For replays, scoring and tests: nothing outlives the process. 28 bytes a bin, and no cost for batches gone by. */
export function openMemoryStore(): Store {
  const registry = makeRegistry([])
  const arrivals = makeArrivals([])
  const checkBatch = makeBatchCheck()
  const rows: MemoryRows[] = []
  const specs = new Map<string, SignalSpec>()
  const entities = new Map<string, StoredEntity>()
  const revisionKeys = makeRevisionKeys([])
  const revisions: Revision[] = []
  const answers = makeMemoryAnswers()
  /** By batch, from batch 1. */
  const answerOf: (number | null)[] = []
  const coverage = makeCoverage()
  const health = new Map<string, HealthInterval>()
  const routes = makeMemoryRoutes()
  const derived = new Map<string, Uint8Array>()

  function answersWithin(keep: Retention['keep']): ReadonlySet<number> {
    const batches = new Set<number>()
    for (const { series, range } of keep) for (const id of series) rows[id]?.collectBatches(range, batches)
    return new Set([...batches].flatMap((batch) => answerOf[batch - 1] ?? []))
  }

  return {
    engine: 'memory',

    async defineSeries(series) {
      const definition = registry.plan(series)
      registry.keep(definition)
      for (let i = 0; i < definition.added.length; i += 1) rows.push(makeMemoryRows())
      return definition.ids
    },
    async series(filter) {
      return registry.find(filter)
    },

    async putSpecs(added) {
      for (const spec of added) specs.set(signalKey(spec), spec)
    },
    async specs() {
      return [...specs.values()]
    },
    async putEntities(added) {
      for (const entity of added) entities.set(entity.entity, entity)
    },
    async entities() {
      return [...entities.values()]
    },

    async append(batch) {
      checkBatch(batch, { series: registry.all, answers: answers.last })
      const number = arrivals.last + 1
      let appended = 0
      for (let row = 0; row < batch.series.length; row += 1) {
        const of = rows[batch.series[row]!]!
        if (of.put(batch.bins[row]!, number, batch.values[row]!, batch.weights[row]!)) appended += 1
      }
      if (appended > 0) {
        arrivals.add(batch.arrival)
        answerOf.push(batch.answer ?? null)
      }
      if (batch.covered !== undefined) coverage.add(batch.covered.stream, batch.covered.span)
      return { batch: arrivals.last, appended, unchanged: batch.series.length - appended }
    },
    async read(id, range, asOf) {
      return rows[id]?.read(range, arrivals.visible(asOf)) ?? emptyColumn()
    },
    scan(ids, range, asOf) {
      const visible = arrivals.visible(asOf)
      return (async function* () {
        for (const id of new Set(ids)) yield { id, column: rows[id]?.read(range, visible) ?? emptyColumn() }
      })()
    },
    async lastBatch() {
      return arrivals.last
    },
    async lastArrival() {
      return arrivals.last === 0 ? null : arrivals.at(arrivals.last)
    },

    async publish(added) {
      revisionKeys.add(added)
      revisions.push(...added)
    },
    async revisions(filter) {
      return selectRevisions(revisions, filter)
    },

    async published(after, limit) {
      const first = Math.max(0, after)
      return revisions.slice(first, first + limit).map((revision, i) => ({ place: first + i + 1, revision }))
    },
    async lastPublished() {
      return revisions.length
    },

    async keepAnswer(answer) {
      return answers.keep(answer)
    },
    async answers(sha256) {
      return answers.of(sha256)
    },
    async answerBody(sha256) {
      return answers.body(sha256)
    },
    async provenance(id, range) {
      const series = registry.all[id]
      if (series === undefined) return []
      const { bins, batches } = rows[id]!.batches(range)
      return runsOf(bins, batches, series.step).map((run) => {
        const answer = answerOf[run.batch - 1] ?? null
        return { ...run, arrival: arrivals.at(run.batch), answer: answer === null ? null : answers.at(answer) }
      })
    },
    async covered() {
      return coverage.all()
    },

    async putHealth(intervals) {
      for (const interval of intervals) health.set(healthKey(interval), interval)
    },
    async health(filter) {
      return selectHealth(health.values(), filter)
    },

    async putRouteEvents(events) {
      return routes.put(events)
    },
    async routeEvents(filter) {
      return routes.find(filter)
    },

    async putDerived(key, bytes) {
      if (bytes === null) derived.delete(key)
      else derived.set(key, bytes.slice())
    },
    async derived(key) {
      return derived.get(key)?.slice() ?? null
    },

    async readHours(id, range) {
      return (rows[id] ?? makeMemoryRows()).hours(range)
    },
    async days(ids, range) {
      const whole = wholeDays(range)
      return new Map([...new Set(ids)].map((id) => [id, daysOf((rows[id] ?? makeMemoryRows()).hours(whole))]))
    },
    async retain({ rawBefore, answersBefore, keep, spare = [], keepRoutes = [] }) {
      const spared = new Set(spare)
      const kept = keptHours(keep)
      // Before rows go: a window leads to its answers by them.
      const answersKept = answersWithin(keep)
      let bins = 0
      for (const series of registry.all) {
        if (spared.has(series.id)) continue
        bins += rows[series.id]!.rollUp(goneUntil(series, rawBefore), kept.get(series.id))
      }
      return {
        bins,
        answers: answers.letGo(answersBefore, answersKept),
        routes: routes.letGo(dayOf(rawBefore) as UnixSeconds, keepRoutes),
      }
    },

    // Rows are in the order of series and bins as they are.
    async compact() {},
    async close() {},
  }
}

/** The days that begin within the range. */
function wholeDays({ from, until }: Range): Range {
  return {
    from: (Math.ceil(from / DAY) * DAY) as UnixSeconds,
    until: (Math.ceil(until / DAY) * DAY) as UnixSeconds,
  }
}

function emptyColumn(): Column {
  return { bins: new Float64Array(0), values: new Float64Array(0), weights: new Float64Array(0) }
}
