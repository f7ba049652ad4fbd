import type { SourceId, UnixSeconds } from '../../../model/brand.ts'
import type { Budget } from '../../../model/health.ts'
import type { Interval } from '../../../model/intervals.ts'
import { plus } from '../../../model/time.ts'
import { createClient, userAgentOf } from '../../http/client.ts'
import { createMeter } from '../../http/meter.ts'
import { createRequestWindow } from '../../http/window.ts'
import type { CollectContext } from '../../source.ts'
import type { ArchiveDisk } from './disk.ts'
import { createArchiveFetcher } from './fetcher.ts'
import { LAYOUTS, type ArchiveFile, type ArchiveLayout } from './layout.ts'

export interface SpanToFetch {
  readonly layout: ArchiveLayout['id']
  readonly baseUrl: string
  readonly collectors: readonly string[]
  /** What is to be counted: the RIB before it is fetched too, and the updates since. */
  readonly span: Interval
  readonly disk: ArchiveDisk
  readonly budget: Budget
  readonly version: string
  readonly contact: string | null
  /** Told how much of it was asked for, 0 to 1. */
  readonly progress: (done: number) => void
}

/** A file that could not be had, and why. */
export interface NotFetched {
  readonly url: string
  readonly reason: string
}

/** How often a file is asked for that did not come, each time when the upstream is to be asked again. */
const TRIES = 4
/** How often an older RIB is tried where the newest is not there. */
const RIB_TRIES = 3
const LIMIT_BYTES = 1_000_000
const TIMEOUT_SECONDS = 60

/**
 * Brings all files into the cache that counting a span of the past needs: one at a time, within the budget, going on
 * where a download broke off. What does not come is told, and counts as missing: its sessions do not vote meanwhile.
 */
export async function fetchSpan(wanted: SpanToFetch, context: CollectContext): Promise<readonly NotFetched[]> {
  const { disk } = wanted
  const meter = createMeter()
  const client = createClient(
    {
      source: wanted.layout as SourceId,
      userAgent: userAgentOf(wanted.version, wanted.contact),
      timeoutSeconds: TIMEOUT_SECONDS,
      limitBytes: LIMIT_BYTES,
      window: createRequestWindow(wanted.budget),
      meter,
    },
    context,
  )
  const fetcher = createArchiveFetcher({ baseUrl: wanted.baseUrl, client, meter, context, disk })
  const lost: NotFetched[] = []
  const kept: string[] = []
  const layout = LAYOUTS[wanted.layout]
  const { span } = wanted
  /** Without a table updates say little: where the newest RIB before the span is not there, an older one serves. */
  const seedOf = async (collector: string): Promise<UnixSeconds | null> => {
    for (let back = 0; back < RIB_TRIES && !context.signal.aborted; back++) {
      if (await bring(layout.ribAt(collector, plus(span.from, -back * layout.ribEvery))))
        return layout.ribAt(collector, plus(span.from, -back * layout.ribEvery)).from
    }
    return null
  }
  /** @returns whether it is here. None may be let go of for the others: the cache's limit gives way to one span. */
  const bring = async (file: ArchiveFile): Promise<boolean> => {
    await disk.keep(file.path)
    kept.push(file.path)
    const reason = await fetchOne(file)
    if (reason !== null) lost.push({ url: fetcher.urlOf(file), reason })
    return reason === null
  }
  try {
    for (const [i, collector] of wanted.collectors.entries()) {
      const seed = await seedOf(collector)
      const files = seed === null ? [] : layout.updates(collector, { from: seed, until: span.until })
      for (const [j, file] of files.entries()) {
        if (context.signal.aborted) break
        await bring(file)
        wanted.progress((i + (j + 1) / files.length) / wanted.collectors.length)
      }
    }
    return lost
  } finally {
    for (const path of kept) await disk.release(path)
  }

  /** @returns why it did not come; `null` when it did. */
  async function fetchOne(file: ArchiveFile): Promise<string | null> {
    let reason = 'nobody asked'
    for (let attempt = 0; attempt < TRIES && !context.signal.aborted; attempt++) {
      const got = await fetcher.fetch(file, 'live')
      switch (got.kind) {
        case 'there':
          return null
        case 'empty':
          return 'it holds no record'
        case 'absent':
          return 'the archive has none of that name'
        case 'stopped':
          return 'stopped'
        case 'unreachable':
        case 'unreadable':
        case 'wrong-clock':
          reason = got.reason
          break
        default:
          got satisfies never
      }
    }
    return reason
  }
}
