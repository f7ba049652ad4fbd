import { join } from 'node:path'
import { createArchiveDisk } from '../collect/bgp/archive/disk.ts'
import { ARCHIVE_DEFAULTS, createArchiveSource } from '../collect/bgp/archive/source.ts'
import { followRisArchive } from '../collect/bgp/ris-live/fetched-files.ts'
import { createRisLiveSource, RIS_LIVE_DEFAULTS } from '../collect/bgp/ris-live/source.ts'
import { openWebSocket } from '../collect/bgp/ris-live/web-socket.ts'
import { countingTable } from '../collect/bgp/route-events.ts'
import { createRouteTable } from '../collect/bgp/table/route-table.ts'
import { netdataFolder, readNetworkMap } from '../collect/netdata/folder.ts'
import type { Source } from '../collect/source.ts'
import type { SourceId, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { loadOperators } from '../netdata/operators.ts'
import type { Config } from '../street/config.ts'

/** Share of the largest table that makes a peer full-feed: docs/METHODOLOGY.md#full-feed. */
const FULL_FEED_SHARE = 0.75

/**
 * Sources of routes as they are set. Who is who is read once, and stays as it is until the next start: a registration that
 * changes is no outage.
 *
 * Of AS only those of known operators have series; the order of going dark knows all.
 */
export async function routingSourcesOf(config: Config, version: string, now: UnixSeconds): Promise<readonly Source[]> {
  const { contact, routes } = config.collect
  const { risLive, cacheGb, leastPeers } = routes
  const archives = (['ris', 'routeviews'] as const).filter((layout) => routes[layout].enabled)
  if (!risLive.enabled && archives.length === 0) return []
  const networks = await readNetworkMap(netdataFolder(config.folder), now, loadOperators())
  const wantsAs = (asn: number): boolean => networks.operator(asn) !== null
  const makeTable = (source: string) => () =>
    countingTable(
      createRouteTable({ networks, leastPeers, ases: wantsAs, fullFeedShare: FULL_FEED_SHARE }),
      source as SourceId,
    )
  const disk = (layout: 'ris' | 'routeviews') => createArchiveDisk(join(config.folder, 'cache', layout), cacheGb * 1e9)
  const common = {
    version,
    contact,
    wantsAs,
    networks: networks.provenance,
    leastPeers,
    fullFeedShare: FULL_FEED_SHARE,
  }
  const files = archives.map((layout) =>
    createArchiveSource({
      ...common,
      layout,
      baseUrl: routes[layout].url,
      budget: ARCHIVE_DEFAULTS[layout].budget,
      collectors: routes[layout].collectors,
      backfillDays: routes[layout].backfillDays,
      makeTable: makeTable(layout),
      disk: disk(layout),
    }),
  )
  if (!risLive.enabled) return files
  const cache = disk('ris')
  return [
    ...files,
    createRisLiveSource({
      ...RIS_LIVE_DEFAULTS,
      ...common,
      streamUrl: risLive.url,
      archiveUrl: risLive.archiveUrl,
      collectors: risLive.collectors,
      backfillSeconds: Math.min(risLive.backfillHours * HOUR, 60 * DAY),
      makeTable: makeTable('ris'),
      makeArchive: (parts) => followRisArchive(parts, cache),
      openStream: openWebSocket,
    }),
  ]
}
