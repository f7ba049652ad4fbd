import { CORRECTED, GAINED } from './change-log.ts'
import type { FamilyTable } from './family-table.ts'
import { longerInt32 } from './grow.ts'
import type { Voter } from './voters.ts'

/** A prefix whose carriers became more than half of the voters, or no longer are. */
export interface Crossing {
  readonly row: number
  /** UTC seconds of the deciding message. */
  readonly at: number
  readonly kind: 'lost' | 'returned'
  /** Voters that carry it after that second. */
  readonly carrying: number
}

/**
 * Goes back from the end of the bin through what changed, second by second, so that the order in which collectors were
 * read does not matter. Only voters that rest on the same sessions as before are looked at: who joins or leaves loses and
 * returns nothing. Prefixes that a RIB set right within the bin have no crossings in it: when they changed is unknown.
 *
 * @param feeds how many feeds the table has.
 */
export function crossings(table: FamilyTable, voters: readonly Voter[], feeds: number): Crossing[] {
  const found: Crossing[] = []
  const { changes } = table
  const voterOf = new Int32Array(feeds).fill(-1)
  for (let voter = 0; voter < voters.length; voter += 1) for (const { id } of voters[voter]!.feeds) voterOf[id] = voter
  const carriedBy = new Int32Array(voters.length)
  const newestOf = new Float64Array(feeds)
  let chain = new Int32Array(64)
  let times = new Int32Array(64)

  for (let index = 0; index < changes.rowCount; index += 1) {
    const row = changes.rows[index]!
    let length = 0
    let corrected = false
    for (let at = changes.newest[row]!; at !== -1; at = changes.before[at]!) {
      if (voterOf[changes.feed[at]!] === -1) continue
      if (changes.kind[at] === CORRECTED) corrected = true
      if (length === chain.length) {
        chain = longerInt32(chain, length * 2, 0)
        times = longerInt32(times, length * 2, 0)
      }
      chain[length++] = at
    }
    if (corrected || length === 0) continue
    chain.subarray(0, length).reverse()
    // A clock that goes back within one session does not change the order of its messages.
    for (let place = 0; place < length; place += 1) newestOf[changes.feed[chain[place]!]!] = 0
    for (let place = 0; place < length; place += 1) {
      const feed = changes.feed[chain[place]!]!
      newestOf[feed] = times[place] = Math.max(newestOf[feed]!, changes.time[chain[place]!]!)
    }
    sortByTime(chain, times, length)

    let carrying = 0
    for (let voter = 0; voter < voters.length; voter += 1) {
      let by = 0
      for (const { block, column } of voters[voter]!.feeds) if (block.origin(row, column) !== 0) by += 1
      carriedBy[voter] = by
      if (by > 0) carrying += 1
    }
    for (let place = length - 1; place >= 0;) {
      const at = times[place]!
      const after = carrying
      for (; place >= 0 && times[place] === at; place -= 1) {
        const change = chain[place]!
        const voter = voterOf[changes.feed[change]!]!
        if (changes.kind[change] === GAINED) {
          carriedBy[voter]! -= 1
          if (carriedBy[voter] === 0) carrying -= 1
        } else {
          if (carriedBy[voter] === 0) carrying += 1
          carriedBy[voter]! += 1
        }
      }
      const isVisible = after * 2 > voters.length
      if (isVisible !== carrying * 2 > voters.length)
        found.push({ row, at, kind: isVisible ? 'returned' : 'lost', carrying: after })
    }
  }
  return found
}

/** Few, and nearly in order: by insertion. Equal times stay as they are. */
function sortByTime(chain: Int32Array, times: Int32Array, length: number): void {
  for (let place = 1; place < length; place += 1) {
    const change = chain[place]!
    const time = times[place]!
    let to = place
    for (; to > 0 && times[to - 1]! > time; to -= 1) {
      chain[to] = chain[to - 1]!
      times[to] = times[to - 1]!
    }
    chain[to] = change
    times[to] = time
  }
}
