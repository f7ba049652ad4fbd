import { createHash } from 'node:crypto'
import type { AnswerWithBody } from '../../model/answer.ts'
import type { EntityId, Seconds, SignalId, SourceId, UnixSeconds } from '../../model/brand.ts'
import { entityParts } from '../../model/entity.ts'
import type { Interval } from '../../model/intervals.ts'
import type { Origin } from '../../model/series.ts'
import type { Observed, ObservedSeries } from '../source.ts'
import type { BinCounts } from './counts.ts'
import {
  ANNOUNCED_PREFIXES,
  ROUTING_STEP,
  UPDATES,
  VISIBLE_SLASH24S,
  VISIBLE_SLASH48S,
  WITHDRAWALS,
} from './signals.ts'

/** The columns that hold numbers. */
type Measure =
  | 'slash24s'
  | 'slash48s'
  | 'prefixes4'
  | 'prefixes6'
  | 'updates4'
  | 'updates6'
  | 'withdrawals4'
  | 'withdrawals6'

/** Which series each column of `BinCounts` is, and whose votes it rests on. */
const MEASURES: readonly {
  readonly column: Measure
  readonly signal: SignalId
  readonly facet: 'ipv4' | 'ipv6' | null
  readonly family: 4 | 6
}[] = [
  { column: 'slash24s', signal: VISIBLE_SLASH24S, facet: null, family: 4 },
  { column: 'slash48s', signal: VISIBLE_SLASH48S, facet: null, family: 6 },
  { column: 'prefixes4', signal: ANNOUNCED_PREFIXES, facet: 'ipv4', family: 4 },
  { column: 'prefixes6', signal: ANNOUNCED_PREFIXES, facet: 'ipv6', family: 6 },
  { column: 'updates4', signal: UPDATES, facet: 'ipv4', family: 4 },
  { column: 'updates6', signal: UPDATES, facet: 'ipv6', family: 6 },
  { column: 'withdrawals4', signal: WITHDRAWALS, facet: 'ipv4', family: 4 },
  { column: 'withdrawals6', signal: WITHDRAWALS, facet: 'ipv6', family: 6 },
]

export interface BinGathererOptions {
  /** `ris`, `routeviews`, `bgp`: of the series, whatever way the routes came. */
  readonly source: SourceId
  /** `measured`, or `laboratory` for routes that nobody in the world announced. */
  readonly origin: Origin
  /**
   * Whether an AS has series of its own: there are 85,000. Countries, operators and access groups always have. Asked
   * once for each AS and `take`.
   */
  readonly wantsAs: (asn: number) => boolean
}

/** What was gathered, by signal. */
export type GatheredBins = ReadonlyMap<SignalId, readonly ObservedSeries[]>

/**
 * Turns bins of everything into columns a series. Values are copied at once: what the table hands out may be large and
 * may be used again.
 */
export interface BinGatherer {
  /** Bins in order of time. An entity that first appears in a later bin has no row in those before: nobody looked. */
  add(counts: BinCounts): void
  /** Number of bins since the last `take`. */
  readonly size: number
  /** All series since the last `take`; those without an entity in any bin are not there. */
  take(): GatheredBins
}

/** Rows of one entity: those bins from `first` on, in the order of the bins. */
interface Row {
  readonly entity: EntityId
  readonly first: number
  readonly columns: readonly number[][]
}

export function createBinGatherer(options: BinGathererOptions): BinGatherer {
  let bins: UnixSeconds[] = []
  let weights: [number[], number[]] = [[], []]
  /** By row number of the table; `null` = not wanted. */
  let rows: (Row | null)[] = []

  const rowOf = (entity: EntityId): Row | null => {
    const parts = entityParts(entity)
    if (parts.kind === 'as' && !options.wantsAs(parts.asn)) return null
    return { entity, first: bins.length - 1, columns: MEASURES.map(() => []) }
  }

  return {
    add(counts) {
      bins.push(counts.bin)
      weights[0].push(counts.voting4)
      weights[1].push(counts.voting6)
      const { entities } = counts
      for (let i = rows.length; i < entities.length; i++) rows.push(rowOf(entities[i]!))
      const columns = MEASURES.map(({ column }) => counts[column])
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!
        if (row === null) continue
        for (let m = 0; m < MEASURES.length; m++) row.columns[m]!.push(columns[m]![i]!)
      }
    },
    get size() {
      return bins.length
    },
    take() {
      const gathered = new Map<SignalId, ObservedSeries[]>()
      const starts = Float64Array.from(bins)
      const votes = [Float64Array.from(weights[0]), Float64Array.from(weights[1])] as const
      for (const [m, { signal, facet, family }] of MEASURES.entries()) {
        const list = gathered.get(signal) ?? []
        gathered.set(signal, list)
        for (const row of rows) {
          if (row === null) continue
          const { source, origin } = options
          const step = ROUTING_STEP
          list.push({
            series: { source, signal, entity: row.entity, facet, origin, step, phase: 0 as Seconds },
            bins: row.first === 0 ? starts : starts.subarray(row.first),
            values: Float64Array.from(row.columns[m]!),
            weights: votes[family === 4 ? 0 : 1].subarray(row.first),
          })
        }
      }
      bins = []
      weights = [[], []]
      rows = []
      return gathered
    },
  }
}

