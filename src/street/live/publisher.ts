import type { EntityId, IncidentId, UnixSeconds } from '../../model/brand.ts'
import type { Incident, Revision } from '../../model/incident.ts'
import type { Hierarchy } from '../../model/place.ts'
import type { Store } from '../../store/store.ts'
import type { EventSource } from '../events.ts'
import type { Ledger } from '../ledger.ts'
import { createLedger } from '../ledger.ts'
import type { Scope } from '../scope.ts'
import { countryWithin, scopeOf } from '../scope.ts'

/** What is published, and what is to be. */
export interface Publisher {
  /**
   * Compares what some scopes say now with what was published, and publishes what changed.
   *
   * @param horizon incidents that ended before it rest on data that are gone: they stay as they are.
   */
  publish(scopes: Iterable<readonly [string, Scope]>, now: UnixSeconds, horizon: UnixSeconds | null): Promise<boolean>
  /** The newest revision of every incident that is in the store. */
  current(): readonly Revision[]
  /** Countries with an incident that lasts, before those of which nobody can say yet that it is over. */
  focus(): readonly EntityId[]
}

const IN_TROUBLE: readonly Incident['state'][] = ['suspected', 'ongoing', 'recovering', 'restricted']

export async function createPublisher(store: Store, events: EventSource, hierarchy: Hierarchy): Promise<Publisher> {
  const published = await store.revisions({})
  /** One for each scope: ids begin with the entity, so that no two scopes give the same. */
  const ledgers = new Map<string, Ledger>()
  const latest = new Map<IncidentId, Revision>()
  for (const revision of published) latest.set(revision.incident.id, revision)
  /** Made by the ledger and refused by the store: they go before all others. */
  let waiting: Revision[] = []

  const byScope = new Map<string, Revision[]>()
  for (const revision of published) {
    const name = scopeOf(revision.incident.entity, hierarchy)
    const list = byScope.get(name)
    if (list === undefined) byScope.set(name, [revision])
    else list.push(revision)
  }
  for (const [name, revisions] of byScope) ledgers.set(name, createLedger(revisions))

  return {
    async publish(scopes, now, horizon) {
      const snapshot = await store.lastBatch()
      for (const [name, scope] of scopes) {
        let ledger = ledgers.get(name)
        // What is gone from the data is retracted: a scope that has incidents is never passed over.
        if (ledger === undefined && scope.quiet()) continue
        if (ledger === undefined) {
          ledger = createLedger([])
          ledgers.set(name, ledger)
        }
        waiting.push(...ledger.update(scope.drafts(now), () => true, now, snapshot, horizon))
      }
      if (waiting.length === 0) return false
      const before = await store.lastPublished()
      await store.publish(waiting)
      const count = waiting.length
      for (const revision of waiting) latest.set(revision.incident.id, revision)
      waiting = []
      for (const each of await store.published(before, count)) events.emit({ kind: 'revision', published: each })
      return true
    },
    current: () => [...latest.values()],
    focus() {
      const inTrouble = new Set<EntityId>()
      const unverified = new Set<EntityId>()
      for (const { incident } of latest.values()) {
        const country = countryWithin(incident.entity, hierarchy)
        if (country === null || incident.closedBy !== null) continue
        if (IN_TROUBLE.includes(incident.state)) inTrouble.add(`country:${country}` as EntityId)
        if (incident.state === 'unverified') unverified.add(`country:${country}` as EntityId)
      }
      return [...[...inTrouble].sort(), ...[...unverified].filter((each) => !inTrouble.has(each)).sort()]
    },
  }
}
