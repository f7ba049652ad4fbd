import type { UnixSeconds } from '../../../model/brand.ts'
import { MINUTE, plus } from '../../../model/time.ts'
import type { PeerKey, RouteCursor, RouteSink, SessionState } from '../../../wire/route-sink.ts'
import type { Client } from '../../http/client.ts'
import type { Meter } from '../../http/meter.ts'
import type { CollectContext } from '../../source.ts'
import type { ArchiveOutcome, ArchiveReader } from '../archive-reader.ts'
import type { EvidenceFile } from '../observed.ts'
import { readRib } from './count.ts'
import type { ArchiveDisk, StoredFile } from './disk.ts'
import { createFeed, createMerge, type Feed } from './feed.ts'
import { createArchiveFetcher, type Fetched } from './fetcher.ts'
import { LAYOUTS, type ArchiveFile, type ArchiveLayout } from './layout.ts'

export interface ArchiveReaderParts {
  readonly baseUrl: string
  readonly collectors: readonly string[]
  readonly client: Client
  readonly meter: Meter
  readonly context: CollectContext
}

/** A file that was not there when it was due is asked for again so often. */
const RETRY_SECONDS = 5 * MINUTE
/** So long after it was due, a file that one collector has and another has not is not waited for any more. */
const PATIENCE_SECONDS = 30 * MINUTE
/** How often an older RIB is tried where the newest is not there. */
const RIB_TRIES = 3

type Wanted =
  | {
      readonly kind: 'all'
      readonly there: readonly { readonly file: ArchiveFile; readonly stored: StoredFile }[]
      readonly absent: readonly ArchiveFile[]
    }
  | Exclude<ArchiveOutcome, { readonly kind: 'read' }>

