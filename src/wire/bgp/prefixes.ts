import type { BrokenReason } from '../broken.ts'
import type { RouteCursor } from '../route-sink.ts'

/** Bits of an address by family. */
function addressBits(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128
}

/**
 * Walks a field of prefixes (RFC 4271 §4.3; each with a path identifier of 4 bytes before it where `hasPathIds`,
 * RFC 7911 §3) without decoding them: lengths are never trusted, and a message is taken whole or not at all.
 */
export function checkPrefixes(
  bytes: Uint8Array,
  from: number,
  to: number,
  family: 4 | 6,
  hasPathIds: boolean,
): BrokenReason | null {
  const bits = addressBits(family)
  const before = hasPathIds ? 4 : 0
  let at = from
  while (at < to) {
    at += before
    if (at >= to) return 'prefix-overrun'
    const length = bytes[at]!
    if (length > bits) return 'prefix-length'
    at += 1 + ((length + 7) >>> 3)
  }
  return at === to ? null : 'prefix-overrun'
}

/** End of the prefixes in a field that stand before the first that is at fault; all of it where none is. */
export function soundEnd(bytes: Uint8Array, from: number, to: number, family: 4 | 6, hasPathIds: boolean): number {
  const before = hasPathIds ? 4 : 0
  let at = from
  for (;;) {
    const lengthAt = at + before
    if (lengthAt >= to || bytes[lengthAt]! > addressBits(family)) return at
    const next = lengthAt + 1 + ((bytes[lengthAt]! + 7) >>> 3)
    if (next > to) return at
    at = next
  }
}

/** Address of a prefix of `length` bits at `at` into the route; bits past the length are cleared. @returns the offset behind it. */
export function readPrefix(bytes: Uint8Array, at: number, family: 4 | 6, length: number, route: RouteCursor): number {
  route.length = length
  const size = (length + 7) >>> 3
  if (family === 4) {
    let word = 0
    if (size > 0) word = bytes[at]! << 24
    if (size > 1) word |= bytes[at + 1]! << 16
    if (size > 2) word |= bytes[at + 2]! << 8
    if (size > 3) word |= bytes[at + 3]!
    route.word0 = length === 0 ? 0 : (word & (-1 << (32 - length))) >>> 0
    return at + size
  }
  route.word0 = readWord(bytes, at, size, length)
  route.word1 = readWord(bytes, at + 4, size - 4, length - 32)
  route.word2 = readWord(bytes, at + 8, size - 8, length - 64)
  route.word3 = readWord(bytes, at + 12, size - 12, length - 96)
  return at + size
}

function readWord(bytes: Uint8Array, at: number, size: number, bits: number): number {
  if (bits <= 0) return 0
  let word = bytes[at]! << 24
  if (size > 1) word |= bytes[at + 1]! << 16
  if (size > 2) word |= bytes[at + 2]! << 8
  if (size > 3) word |= bytes[at + 3]!
  return (bits >= 32 ? word : word & (-1 << (32 - bits))) >>> 0
}
