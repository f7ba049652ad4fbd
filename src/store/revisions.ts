import { StoreError } from '../model/errors.ts'
import type { Revision } from '../model/incident.ts'
import type { RevisionFilter } from './store.ts'

/** Which revisions are published, so that none is published twice. */
export interface RevisionKeys {
  /** @throws StoreError when one of them is there already or comes twice; then none is added. */
  check(revisions: readonly Revision[]): void
  add(revisions: readonly Revision[]): void
}

/** @param known keys made by `revisionKey`. */
export function makeRevisionKeys(known: readonly string[]): RevisionKeys {
  const keys = new Set(known)

  function check(revisions: readonly Revision[]): void {
    const fresh = new Set<string>()
    for (const revision of revisions) {
      const key = revisionKey(revision.incident.id, revision.number)
      if (keys.has(key) || fresh.has(key)) {
        throw new StoreError(
          `revision ${key} is published already, and nothing published is edited; give it the next number`,
        )
      }
      fresh.add(key)
    }
  }

  return {
    check,
    add(revisions) {
      check(revisions)
      for (const revision of revisions) keys.add(revisionKey(revision.incident.id, revision.number))
    },
  }
}

export function revisionKey(incident: string, number: number): string {
  return `${incident}/${number}`
}

export function selectRevisions(revisions: readonly Revision[], filter: RevisionFilter): readonly Revision[] {
  return revisions.filter(
    ({ incident, publishedAt }) =>
      (filter.incident === undefined || incident.id === filter.incident) &&
      (filter.entity === undefined || incident.entity === filter.entity) &&
      (filter.asOf === undefined || publishedAt <= filter.asOf),
  )
}
