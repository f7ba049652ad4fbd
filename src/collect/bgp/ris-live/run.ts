import type { UnixSeconds } from '../../../model/brand.ts'
import type { SignalSpec } from '../../../model/signal.ts'
import type { Conditions } from '../../conditions.ts'
import type { Client } from '../../http/client.ts'
import type { Meter } from '../../http/meter.ts'
import type { RequestWindow } from '../../http/window.ts'
import type { CollectContext, Item, Observed } from '../../source.ts'
import type { ArchiveOutcome, IntoCollector } from '../archive-reader.ts'
import {
  answerOfManifest,
  createBinGatherer,
  observedItems,
  type EvidenceFile,
  type RoutingManifest,
} from '../observed.ts'
import { ROUTING_STEP } from '../signals.ts'
import { createBacklog } from './backlog.ts'
import { createMalformedBook } from './malformed.ts'
import { createMessageReader } from './read-message.ts'
import { since } from './since.ts'
import type { RisLiveOptions, StreamFigures } from './source.ts'
import { createStream, type Loss, type Taken } from './stream.ts'
import { createTelling } from './telling.ts'
import { createTimeline, type ClosedBin } from './timeline.ts'

/** Clocks of the upstream and ours may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 300
/** Set back by more than this, the clock makes all that was noted for later wrong; less is waited for. */
const CLOCK_STEP_SECONDS = 60
/** The table takes what is due when it is so far ahead of it, or a bin can be closed. */
const TAKE_EVERY_SECONDS = 10
/** A stream that is connected and so far behind our clock is left for the archive. */
const LAG_SECONDS = 900
/** After a stream was more than we can hold, it is opened again when the archive is as near as this. */
const REJOIN_SECONDS = 1200
/** Bins that come faster than time, from the archive, are handed on in bundles. */
const BUNDLE_BINS = 12

export interface LiveRunParts {
  readonly options: RisLiveOptions
  readonly signals: readonly SignalSpec[]
  readonly userAgent: string
  readonly client: Client
  readonly window: RequestWindow
  readonly meter: Meter
  readonly conditions: Conditions
  readonly context: CollectContext
}

/** From an empty table until it is told to stop, or the clock is set back. */
export interface LiveRun {
  observe(): AsyncGenerator<Item, void>
  readonly figures: () => StreamFigures
}

/** The name of the stream of work, for what is covered. */
const RIS_LIVE_STREAM = 'ris-live'

