import { binStart, plus } from '../../../model/time.ts'
import type { Seconds, UnixSeconds } from '../../../model/brand.ts'
import { createMrtReader } from '../../../wire/mrt/reader.ts'
import type { RouteSink } from '../../../wire/route-sink.ts'
import type { BinCounts } from '../counts.ts'
import { ROUTING_STEP } from '../signals.ts'
import { createFeed, createMerge, type Feed, type FeedFile, type FileOutcome } from './feed.ts'

/** What one collector has recorded, ready to be opened. */
export interface CountedCollector {
  readonly collector: string
  /**
   * The one to begin with, and those after it, in order of time; `at` = when its dump began. The later ones are read only
   * where files of updates are missing before. None: its sessions come to a full table by updates, or never.
   */
  readonly ribs: readonly (FeedFile & { readonly at: UnixSeconds })[]
  /** In order of time, from the one on in which the first RIB was dumped. */
  readonly updates: Iterable<FeedFile>
}

/** As much of the table of routes as counting needs. `Event` is what the table says of prefixes lost and returned. */
export interface CountingTable<Event> {
  /** Where the routes of one collector go: sessions of the same address at two collectors are two. */
  collector(name: string): RouteSink
  closeBin(bin: UnixSeconds): BinCounts
  /**
   * From `at` on it is not known what the sessions of a collector said: they do not vote until they are known to have a
   * full table again. Nothing of it is counted as withdrawn.
   */
  lose(collector: string, at: UnixSeconds): void
  /** Prefixes that crossed half of the votes since it was last asked. */
  takeEvents(): Event
}

export interface CountArchiveOptions<Event> {
  readonly collectors: readonly CountedCollector[]
  /** Bins from this one on are given; those before it are counted for what they leave behind. A multiple of 300 s. */
  readonly from: UnixSeconds
  /** End of the last bin, a multiple of 300 s. */
  readonly until: UnixSeconds
  readonly table: CountingTable<Event>
  /**
   * Messages that stand in the files and are not before `until`: whether they go into the table behind the last bin. For
   * who counts file by file with one table.
   */
  readonly takesRest?: boolean
  /** False: all bins are given although nothing is known of the last ones, as where a collector was silent. */
  readonly endsEarly?: boolean
  /** Stops between two bins, and between two files. */
  readonly signal?: AbortSignal
}

/** One bin, and what was read on the way to its end. */
export interface CountedBin<Event> {
  readonly counts: BinCounts
  readonly events: Event
  /** Files that came to their end within it; in the first bin, all before it. */
  readonly files: readonly FileOutcome[]
}

/**
 * Counts archives: each collector's RIB into the table, then its updates, all collectors merged in the order of time,
 * closing a bin every 300 s. RIBs are not of the same instant: each is read when the others have come to its beginning,
 * so that no session is taken for silent because its own archive begins later. Where files of a collector are missing, its
 * sessions do not vote until its next RIB: our gap is never their silence.
 *
 * Ends early, with the last whole bin, when all files are over.
 */
export async function* countArchive<Event>(options: CountArchiveOptions<Event>): AsyncGenerator<CountedBin<Event>> {
  const { collectors, from, until, table, signal } = options
  if (from % ROUTING_STEP !== 0 || until % ROUTING_STEP !== 0) {
    throw new TypeError(`bins are of ${ROUTING_STEP} s: ${from} to ${until} does not keep to them`)
  }
  const pending = collectors
    .flatMap(({ collector, ribs, updates }) => {
      const begin = { collector, updates, isFirst: true, rib: ribs[0] ?? null, at: ribs[0]?.at ?? -Infinity }
      const later = ribs.slice(1).map((rib) => ({ ...begin, isFirst: false, rib, at: rib.at as number }))
      return [begin, ...later]
    })
    .sort((a, b) => a.at - b.at)
  /** Files of theirs were missing, and no RIB came since. */
  const holed = new Set<string>()
  const feeds: Feed[] = []
  const merge = createMerge(feeds)
  let files: FileOutcome[] = []

  /** Reads the RIBs that began before `end`, each when the others have come to its beginning. */
  const begin = async (end: number): Promise<void> => {
    while (pending.length > 0 && pending[0]!.at < end) {
      const { collector, updates, isFirst, rib, at } = pending.shift()!
      if (!isFirst && !holed.has(collector)) continue
      await merge.run(at)
      const sink = table.collector(collector)
      const lose = (since: number): void => {
        holed.add(collector)
        table.lose(collector, since as UnixSeconds)
      }
      holed.delete(collector)
      if (rib !== null) {
        const outcome = await readRib(rib, sink)
        files.push(outcome)
        // A part of each table would be taken for all of it.
        if (outcome.failure !== null || outcome.counts.truncatedAt !== null) lose(at)
      }
      if (!isFirst) continue
      feeds.push(createFeed(updates[Symbol.iterator](), sink, lose))
    }
  }

  const first = Math.min(from, ...pending.map(({ at }) => (at === -Infinity ? from : at)))
  let bin = binStart(first as UnixSeconds, ROUTING_STEP, 0 as Seconds)
  try {
    for (; bin < until && signal?.aborted !== true; bin = plus(bin, ROUTING_STEP)) {
      const end = plus(bin, ROUTING_STEP)
      await begin(end)
      await merge.run(end)
      // What is after the last record is not known; a bin that is not whole is not given.
      const isOver = !pending.some(({ isFirst }) => isFirst) && merge.isOver && !feeds.some(({ reach }) => reach >= end)
      if (isOver && options.endsEarly !== false) return
      const counts = table.closeBin(bin)
      const events = table.takeEvents()
      for (const feed of feeds) files.push(...feed.outcomes())
      if (bin < from) continue
      yield { counts, events, files }
      files = []
    }
    if (options.takesRest === true && signal?.aborted !== true) await merge.run(Infinity)
  } finally {
    for (const feed of feeds) await feed.close()
  }
}

/** Reads a RIB into the table. A damaged one ends where the damage is, and the outcome tells of it. */
export async function readRib(file: FeedFile, sink: RouteSink): Promise<FileOutcome> {
  const reader = createMrtReader(sink)
  let failure: string | null = null
  try {
    for await (const chunk of file.open()) reader.push(chunk)
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  reader.end()
  return { path: file.path, counts: reader.counts, failure }
}
