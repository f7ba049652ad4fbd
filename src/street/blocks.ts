import type { IpFamily } from '../model/going-dark.ts'
import { emptyPrefix, parsePrefix } from '../wire/prefix.ts'

/** A prefix as a stretch of /24 or /48 blocks. */
export interface BlockRange {
  readonly family: IpFamily
  /** Number of its first block: the first 24 or 48 bits of the address. */
  readonly from: number
  /** Exclusive. The same as `from` for a prefix that is too long to hold a block. */
  readonly until: number
}

const BLOCK_LENGTH = { 4: 24, 6: 48 } as const

/** @returns `null` for a text that is no prefix. */
export function blockRange(prefix: string): BlockRange | null {
  const words = emptyPrefix()
  if (!parsePrefix(prefix, words)) return null
  const { family, length, word0, word1 } = words
  // 48 bits are exact in a double; shifts are not, past 32.
  const from = family === 4 ? word0 >>> 8 : word0 * 0x1_0000 + (word1 >>> 16)
  const spare = BLOCK_LENGTH[family] - length
  return { family: family === 4 ? 'ipv4' : 'ipv6', from, until: from + (spare < 0 ? 0 : 2 ** spare) }
}
