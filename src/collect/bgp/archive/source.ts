import { createHash } from 'node:crypto'
import type { Seconds, SourceId, UnixSeconds } from '../../../model/brand.ts'
import type { Budget } from '../../../model/health.ts'
import { missing, union, type Interval, type Intervals } from '../../../model/intervals.ts'
import type { RouteEvent } from '../../../model/routing.ts'
import { DAY, HOUR, MINUTE, plus, toRfc3339 } from '../../../model/time.ts'
import { createConditions, type Conditions } from '../../conditions.ts'
import { createClient, userAgentOf } from '../../http/client.ts'
import { createMeter } from '../../http/meter.ts'
import { createRequestWindow, type Purpose } from '../../http/window.ts'
import type { CollectContext, Item, Source, SourceReport } from '../../source.ts'
import {
  answerOfManifest,
  createBinGatherer,
  observedItems,
  type EvidenceFile,
  type RoutingManifest,
} from '../observed.ts'
import { ROUTING_STEP, routingSignals } from '../signals.ts'
import type { CountedBin, CountingTable } from './count.ts'
import type { ArchiveDisk } from './disk.ts'
import { createArchiveFetcher, type Fetched } from './fetcher.ts'
import { LAYOUTS, type ArchiveFile, type ArchiveLayout } from './layout.ts'
import { createArchiveRun, type ArchiveRun, type Settled } from './run.ts'
import { before, inAll, shareOf } from './spans.ts'

export interface ArchiveSourceOptions {
  /** Whose archive it is. */
  readonly layout: ArchiveLayout['id']
  /** Of Tocsin, for the `User-Agent`. */
  readonly version: string
  /** The operator's address, for the `User-Agent`; `null` when none is set. */
  readonly contact: string | null
  /** `https://data.ris.ripe.net` */
  readonly baseUrl: string
  readonly budget: Budget
  /** `rrc00`, `route-views.linx`. */
  readonly collectors: readonly string[]
  /** History that is wanted at the first start; it is counted with a table of its own beside the live one. */
  readonly backfillDays: number
  /** Whether an AS has series of its own. */
  readonly wantsAs: (asn: number) => boolean
  /** An empty table. */
  readonly makeTable: () => CountingTable<readonly RouteEvent[]>
  /** For the evidence behind a number: whose networks, by which rules. */
  readonly networks: readonly string[]
  readonly leastPeers: number
  readonly fullFeedShare: number
  /** The cache. */
  readonly disk: ArchiveDisk
}

export const ARCHIVE_DEFAULTS = {
  ris: {
    baseUrl: 'https://data.ris.ripe.net',
    collectors: ['rrc00', 'rrc01', 'rrc03', 'rrc06', 'rrc10', 'rrc11', 'rrc12', 'rrc15', 'rrc19', 'rrc21', 'rrc23'],
    budget: { requests: 600, perSeconds: 3600, backfillShare: 0.25 },
  },
  routeviews: {
    baseUrl: 'https://archive.routeviews.org',
    collectors: ['route-views2', 'route-views.linx', 'route-views.sydney', 'route-views.sg', 'route-views.saopaulo'],
    budget: { requests: 600, perSeconds: 3600, backfillShare: 0.25 },
  },
} as const satisfies Record<ArchiveLayout['id'], Partial<ArchiveSourceOptions>>

const NAMES = { ris: 'RIPE RIS, archive', routeviews: 'RouteViews, archive' } as const
const HOMEPAGES = { ris: 'https://ris.ripe.net/', routeviews: 'https://www.routeviews.org/' } as const

/** An error page; files are handed on piece by piece. */
const LIMIT_BYTES = 1_000_000
const TIMEOUT_SECONDS = 60
/** Set back by more than this, the clock makes all that was noted for later wrong. */
const CLOCK_STEP_SECONDS = 60
/** A file that was not there when it was due is asked for again so often. */
const RETRY_SECONDS = 5 * MINUTE
/** So long after it was due, a file that one collector has and another has not is not waited for any more. */
const PATIENCE_SECONDS = 30 * MINUTE
/** So many bins at most in one item. */
const MOST_BINS = 24
/** How often an older RIB is tried where the newest is not there. */
const RIB_TRIES = 3
/** How long a stretch of history waits of which files are missing. After the last of these it is counted as it is. */
const HISTORY_WAITS: readonly Seconds[] = [10 * MINUTE, HOUR, 6 * HOUR, DAY].map((each) => each as Seconds)
/** The live run looks after what is younger than this; history begins there. */
const EDGE_SECONDS = 3 * HOUR