export function createLiveRun(parts: LiveRunParts): LiveRun {
  const { options, client, meter, context, window } = parts
  const { clock, signal } = context
  const signals = parts.signals.map((spec) => spec.signal)
  const table = options.makeTable()
  const timeline = createTimeline(table)
  const into: IntoCollector = (collector) => table.collector(collector)
  const reader = createMessageReader(into)
  const backlog = createBacklog(reader.peer)
  const book = createMalformedBook()
  const archive = options.makeArchive({
    baseUrl: options.archiveUrl,
    collectors: options.collectors,
    client,
    meter,
    context,
  })
  const telling = createTelling(signals, parts.conditions)
  const gatherer = createBinGatherer({ source: parts.signals[0]!.source, origin: 'measured', wantsAs: options.wantsAs })
  const losses: Record<string, number> = {}
  const startedAt = clock.now()

  /** Whether the table follows the stream; else it follows the archive until it has come to where the stream is whole. */
  let isLive = false
  /** Time of the newest message of this connection. */
  let newest = -Infinity
  /** By message time: all from then on came, or will, by this connection. `null` while there is none. */
  let wholeFrom: number | null = null
  /** The archive has given all before `timeline.reached`; in the span that follows, messages before this are known. */
  let knownUntil = -Infinity
  let archiveAt = startedAt
  /** Lost, and not yet taken account of. */
  let fresh: Loss | null = null
  /** The same, until the table is live again. */
  let standing: Loss | null = null
  let trouble: Extract<ArchiveOutcome, { kind: 'unreachable' | 'unreadable' | 'wrong-clock' }> | null = null
  let seen = startedAt
  /** A step with the archive that is under way: the stream is watched meanwhile. */
  let following: Promise<void> | null = null

  let bundle: ClosedBin[] = []
  let files: EvidenceFile[] = []
  let fromStream = 0
  let mostBuffered = 0
  let notes: string[] = []

  let waiter: AbortController | null = null
  let hasChanged = false
  const wake = (): void => {
    hasChanged = true
    waiter?.abort()
  }

  const take = (message: Buffer): Taken => {
    backlog.begin()
    const reason = reader.read(message, backlog.sink)
    if (reason !== null) {
      backlog.abandon()
      book.note(clock.now(), reason, message)
      return 'malformed'
    }
    const now = clock.now()
    const at = backlog.commit(now + CLOCK_TOLERANCE_SECONDS)
    if (at === null) return 'good'
    if (at > now + CLOCK_TOLERANCE_SECONDS) return 'ahead'
    fromStream += 1
    if (wholeFrom === null && stream.isWhole()) {
      wholeFrom = at + options.disorderSeconds
      wake()
    }
    if (at > newest) {
      newest = at
      if (isLive && newest - options.disorderSeconds >= (timeline.reached ?? 0) + TAKE_EVERY_SECONDS) wake()
    }
    mostBuffered = Math.max(mostBuffered, backlog.bytes())
    if (backlog.bytes() > options.bufferBytes) {
      stream.cut('flood', `more than ${options.bufferBytes} bytes wait to be taken into the table`)
    }
    return 'good'
  }

  const stream = createStream(
    {
      url: options.streamUrl,
      userAgent: parts.userAgent,
      collectors: options.collectors,
      silentSeconds: options.silentSeconds,
      open: options.openStream,
      window,
      meter,
    },
    {
      take,
      onWhole: () => {},
      onLoss(loss) {
        losses[loss.kind] = (losses[loss.kind] ?? 0) + 1
        fresh = loss
      },
      onChange: wake,
    },
    context,
  )

  const drain = (until: number): void => backlog.drain(until, reader.bySession)

  /** All before this came, as far as messages are out of order by no more than is allowed for. */
  const safeUntil = (): number => Math.floor(newest - options.disorderSeconds)

  /** A connection has ended: what came by it and is complete is taken, the rest is for the archive to give again. */
  const absorb = (loss: Loss): void => {
    if (isLive) {
      keep(timeline.advance(safeUntil(), clock.now(), drain))
      knownUntil = timeline.reached ?? -Infinity
      isLive = false
      archiveAt = clock.now()
    }
    standing ??= loss
    if (standing.kind !== loss.kind) standing = loss
    backlog.clear()
    newest = -Infinity
    wholeFrom = null
  }

  const keep = (closed: readonly ClosedBin[]): void => {
    bundle.push(...closed)
  }

  /** What earlier runs gave, by signal: bins before it are counted for what they leave behind, and not given again. */
  const given = new Map(
    signals.map((each) => [each, context.progress.covered(`${RIS_LIVE_STREAM}/${each}`).at(-1)?.until ?? -Infinity]),
  )
  const firstWanted = (): UnixSeconds => {
    const resumed = Math.min(...given.values())
    if (resumed === -Infinity) return Math.floor(startedAt - options.backfillSeconds) as UnixSeconds
    return Math.max(resumed, startedAt - options.longestPauseSeconds) as UnixSeconds
  }
  const wantedFrom = firstWanted()

  function* give(): Generator<Item> {
    const wanted = bundle.filter(({ counts }) => counts.bin + ROUTING_STEP > wantedFrom)
    bundle = []
    const first = wanted[0]
    const last = wanted.at(-1)
    if (first === undefined || last === undefined) return
    const events = wanted.flatMap((each) => each.events)
    const [firstSignal] = signals
    if (events.length > 0 && firstSignal !== undefined) yield { kind: 'routes', signal: firstSignal, events }
    for (const { counts } of wanted) gatherer.add(counts)
    const span = { from: first.counts.bin, until: (last.counts.bin + ROUTING_STEP) as UnixSeconds }
    const manifest: RoutingManifest = {
      format: 'tocsin-routing-manifest-1',
      source: parts.signals[0]!.source,
      upstream: options.streamUrl,
      files,
      networks: options.networks,
      rules: { leastPeers: options.leastPeers, fullFeedShare: options.fullFeedShare },
      bins: wanted.map(({ counts: { bin, voting4, voting6, notVoting } }) => ({ bin, voting4, voting6, notVoting })),
      notes: [...notes, `${fromStream} messages by ${options.streamUrl}`],
    }
    files = []
    notes = []
    fromStream = 0
    const url = `${options.archiveUrl}/#ris-live/${span.from}-${span.until}`
    const answer = answerOfManifest(manifest, url, clock.now())
    const purpose: Observed['purpose'] = 'live'
    const items = observedItems({ signals, gathered: gatherer.take(), purpose, answer, stream: RIS_LIVE_STREAM, span })
    for (const item of items) {
      // A kill between two signals leaves some of them given.
      if (span.until <= (given.get(item.signal) ?? -Infinity)) continue
      yield item
    }
  }

  /** Whether the outcome holds what was asked for; if not, it is noted when and why to ask again. */
  const isRead = (outcome: ArchiveOutcome): boolean => {
    switch (outcome.kind) {
      case 'read':
        trouble = null
        files.push(...outcome.files)
        for (const each of outcome.missing) {
          // Not their silence: what its sessions said will never be known.
          if (timeline.reached !== null) table.lose(each, timeline.reached)
          notes.push(`${each}: nothing in the archive`)
        }
        return true
      case 'not-yet':
        trouble = null
        archiveAt = outcome.retryAt
        return false
      case 'wait':
        archiveAt = outcome.retryAt
        return false
      case 'unreachable':
      case 'unreadable':
      case 'wrong-clock':
        trouble = outcome
        archiveAt = outcome.retryAt
        return false
      case 'stopped':
        return false
      default:
        return outcome satisfies never
    }
  }

  /** One step with the archive: a table to begin with, or five minutes more. */
  const follow = async (): Promise<void> => {
    const { reached } = timeline
    if (reached === null) {
      const { outcome, from } = await archive.seed(wantedFrom, into)
      if (isRead(outcome)) timeline.begin(from)
      return
    }
    const end = timeline.binEnd
    if (end > clock.now()) {
      archiveAt = end
      return
    }
    if (end > reached) {
      const isPart = knownUntil > end - ROUTING_STEP
      const sink: IntoCollector = isPart ? (each) => since(knownUntil, into(each)) : into
      if (!isRead(await archive.updates({ from: reached, until: end }, sink))) return
    }
    keep(timeline.advance(end, clock.now(), () => {}))
    if (wholeFrom === null || !stream.isWhole() || wholeFrom > end) return
    isLive = true
    standing = null
    backlog.discardBefore(end)
  }

  const followAt = (): number => (following === null ? archiveAt : Infinity)

  const wakeAt = (): UnixSeconds => {
    const now = clock.now()
    const reached = timeline.reached ?? startedAt
    const times = [stream.due(), telling.staleAt(reached, startedAt), isLive ? reached + LAG_SECONDS : followAt()]
    // What is complete may have to wait until the bin has ended by our clock.
    if (isLive && safeUntil() >= timeline.binEnd) times.push(timeline.binEnd)
    return Math.min(...times.map((at) => (at > now ? at : now + 1))) as UnixSeconds
  }

  const wait = async (at: UnixSeconds): Promise<void> => {
    if (!hasChanged) {
      waiter = new AbortController()
      const stop = (): void => waiter?.abort()
      signal.addEventListener('abort', stop)
      await clock.until(at, waiter.signal)
      signal.removeEventListener('abort', stop)
      waiter = null
    }
    hasChanged = false
  }

  const measure = (): void => {
    const reached = timeline.reached ?? wantedFrom
    const wanted = clock.now() - (startedAt - options.backfillSeconds)
    const missing = clock.now() - reached
    const share = isLive ? 1 : Math.max(0, Math.min(1, 1 - missing / Math.max(1, wanted)))
    for (const each of signals) meter.backfilled(each, share)
  }

  async function* observe(): AsyncGenerator<Item, void> {
    try {
      while (!signal.aborted) {
        const now = clock.now()
        if (now < seen - CLOCK_STEP_SECONDS) return
        seen = now
        if (fresh !== null) {
          const loss: Loss = fresh
          fresh = null
          absorb(loss)
          if (loss.kind === 'flood' && now - (timeline.reached ?? 0) > REJOIN_SECONDS) stream.rest(restUntil(now))
        }
        stream.tick()
        if (isLive) {
          keep(timeline.advance(safeUntil(), now, drain))
          if (now - (timeline.reached ?? now) >= LAG_SECONDS) {
            stream.cut('silent', `its newest message is ${now - newest} s old`)
          }
        } else if (following === null && archiveAt <= now) {
          following = follow().finally(() => {
            following = null
            wake()
          })
        }
        const reached = timeline.reached ?? startedAt
        yield* telling.tell({ standing, trouble, reached, startedAt, now: clock.now() })
        measure()
        // More is under way: bins that come faster than time are given together.
        if (following === null || bundle.length >= BUNDLE_BINS) yield* give()
        await wait(wakeAt())
      }
    } finally {
      stream.close()
      await following
    }
  }

  /** While the archive is far behind, there is no use in a stream that cannot be held. */
  const restUntil = (now: UnixSeconds): UnixSeconds => (now + REJOIN_SECONDS) as UnixSeconds

  return {
    observe,
    figures: () => ({
      messages: backlog.counts.taken,
      malformed: book.count(),
      lastMalformed: book.last(),
      duplicates: backlog.counts.duplicates,
      late: backlog.counts.late,
      losses: { ...losses },
      buffered: backlog.bytes(),
      mostBuffered,
    }),
  }
}
