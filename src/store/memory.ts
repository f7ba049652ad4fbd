import type { Revision } from '../model/incident.ts'
import type { Column } from '../model/series.ts'
import { signalKey, type SignalSpec } from '../model/signal.ts'
import { makeArrivals } from './arrivals.ts'
import { makeBatchCheck } from './check.ts'
import { makeMemoryRows, type MemoryRows } from './memory-rows.ts'
import { makeRegistry } from './registry.ts'
import { makeRevisionKeys, selectRevisions } from './revisions.ts'
import type { Store, StoredEntity } from './store.ts'

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
      checkBatch(batch, registry.all)
      const number = arrivals.last + 1
      let appended = 0
      for (let row = 0; row < batch.series.length; row += 1) {
        const of = rows[batch.series[row]!]!
        if (of.put(batch.bins[row]!, number, batch.values[row]!, batch.weights[row]!)) appended += 1
      }
      if (appended > 0) arrivals.add(batch.arrival)
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

    // Rows are in the order of series and bins as they are.
    async compact() {},
    async close() {},
  }
}

function emptyColumn(): Column {
  return { bins: new Float64Array(0), values: new Float64Array(0), weights: new Float64Array(0) }
}
