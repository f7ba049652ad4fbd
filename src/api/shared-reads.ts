import type { PublishedRevision } from '../store/store.ts'
import type { EventFeed } from '../street/view.ts'

/** Reading on after a place; the readers of one place share the answer until something new is published. */
export interface SharedReads {
  since(place: number): Promise<readonly PublishedRevision[]>
  /** Something was published: what was read before is old. */
  renew(): void
}

/** @param limit at most so many revisions in one answer. */
export function sharedReads(feed: EventFeed, limit: number): SharedReads {
  const asked = new Map<number, Promise<readonly PublishedRevision[]>>()
  return {
    since(place) {
      let answer = asked.get(place)
      if (answer === undefined) {
        answer = feed.since(place, limit)
        asked.set(place, answer)
        // A failure is for those who asked, not for those who ask next.
        answer.catch(() => asked.delete(place))
      }
      return answer
    },
    renew: () => asked.clear(),
  }
}
