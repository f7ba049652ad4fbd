import type { SourceId, UnixSeconds } from '../../../model/brand.ts'
import { seriesName, type SeriesInfo } from '../../../model/series.ts'
import { countArchive } from '../archive/count.ts'
import { LAYOUTS } from '../archive/layout.ts'
import { createBinGatherer } from '../observed.ts'
import { countingTable } from '../route-events.ts'
import { createRouteTable } from '../table/route-table.ts'
import type { LiveTable } from './timeline.ts'
import { COLLECTORS, NETWORKS, type World } from './world.testing.ts'

export const LEAST_PEERS = 2

export const makeTable = (): LiveTable =>
  countingTable(createRouteTable({ networks: NETWORKS, leastPeers: LEAST_PEERS, ases: 'all' }), 'ris' as SourceId)

export interface Truth {
  readonly series: SeriesInfo
  readonly values: ReadonlyMap<number, number>
}

/**
 * What the archive of a world gives, by series, as whoever reads it later would have it.
 *
 * @param from a time at which there is a RIB.
 */
export async function fromArchive(world: World, from: number, until: number): Promise<ReadonlyMap<string, Truth>> {
  const collectors = COLLECTORS.map((collector) => ({
    collector,
    ribs: [{ path: 'rib', at: from as UnixSeconds, open: () => once(world.rib(collector, from)) }],
    updates: LAYOUTS.ris.updates(collector, { from: from as UnixSeconds, until: until as UnixSeconds }).map((file) => ({
      path: file.path,
      from: file.from,
      until: file.until,
      open: () => once(world.updates(collector, file.from, file.until)),
    })),
  }))
  const gatherer = createBinGatherer({ source: 'ris' as SourceId, origin: 'measured', wantsAs: () => true })
  const span = { from: from as UnixSeconds, until: until as UnixSeconds }
  for await (const { counts } of countArchive({ collectors, ...span, table: makeTable() })) gatherer.add(counts)
  const all = [...gatherer.take().values()].flat()
  return new Map(
    all.map(({ series, bins, values }) => [
      seriesName(series),
      { series, values: new Map([...bins].map((bin, i) => [bin, values[i] ?? NaN])) },
    ]),
  )
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
