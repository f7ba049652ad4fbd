import type { ViewContext } from './view-context.ts'

/**
 * The address of the same page with other answers to some questions: the URL is the state, and what is not named stays.
 *
 * @param changes `null` takes a parameter away.
 */
export function addressWith(
  context: Pick<ViewContext, 'path' | 'query'>,
  changes: Readonly<Record<string, string | null>>,
  fragment: string | null,
): string {
  const query = new URLSearchParams(context.query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  const search = query.toString()
  return `${context.path}${search === '' ? '' : `?${search}`}${fragment === null ? '' : `#${fragment}`}`
}
