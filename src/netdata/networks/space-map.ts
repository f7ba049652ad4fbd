import { sortedOrder } from './prefix-columns.ts'

/**
 * Stretches of a line as they were given, which may overlap: positions are pairs of 32-bit words. IPv4 addresses and AS
 * numbers stand in the first word, with 0 to 0xffffffff in the second; IPv6 in units of /64.
 */
export interface SpaceInput {
  readonly count: number
  readonly start0: Uint32Array
  readonly start1: Uint32Array
  readonly last0: Uint32Array
  readonly last1: Uint32Array
  /** Of rows that overlap the one with the highest rank counts; of equals the first. */
  readonly rank: Uint32Array
}

/** Disjoint stretches, ascending, each with the row of the input that it belongs to. */
export interface SpaceMap {
  readonly count: number
  readonly start0: Uint32Array
  readonly start1: Uint32Array
  readonly last0: Uint32Array
  readonly last1: Uint32Array
  readonly row: Uint32Array
  /** Stretches that more than one row claimed. */
  readonly contested: number
}

export function buildSpaceMap(input: SpaceInput): SpaceMap {
  const { start0, start1, last0, last1, rank, count } = input
  const none = new Uint32Array(count)
  const order = sortedOrder({
    count,
    word0: start0,
    word1: start1,
    word2: none,
    word3: none,
    length: new Uint8Array(count),
  })
  const room = 2 * count
  const made = {
    start0: new Uint32Array(room),
    start1: new Uint32Array(room),
    last0: new Uint32Array(room),
    last1: new Uint32Array(room),
    row: new Uint32Array(room),
  }
  let pieces = 0
  let contested = 0
  // Rows over the point reached, seldom more than one. Positions are numbers here: one may lie behind the end.
  let over: number[] = []
  let next = 0
  let at0 = 0
  let at1 = 0
  while (next < count || over.length > 0) {
    if (over.length === 0) {
      at0 = start0[order[next]!]!
      at1 = start1[order[next]!]!
    }
    while (next < count && start0[order[next]!] === at0 && start1[order[next]!] === at1) {
      over.push(order[next]!)
      next += 1
    }
    let best = over[0]!
    let end0 = last0[best]!
    let end1 = last1[best]!
    for (const row of over) {
      if (rank[row]! > rank[best]! || (rank[row] === rank[best] && row < best)) best = row
      if (last0[row]! < end0 || (last0[row] === end0 && last1[row]! < end1)) {
        end0 = last0[row]!
        end1 = last1[row]!
      }
    }
    if (next < count) {
      const s0 = start0[order[next]!]!
      const s1 = start1[order[next]!]!
      if (s0 < end0 || (s0 === end0 && s1 <= end1)) {
        end0 = s1 === 0 ? s0 - 1 : s0
        end1 = s1 === 0 ? 0xffff_ffff : s1 - 1
      }
    }
    if (over.length > 1) contested += 1
    const before = pieces - 1
    const goesOn =
      before >= 0 &&
      made.row[before] === best &&
      (made.last1[before] === 0xffff_ffff
        ? made.last0[before]! + 1 === at0 && at1 === 0
        : made.last0[before] === at0 && made.last1[before]! + 1 === at1)
    const piece = goesOn ? before : pieces
    if (!goesOn) {
      made.start0[piece] = at0
      made.start1[piece] = at1
      made.row[piece] = best
      pieces += 1
    }
    made.last0[piece] = end0
    made.last1[piece] = end1
    const [e0, e1] = [end0, end1]
    over = over.filter((row) => last0[row]! > e0 || (last0[row] === e0 && last1[row]! > e1))
    at0 = end1 === 0xffff_ffff ? end0 + 1 : end0
    at1 = end1 === 0xffff_ffff ? 0 : end1 + 1
  }
  return {
    count: pieces,
    contested,
    start0: made.start0.slice(0, pieces),
    start1: made.start1.slice(0, pieces),
    last0: made.last0.slice(0, pieces),
    last1: made.last1.slice(0, pieces),
    row: made.row.slice(0, pieces),
  }
}

/** @returns the first stretch that ends at the position or later; `count` for none. */
export function firstEndingFrom(map: SpaceMap, word0: number, word1: number): number {
  const { last0, last1 } = map
  let low = 0
  let high = map.count
  while (low < high) {
    const middle = (low + high) >>> 1
    const l0 = last0[middle]!
    if (l0 < word0 || (l0 === word0 && last1[middle]! < word1)) low = middle + 1
    else high = middle
  }
  return low
}

/** @returns the row that the position belongs to; -1 for none. */
export function rowAt(map: SpaceMap, word0: number, word1: number): number {
  const at = firstEndingFrom(map, word0, word1)
  if (at === map.count) return -1
  const s0 = map.start0[at]!
  return s0 < word0 || (s0 === word0 && map.start1[at]! <= word1) ? map.row[at]! : -1
}

/** Positions that a stretch has in common with `[word, last]`, both included; a float: 2^64 is more than a number holds exactly. */
export function sharedLength(map: SpaceMap, at: number, word0: number, word1: number, l0: number, l1: number): number {
  let s0 = map.start0[at]!
  let s1 = map.start1[at]!
  let e0 = map.last0[at]!
  let e1 = map.last1[at]!
  if (s0 < word0 || (s0 === word0 && s1 < word1)) {
    s0 = word0
    s1 = word1
  }
  if (e0 > l0 || (e0 === l0 && e1 > l1)) {
    e0 = l0
    e1 = l1
  }
  return (e0 - s0) * 4_294_967_296 + (e1 - s1) + 1
}