/** An archive for who follows a live stream: see `ArchiveReader`. Files are fetched first, and nothing is read before all are there. */
export function createArchiveReader(
  layoutId: ArchiveLayout['id'],
  disk: ArchiveDisk,
  parts: ArchiveReaderParts,
): ArchiveReader {
  const layout = LAYOUTS[layoutId]
  const { client, context, collectors } = parts
  const { clock } = context
  const fetcher = createArchiveFetcher({ ...parts, disk })
  /** What stands in files beyond the span that was read last. */
  let rest: { readonly until: UnixSeconds; readonly feeds: readonly GatedFeed[] } = {
    until: 0 as UnixSeconds,
    feeds: [],
  }

  const want = async (files: readonly ArchiveFile[]): Promise<Wanted> => {
    const there: { file: ArchiveFile; stored: StoredFile }[] = []
    const absent: ArchiveFile[] = []
    for (const file of files) {
      const ready = client.readyAt('live')
      if (ready > clock.now() && !(await fetcher.isHere(file))) return { kind: 'wait', retryAt: ready }
      const fetched: Fetched = await fetcher.fetch(file, 'live')
      switch (fetched.kind) {
        case 'there':
          there.push({ file, stored: fetched.stored })
          break
        case 'absent':
        case 'empty':
          absent.push(file)
          break
        case 'stopped':
          return fetched
        case 'unreachable':
        case 'unreadable':
        case 'wrong-clock': {
          const { kind, reason, answer } = fetched
          const retryAt = client.waitingUntil() ?? plus(clock.now(), RETRY_SECONDS)
          return { kind, reason, answer, retryAt }
        }
        default:
          return fetched satisfies never
      }
    }
    return { kind: 'all', there, absent }
  }

  const evidence = (file: ArchiveFile, stored: StoredFile): EvidenceFile => ({
    url: stored.url,
    kind: file.kind,
    collector: file.collector,
    from: file.from,
    until: file.until,
    bytes: stored.bytes,
    sha256: stored.sha256,
    fetchedAt: stored.fetchedAt,
    records: stored.facts.records,
    broken: 0,
    state: 'read',
    detail: null,
  })

  /** Whether the archive has records of a later time, although nothing of what was due. */
  const goesOn = async (from: UnixSeconds): Promise<boolean> => {
    const until = plus(clock.now(), -layout.updatesDelay)
    const newest = collectors.flatMap((collector) => {
      const files = layout.updates(collector, { from, until }).filter((each) => each.until <= until)
      return files.slice(-1)
    })
    const wanted = await want(newest)
    return wanted.kind === 'all' && wanted.there.length > 0
  }

  return {
    async seed(at, into) {
      const now = clock.now()
      const newest = Math.min(at, now - layout.ribDelay)
      for (let tries = 0; tries < RIB_TRIES; tries++) {
        const time = (newest - tries * layout.ribEvery) as UnixSeconds
        const wanted = await want(collectors.map((collector) => layout.ribAt(collector, time)))
        if (wanted.kind !== 'all') return { outcome: wanted, from: time }
        if (wanted.there.length === 0) continue
        const files: EvidenceFile[] = []
        for (const { file, stored } of wanted.there) {
          const outcome = await readRib({ path: file.path, open: () => disk.read(file.path) }, into(file.collector))
          files.push({ ...evidence(file, stored), broken: outcome.counts.broken, detail: outcome.failure })
        }
        const missing = wanted.absent.map(({ collector }) => collector)
        return { outcome: { kind: 'read', files, missing }, from: layout.ribAt('', time).from }
      }
      return { outcome: { kind: 'not-yet', retryAt: plus(now, RETRY_SECONDS) }, from: at }
    },

    async updates(span, into) {
      const files = collectors.flatMap((collector) => layout.updates(collector, span))
      const due = Math.max(...files.map(({ until }) => until)) + layout.updatesDelay
      if (due > clock.now()) return { kind: 'not-yet', retryAt: due as UnixSeconds }
      const follows = rest.until === span.from
      // A file that goes on past the last span is open already.
      const isOpen = (file: ArchiveFile): boolean => follows && rest.feeds.some(({ path }) => path === file.path)
      const wanted = await want(files.filter((file) => !isOpen(file)))
      if (wanted.kind !== 'all') return wanted
      const { there, absent } = wanted
      if (absent.length > 0) {
        const isLate = clock.now() > due + PATIENCE_SECONDS
        const isAlone = there.length === 0
        if (!isLate || (isAlone && !(await goesOn(span.until)))) {
          return { kind: 'not-yet', retryAt: plus(clock.now(), RETRY_SECONDS) }
        }
      }
      const opened = there.map(({ file }): GatedFeed => {
        const gate = new Gate()
        const feedFile = { path: file.path, from: file.from, until: file.until, open: () => disk.read(file.path) }
        return {
          path: file.path,
          collector: file.collector,
          gate,
          feed: createFeed([feedFile][Symbol.iterator](), gate),
        }
      })
      if (!follows) for (const { feed } of rest.feeds) await feed.close()
      const all = [...(follows ? rest.feeds : []), ...opened]
      for (const each of all) each.gate.target = into(each.collector)
      for (const each of opened) each.gate.isOpen = false
      // What the files hold from before was handed on by who came before, or is in the RIB.
      await createMerge(opened.map(({ feed }) => feed)).run(span.from)
      for (const each of all) each.gate.isOpen = true
      await createMerge(all.map(({ feed }) => feed)).run(span.until)
      rest = { until: span.until, feeds: all.filter(({ feed }) => feed.nextTime !== Infinity) }
      const missing = absent.map(({ collector }) => collector)
      return { kind: 'read', files: there.map(({ file, stored }) => evidence(file, stored)), missing }
    },
  }
}

interface GatedFeed {
  readonly path: string
  readonly collector: string
  readonly gate: Gate
  readonly feed: Feed
}

/** Lets routes through to whoever takes them now, or not at all. Numbers of peers are always those of the target. */
class Gate implements RouteSink {
  target: RouteSink | null = null
  isOpen = false

  peer(key: PeerKey): number {
    return this.target?.peer(key) ?? 0
  }
  ribBegins(time: number): void {
    if (this.isOpen) this.target?.ribBegins(time)
  }
  entry(route: RouteCursor): void {
    if (this.isOpen) this.target?.entry(route)
  }
  announce(route: RouteCursor): void {
    if (this.isOpen) this.target?.announce(route)
  }
  withdraw(route: RouteCursor): void {
    if (this.isOpen) this.target?.withdraw(route)
  }
  state(time: number, micros: number, peer: number, from: SessionState | 0, to: SessionState): void {
    if (this.isOpen) this.target?.state(time, micros, peer, from, to)
  }
  endOfRib(time: number, peer: number, family: 4 | 6): void {
    if (this.isOpen) this.target?.endOfRib(time, peer, family)
  }
}
