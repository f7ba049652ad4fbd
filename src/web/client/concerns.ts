import { parseEntityId } from '../../model/entity.ts'
import type { Page } from '../../model/page.ts'

/**
 * Whether a revision may change what a page says. An AS has no country by its id, so that what happens to one concerns
 * the pages of all countries: asking once in vain is better than a page that stands still.
 */
export function concerns(page: Page, revision: { readonly entity: string; readonly incident: string }): boolean {
  switch (page.kind) {
    case 'world':
      return true
    case 'entity':
      return touches(page.entity.id, revision.entity)
    case 'incident':
      return page.incident.id === revision.incident || touches(page.incident.entity, revision.entity)
    case 'sources':
    case 'method':
    case 'replays':
    case 'problem':
      return false
  }
}

function touches(shown: string, changed: string): boolean {
  if (shown === changed) return true
  const [one, other] = [parseEntityId(shown), parseEntityId(changed)]
  if (one === null || other === null || one.kind === 'world' || other.kind === 'world') return true
  return one.country === null || other.country === null || one.country === other.country
}
