import type { AnswerWithBody } from '../../../model/answer.ts'
import type { UnixSeconds } from '../../../model/brand.ts'
import { plus } from '../../../model/time.ts'
import type { CollectContext } from '../../source.ts'
import type { ArchiveReader, IntoCollector } from '../archive-reader.ts'
import { readRib } from '../archive/count.ts'
import { createFeed, createMerge, type Feed, type FeedFile, type Merge } from '../archive/feed.ts'
import type { ArchiveFile, ArchiveLayout } from '../archive/layout.ts'
import type { EvidenceFile } from '../observed.ts'
import { ROUTING_STEP } from '../signals.ts'
import type { RouteSink } from '../../../wire/route-sink.ts'

/** What came of asking for one file. `missing`: the archive answers, and has no such file. */
export type Got =
  | {
      readonly kind: 'file'
      readonly evidence: EvidenceFile
      /** Uncompressed, as often as it is called. */
      open(): AsyncIterable<Uint8Array>
      /** It is not needed any more. */
      release(): Promise<void>
    }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'unreachable' | 'unreadable' | 'wrong-clock'
      readonly reason: string
      readonly retryAt: UnixSeconds
      readonly answer: AnswerWithBody | null
    }
  /** Not to be asked before then. */
  | { readonly kind: 'wait'; readonly retryAt: UnixSeconds }
  | { readonly kind: 'stopped' }

/** Gets one file at a time, from a cache or over the network. Never waits for a turn or for a budget: it says when to come again. */
export interface FileGetter {
  get(file: ArchiveFile): Promise<Got>
}

export interface ArchiveFollowOptions {
  readonly layout: ArchiveLayout
  readonly collectors: readonly string[]
  readonly files: FileGetter
  readonly context: CollectContext
}

/** A file that is not there by then will not come: the collector was not recording. */
const GIVE_UP_SECONDS = 3600
/** How often to look whether a file is there by now. */
const LOOK_AGAIN_SECONDS = 30
/** As many RIBs of a collector are looked for, from new to old. */
const MOST_RIBS = 4

type Answered = Extract<Got, { readonly kind: 'file' | 'missing' }>
type Trouble = Exclude<Got, Answered>

