import type { EntityId, UnixSeconds } from '../model/brand.ts'
import type { DarkPrefix } from '../model/going-dark.ts'
import type { RouteEvent } from '../model/routing.ts'
import { blockRange } from './blocks.ts'

/**
 * Events of one source, in the order of time, as prefixes with the times in which they were out of sight. What was lost
 * already and is lost again, or came back without having gone, says nothing new; a first return says that it was gone.
 */
export function prefixesOf(
  events: readonly RouteEvent[],
  operatorOf: (asn: number) => EntityId | null,
): readonly DarkPrefix[] {
  const byPrefix = new Map<string, RouteEvent[]>()
  for (const event of events) {
    const list = byPrefix.get(event.prefix)
    if (list === undefined) byPrefix.set(event.prefix, [event])
    else list.push(event)
  }
  return [...byPrefix].flatMap(([prefix, own]) => {
    const range = blockRange(prefix)
    const first = own[0]
    const last = own.at(-1)
    if (range === null || first === undefined || last === undefined) return []
    const origins = [...new Set(own.map(({ origin }) => origin))]
    return [
      {
        prefix,
        family: range.family,
        origin: first.origin,
        origins,
        movedTo: last.kind === 'returned' && last.origin !== first.origin ? last.origin : null,
        operator: first.origin === 0 ? null : operatorOf(first.origin),
        country: first.country,
        blocks: range.until - range.from,
        spells: spellsOf(own),
      },
    ]
  })
}

function spellsOf(events: readonly RouteEvent[]): DarkPrefix['spells'] {
  const spells: { lost: UnixSeconds | null; returned: UnixSeconds | null }[] = []
  let isLost = false
  for (const [index, { kind, at }] of events.entries()) {
    if (kind === 'lost') {
      if (!isLost) spells.push({ lost: at, returned: null })
      isLost = true
      continue
    }
    const open = spells.at(-1)
    if (isLost && open !== undefined) open.returned = at
    else if (index === 0) spells.push({ lost: null, returned: at })
    isLost = false
  }
  return spells
}

/** Whether it was out of sight at some time of `[from, until)`. */
export function isLostWithin({ spells }: DarkPrefix, from: number, until: number): boolean {
  return spells.some(({ lost, returned }) => (lost ?? 0) < until && (returned ?? Number.POSITIVE_INFINITY) > from)
}
