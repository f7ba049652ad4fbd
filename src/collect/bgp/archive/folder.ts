import { readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { ConfigError } from '../../../model/errors.ts'
import type { UnixSeconds } from '../../../model/brand.ts'
import { toRfc3339 } from '../../../model/time.ts'
import { ROUTING_STEP } from '../signals.ts'
import type { CountedCollector } from './count.ts'
import { readArchiveName } from './names.ts'
import { openChunks, openInTurn } from './open.ts'

/** A file of an archive on this machine. */
export interface LocalFile {
  readonly collector: string
  readonly kind: 'rib' | 'updates'
  readonly from: UnixSeconds
  readonly path: string
}

/** What one collector recorded: the RIB to begin with, those after it, and the updates since. */
export interface CollectorFiles {
  readonly collector: string
  /** The newest at or before the span, and all later ones within it; empty: nothing of this collector can be counted. */
  readonly ribs: readonly LocalFile[]
  /** In order of time, from the one in which the first RIB was dumped; `until` as the next one, or its like, says. */
  readonly updates: readonly (LocalFile & { readonly until: UnixSeconds })[]
}

/**
 * All files of an archive in a folder, in order of collector, kind and time: the layout of RIS, of RouteViews, or any
 * other: whatever bears `bview`, `rib` or `updates` and a date in its name. The collector is the first folder below that
 * is not a month or one of RouteViews' own (`bgpdata`, `RIBS`, `UPDATES`), or what stands before in the name, or the
 * folder itself.
 *
 * @throws ConfigError when the folder cannot be read.
 */
export async function listArchive(folder: string): Promise<readonly LocalFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new ConfigError(`cannot read the folder of BGP archives ${folder}; name one that this user may read`, {
      cause,
    })
  })
  const files = entries.flatMap((entry): readonly LocalFile[] => {
    const name = readArchiveName(entry.name)
    if (name === null || entry.isDirectory()) return []
    const parents = relative(folder, entry.parentPath).split(sep)
    const own = parents.find((part) => part !== '' && !/^(?:\d{4}\.\d{2}|bgpdata|RIBS|UPDATES)$/.test(part))
    const collector = own ?? name.prefix ?? (parents.includes('bgpdata') ? 'route-views2' : basename(folder))
    return [{ collector, kind: name.kind, from: name.from, path: join(entry.parentPath, entry.name) }]
  })
  return files.sort(
    (a, b) =>
      compare(a.collector, b.collector) || compare(a.kind, b.kind) || a.from - b.from || compare(a.path, b.path),
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Of each collector what is needed to count a span: its newest RIB that began at `from` or before, and its updates from
 * the file on that was being written when that RIB began. Where the first RIB comes later, but within the span, it is
 * taken: counting begins late, and says so.
 *
 * @throws ConfigError when no collector has a RIB before `until`.
 */
export function chooseFiles(
  files: readonly LocalFile[],
  span: { readonly from: UnixSeconds; readonly until: UnixSeconds },
): readonly CollectorFiles[] {
  const chosen = [...new Set(files.map(({ collector }) => collector))].map((collector): CollectorFiles => {
    const own = files.filter((each) => each.collector === collector)
    const ribs = own.filter(({ kind, from }) => kind === 'rib' && from < span.until)
    const seed = Math.max(
      0,
      ribs.findLastIndex(({ from }) => from <= span.from),
    )
    const at = ribs[seed]?.from
    const updates = withEnds(own.filter(({ kind }) => kind === 'updates')).filter(
      ({ from, until }) => at !== undefined && from < span.until && until > at,
    )
    return { collector, ribs: ribs.slice(seed), updates }
  })
  if (chosen.some(({ ribs }) => ribs.length > 0)) return chosen
  throw new ConfigError(
    `no RIB before ${toRfc3339(span.until)} among ${files.length} files: routes cannot be counted from updates alone; ` +
      'add a file such as bview.20260108.0000.gz or rib.20260108.0000.bz2',
  )
}

/** A step between files is no gap up to this many times the usual one: tools that cut files do it late now and then. */
const USUAL_STEPS = 1.5

/** A file speaks of the time to the next one; where that is long after the usual, or none comes, for the usual time. */
function withEnds(files: readonly LocalFile[]): CollectorFiles['updates'] {
  const steps = files.slice(1).map(({ from }, i) => from - files[i]!.from)
  const usual = [...steps].sort((a, b) => a - b)[(steps.length - 1) >> 1] ?? ROUTING_STEP
  return files.map((file, i) => {
    const step = steps[i] ?? Infinity
    return { ...file, until: (file.from + (step <= USUAL_STEPS * usual ? step : usual)) as UnixSeconds }
  })
}

/** Opens what was chosen, for `countArchive`; what is slow to unpack is unpacked ahead. */
export function openCollectors(chosen: readonly CollectorFiles[]): readonly CountedCollector[] {
  const able = chosen.filter(({ ribs }) => ribs.length > 0)
  const seeds = able.flatMap(({ ribs }) => ribs.slice(0, 1)).sort((a, b) => a.from - b.from)
  const openSeeds = openInTurn(seeds.map(({ path }) => path))
  return able.map(({ collector, ribs, updates }) => {
    const openUpdates = openInTurn(updates.map(({ path }) => path))
    return {
      collector,
      ribs: ribs.map((rib) => {
        const open = openSeeds[seeds.indexOf(rib)] ?? (() => openChunks(rib.path))
        return { path: rib.path, at: rib.from, open }
      }),
      updates: updates.map(({ path, from, until }, i) => ({ path, from, until, open: openUpdates[i]! })),
    }
  })
}