/** An archive followed in steps of five minutes, all collectors merged. */
export function createArchiveFollow(options: ArchiveFollowOptions): ArchiveReader {
  const { layout, collectors, files, context } = options
  const { clock } = context
  /** Of the spans that follow each other: a file may hold records of the next span. */
  let feeds = new Map<string, { readonly feed: Feed; readonly queue: FeedFile[] }>()
  let merge: Merge | null = null
  let sinks: IntoCollector = () => {
    throw new TypeError('a feed before there is a sink')
  }
  let followedTo = -Infinity
  /** Got for a span of which others are still missing: not asked for again. */
  const got = new Map<string, Answered>()

  const restart = (): void => {
    feeds = new Map(
      collectors.map((collector) => {
        const queue: FeedFile[] = []
        const next = (): IteratorResult<FeedFile> => {
          const file = queue.shift()
          return file === undefined ? { done: true, value: undefined } : { done: false, value: file }
        }
        // The sink is asked for with each call: the span says what is wanted of it.
        return [
          collector,
          {
            feed: createFeed(
              { next },
              forward(() => sinks(collector)),
            ),
            queue,
          },
        ]
      }),
    )
    merge = createMerge([...feeds.values()].map(({ feed }) => feed))
  }

  const letGo = async (): Promise<void> => {
    for (const each of got.values()) if (each.kind === 'file') await each.release()
    got.clear()
  }

  const ribOf = async (collector: string, at: UnixSeconds): Promise<Answered | Trouble> => {
    let wanted = layout.ribAt(collector, at)
    for (let tried = 0; tried < MOST_RIBS; tried++) {
      // Not written yet: the one before it.
      if (wanted.from + layout.ribDelay <= clock.now()) {
        const found = got.get(wanted.path) ?? (await files.get(wanted))
        if (found.kind === 'file' || found.kind === 'missing') got.set(wanted.path, found)
        if (found.kind !== 'missing') return found
      }
      wanted = layout.ribAt(collector, plus(wanted.from, -1))
    }
    return { kind: 'missing' }
  }

  return {
    async seed(at, into) {
      const evidence: EvidenceFile[] = []
      const missing: string[] = []
      const ribs: { readonly collector: string; readonly file: Extract<Got, { kind: 'file' }> }[] = []
      for (const collector of collectors) {
        const found = await ribOf(collector, at)
        if (found.kind !== 'file' && found.kind !== 'missing') return { outcome: found, from: at }
        if (found.kind === 'missing') missing.push(collector)
        else ribs.push({ collector, file: found })
      }
      if (ribs.length === 0) {
        const retryAt = plus(clock.now(), GIVE_UP_SECONDS / 4)
        const reason = `no RIB of ${collectors.join(', ')} up to ${MOST_RIBS} before`
        return { outcome: { kind: 'unreachable', reason, retryAt, answer: null }, from: at }
      }
      for (const { collector, file } of ribs) {
        const outcome = await readRib({ path: file.evidence.url, open: () => file.open() }, into(collector))
        evidence.push(evidenceOf(file.evidence, outcome))
      }
      const from = Math.min(...ribs.map(({ file }) => file.evidence.from)) as UnixSeconds
      followedTo = -Infinity
      await letGo()
      return { outcome: { kind: 'read', files: evidence, missing }, from }
    },

    async updates(span, into) {
      const now = clock.now()
      const start = (Math.floor(span.from / ROUTING_STEP) * ROUTING_STEP) as UnixSeconds
      // Not written yet, as a rule.
      if (span.until + layout.updatesDelay > now)
        return { kind: 'not-yet', retryAt: plus(span.until, layout.updatesDelay) }
      const missing: string[] = []
      for (const collector of collectors) {
        for (const file of layout.updates(collector, { from: start, until: span.until })) {
          let found = got.get(file.path)
          if (found === undefined || (found.kind === 'missing' && span.until + GIVE_UP_SECONDS > now)) {
            const answer = await files.get(file)
            if (answer.kind !== 'file' && answer.kind !== 'missing') return answer
            found = answer
            got.set(file.path, found)
          }
          if (found.kind === 'missing') missing.push(collector)
        }
      }
      if (missing.length > 0 && span.until + GIVE_UP_SECONDS > now) {
        return { kind: 'not-yet', retryAt: plus(now, LOOK_AGAIN_SECONDS) }
      }
      if (followedTo !== start || merge === null) restart()
      sinks = into
      const evidence: EvidenceFile[] = []
      for (const collector of collectors) {
        const own = feeds.get(collector)
        for (const file of layout.updates(collector, { from: start, until: span.until })) {
          const found = got.get(file.path)
          if (own === undefined || found?.kind !== 'file') continue
          own.queue.push({ path: file.path, open: () => found.open() })
          evidence.push(found.evidence)
        }
        await own?.feed.fill()
      }
      await merge?.run(span.until)
      await letGo()
      followedTo = span.until
      return { kind: 'read', files: evidence, missing }
    },
  }
}

function evidenceOf(file: EvidenceFile, { counts, failure }: Awaited<ReturnType<typeof readRib>>): EvidenceFile {
  return { ...file, records: counts.records, detail: failure }
}

/** A sink that is another one from span to span. */
function forward(to: () => RouteSink): RouteSink {
  return {
    peer: (key) => to().peer(key),
    ribBegins: (time) => to().ribBegins(time),
    entry: (route) => to().entry(route),
    announce: (route) => to().announce(route),
    withdraw: (route) => to().withdraw(route),
    state: (time, micros, peer, before, now) => to().state(time, micros, peer, before, now),
    endOfRib: (time, peer, family) => to().endOfRib(time, peer, family),
  }
}
