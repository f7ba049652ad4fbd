import type { UnixSeconds } from '../../model/brand.ts'
import { parseRfc3339 } from '../../model/time.ts'
import { REGISTRIES, STATUSES, type Delegations, type Registry } from '../../netdata/networks/delegations.ts'
import { emptyPrefix, parseAddress } from '../../wire/prefix.ts'
import { GrowingIpv6, GrowingRanges } from './delegation-columns.ts'

/**
 * What is wrong with a line. `fields`: too few; `registry`: of another registry; `country`: no two letters; `type`: not
 * asn, ipv4 or ipv6; `start`, `value`, `date`, `status`: that field; `past-the-end`: the range is longer than the line of
 * numbers; `host-bits`: an IPv6 address inside its prefix, not at its beginning; `too-long`: an IPv6 prefix of more than
 * 64 bits, which nobody delegates.
 */
export type BrokenLine =
  | 'fields'
  | 'registry'
  | 'country'
  | 'type'
  | 'start'
  | 'value'
  | 'date'
  | 'status'
  | 'past-the-end'
  | 'host-bits'
  | 'too-long'

export interface DelegatedReport {
  /** Records that were read. */
  readonly records: number
  /** Lines that were not, by reason. */
  readonly broken: Readonly<Partial<Record<BrokenLine, number>>>
  /** The first few of them, each cut at 120 characters. */
  readonly examples: readonly { readonly line: number; readonly reason: BrokenLine; readonly text: string }[]
  /** Where the file's own counts (version line, summary lines) say otherwise than its lines: for people. */
  readonly mismatches: readonly string[]
}

/** `refused`: not such a file at all, or of another version; the reason is for people. */
export type DecodedDelegated =
  | { readonly kind: 'delegations'; readonly delegations: Delegations; readonly report: DelegatedReport }
  | { readonly kind: 'refused'; readonly reason: string }

const PIPE = 124
const EXAMPLES = 10
const EXAMPLE_CHARACTERS = 120
const MOST_FIELDS = 9
const HIGHEST = 4_294_967_295
const TYPES = ['asn', 'ipv4', 'ipv6'] as const

/**
 * Reads the statistics that a regional registry publishes each day of what it has delegated: the RIR statistics exchange
 * format of version 2 (also 2.3), extended (`delegated-<registry>-extended-<date>`) or plain, in ASCII. Never throws for
 * what the text says.
 *
 * An IPv4 count that is no power of two is one range here. A country as the registry writes it, also EU, AP and ZZ; an
 * empty one is 0. Dates are kept as they stand; `00000000` and an empty one are 0.
 */
