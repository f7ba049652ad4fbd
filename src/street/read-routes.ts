import { chooseFiles, listArchive, openCollectors } from '../collect/bgp/archive/folder.ts'
import type { CountedCollector } from '../collect/bgp/archive/count.ts'
import { countArchive } from '../collect/bgp/archive/count.ts'
import type { FileOutcome } from '../collect/bgp/archive/feed.ts'
import type { BinCounts } from '../collect/bgp/counts.ts'
import { createBinGatherer } from '../collect/bgp/observed.ts'
import { countingTable } from '../collect/bgp/route-events.ts'
import type { RoutingSource } from '../collect/bgp/signals.ts'
import { ROUTING_STEP, routingSignals } from '../collect/bgp/signals.ts'
import { createRouteTable } from '../collect/bgp/table/route-table.ts'
import type { EntityId, SourceId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import { CaseError } from '../model/errors.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { Origin } from '../model/series.ts'
import { binStart, toRfc3339 } from '../model/time.ts'
import type { NetworkMap } from '../netdata/networks/network-map.ts'
import type { StoredEntity } from '../store/store.ts'
import type { LoadedSeries } from './loaded.ts'

export interface RoutesWanted {
  /** What each collector recorded, ready to be opened. */
  readonly collectors: readonly CountedCollector[]
  readonly source: RoutingSource
  readonly origin: Origin
  /** First bin that is given, and end of the last; widened to whole bins. */
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  /** ISO 3166-1; series of these countries, and of what is within them, are given. */
  readonly countries: readonly string[]
  readonly networks: NetworkMap
  readonly leastPeers: number
  /** Seconds without a message after which a session does not vote; `null` for the table's own rule. */
  readonly silentAfter: number | null
  /** Told how much of the span is counted, 0 to 1. */
  readonly progress: (done: number) => void
}

/** How good the view was, bin by bin in short. */
export interface RoutesView {
  readonly bins: number
  /** Fewest and most peer networks that voted in a bin; `null` without a bin. */
  readonly voting4: readonly [number, number] | null
  readonly voting6: readonly [number, number] | null
  /** Sessions that did not vote in some bin: how many bins, and for which reason most often. */
  readonly notVoting: readonly { readonly peer: string; readonly reason: string; readonly bins: number }[]
  readonly files: readonly FileOutcome[]
  /** Of countries' AS that have no series of their own: they are counted in their country and operator. */
  readonly asesLeftOut: number
}

export interface RoutesRead {
  readonly series: readonly LoadedSeries[]
  readonly entities: readonly StoredEntity[]
  readonly events: readonly RouteEvent[]
  readonly view: RoutesView
}

/** AS of no operator that have series of their own, a country: those with the most blocks. */
const MOST_ASES = 100

/** Files of a folder, by collector, as they are counted. @throws ConfigError where there are none for that span. */
export async function localCollectors(
  folder: string,
  span: { readonly from: UnixSeconds; readonly until: UnixSeconds },
): Promise<readonly CountedCollector[]> {
  return openCollectors(chooseFiles(await listArchive(folder), span))
}

/**
 * Counts what archives say of some countries, as series and route events.
 *
 * @throws CaseError when not one bin of the span could be counted.
 */
export async function readRoutes(wanted: RoutesWanted): Promise<RoutesRead> {
  const { networks, origin, countries } = wanted
  const source = wanted.source as SourceId
  const from = binStart(wanted.from, ROUTING_STEP, 0 as typeof ROUTING_STEP)
  const until = binStart((wanted.until + ROUTING_STEP - 1) as UnixSeconds, ROUTING_STEP, 0 as typeof ROUTING_STEP)
  const isWanted = (country: string | null): boolean => country !== null && countries.includes(country)
  const countryOfAs = (asn: number): string | null => networks.operator(asn)?.country ?? networks.as(asn).country
  const wantsAs = (asn: number): boolean => isWanted(countryOfAs(asn))
  const table = createRouteTable({
    networks,
    leastPeers: wanted.leastPeers,
    ases: wantsAs,
    ...(wanted.silentAfter === null ? {} : { silentAfter: wanted.silentAfter }),
  })
  const gatherer = createBinGatherer({ source, origin, wantsAs })
  const events: RouteEvent[] = []
  const files: FileOutcome[] = []
  const watch = createWatch()
  const counted = countArchive({
    collectors: wanted.collectors,
    from,
    until,
    table: countingTable(table, source),
  })
  for await (const bin of counted) {
    gatherer.add(bin.counts)
    watch.add(bin.counts)
    files.push(...bin.files)
    for (const event of bin.events) if (isWanted(event.country) || wantsAs(event.origin)) events.push(event)
    wanted.progress((bin.counts.bin + ROUTING_STEP - from) / (until - from))
  }
  if (gatherer.size === 0) {
    throw new CaseError(
      `no whole bin between ${toRfc3339(from)} and ${toRfc3339(until)} in these archives; ${explain(files, wanted.collectors)}`,
    )
  }
  const specs = new Map(routingSignals(wanted.source).map((spec) => [spec.signal, spec]))
  const series: LoadedSeries[] = []
  for (const [signal, list] of gatherer.take()) {
    const spec = specs.get(signal)
    if (spec === undefined) continue
    for (const each of list) {
      if (!isWithin(each.series.entity, isWanted)) continue
      series.push({
        info: each.series,
        spec,
        bins: [...each.bins],
        values: [...each.values],
        weights: [...each.weights],
      })
    }
  }
  const left = smallAses(series, networks)
  const kept = series.filter(({ info }) => !left.has(info.entity))
  return {
    series: kept,
    entities: entitiesOf(kept, countryOfAs),
    events,
    view: { ...watch.view(), files, asesLeftOut: left.size },
  }
}

function explain(files: readonly FileOutcome[], collectors: readonly CountedCollector[]): string {
  const failed = files.find((each) => each.failure !== null)
  if (failed !== undefined) return `${failed.path}: ${failed.failure}`
  return collectors.every(({ ribs }) => ribs.length === 0)
    ? 'no collector has a RIB to begin with'
    : 'their updates end before the first bin does'
}

/** AS are asked for by the table already; the rest by their ids. */
function isWithin(entity: EntityId, isWanted: (country: string | null) => boolean): boolean {
  const parts = entityParts(entity)
  return parts.kind === 'as' || isWanted(parts.country)
}

/** AS of no operator beyond those with the most blocks: a country may have thousands, each with its series. */
function smallAses(series: readonly LoadedSeries[], networks: NetworkMap): ReadonlySet<EntityId> {
  const most = new Map<EntityId, number>()
  for (const { info, values } of series) {
    const parts = entityParts(info.entity)
    if (parts.kind !== 'as' || networks.operator(parts.asn) !== null) continue
    const weight = info.signal.endsWith('slash24s') ? 1 : info.signal.endsWith('slash48s') ? 1 / 65_536 : 0
    const greatest = values.reduce((a, b) => (b > a ? b : a), 0) * weight
    most.set(info.entity, (most.get(info.entity) ?? 0) + greatest)
  }
  const order = [...most].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return new Set(order.slice(MOST_ASES).map(([entity]) => entity))
}

/** An AS that no operator's row names lies in its country at once. Others are placed by their ids. */
function entitiesOf(
  series: readonly LoadedSeries[],
  countryOfAs: (asn: number) => string | null,
): readonly StoredEntity[] {
  const found = new Map<EntityId, StoredEntity>()
  for (const { info } of series) {
    const parts = entityParts(info.entity)
    if (parts.kind !== 'as' || found.has(info.entity)) continue
    const country = countryOfAs(parts.asn)
    found.set(info.entity, {
      entity: info.entity,
      name: `AS${parts.asn}`,
      parent: country === null ? null : (`country:${country}` as EntityId),
      timeZone: null,
      knownChildren: null,
    })
  }
  return [...found.values()]
}

interface Watch {
  add(counts: BinCounts): void
  view(): Pick<RoutesView, 'bins' | 'voting4' | 'voting6' | 'notVoting'>
}

function createWatch(): Watch {
  let bins = 0
  let voting4: readonly [number, number] | null = null
  let voting6: readonly [number, number] | null = null
  const silent = new Map<string, Map<string, number>>()
  const widen = (range: readonly [number, number] | null, value: number): readonly [number, number] =>
    range === null ? [value, value] : [Math.min(range[0], value), Math.max(range[1], value)]
  return {
    add(counts) {
      bins += 1
      voting4 = widen(voting4, counts.voting4)
      voting6 = widen(voting6, counts.voting6)
      for (const { peer, reason } of counts.notVoting) {
        const reasons = silent.get(peer) ?? new Map<string, number>()
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        silent.set(peer, reasons)
      }
    },
    view: () => ({
      bins,
      voting4,
      voting6,
      notVoting: [...silent]
        .map(([peer, reasons]) => {
          const [first] = [...reasons].sort(([, a], [, b]) => b - a)
          return { peer, reason: first?.[0] ?? '', bins: [...reasons.values()].reduce((sum, each) => sum + each, 0) }
        })
        .sort((a, b) => b.bins - a.bins || (a.peer < b.peer ? -1 : 1)),
    }),
  }
}
