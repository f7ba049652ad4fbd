import type { View } from '../../street/view.ts'
import type { ViewContext } from './view-context.ts'

/** A context of the live view's front page, or of what a test says. */
export function contextOf(view: View, change: Partial<ViewContext>): ViewContext {
  return { view, language: 'en', kind: 'live', path: '/en/', query: '', time: 'utc', times: [], place: null, ...change }
}