/** A file of an archive as it was read, or that should have been and was not. */
export interface EvidenceFile {
  readonly url: string
  readonly kind: 'rib' | 'updates'
  readonly collector: string
  /** What it speaks of by its name, UTC seconds; of a RIB both are the instant at which its dump began. */
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  /** As it came, compressed; 0 where it did not. */
  readonly bytes: number
  /** Of these bytes; `null` where it did not come. */
  readonly sha256: string | null
  readonly fetchedAt: UnixSeconds | null
  /** MRT records, and how many of them could not be read. */
  readonly records: number
  readonly broken: number
  /** `read`; why not: `missing` (the archive has none), `empty` (no record), `unreadable`, `unreachable`. */
  readonly state: 'read' | 'missing' | 'empty' | 'unreadable' | 'unreachable'
  readonly detail: string | null
}

/**
 * What a bundle of bins rests on, instead of the bytes themselves: an archive of one day of one collector is several
 * gigabytes, is published for ever by those who recorded it, and is the same for everybody. So the *answer* behind a
 * number of the routing plane is this list: which files, by address, length and SHA-256, and whose votes counted. Whoever
 * doubts a number fetches the files, compares the hashes and runs `tocsin bgp count` on them.
 */
export interface RoutingManifest {
  readonly format: 'tocsin-routing-manifest-1'
  readonly source: SourceId
  /** Where it came from: the base address of an archive or a stream, or the name of a folder. */
  readonly upstream: string
  readonly files: readonly EvidenceFile[]
  /** From which delegation files and operator rows the networks were taken. */
  readonly networks: readonly string[]
  readonly rules: {
    readonly leastPeers: number
    /** Share of the largest table that makes a peer full-feed, 0–1. */
    readonly fullFeedShare: number
  }
  /** One a bin, in order: votes by family, and who did not vote and why. */
  readonly bins: readonly Pick<BinCounts, 'bin' | 'voting4' | 'voting6' | 'notVoting'>[]
  /** For people: anything else that was seen on the way. */
  readonly notes: readonly string[]
}

/**
 * A manifest as the answer that it stands for.
 *
 * @param url       must begin with the upstream's base address.
 * @param fetchedAt when the last of its files was here.
 */
export function answerOfManifest(manifest: RoutingManifest, url: string, fetchedAt: UnixSeconds): AnswerWithBody {
  const body = new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`)
  return {
    sha256: createHash('sha256').update(body).digest('hex'),
    source: manifest.source,
    method: 'GET',
    url,
    requestHeaders: {},
    status: 200,
    responseHeaders: { 'content-type': 'application/json' },
    fetchedAt,
    bytes: body.length,
    body,
  }
}

/**
 * One item a signal, all by the same answer. The stream of each is `<stream>/<signal>`, so that a kill between two of
 * them leaves the rest to be given again.
 */
export function observedItems(parts: {
  readonly signals: readonly SignalId[]
  readonly gathered: GatheredBins
  readonly purpose: Observed['purpose']
  readonly answer: AnswerWithBody
  readonly stream: string
  /** What of the stream need not be asked for again; empty (`from` = `until`) where it must. */
  readonly span: Interval
}): readonly Observed[] {
  const { signals, gathered, purpose, answer, stream, span } = parts
  return signals.map((signal) => ({
    kind: 'observations',
    purpose,
    signal,
    answer,
    series: gathered.get(signal) ?? [],
    covered: { stream: `${stream}/${signal}`, span },
  }))
}
