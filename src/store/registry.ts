import { StoreError } from '../model/errors.ts'
import { seriesName, type SeriesInfo, type SeriesKey } from '../model/series.ts'
import type { SeriesFilter, StoredSeries } from './store.ts'

/** What a definition would change. Nothing is kept until `keep` is called with it. */
export interface Definition {
  readonly ids: readonly number[]
  readonly added: readonly StoredSeries[]
}

/** The series of one store by key and by id. Engines keep it in memory: 500,000 series are some 100 MB. */
export interface Registry {
  /** By id, dense. */
  readonly all: readonly StoredSeries[]
  /** @throws StoreError when a known key comes with another step or phase. */
  plan(series: readonly SeriesInfo[]): Definition
  keep(definition: Definition): void
  find(filter: SeriesFilter): readonly StoredSeries[]
}

/** @param known in the order of their ids, from 0. */
export function makeRegistry(known: readonly StoredSeries[]): Registry {
  const all = [...known]
  const byKey = new Map(all.map((series) => [keyOf(series), series]))

  return {
    all,
    plan(asked) {
      const added: StoredSeries[] = []
      const fresh = new Map<string, StoredSeries>()
      const ids = asked.map((info) => {
        const key = keyOf(info)
        const there = byKey.get(key) ?? fresh.get(key)
        if (there !== undefined) {
          refuseOtherGrid(there, info)
          return there.id
        }
        const { source, signal, entity, facet, origin, step, phase } = info
        if (!Number.isSafeInteger(step) || step <= 0 || !Number.isSafeInteger(phase) || phase < 0 || phase >= step) {
          throw new RangeError(`${seriesName(info)}: step ${step} s and phase ${phase} s are not a grid`)
        }
        const series = { id: all.length + added.length, source, signal, entity, facet, origin, step, phase }
        fresh.set(key, series)
        added.push(series)
        return series.id
      })
      return { ids, added }
    },
    keep({ added }) {
      for (const series of added) {
        all.push(series)
        byKey.set(keyOf(series), series)
      }
    },
    find({ source, signal, entity }) {
      return all.filter(
        (series) =>
          (source === undefined || series.source === source) &&
          (signal === undefined || series.signal === signal) &&
          (entity === undefined || series.entity === entity),
      )
    },
  }
}

/** No part of a key holds a line break; a facet of `null` differs from every text. */
function keyOf(key: SeriesKey): string {
  const facet = key.facet === null ? '' : `=${key.facet}`
  return `${key.source}\n${key.signal}\n${key.entity}\n${facet}\n${key.origin}`
}

function refuseOtherGrid(there: StoredSeries, asked: SeriesInfo): void {
  if (there.step === asked.step && there.phase === asked.phase) return
  throw new StoreError(
    `${seriesName(asked)} is kept with step ${there.step} s and phase ${there.phase} s, and cannot change to step ` +
      `${asked.step} s and phase ${asked.phase} s; give the signal another id`,
  )
}