/** History on its way: one stretch from a RIB to the next. */
interface Stretch {
  readonly run: ArchiveRun
  /** What of it is to be given. */
  readonly span: Interval
}

export function createArchiveSource(options: ArchiveSourceOptions): Source {
  const { budget, disk } = options
  const layout = LAYOUTS[options.layout]
  const source = options.layout as SourceId
  const specs = routingSignals(options.layout)
  const signals = specs.map(({ signal }) => signal)
  const delay = specs[0]?.delay ?? 0
  const digest = createHash('sha256').update(options.collectors.join(',')).digest('hex').slice(0, 8)
  const stream = `archive/${options.layout}/${digest}`
  /** What one file of updates speaks of: the table goes on by that much. */
  const step = ((files: readonly ArchiveFile[]) => files[0]!.until - files[0]!.from)(
    layout.updates('', { from: DAY as never, until: (DAY + 1) as UnixSeconds }),
  )
  const meter = createMeter()
  const window = createRequestWindow(budget)
  /** History is wanted from so long before this. */
  let startedAt = 0 as UnixSeconds
  /** Given and kept, in this life; what earlier ones gave is in `progress`. */
  let given: Intervals = []
  let spentNow = (): number => 0

  async function* observe(context: CollectContext): AsyncIterable<Item> {
    const conditions = createConditions()
    given = []
    startedAt = context.clock.now()
    while (!context.signal.aborted) yield* observeOnward(context, conditions)
  }

  /** Until it is told to stop, or the clock is set back: then all begins anew, as after a restart. */
  async function* observeOnward(context: CollectContext, conditions: Conditions): AsyncGenerator<Item, void> {
    const { clock, signal, progress } = context
    const userAgent = userAgentOf(options.version, options.contact)
    const client = createClient(
      { source, userAgent, timeoutSeconds: TIMEOUT_SECONDS, limitBytes: LIMIT_BYTES, window, meter },
      context,
    )
    const fetcher = createArchiveFetcher({ baseUrl: options.baseUrl, client, meter, context, disk })
    spentNow = () => window.spent(clock.now())
    given = before(union(given, inAll(signals.map((each) => progress.covered(`${stream}/${each}`)))), clock.now())

    let live: ArchiveRun | null = null
    /** When the newest RIB is looked for again. */
    let retryAt = clock.now()
    let historyAt = clock.now()
    let stretch: Stretch | null = null
    const waits = new Map<number, { readonly tries: number; readonly until: UnixSeconds }>()
    /** End of the newest bin that was given live. */
    let newest: UnixSeconds | null = null

    function* begin(
      condition: SourceReport['condition'],
      detail: string,
      answer: SourceReport['answer'],
    ): Generator<Item> {
      for (const each of signals) yield conditions.begin(each, condition, clock.now(), detail, answer)
    }
    function* end(which: readonly SourceReport['condition'][]): Generator<Item> {
      for (const each of signals) yield* conditions.end(each, which, clock.now())
    }

    /** What the fetch told of our view. */
    function* told(fetched: Fetched): Generator<Item> {
      if (fetched.kind === 'stopped' || (fetched.kind === 'there' && !fetched.isNew)) return
      if (fetched.kind === 'unreachable' || fetched.kind === 'unreadable' || fetched.kind === 'wrong-clock') {
        yield* begin(fetched.kind, `${fetched.reason}: ${fetched.url}`, fetched.answer)
      } else yield* end(['unreachable', 'unreadable', 'wrong-clock'])
    }

    const manifest = (files: readonly EvidenceFile[], bins: readonly CountedBin<unknown>[]): RoutingManifest => ({
      format: 'tocsin-routing-manifest-1',
      source,
      upstream: options.baseUrl,
      files,
      networks: options.networks,
      rules: { leastPeers: options.leastPeers, fullFeedShare: options.fullFeedShare },
      bins: bins.map(({ counts: { bin, voting4, voting6, notVoting } }) => ({ bin, voting4, voting6, notVoting })),
      notes: [],
    })

    /**
     * @param isWhole false: not to be taken for covered, since files were missing.
     */
    function* give(
      purpose: Purpose,
      bins: readonly CountedBin<readonly RouteEvent[]>[],
      files: readonly EvidenceFile[],
      isWhole: boolean,
    ): Generator<Item> {
      const gatherer = createBinGatherer({ source, origin: 'measured', wantsAs: options.wantsAs })
      for (const { counts } of bins) gatherer.add(counts)
      const from = bins[0]?.counts.bin ?? live?.position ?? clock.now()
      const last = bins.at(-1)?.counts.bin
      const until = last === undefined ? from : plus(last, ROUTING_STEP)
      const answer = answerOfManifest(
        manifest(files, bins),
        `${options.baseUrl}#${stream}/${from}-${until}`,
        clock.now(),
      )
      const events = bins.flatMap((each) => each.events)
      const [first] = signals
      const span = { from, until: isWhole ? until : from }
      yield* observedItems({ signals, gathered: gatherer.take(), purpose, answer, stream, span })
      if (events.length > 0 && first !== undefined) yield { kind: 'routes', signal: first, events }
      if (isWhole) given = union(given, [span])
    }

    const wantedHistory = (): Interval => {
      const now = clock.now()
      const begun = Math.min(now, startedAt)
      const from = Math.floor((begun - options.backfillDays * DAY) / ROUTING_STEP) * ROUTING_STEP
      const until = Math.floor((now - EDGE_SECONDS) / ROUTING_STEP) * ROUTING_STEP
      return { from: from as UnixSeconds, until: Math.max(from, until) as UnixSeconds }
    }
    const measure = (): void => {
      const share = shareOf(given, wantedHistory())
      for (const each of signals) meter.backfilled(each, share)
    }

    /** The archive has not what is due: our view grows old. */
    function* stale(since: UnixSeconds | null): Generator<Item> {
      const now = clock.now()
      if (since !== null && since + delay + 2 * ROUTING_STEP >= now) return
      yield* begin('stale', since === null ? 'no RIB to begin with' : `newest bin ended ${toRfc3339(since)}`, null)
    }

    const missingOf = (file: ArchiveFile, fetched: Fetched): EvidenceFile => {
      const state =
        fetched.kind === 'there' || fetched.kind === 'stopped' || fetched.kind === 'wrong-clock'
          ? 'unreadable'
          : fetched.kind
      return {
        url: fetcher.urlOf(file),
        kind: file.kind,
        collector: file.collector,
        from: file.from,
        until: file.until,
        bytes: 0,
        sha256: null,
        fetchedAt: clock.now(),
        records: 0,
        broken: 0,
        state: state === 'absent' ? 'missing' : state,
        detail: 'reason' in fetched ? fetched.reason : null,
      }
    }

    const missingAs = (file: ArchiveFile, fetched: Fetched): Settled => {
      const { state, url, detail } = missingOf(file, fetched)
      return { kind: 'missing', state, url, detail }
    }

    /** A run from the newest RIBs that are there; `null` while there are none, and `retryAt` says when to look again. */
    async function* beginLive(): AsyncGenerator<Item, ArchiveRun | null> {
      for (let tries = 0; tries < RIB_TRIES; tries++) {
        const at = plus(clock.now(), -layout.ribDelay - tries * layout.ribEvery)
        const begunAt = layout.ribAt('', at).from
        const run = createArchiveRun({
          layout,
          collectors: options.collectors,
          table: options.makeTable(),
          disk,
          begunAt,
        })
        let there = 0
        for (const file of run.wanted(begunAt)) {
          const fetched = await fetcher.fetch(file, 'live')
          if (signal.aborted) return null
          yield* told(fetched)
          if (fetched.kind === 'there') {
            there += 1
            run.settle(file, { kind: 'there', stored: fetched.stored })
          } else if (fetched.kind === 'absent' || fetched.kind === 'empty') {
            if (fetched.kind === 'empty') yield* give('live', [], [missingOf(file, fetched)], false)
            run.settle(file, missingAs(file, fetched))
          } else {
            retryAt = plus(clock.now(), RETRY_SECONDS)
            if (fetched.kind === 'unreachable') retryAt = client.waitingUntil() ?? retryAt
            return null
          }
        }
        if (there > 0) return run
      }
      yield* stale(newest)
      retryAt = plus(clock.now(), RETRY_SECONDS)
      return null
    }

    /** Bins of the live run that were not given yet. */
    let waiting: { bins: CountedBin<readonly RouteEvent[]>[]; files: EvidenceFile[] } = { bins: [], files: [] }
    function* flush(run: ArchiveRun): Generator<Item> {
      const { bins, files } = waiting
      waiting = { bins: [], files: [] }
      const fresh = bins.filter(
        ({ counts: { bin } }) => missing(given, { from: bin, until: plus(bin, ROUTING_STEP) }).length > 0,
      )
      const ended = run.position
      if (fresh.length > 0 && (newest === null || ended > newest))
        yield* give('live', fresh, files, run.holedSince === null)
      newest = Math.max(ended, newest ?? 0) as UnixSeconds
      if (ended + delay + 2 * ROUTING_STEP >= clock.now()) yield* end(['stale'])
    }

    /** Gets the next file that the live run wants, or counts. */
    async function* stepLive(run: ArchiveRun): AsyncGenerator<Item, void> {
      const until = plus(run.position, step)
      const absent: { readonly file: ArchiveFile; readonly fetched: Fetched }[] = []
      const wanted = run.wanted(until)
      let there = 0
      for (const file of wanted) {
        const fetched = await fetcher.fetch(file, 'live')
        if (signal.aborted) return
        yield* told(fetched)
        if (fetched.kind === 'there') {
          there += 1
          run.settle(file, { kind: 'there', stored: fetched.stored })
        } else if (fetched.kind === 'absent' || fetched.kind === 'empty') absent.push({ file, fetched })
        else {
          retryAt = plus(clock.now(), RETRY_SECONDS)
          if (fetched.kind === 'unreachable') retryAt = client.waitingUntil() ?? retryAt
          yield* flush(run)
          return
        }
      }
      if (absent.length > 0) {
        const isLate = clock.now() > until + layout.updatesDelay + PATIENCE_SECONDS
        const isAlone = there === 0 && absent.length === wanted.length
        if (!isLate || (isAlone && !(yield* goesOn(until)))) {
          yield* flush(run)
          if (absent.some(({ fetched }) => fetched.kind === 'empty'))
            yield* give(
              'live',
              [],
              absent.map(({ file, fetched }) => missingOf(file, fetched)),
              false,
            )
          yield* stale(newest)
          retryAt = plus(clock.now(), RETRY_SECONDS)
          return
        }
        for (const { file, fetched } of absent) run.settle(file, missingAs(file, fetched))
      }
      const counted = await run.count(until, signal)
      if (signal.aborted) return
      waiting.bins.push(...counted.bins)
      waiting.files.push(...counted.files)
      const isEdge = plus(until, step + layout.updatesDelay) > clock.now()
      if (isEdge || waiting.bins.length >= MOST_BINS) {
        yield* flush(run)
        measure()
      }
    }

    /** Whether the archive has records of a later time, although nothing of what was due. */
    async function* goesOn(from: UnixSeconds): AsyncGenerator<Item, boolean> {
      const until = plus(clock.now(), -layout.updatesDelay)
      for (const collector of options.collectors) {
        const later = layout.updates(collector, { from, until }).filter((each) => each.until <= until)
        const file = later.at(-1)
        if (file === undefined) continue
        const fetched = await fetcher.fetch(file, 'live')
        if (signal.aborted) return false
        yield* told(fetched)
        if (fetched.kind === 'there') return true
      }
      return false
    }

    /** The newest stretch of history that is missing and does not rest; `null` when there is none. */
    const nextStretch = (): Stretch | null => {
      const now = clock.now()
      for (const hole of missing(given, wantedHistory()).toReversed()) {
        let end: UnixSeconds = hole.until
        while (end > hole.from) {
          const begunAt = layout.ribAt('', plus(end, -1)).from
          const span = { from: Math.max(begunAt, hole.from) as UnixSeconds, until: end }
          if ((waits.get(begunAt)?.until ?? 0) <= now) {
            const parts = { layout, collectors: options.collectors, table: options.makeTable(), disk, begunAt }
            return { run: createArchiveRun(parts), span }
          }
          end = begunAt
        }
      }
      return null
    }

    /** One request of history, or the counting of what has come. */
    async function* stepHistory({ run, span }: Stretch): AsyncGenerator<Item, void> {
      const until = plus(run.position, step)
      const tries = waits.get(run.begunAt)?.tries ?? 0
      const isBelieved = tries >= HISTORY_WAITS.length
      const [file] = run.wanted(until)
      if (file !== undefined) {
        const fetched = await fetcher.fetch(file, 'back-fill')
        if (signal.aborted) return
        yield* told(fetched)
        if (fetched.kind === 'there') run.settle(file, { kind: 'there', stored: fetched.stored })
        else if (fetched.kind === 'unreachable' || fetched.kind === 'wrong-clock')
          historyAt = plus(clock.now(), RETRY_SECONDS)
        else if (isBelieved) run.settle(file, missingAs(file, fetched))
        else {
          waits.set(run.begunAt, { tries: tries + 1, until: plus(clock.now(), HISTORY_WAITS[tries] ?? DAY) })
          yield* giveHistory(run, span)
          stretch = null
        }
        return
      }
      const counted = await run.count(until, signal)
      if (signal.aborted) return
      past.bins.push(...counted.bins)
      past.files.push(...counted.files)
      const isOver = run.position >= span.until
      if (isOver || past.bins.length >= MOST_BINS) yield* giveHistory(run, span)
      if (isOver) stretch = null
    }

    let past: { bins: CountedBin<readonly RouteEvent[]>[]; files: EvidenceFile[] } = { bins: [], files: [] }
    function* giveHistory(_: ArchiveRun, span: Interval): Generator<Item> {
      const { bins, files } = past
      past = { bins: [], files: [] }
      const wanted = bins.filter(({ counts: { bin } }) => bin >= span.from && bin < span.until)
      // Missing by now is missing for good: `isBelieved`.
      if (wanted.length > 0) yield* give('back-fill', wanted, files, true)
      measure()
    }

    measure()
    let seen = clock.now()
    while (!signal.aborted) {
      const now = clock.now()
      if (now < seen - CLOCK_STEP_SECONDS) return
      seen = now
      if (live === null && retryAt <= now) {
        live = yield* beginLive()
        continue
      }
      if (live !== null) {
        const isFarBehind = now - live.position > 2 * layout.ribEvery
        const hasNewRib =
          live.holedSince !== null &&
          plus(now, -layout.ribDelay) >= plus(layout.ribAt('', live.holedSince).from, layout.ribEvery)
        const isNewer = layout.ribAt('', plus(now, -layout.ribDelay)).from > live.begunAt
        if (isNewer && (isFarBehind || hasNewRib)) {
          yield* flush(live)
          live = null
          continue
        }
        const due = Math.max(retryAt, live.position + step + layout.updatesDelay)
        if (due <= now) {
          yield* stepLive(live)
          continue
        }
      }
      if (live !== null && historyAt <= now) {
        stretch ??= nextStretch()
        if (stretch !== null) {
          const [file] = stretch.run.wanted(plus(stretch.run.position, step))
          const isFree = file === undefined || (await fetcher.isHere(file))
          if (isFree || client.readyAt('back-fill') <= now) {
            yield* stepHistory(stretch)
            continue
          }
        }
      }
      const dueLive = live === null ? retryAt : Math.max(retryAt, live.position + step + layout.updatesDelay)
      const jitter = Math.floor(context.random() * 20)
      const wake = [dueLive + jitter, historyAt, client.readyAt('back-fill'), now + MINUTE].filter((at) => at > now)
      await clock.until(Math.min(...wake) as UnixSeconds, signal)
    }
  }

  return {
    id: source,
    name: NAMES[options.layout],
    homepage: HOMEPAGES[options.layout],
    upstream: options.baseUrl,
    signals: specs,
    budget,
    observe,
    meter: () => meter.read(spentNow()),
  }
}
