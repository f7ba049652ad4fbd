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

/** A file that is not there so long after its span, where others of that time or later are, will not come: the collector was not recording. */
const GIVE_UP_SECONDS = 3600
/** How often to look whether a file is there by now: ever more seldom, a quarter of its lateness. */
const LOOK_AGAIN_SECONDS = { least: 30, most: 300 }
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
  /** End of a span of which files seemed to be lost when it was last asked for. */
  let suspectedLost = -Infinity
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

  const lookAgain = (until: UnixSeconds): UnixSeconds => {
    const { least, most } = LOOK_AGAIN_SECONDS
    return plus(clock.now(), Math.round(Math.min(most, Math.max(least, (clock.now() - until) / 4))))
  }

  /**
   * Whether files of a span that are not there will never be: the archive has files of others, or newer ones. An archive
   * that has stopped as a whole goes on later.
   */
  const isLost = async (until: UnixSeconds, hasOthers: boolean): Promise<boolean> => {
    const now = clock.now()
    if (until + GIVE_UP_SECONDS > now) return false
    if (hasOthers) return true
    const due = plus(now, -layout.updatesDelay - ROUTING_STEP)
    const newest = collectors.flatMap((collector) => layout.updates(collector, { from: due, until: plus(due, 1) }))
    for (const file of newest) {
      if (file.from < until) continue
      const found = await files.get(file)
      if (found.kind === 'file') await found.release()
      if (found.kind === 'file') return true
      if (found.kind !== 'missing') return false
    }
    return false
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
          if (found?.kind !== 'file') {
            const answer = await files.get(file)
            if (answer.kind !== 'file' && answer.kind !== 'missing') return answer
            found = answer
            got.set(file.path, found)
          }
          if (found.kind === 'missing') missing.push(collector)
        }
      }
      // Looked for once more after newer ones were seen: it may have come in between.
      const isSure = suspectedLost === span.until
      const seemsLost = missing.length > 0 && (await isLost(span.until, missing.length < collectors.length))
      suspectedLost = seemsLost ? span.until : -Infinity
      if (missing.length > 0 && !(seemsLost && isSure)) {
        return { kind: 'not-yet', retryAt: lookAgain(span.until) }
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
