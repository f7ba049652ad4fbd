import type { UnixSeconds } from '../../../model/brand.ts'
import type { RouteEvent } from '../../../model/routing.ts'
import type { EvidenceFile } from '../observed.ts'
import { countArchive, type CountedBin, type CountingTable } from './count.ts'
import type { ArchiveDisk, StoredFile } from './disk.ts'
import type { FeedFile, FileOutcome } from './feed.ts'
import type { ArchiveFile, ArchiveLayout } from './layout.ts'

/** What is to be read of a file that was wanted: the file, or nothing and why. */
export type Settled =
  | { readonly kind: 'there'; readonly stored: StoredFile }
  | {
      readonly kind: 'missing'
      readonly state: EvidenceFile['state']
      readonly url: string
      readonly detail: string | null
    }

/** Bins that were counted, and what they rest on. */
export interface RunBins {
  readonly bins: readonly CountedBin<readonly RouteEvent[]>[]
  readonly files: readonly EvidenceFile[]
}

/**
 * A table on its way through an archive: from the RIBs of one instant on, file by file. Says which files it wants next,
 * and counts when each of them is settled: there, or not to be had.
 */
export interface ArchiveRun {
  /** When the RIBs were dumped. */
  readonly begunAt: UnixSeconds
  /** End of the last bin that was counted. */
  readonly position: UnixSeconds
  /** Since when files of a collector were missing that was part of it; `null` = all is there. */
  readonly holedSince: UnixSeconds | null
  /** What is needed to get to `until` and is not settled yet, in the order in which it is best asked for. */
  wanted(until: UnixSeconds): readonly ArchiveFile[]
  settle(file: ArchiveFile, settled: Settled): void
  /** Counts up to `until`, for which nothing may be wanted any more. */
  count(until: UnixSeconds, signal: AbortSignal): Promise<RunBins>
}

export interface ArchiveRunOptions {
  readonly layout: ArchiveLayout
  readonly collectors: readonly string[]
  readonly table: CountingTable<readonly RouteEvent[]>
  readonly disk: ArchiveDisk
  /** A time at which there are RIBs, by schedule. */
  readonly begunAt: UnixSeconds
}

export function createArchiveRun(options: ArchiveRunOptions): ArchiveRun {
  const { layout, table, disk, begunAt } = options
  const settled = new Map<string, Settled>()
  /** Those whose RIB was there. */
  const joined = new Set<string>()
  let position = begunAt
  let holedSince: UnixSeconds | null = null
  let isSeeded = false

  const ribs = options.collectors.map((collector) => layout.ribAt(collector, begunAt))

  const updatesTo = (until: UnixSeconds): readonly ArchiveFile[] => {
    const collectors = isSeeded ? [...joined] : options.collectors
    const files = collectors.flatMap((collector) => layout.updates(collector, { from: position, until }))
    return files.sort((a, b) => a.from - b.from)
  }

  const hole = (since: UnixSeconds): void => {
    holedSince ??= since
  }

  const opened = (file: ArchiveFile, stored: StoredFile): FeedFile => ({
    path: stored.path,
    from: file.from,
    until: file.until,
    open: () => disk.read(stored.path),
  })

  const evidence = (file: ArchiveFile, of: Settled, outcomes: readonly FileOutcome[]): EvidenceFile => {
    const { collector, kind, from, until } = file
    const named = { kind, collector, from, until }
    if (of.kind === 'missing') {
      const { url, state, detail } = of
      return { ...named, url, bytes: 0, sha256: null, fetchedAt: null, records: 0, broken: 0, state, detail }
    }
    const { url, bytes, sha256, fetchedAt, facts } = of.stored
    const outcome = outcomes.find(({ path }) => path === of.stored.path)
    const broken = outcome?.counts.broken ?? 0
    const detail = outcome?.failure ?? null
    return { ...named, url, bytes, sha256, fetchedAt, records: facts.records, broken, state: 'read', detail }
  }

  return {
    begunAt,
    get position() {
      return position
    },
    get holedSince() {
      return holedSince
    },
    wanted(until) {
      const files = isSeeded ? updatesTo(until) : [...ribs, ...updatesTo(until)]
      return files.filter(({ path }) => !settled.has(path))
    },
    settle(file, how) {
      settled.set(file.path, how)
      if (file.kind !== 'rib') return
      if (how.kind === 'there') joined.add(file.collector)
      else hole(file.from)
    },
    async count(until, signal) {
      const updates = updatesTo(until).filter(({ collector }) => joined.has(collector))
      const read = isSeeded ? updates : [...ribs, ...updates]
      const held = read.flatMap(({ path }) => (settled.get(path)?.kind === 'there' ? [path] : []))
      for (const path of held) await disk.keep(path)
      for (const file of updates) {
        if (settled.get(file.path)?.kind === 'there') continue
        hole(file.from)
      }
      const collectors = [...joined].map((collector) => {
        const ours = updates.filter((each) => each.collector === collector)
        const files = ours.flatMap((file) => {
          const how = settled.get(file.path)
          return how?.kind === 'there' ? [opened(file, how.stored)] : []
        })
        const lost = ours.find(({ path }) => settled.get(path)?.kind !== 'there')
        // What came before the missing file is of an earlier count: nothing of the collector is believed from here on.
        if (lost !== undefined) {
          table.lose(collector, lost.from)
          joined.delete(collector)
        }
        const seeds = isSeeded ? [] : ribs.filter((each) => each.collector === collector)
        const given = seeds.flatMap((file) => {
          const how = settled.get(file.path)
          return how?.kind === 'there' ? [{ ...opened(file, how.stored), at: file.from }] : []
        })
        return { collector, ribs: given, updates: lost === undefined ? files : [] }
      })
      const bins: CountedBin<readonly RouteEvent[]>[] = []
      try {
        const counting = {
          collectors,
          from: position,
          until,
          table,
          signal,
          takesRest: true,
          endsEarly: false,
        } as const
        for await (const bin of countArchive(counting)) bins.push(bin)
      } finally {
        for (const path of held) await disk.release(path)
      }
      if (signal.aborted) return { bins: [], files: [] }
      isSeeded = true
      position = until
      const outcomes = bins.flatMap(({ files }) => files)
      const files = read.flatMap((file) => {
        const how = settled.get(file.path)
        if (how === undefined) return []
        if (file.until <= until) settled.delete(file.path)
        return [evidence(file, how, outcomes)]
      })
      if (outcomes.some(({ failure, counts }) => failure !== null || counts.truncatedAt !== null)) hole(until)
      return { bins, files }
    },
  }
}
