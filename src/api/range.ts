import type { UnixSeconds } from '../model/brand.ts'
import { plus, toRfc3339, WEEK } from '../model/time.ts'
import type { Range } from '../store/store.ts'
import type { View } from '../street/view.ts'
import { badParameter } from './problem.ts'

/** The week before `end` where nothing else is asked for. */
export function askedRange(from: UnixSeconds | undefined, until: UnixSeconds | undefined, end: UnixSeconds): Range {
  const last = until ?? end
  const first = from ?? plus(last, -WEEK)
  if (first >= last) throw badParameter('until', until === undefined ? null : toRfc3339(until), 'must lie after from')
  return { from: first, until: last }
}

/** The same, to the newest data. */
export async function dataRange(
  view: View,
  from: UnixSeconds | undefined,
  until: UnixSeconds | undefined,
): Promise<Range> {
  return askedRange(from, until, until ?? (await view.newestData()) ?? view.now())
}
