import type { UnixSeconds } from '../../model/brand.ts'
import type { Budget } from '../../model/health.ts'

/** `live` goes before `back-fill`; only back-fill is held to its share. */
export type Purpose = 'live' | 'back-fill'

/** Counts requests in a sliding window. In no window of `budget.perSeconds` are there more than `budget.requests`. */
export interface RequestWindow {
  /** The first instant, `now` or later, at which a request of that purpose keeps to the budget; `Infinity` = never. */
  readyAt(purpose: Purpose, now: UnixSeconds): UnixSeconds
  record(purpose: Purpose, now: UnixSeconds): void
  spent(now: UnixSeconds): number
}

/**
 * The first half of a window may be spent at once (a cold start, a return after a fault); what comes after is spread
 * evenly. Back-fill is spread evenly from its first request, so that it never comes in bursts.
 */
export function createRequestWindow(budget: Budget): RequestWindow {
  const { requests, perSeconds } = budget
  const forBackfill = Math.floor(requests * budget.backfillShare)
  const all: number[] = []
  const backfill: number[] = []

  const forget = (now: number): void => {
    // The clock was set back: as if the newest had gone out just now.
    const ahead = (all.at(-1) ?? now) - now
    if (ahead > 0) for (const list of [all, backfill]) list.forEach((at, i) => (list[i] = at - ahead))
    while (all.length > 0 && (all[0] ?? 0) + perSeconds <= now) all.shift()
    while (backfill.length > 0 && (backfill[0] ?? 0) + perSeconds <= now) backfill.shift()
  }

  /** When one of `most` places in the window is free. */
  const freeAt = (spent: readonly number[], most: number, now: number): number => {
    return spent.length < most ? now : (spent[spent.length - most] ?? now) + perSeconds
  }

  return {
    readyAt(purpose, now) {
      forget(now)
      const last = all.at(-1) ?? -Infinity
      const pace = all.length * 2 >= requests ? Math.ceil(perSeconds / requests) : 0
      const ready = Math.max(now, freeAt(all, requests, now), last + pace)
      if (purpose === 'live') return ready as UnixSeconds
      if (forBackfill < 1) return Infinity as UnixSeconds
      const next = (backfill.at(-1) ?? -Infinity) + Math.ceil(perSeconds / forBackfill)
      return Math.max(ready, freeAt(backfill, forBackfill, now), next) as UnixSeconds
    },
    record(purpose, now) {
      forget(now)
      all.push(now)
      if (purpose === 'back-fill') backfill.push(now)
    },
    spent(now) {
      forget(now)
      return all.length
    },
  }
}
