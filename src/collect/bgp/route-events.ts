import type { SourceId, UnixSeconds } from '../../model/brand.ts'
import type { RouteEvent } from '../../model/routing.ts'
import { formatPrefix } from '../../wire/prefix.ts'
import type { CountingTable } from './archive/count.ts'
import { countryCode } from './table/country-number.ts'
import type { RouteTable } from './table/route-table.ts'

/** Lengths of routes that cover whole blocks (docs/adr/0016), and the length of a block. */
const BLOCKS = { 4: { shortest: 8, block: 24 }, 6: { shortest: 16, block: 48 } } as const

/** Prefixes that were lost or came back in the bin that the table closed last, in order of time. */
function routeEventsOf(table: RouteTable, source: SourceId): readonly RouteEvent[] {
  return table.changes().map(({ at, family, kind, row, origin, country, carrying, voting }) => {
    const { word0, word1, word2, word3, length } = table.parts[family].table.rows
    const bits = length[row]!
    const { shortest, block } = BLOCKS[family]
    return {
      source,
      at: at as UnixSeconds,
      kind,
      prefix: formatPrefix({
        family,
        word0: word0[row]!,
        word1: family === 4 ? 0 : word1[row]!,
        word2: family === 4 ? 0 : word2[row]!,
        word3: family === 4 ? 0 : word3[row]!,
        length: bits,
      }),
      origin,
      country: countryCode(country),
      blocks: bits < shortest || bits > block ? 0 : 2 ** (block - bits),
      carrying,
      voting,
    }
  })
}

/** A table as whoever counts an archive or a stream takes it: with route events for what crossed half of the votes. */
export function countingTable(table: RouteTable, source: SourceId): CountingTable<readonly RouteEvent[]> {
  return {
    collector: (name) => table.collector(name),
    closeBin: (bin) => table.closeBin(bin),
    takeEvents: () => routeEventsOf(table, source),
    lose(name, at) {
      const sink = table.collector(name)
      for (const session of sink.sessions) sink.state(at, 0, session.number, 6, 1)
    },
  }
}
