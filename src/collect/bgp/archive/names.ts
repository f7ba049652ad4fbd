import type { UnixSeconds } from '../../../model/brand.ts'

/** What the name of a file of an archive says. */
export interface ArchiveName {
  readonly kind: 'rib' | 'updates'
  /** When its dump or its span began, UTC. */
  readonly from: UnixSeconds
  /** What stands before: `routeviews.route-views.jinx` of `routeviews.route-views.jinx.updates.1427846400.bz2`. */
  readonly prefix: string | null
}

/**
 * `bview.20260108.0000.gz` (RIS), `rib.20260108.0000.bz2` and `updates.20260108.0015.bz2` (RouteViews),
 * `updates.20260108.001500.mrt`, and names that tools give on the way: a collector before, seconds since 1970 for the date.
 */
const NAME =
  /^(?:(.+)[._-])?(bview|rib|updates)[._-](?:(\d{4})(\d{2})(\d{2})[._-]?(\d{2})(\d{2})(\d{2})?|(\d{9,10}))(?:\.mrt|\.dump)?(?:\.gz|\.bz2)?$/

/** @returns `null` when the name is none of an archive, or holds a date that does not exist. */
export function readArchiveName(name: string): ArchiveName | null {
  const match = NAME.exec(name)
  if (match === null) return null
  const [, prefix, word, year, month, day, hour, minute, second, unix] = match
  const kind = word === 'updates' ? 'updates' : 'rib'
  if (unix !== undefined) return { kind, from: Number(unix) as UnixSeconds, prefix: prefix ?? null }
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}.000Z`
  const at = Date.parse(text)
  // Date.parse turns 31 February into 3 March.
  if (Number.isNaN(at) || new Date(at).toISOString() !== text) return null
  return { kind, from: (at / 1000) as UnixSeconds, prefix: prefix ?? null }
}

/** `20260108.0005`, as both archives write it. */
export function dateInName(at: UnixSeconds): string {
  const text = new Date(at * 1000).toISOString()
  return `${text.slice(0, 10).replaceAll('-', '')}.${text.slice(11, 16).replace(':', '')}`
}

/** `2026.01`: the folder of a month. */
export function monthFolder(at: UnixSeconds): string {
  return new Date(at * 1000).toISOString().slice(0, 7).replace('-', '.')
}
