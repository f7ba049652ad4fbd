import type { UnixSeconds } from '../model/brand.ts'
import { union, type Intervals } from '../model/intervals.ts'
import { seriesName, type SeriesInfo } from '../model/series.ts'
import type { SimulatedClock } from './clock.testing.ts'
import type { Item, Observed, Source, SourceReport } from './source.ts'

/** Keeps what a source gives as a store would: the last value of a bin wins; coverage outlives a run. */
export interface Keeper {
  /** By series, then by bin. */
  readonly rows: ReadonlyMap<string, { readonly series: SeriesInfo; readonly values: ReadonlyMap<number, number> }>
  readonly items: readonly { readonly at: UnixSeconds; readonly item: Item }[]
  covered(stream: string): Intervals
  /** Lets the source observe until the clock says so, then stops it. @returns seconds that it took to stop. */
  run(
    source: Source,
    until: number,
    how?: { readonly focus?: readonly string[]; readonly seed?: number },
  ): Promise<number>
}

export function createKeeper(clock: SimulatedClock): Keeper {
  const rows = new Map<string, { series: SeriesInfo; values: Map<number, number> }>()
  const items: { at: UnixSeconds; item: Item }[] = []
  const covered = new Map<string, Intervals>()

  const keep = (item: Observed): void => {
    for (const { series, bins, values } of item.series) {
      const name = seriesName(series)
      let row = rows.get(name)
      if (row === undefined) rows.set(name, (row = { series, values: new Map() }))
      for (const [i, bin] of bins.entries()) row.values.set(bin, values[i] ?? NaN)
    }
    covered.set(item.covered.stream, union(covered.get(item.covered.stream) ?? [], [item.covered.span]))
  }

  return {
    rows,
    items,
    covered: (stream) => covered.get(stream) ?? [],
    async run(source, until, how = {}) {
      const stop = new AbortController()
      const random = seededRandom(how.seed ?? 1)
      // What a run is handed is what was kept before it, not what it keeps itself.
      const before = new Map(covered)
      const observed = source.observe({
        clock,
        random,
        fetch: clock.fetch(fetch),
        signal: stop.signal,
        progress: { covered: (stream) => before.get(stream) ?? [] },
        focus: () => (how.focus ?? []) as never,
      })
      const end = clock.until(until as UnixSeconds, stop.signal).then(() => stop.abort())
      let stoppedAt = until
      for await (const item of observed) {
        items.push({ at: clock.now(), item })
        if (stop.signal.aborted) throw new Error('an item after the source was told to stop')
        if (item.kind === 'observations') keep(item)
      }
      stoppedAt = clock.now()
      stop.abort()
      await end
      return stoppedAt - until
    },
  }
}

export function observationsOf(keeper: Keeper): readonly { readonly at: UnixSeconds; readonly item: Observed }[] {
  return keeper.items.flatMap(({ at, item }) => (item.kind === 'observations' ? [{ at, item }] : []))
}

export function reportsOf(keeper: Keeper): readonly SourceReport[] {
  return keeper.items.flatMap(({ item }) => (item.kind === 'health' ? [item] : []))
}

/** Mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