export function decodeDelegated(text: string | Uint8Array): DecodedDelegated {
  return new Decoder(typeof text === 'string' ? Buffer.from(text, 'latin1') : asBuffer(text)).run()
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

class Decoder {
  readonly #bytes: Buffer
  /** Where the fields of the line in hand begin, and one behind the end of the last. */
  readonly #fields = new Uint32Array(MOST_FIELDS + 1)
  #fieldCount = 0
  readonly #asns = new GrowingRanges()
  readonly #ipv4 = new GrowingRanges()
  readonly #ipv6 = new GrowingIpv6()
  readonly #holders = new Map<string, number>([['', 0]])
  readonly #summaries = new Map<string, number>()
  readonly #broken: Partial<Record<BrokenLine, number>> = {}
  readonly #examples: { line: number; reason: BrokenLine; text: string }[] = []
  readonly #address = emptyPrefix()
  #registry: Registry = 'ripencc'

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  run(): DecodedDelegated {
    const bytes = this.#bytes
    let header: Header | null = null
    let line = 0
    for (let from = 0; from < bytes.length;) {
      const found = bytes.indexOf(10, from)
      const next = found === -1 ? bytes.length : found
      const end = next > from && bytes[next - 1] === 13 ? next - 1 : next
      line += 1
      if (end > from && bytes[from] !== 35) {
        this.#split(from, end)
        if (header === null) {
          const read = this.#header()
          if (typeof read === 'string') return { kind: 'refused', reason: `line ${line}: ${read}` }
          header = read
          this.#registry = read.registry
        } else {
          const reason = this.#record()
          if (reason !== null) this.#count(reason, line, from, end)
        }
      }
      from = next + 1
    }
    if (header === null) return { kind: 'refused', reason: 'an empty file' }
    return this.#finished(header)
  }

  #split(from: number, end: number): void {
    const [bytes, fields] = [this.#bytes, this.#fields]
    let count = 1
    fields[0] = from
    for (let at = from; at < end && count < MOST_FIELDS; at += 1) {
      if (bytes[at] === PIPE) {
        fields[count] = at + 1
        count += 1
      }
    }
    // One behind the last field, as if a separator stood there.
    fields[count] = end + 1
    this.#fieldCount = count
  }

  #text(field: number): string {
    return field >= this.#fieldCount
      ? ''
      : this.#bytes.toString('latin1', this.#fields[field], this.#fields[field + 1]! - 1)
  }

  #is(field: number, word: string): boolean {
    const from = this.#fields[field]!
    if (field >= this.#fieldCount || this.#fields[field + 1]! - 1 - from !== word.length) return false
    for (let i = 0; i < word.length; i += 1) if (this.#bytes[from + i] !== word.charCodeAt(i)) return false
    return true
  }

  /** @returns a whole number up to 2^32; -1 where the field is none. */
  #number(field: number): number {
    return this.#numberBetween(this.#fields[field]!, this.#fields[field + 1]! - 1)
  }

  #numberBetween(from: number, end: number): number {
    if (end <= from || end - from > 10) return -1
    let value = 0
    for (let at = from; at < end; at += 1) {
      const digit = this.#bytes[at]! - 48
      if (digit < 0 || digit > 9) return -1
      value = value * 10 + digit
    }
    return value > HIGHEST + 1 ? -1 : value
  }

  #header(): Header | string {
    const shown = this.#text(0).slice(0, 40)
    if (this.#fieldCount < 6) return `no version line of delegated statistics, but “${shown}”`
    if (!/^2(?:\.\d+)?$/.test(shown)) return `version “${shown}” of the format, where 2 can be read`
    const name = this.#text(1)
    const registry = REGISTRIES.find((each) => each === name)
    if (registry === undefined) return `no registry that is known: “${name.slice(0, 40)}”`
    const last = this.#text(5)
    const date = parseRfc3339(`${last.slice(0, 4)}-${last.slice(4, 6)}-${last.slice(6)}`)
    if (date === null) return `the last day of the file is no date: “${last.slice(0, 40)}”`
    return { registry, date, records: this.#number(3) }
  }

  #record(): BrokenLine | null {
    if (this.#fieldCount < 6) return 'fields'
    if (!this.#is(0, this.#registry)) return 'registry'
    if (this.#is(5, 'summary')) return this.#summary()
    if (this.#fieldCount < 7) return 'fields'
    const status = STATUSES.findIndex((each) => this.#is(6, each))
    if (status === -1) return 'status'
    const country = this.#country()
    if (country === -1) return 'country'
    const date = this.#date()
    if (date === -1) return 'date'
    if (this.#is(2, 'ipv4')) return this.#range(this.#ipv4, this.#ipv4Start(), country, status, date)
    if (this.#is(2, 'asn')) return this.#range(this.#asns, this.#asnStart(), country, status, date)
    return this.#is(2, 'ipv6') ? this.#prefix(country, status, date) : 'type'
  }

  #summary(): BrokenLine | null {
    const type = TYPES.find((each) => this.#is(2, each))
    if (type === undefined) return 'type'
    const count = this.#number(4)
    if (count === -1) return 'value'
    this.#summaries.set(type, count)
    return null
  }

  #country(): number {
    const from = this.#fields[1]!
    const length = this.#fields[2]! - 1 - from
    if (length === 0 || (length === 1 && this.#bytes[from] === 42)) return 0
    if (length !== 2) return -1
    // Two letters; some old files write them small.
    const a = this.#bytes[from]! & ~32
    const b = this.#bytes[from + 1]! & ~32
    return a >= 65 && a <= 90 && b >= 65 && b <= 90 ? a * 256 + b : -1
  }

  #date(): number {
    const length = this.#fields[6]! - 1 - this.#fields[5]!
    if (length === 0) return 0
    return length === 8 ? this.#number(5) : -1
  }

  #holder(): number {
    const text = this.#text(7)
    const known = this.#holders.get(text)
    if (known !== undefined) return known
    this.#holders.set(text, this.#holders.size)
    return this.#holders.size - 1
  }

  #range(into: GrowingRanges, start: number, country: number, status: number, date: number): BrokenLine | null {
    if (start === -1) return 'start'
    const value = this.#number(4)
    if (value < 1) return 'value'
    const last = start + value - 1
    if (last > HIGHEST) return 'past-the-end'
    into.add(start, last, country, status, date, this.#holder())
    return null
  }

  #ipv4Start(): number {
    const end = this.#fields[4]! - 1
    let value = 0
    let from = this.#fields[3]!
    for (let part = 0; part < 4; part += 1) {
      let to = from
      while (to < end && this.#bytes[to] !== 46) to += 1
      if (part < 3 ? to === end : to !== end) return -1
      const octet = to - from > 3 ? -1 : this.#numberBetween(from, to)
      if (octet < 0 || octet > 255) return -1
      value = value * 256 + octet
      from = to + 1
    }
    return value
  }

  /** Also as `1.10`, which old files wrote for 65546 (RFC 5396). */
  #asnStart(): number {
    const [from, end] = [this.#fields[3]!, this.#fields[4]! - 1]
    const dot = this.#bytes.subarray(from, end).indexOf(46)
    if (dot === -1) {
      const asn = this.#numberBetween(from, end)
      return asn > HIGHEST ? -1 : asn
    }
    const high = this.#numberBetween(from, from + dot)
    const low = this.#numberBetween(from + dot + 1, end)
    return high < 0 || high > 65_535 || low < 0 || low > 65_535 ? -1 : high * 65_536 + low
  }

  #prefix(country: number, status: number, date: number): BrokenLine | null {
    const address = this.#address
    if (this.#fields[4]! - 1 - this.#fields[3]! > 45 || !parseAddress(this.#text(3), address)) return 'start'
    if (address.family !== 6) return 'start'
    const length = this.#number(4)
    if (length < 0 || length > 128) return 'value'
    if (length > 64) return 'too-long'
    const rest0 = length >= 32 ? 0 : 0xffff_ffff >>> length
    const rest1 = length <= 32 ? 0xffff_ffff : length === 64 ? 0 : 0xffff_ffff >>> (length - 32)
    if (((address.word0 & rest0) | (address.word1 & rest1) | address.word2 | address.word3) !== 0) return 'host-bits'
    this.#ipv6.add(address.word0, address.word1, length, country, status, date, this.#holder())
    return null
  }

  #count(reason: BrokenLine, line: number, from: number, end: number): void {
    this.#broken[reason] = (this.#broken[reason] ?? 0) + 1
    if (this.#examples.length >= EXAMPLES) return
    const text = this.#bytes.toString('latin1', from, Math.min(end, from + EXAMPLE_CHARACTERS))
    this.#examples.push({ line, reason, text })
  }

  #finished({ registry, date, records: declared }: Header): DecodedDelegated {
    const counts = { asn: this.#asns.count, ipv4: this.#ipv4.count, ipv6: this.#ipv6.count }
    const records = counts.asn + counts.ipv4 + counts.ipv6
    const mismatches = declared === records ? [] : [`the version line says ${declared} records, ${records} were read`]
    for (const [type, said] of this.#summaries) {
      const read = counts[type as keyof typeof counts]
      if (said !== read) mismatches.push(`the summary says ${said} of ${type}, ${read} were read`)
    }
    return {
      kind: 'delegations',
      delegations: {
        registry,
        date,
        asns: this.#asns,
        ipv4: this.#ipv4,
        ipv6: this.#ipv6,
        holders: [...this.#holders.keys()],
      },
      report: { records, broken: this.#broken, examples: this.#examples, mismatches },
    }
  }
}

interface Header {
  readonly registry: Registry
  readonly date: UnixSeconds
  /** That the file says to hold; -1 where it does not say. */
  readonly records: number
}
