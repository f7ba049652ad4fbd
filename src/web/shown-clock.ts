import type { LocalClock, Page } from '../model/page.ts'

/**
 * The clock that times of a page are read from: the reader's own where they asked for it, else as the address says;
 * `null` = UTC.
 */
export function shownClock(page: Page, readers: LocalClock | null): LocalClock | null {
  if (readers !== null) return readers
  const there = page.kind === 'entity' || page.kind === 'incident' ? page.clock : null
  return page.frame.time === 'local' ? there : null
}
