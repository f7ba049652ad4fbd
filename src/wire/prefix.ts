/** An address or a prefix in 32-bit words, unsigned, first word first. IPv4 uses `word0` alone. */
export interface PrefixWords {
  family: 4 | 6
  word0: number
  word1: number
  word2: number
  word3: number
  /** Prefix length, 0–32 or 0–128; of an address, all of it. */
  length: number
}

/** @returns an object to fill over and over. */
export function emptyPrefix(): PrefixWords {
  return { family: 4, word0: 0, word1: 0, word2: 0, word3: 0, length: 0 }
}

/** Word `index` (0–3) of a netmask of `length` bits, as a signed 32-bit number: `&` with it clears what is past the prefix. */
function maskWord(length: number, index: number): number {
  const bits = length - index * 32
  if (bits >= 32) return -1
  return bits <= 0 ? 0 : -1 << (32 - bits)
}

/** Dotted quad of an unsigned or signed 32-bit word. */
export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`
}

/**
 * RFC 5952: lower case, the longest run of two or more zero groups shortened, the first of equals. IPv4-mapped (§5) and
 * the old IPv4-compatible addresses end in a dotted quad, as `inet_ntop` of the C library prints them.
 *
 * @param shortest  fewest groups that are shortened: 2 by RFC 5952 §4.2.2; 1 as bgpdump prints, which also writes
 *                  `::0.0.0.32` for `::20`.
 */
export function formatIpv6(word0: number, word1: number, word2: number, word3: number, shortest: 1 | 2 = 2): string {
  const groups = [
    word0 >>> 16,
    word0 & 0xffff,
    word1 >>> 16,
    word1 & 0xffff,
    word2 >>> 16,
    word2 & 0xffff,
    word3 >>> 16,
    word3 & 0xffff,
  ]
  let from = -1
  let zeros = shortest - 1
  for (let index = 0; index < 8; index += 1) {
    let end = index
    while (end < 8 && groups[end] === 0) end += 1
    if (end - index > zeros) {
      from = index
      zeros = end - index
    }
    if (end > index) index = end
  }
  if (from === 0 && (zeros === 6 || (zeros === 7 && shortest === 1 && word3 !== 1))) return `::${formatIpv4(word3)}`
  if (from === 0 && zeros === 5 && groups[5] === 0xffff) return `::ffff:${formatIpv4(word3)}`
  if (from < 0) return groups.map(hex).join(':')
  return `${groups.slice(0, from).map(hex).join(':')}::${groups
    .slice(from + zeros)
    .map(hex)
    .join(':')}`
}

function hex(group: number): string {
  return group.toString(16)
}

export function formatAddress(of: Omit<PrefixWords, 'length'>): string {
  return of.family === 4 ? formatIpv4(of.word0) : formatIpv6(of.word0, of.word1, of.word2, of.word3)
}

/** Such as `192.0.2.0/24` or `2001:db8::/32`. */
export function formatPrefix(of: PrefixWords): string {
  return `${formatAddress(of)}/${of.length}`
}

/**
 * Reads an address (RFC 4291 §2.2 or dotted quad; no zone, no leading zeros in a quad) into `into`, with the length of all
 * its bits.
 *
 * @returns false where the text is none; `into` is then in no particular state.
 */
export function parseAddress(text: string, into: PrefixWords): boolean {
  return parseAddressPart(text, text.length, into)
}

/**
 * Reads `address/length` into `into`, as parseAddress does. Bits past the length are cleared. A bare address is no prefix.
 *
 * @returns false where the text is none; `into` is then in no particular state.
 */
export function parsePrefix(text: string, into: PrefixWords): boolean {
  const slash = text.indexOf('/')
  const digits = text.length - slash - 1
  if (slash < 0 || digits < 1 || digits > 3) return false
  let length = 0
  for (let at = slash + 1; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return false
    length = length * 10 + digit
  }
  if (digits > 1 && text.charCodeAt(slash + 1) === 48) return false
  if (!parseAddressPart(text, slash, into)) return false
  if (length > into.length) return false
  into.length = length
  into.word0 = (into.word0 & maskWord(length, 0)) >>> 0
  if (into.family === 6) {
    into.word1 = (into.word1 & maskWord(length, 1)) >>> 0
    into.word2 = (into.word2 & maskWord(length, 2)) >>> 0
    into.word3 = (into.word3 & maskWord(length, 3)) >>> 0
  }
  return true
}

function parseAddressPart(text: string, end: number, into: PrefixWords): boolean {
  for (let at = 0; at < end && at < 5; at += 1) if (text.charCodeAt(at) === 58) return parseIpv6(text, end, into)
  const word = parseIpv4(text, 0, end)
  if (word < 0) return false
  into.family = 4
  into.word0 = word
  into.word1 = 0
  into.word2 = 0
  into.word3 = 0
  into.length = 32
  return true
}

/** @returns the word, unsigned; −1 where it is no dotted quad. */
function parseIpv4(text: string, from: number, end: number): number {
  let word = 0
  let part = -1
  let parts = 0
  for (let at = from; at <= end; at += 1) {
    const code = at < end ? text.charCodeAt(at) : 46
    if (code === 46) {
      if (part < 0) return -1
      word = word * 256 + part
      part = -1
      parts += 1
    } else {
      const digit = code - 48
      if (digit < 0 || digit > 9 || part === 0) return -1
      part = part < 0 ? digit : part * 10 + digit
      if (part > 255) return -1
    }
  }
  return parts === 4 ? word : -1
}

const groups = new Uint16Array(8)

function parseIpv6(text: string, end: number, into: PrefixWords): boolean {
  groups.fill(0)
  let filled = 0
  let gap = -1
  let at = 0
  if (text.charCodeAt(0) === 58) {
    if (end < 2 || text.charCodeAt(1) !== 58) return false
    gap = 0
    at = 2
  }
  while (at < end) {
    if (filled === 8) return false
    let value = 0
    let digits = 0
    const start = at
    while (at < end && digits < 5) {
      const digit = hexDigit(text.charCodeAt(at))
      if (digit < 0) break
      value = value * 16 + digit
      digits += 1
      at += 1
    }
    if (digits === 0 || digits > 4) return false
    if (at < end && text.charCodeAt(at) === 46) {
      const word = parseIpv4(text, start, end)
      if (word < 0 || filled > 6) return false
      groups[filled] = word >>> 16
      groups[filled + 1] = word & 0xffff
      filled += 2
      at = end
      break
    }
    groups[filled] = value
    filled += 1
    if (at === end) break
    if (text.charCodeAt(at) !== 58) return false
    at += 1
    if (at === end) return false
    if (text.charCodeAt(at) === 58) {
      if (gap >= 0) return false
      gap = filled
      at += 1
    }
  }
  if (gap < 0 ? filled !== 8 : filled > 7) return false
  if (gap >= 0) {
    groups.copyWithin(8 - (filled - gap), gap, filled)
    groups.fill(0, gap, 8 - (filled - gap))
  }
  into.family = 6
  into.word0 = groups[0]! * 65_536 + groups[1]!
  into.word1 = groups[2]! * 65_536 + groups[3]!
  into.word2 = groups[4]! * 65_536 + groups[5]!
  into.word3 = groups[6]! * 65_536 + groups[7]!
  into.length = 128
  return true
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
