import type { Page, Panel } from '../model/page.ts'

/** The signals that a page draws, in its order. */
export function panelsOf(page: Page): readonly Panel[] {
  switch (page.kind) {
    case 'world':
      return page.picture === null ? [] : [page.picture]
    case 'entity':
    case 'incident':
      return page.panels
    case 'sources':
    case 'method':
    case 'replays':
    case 'problem':
      return []
  }
}
