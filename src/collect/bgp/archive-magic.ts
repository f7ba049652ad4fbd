export type Compression = 'gzip' | 'bzip2' | 'none'

/** How a file is packed, by the four bytes it begins with; names lie. */
export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return isBzip2(head) ? 'bzip2' : 'none'
}

/** Whether a file begins as bzip2: `BZh` and the size of its blocks. */
export function isBzip2(head: Uint8Array): boolean {
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 && head[3]! >= 0x31 && head[3]! <= 0x39
}
