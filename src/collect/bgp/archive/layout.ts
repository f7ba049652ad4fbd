import type { Seconds, UnixSeconds } from '../../../model/brand.ts'
import type { Interval } from '../../../model/intervals.ts'
import { HOUR, MINUTE, parseRfc3339 } from '../../../model/time.ts'
import { dateInName, monthFolder } from './names.ts'

/** A file as an archive holds it. */
export interface ArchiveFile {
  readonly collector: string
  readonly kind: 'rib' | 'updates'
  /** What it speaks of, `[from, until)`; of a RIB, whose dump takes minutes, `until` = `from`. */
  readonly from: UnixSeconds
  readonly until: UnixSeconds
  /** Below the base address or folder, with `/`: `rrc00/2026.01/updates.20260108.0000.gz`. */
  readonly path: string
}

/** How an archive names its files and when it writes them. */
export interface ArchiveLayout {
  readonly id: 'ris' | 'routeviews'
  /** The newest RIB that began at `at` or before, by schedule. */
  ribAt(collector: string, at: UnixSeconds): ArchiveFile
  /** From one RIB to the next, by schedule. */
  readonly ribEvery: Seconds
  /** All files of updates that touch the span, in order. */
  updates(collector: string, span: Interval): readonly ArchiveFile[]
  /**
   * From the end of what a file speaks of to when it is there, as a cautious rule: asked for earlier, it is not missing
   * but not yet written. A RIB takes minutes to be dumped and more to be compressed.
   */
  readonly updatesDelay: Seconds
  readonly ribDelay: Seconds
}

const instant = (text: string): UnixSeconds => {
  const at = parseRfc3339(text)
  if (at === null) throw new TypeError(`not an instant: ${text}`)
  return at
}

const floor = (at: number, step: number): UnixSeconds => (Math.floor(at / step) * step) as UnixSeconds

/** RIS wrote every 15 minutes until 23 July 2003, and every 5 since. */
const RIS_EVERY_FIVE = instant('2003-07-24')

const RIS_RIB_EVERY = (8 * HOUR) as Seconds
const ROUTEVIEWS_RIB_EVERY = (2 * HOUR) as Seconds

/** RIPE RIS: https://data.ris.ripe.net/rrc00/2026.01/bview.20260108.0000.gz, updates.20260108.0005.gz. */
const RIS: ArchiveLayout = {
  id: 'ris',
  ribEvery: RIS_RIB_EVERY,
  updatesDelay: (4 * MINUTE) as Seconds,
  ribDelay: HOUR,
  ribAt(collector, at) {
    const from = floor(at, RIS_RIB_EVERY)
    return {
      collector,
      kind: 'rib',
      from,
      until: from,
      path: `${risFolder(collector, from)}bview.${dateInName(from)}.gz`,
    }
  },
  updates(collector, span) {
    const step = span.from >= RIS_EVERY_FIVE ? 5 * MINUTE : 15 * MINUTE
    return stepped(span, step, (from, until) => {
      return {
        collector,
        kind: 'updates',
        from,
        until,
        path: `${risFolder(collector, from)}updates.${dateInName(from)}.gz`,
      }
    })
  },
}

function risFolder(collector: string, at: UnixSeconds): string {
  return `${collector}/${monthFolder(at)}/`
}

/**
 * RouteViews: https://archive.routeviews.org/route-views.linx/bgpdata/2026.01/RIBS/rib.20260108.0000.bz2; its first
 * collector, `route-views2`, has no folder of its own.
 */
const ROUTEVIEWS: ArchiveLayout = {
  id: 'routeviews',
  ribEvery: ROUTEVIEWS_RIB_EVERY,
  updatesDelay: (8 * MINUTE) as Seconds,
  ribDelay: (40 * MINUTE) as Seconds,
  ribAt(collector, at) {
    const from = floor(at, ROUTEVIEWS_RIB_EVERY)
    const path = `${routeViewsFolder(collector, 'rib', from)}rib.${dateInName(from)}.bz2`
    return { collector, kind: 'rib', from, until: from, path }
  },
  updates: (collector, span) =>
    stepped(span, 15 * MINUTE, (from, until) => {
      const path = `${routeViewsFolder(collector, 'updates', from)}updates.${dateInName(from)}.bz2`
      return { collector, kind: 'updates', from, until, path }
    }),
}

function routeViewsFolder(collector: string, kind: ArchiveFile['kind'], at: UnixSeconds): string {
  const own = collector === 'route-views2' ? '' : `${collector}/`
  return `${own}bgpdata/${monthFolder(at)}/${kind === 'rib' ? 'RIBS' : 'UPDATES'}/`
}

function stepped(
  span: Interval,
  step: number,
  make: (from: UnixSeconds, until: UnixSeconds) => ArchiveFile,
): readonly ArchiveFile[] {
  const files: ArchiveFile[] = []
  for (let from = floor(span.from, step); from < span.until; from = (from + step) as UnixSeconds) {
    files.push(make(from, (from + step) as UnixSeconds))
  }
  return files
}

export const LAYOUTS: Readonly<Record<ArchiveLayout['id'], ArchiveLayout>> = { ris: RIS, routeviews: ROUTEVIEWS }
