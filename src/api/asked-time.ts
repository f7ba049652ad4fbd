import type { Context } from 'hono'
import type { Choice, TimeShown } from '../model/page.ts'

const SHOWN: readonly TimeShown[] = ['utc', 'local']

/** Which clock an address asks for, and the addresses of the same page by each: all else in them stays. */
export function askedTime(c: Context): { readonly time: TimeShown; readonly times: readonly Choice<TimeShown>[] } {
  const query = new URL(c.req.url).searchParams
  // `mine` is for the browser, which knows the reader's clock; what is sent is UTC.
  const time = query.get('tz') === 'local' ? 'local' : 'utc'
  return {
    time,
    times: SHOWN.map((value) => {
      const other = new URLSearchParams(query)
      if (value === 'utc') other.delete('tz')
      else other.set('tz', value)
      const search = other.toString()
      return { value, href: search === '' ? c.req.path : `${c.req.path}?${search}`, isCurrent: value === time }
    }),
  }
}
