import type { SourceId } from '../../../model/brand.ts'
import { HOUR } from '../../../model/time.ts'
import type { SimulatedClock } from '../../clock.testing.ts'
import { testSource } from '../../source.testing.ts'
import { countingTable } from '../route-events.ts'
import { createRouteTable } from '../table/route-table.ts'
import type { ArchiveDisk } from './disk.ts'
import { createMemoryDisk } from './disk.testing.ts'
import { testNetworks } from './networks.testing.ts'
import { createArchiveServer } from './server.testing.ts'
import { createArchiveSource } from './source.ts'
import { held, seriesOf, WORLD } from './world.testing.ts'

/** As much as its share of the budget brings in two hours, and more than the longest pause of the suite. */
const HISTORY_HOURS = 32

let clock: SimulatedClock | null = null
let disk: ArchiveDisk | null = null

testSource('an archive', {
  series: seriesOf('routeviews'),
  // Files of a quarter of an hour.
  dueInHalfHour: 2,
  historySeconds: HISTORY_HOURS * HOUR,
  settledSeconds: HOUR,
  async upstream(simulated) {
    clock = simulated
    // One cache a test: it outlives the sources of a test, as it would restarts.
    disk = createMemoryDisk()
    const server = await createArchiveServer(simulated, WORLD)
    return {
      url: server.url,
      fault: (kind) => server.fault(kind),
      requests: server.requests,
      mostAtOnce: () => server.mostAtOnce(),
      expected: held,
      close: () => server.close(),
    }
  },
  make(baseUrl, budget) {
    if (clock === null || disk === null) throw new Error('no upstream')
    return createArchiveSource({
      layout: 'routeviews',
      version: '0.0.0',
      contact: null,
      baseUrl,
      budget,
      collectors: ['route-views.test'],
      backfillDays: HISTORY_HOURS / 24,
      wantsAs: () => false,
      makeTable: () =>
        countingTable(
          createRouteTable({ networks: testNetworks, leastPeers: 2, ases: () => false }),
          'routeviews' as SourceId,
        ),
      networks: testNetworks.provenance,
      leastPeers: 2,
      fullFeedShare: 0.75,
      disk: clock.holding(disk),
    })
  },
})
