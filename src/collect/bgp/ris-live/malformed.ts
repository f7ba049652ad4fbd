import type { UnixSeconds } from '../../../model/brand.ts'

/** A message that could not be read, as it came, for people to look at. */
export interface Malformed {
  readonly at: UnixSeconds
  readonly reason: string
  /** Its beginning. */
  readonly text: string
}

/** Counts what cannot be read and keeps the last few. */
export interface MalformedBook {
  note(at: UnixSeconds, reason: string, message: Buffer): void
  count(): number
  /** The last few, oldest first. */
  last(): readonly Malformed[]
}

const KEPT = 5
const LONGEST_TEXT = 2000

export function createMalformedBook(): MalformedBook {
  let count = 0
  const kept: Malformed[] = []
  return {
    note(at, reason, message) {
      count += 1
      if (kept.length === KEPT) kept.shift()
      kept.push({ at, reason, text: message.toString('utf8', 0, LONGEST_TEXT) })
    },
    count: () => count,
    last: () => [...kept],
  }
}
