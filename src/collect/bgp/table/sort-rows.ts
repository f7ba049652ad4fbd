import type { PrefixRows } from './prefix-rows.ts'

/**
 * Rows by address, shorter prefixes first. RIBs of most collectors come in that order, so that is looked at first; else
 * a radix sort. Looks at the first two words: lengths beyond 64 do not count for blocks.
 */
export function sortRows(rows: PrefixRows, given: Uint32Array): Uint32Array {
  if (inOrder(rows, given)) return given
  let order = given
  let other = new Uint32Array(given.length)
  const counts = new Uint32Array(65_536)
  const pass = (column: Uint32Array | Uint8Array, shift: number): void => {
    counts.fill(0)
    for (let at = 0; at < order.length; at += 1) counts[(column[order[at]!]! >>> shift) & 0xffff]! += 1
    let sum = 0
    for (let digit = 0; digit < 65_536; digit += 1) {
      const here = counts[digit]!
      counts[digit] = sum
      sum += here
    }
    for (let at = 0; at < order.length; at += 1) {
      const row = order[at]!
      const digit = (column[row]! >>> shift) & 0xffff
      other[counts[digit]!] = row
      counts[digit]! += 1
    }
    const swapped = order
    order = other
    other = swapped as Uint32Array<ArrayBuffer>
  }
  pass(rows.length, 0)
  if (rows.family === 6) {
    pass(rows.word1, 0)
    pass(rows.word1, 16)
  }
  pass(rows.word0, 0)
  pass(rows.word0, 16)
  return order
}

function inOrder(rows: PrefixRows, order: Uint32Array): boolean {
  const { word0, word1, length } = rows
  const v6 = rows.family === 6
  for (let at = 1; at < order.length; at += 1) {
    const a = order[at - 1]!
    const b = order[at]!
    if (word0[a]! < word0[b]!) continue
    if (word0[a]! > word0[b]!) return false
    if (v6) {
      if (word1[a]! < word1[b]!) continue
      if (word1[a]! > word1[b]!) return false
    }
    if (length[a]! > length[b]!) return false
  }
  return true
}
