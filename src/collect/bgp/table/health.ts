import type { RouteTable } from './route-table.ts'
import type { NotVoting } from './voters.ts'

/** How one session stood at the end of the bin that was closed last. */
export interface SessionHealth {
  readonly peer: string
  readonly collector: string
  readonly asn: number
  readonly family: 4 | 6
  readonly routes: number
  /** UTC seconds of its newest message. */
  readonly lastHeard: number
  /** `null`: it votes. */
  readonly reason: NotVoting | null
}

/** What the view of a bin rests on, and what it does not. */
export interface ViewHealth {
  readonly voting4: number
  readonly voting6: number
  readonly sessions: readonly SessionHealth[]
  /** Collectors of which no session was heard for as long as makes one silent. */
  readonly silentCollectors: readonly string[]
}

export function viewHealth(table: RouteTable): ViewHealth {
  const sessions = ([4, 6] as const).flatMap((family) =>
    table.standing(family).map(({ feed: { session, routes }, reason }): SessionHealth => ({
      peer: session.text,
      collector: session.collector,
      asn: session.asn,
      family,
      routes,
      lastHeard: session.lastHeard,
      reason,
    })),
  )
  const collectors = new Map<string, boolean>()
  for (const { collector, reason } of sessions)
    collectors.set(collector, (collectors.get(collector) ?? true) && reason === 'silent')
  return {
    voting4: table.parts[4].visibility.voters.length,
    voting6: table.parts[6].visibility.voters.length,
    sessions,
    silentCollectors: [...collectors].filter(([, silent]) => silent).map(([name]) => name),
  }
}
