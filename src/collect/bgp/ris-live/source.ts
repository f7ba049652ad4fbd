import type { SourceId } from '../../../model/brand.ts'
import { DAY } from '../../../model/time.ts'
import type { Budget } from '../../../model/health.ts'
import { createConditions } from '../../conditions.ts'
import type { Client } from '../../http/client.ts'
import { createClient, userAgentOf } from '../../http/client.ts'
import { createMeter, type Meter } from '../../http/meter.ts'
import { createRequestWindow } from '../../http/window.ts'
import type { CollectContext, Item, Source } from '../../source.ts'
import type { ArchiveReader } from '../archive-reader.ts'
import { RIS_LIVE_DELAY, routingSignals } from '../signals.ts'
import { createLiveRun } from './run.ts'
import type { Malformed } from './malformed.ts'
import type { OpenStream } from './stream-socket.ts'
import type { LiveTable } from './timeline.ts'

const STREAM_URL = 'wss://ris-live.ripe.net/v1/ws/'
const ARCHIVE_URL = 'https://data.ris.ripe.net'

/** What an archive is made with: it asks through the client, in its turn and budget. */
export interface ArchiveParts {
  readonly baseUrl: string
  readonly collectors: readonly string[]
  readonly client: Client
  readonly meter: Meter
  readonly context: CollectContext
}

export interface RisLiveOptions {
  /** Of Tocsin, for the `User-Agent`. */
  readonly version: string
  /** The operator's address, for the `User-Agent`; `null` when none is set. */
  readonly contact: string | null
  readonly streamUrl: string
  readonly archiveUrl: string
  /** `rrc00`. */
  readonly collectors: readonly string[]
  /** Of requests for files and connections of the stream together. */
  readonly budget: Budget
  /** How far back bins are wanted at the first start. They are given in the order of time, before what is live. */
  readonly backfillSeconds: number
  /** How far back what was missed is fetched after a pause. */
  readonly longestPauseSeconds: number
  /** Whether an AS has series of its own. */
  readonly wantsAs: (asn: number) => boolean
  /** An empty table; asked for at each start. */
  readonly makeTable: () => LiveTable
  /** For the evidence behind a number: whose networks, by which rules. */
  readonly networks: readonly string[]
  readonly leastPeers: number
  readonly fullFeedShare: number
  readonly makeArchive: (parts: ArchiveParts) => ArchiveReader
  readonly openStream: OpenStream
  /** A connection without a message for so long is opened anew. All collectors of RIS together are never quiet for a second. */
  readonly silentSeconds: number
  /** A message comes at most so long after one with a later time. */
  readonly disorderSeconds: number
  /** What may wait at most in memory, of messages that the table cannot take yet. */
  readonly bufferBytes: number
}

export const RIS_LIVE_DEFAULTS = {
  streamUrl: STREAM_URL,
  archiveUrl: ARCHIVE_URL,
  budget: { requests: 3600, perSeconds: 3600, backfillShare: 0.5 },
  backfillSeconds: 0,
  longestPauseSeconds: 3 * DAY,
  silentSeconds: 60,
  disorderSeconds: 30,
  bufferBytes: 256 * 2 ** 20,
} as const satisfies Partial<RisLiveOptions>

/** Numbers of the stream for people, beside those of the meter. */
export interface StreamFigures {
  readonly messages: number
  readonly malformed: number
  readonly lastMalformed: readonly Malformed[]
  readonly duplicates: number
  readonly late: number
  /** Times at which the stream was lost, by why. */
  readonly losses: Readonly<Record<string, number>>
  /** Bytes that wait now, and did at most. */
  readonly buffered: number
  readonly mostBuffered: number
}

export interface RisLiveSource extends Source {
  figures(): StreamFigures
}

/** Files of a quarter of an hour of a large collector are some 10 MB; a RIB some 500 MB, and is downloaded in pieces. */
const LIMIT_BYTES = 64_000_000
const TIMEOUT_SECONDS = 60

/** The routing plane as RIPE RIS has it, live: a table from the archive, then every message by RIS Live. */
export function createRisLiveSource(options: RisLiveOptions): RisLiveSource {
  const signals = routingSignals('ris', RIS_LIVE_DELAY)
  const meter = createMeter()
  const window = createRequestWindow(options.budget)
  let spentNow = (): number => 0
  let figures = (): StreamFigures => NO_FIGURES

  async function* observe(context: CollectContext): AsyncIterable<Item> {
    const userAgent = userAgentOf(options.version, options.contact)
    const conditions = createConditions()
    const clientOptions = {
      source: 'ris' as SourceId,
      userAgent,
      timeoutSeconds: TIMEOUT_SECONDS,
      limitBytes: LIMIT_BYTES,
    }
    spentNow = () => window.spent(context.clock.now())
    // Where the clock is set back, all begins anew, as after a restart.
    while (!context.signal.aborted) {
      const client = createClient({ ...clientOptions, window, meter }, context)
      const run = createLiveRun({ options, signals, userAgent, client, window, meter, conditions, context })
      figures = run.figures
      yield* run.observe()
    }
  }

  return {
    id: 'ris' as SourceId,
    name: 'RIPE RIS',
    homepage: 'https://ris-live.ripe.net/',
    upstream: options.streamUrl,
    signals,
    budget: options.budget,
    observe,
    meter: () => meter.read(spentNow()),
    figures: () => figures(),
  }
}

const NO_FIGURES: StreamFigures = {
  messages: 0,
  malformed: 0,
  lastMalformed: [],
  duplicates: 0,
  late: 0,
  losses: {},
  buffered: 0,
  mostBuffered: 0,
}
