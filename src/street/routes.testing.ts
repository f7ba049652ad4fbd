import type { SourceId, UnixSeconds } from '../model/brand.ts'
import type { RouteEvent } from '../model/routing.ts'
import { toRfc3339 } from '../model/time.ts'
import { blockRange } from './blocks.ts'

/** 2022-01-05T10:30:00Z, the start of a bin. */
export const DARK_AT = 1_641_378_600 as UnixSeconds

/** @param seconds after `DARK_AT`. */
export function route(kind: RouteEvent['kind'], prefix: string, origin: number, seconds: number): RouteEvent {
  const range = blockRange(prefix)
  if (range === null) throw new TypeError(`no prefix: ${prefix}`)
  return {
    source: 'ris' as SourceId,
    at: (DARK_AT + seconds) as UnixSeconds,
    kind,
    prefix,
    origin,
    country: 'KZ',
    blocks: range.until - range.from,
    carrying: kind === 'lost' ? 2 : 11,
    voting: 12,
  }
}

/** `10:31:07` of an instant. */
export function clockOf(at: UnixSeconds | null): string | null {
  return at === null ? null : toRfc3339(at).slice(11, 19)
}
