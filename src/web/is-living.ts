import type { Page } from '../model/page.ts'

/** Whether a page changes while it is left open. Replays and explanations do not. */
export function isLiving(page: Page): boolean {
  if (page.frame.place === null || page.frame.standpoint.kind === 'replay') return false
  return page.kind === 'world' || page.kind === 'entity' || page.kind === 'incident' || page.kind === 'sources'
}
