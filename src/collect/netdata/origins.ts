import type { UnixSeconds } from '../../model/brand.ts'
import { parseRfc3339, toRfc3339 } from '../../model/time.ts'
import { buildLpm, type Lpm } from '../../netdata/networks/lpm.ts'
import { createPrefixList, sortedOrder, type PrefixList } from '../../netdata/networks/prefix-columns.ts'
import { emptyPrefix, formatPrefix, parsePrefix } from '../../wire/prefix.ts'
import type { RouteCursor, RouteSink } from '../../wire/route-sink.ts'

export const ORIGINS_STEM = 'origins'

/** Somebody who originates a prefix, and how many sessions of the RIB carried it with that origin. */
export interface Origin {
  /** 0 where the path ended in an AS_SET of several. */
  readonly asn: number
  readonly sessions: number
}

interface FamilyOrigins {
  readonly prefixes: PrefixList
  /** Where the origins of a row begin in `asns`; one more for the end. */
  readonly from: Uint32Array
  readonly asns: Uint32Array
  readonly sessions: Uint16Array
  readonly lpm: () => Lpm
}

/** Prefixes and who originates them, of one RIB. Several origins of one prefix (MOAS) are all kept. */
export interface Origins {
  /** When the dump began. */
  readonly date: UnixSeconds
  /** Sessions that the dump had routes of. */
  readonly sessions: number
  readonly ipv4: FamilyOrigins
  readonly ipv6: FamilyOrigins
  /** Origins of a row, the most seen first. */
  originsOf(family: 4 | 6, row: number): readonly Origin[]
}

/** Takes the entries of one RIB; what else a decoder says is passed over. */
export interface OriginCollector extends RouteSink {
  /** @returns `null` where there was no RIB. */
  finish(): Origins | null
}

class FamilyCollector {
  /** One row an entry; entries of one prefix and origin that come one behind the other are one row. */
  readonly #entries = createPrefixList()
  readonly #asns: number[] = []
  readonly #sessions: number[] = []

  add(route: RouteCursor): void {
    const entries = this.#entries
    const row = entries.count - 1
    if (
      row >= 0 &&
      this.#asns[row] === route.origin &&
      entries.length[row] === route.length &&
      entries.word0[row] === route.word0 &&
      entries.word1[row] === route.word1 &&
      entries.word2[row] === route.word2 &&
      entries.word3[row] === route.word3
    ) {
      this.#sessions[row]! += 1
      return
    }
    entries.add(route.word0, route.word1, route.word2, route.word3, route.length)
    this.#asns.push(route.origin)
    this.#sessions.push(1)
  }

  /** Prefixes by address: dumps of several collectors have entries of one prefix far apart. */
  finish(): FamilyOrigins {
    const entries = this.#entries
    const prefixes = createPrefixList()
    const from: number[] = [0]
    const asns: number[] = []
    const sessions: number[] = []
    const current = new Map<number, number>()
    const close = (): void => {
      if (current.size === 0) return
      // The most seen first; of equals the lower number.
      for (const [asn, seen] of [...current].sort(([a, x], [b, y]) => y - x || a - b)) {
        asns.push(asn)
        sessions.push(Math.min(seen, 65_535))
      }
      from.push(asns.length)
      current.clear()
    }
    for (const row of sortedOrder(entries)) {
      const [w0, w1, w2, w3] = [entries.word0[row]!, entries.word1[row]!, entries.word2[row]!, entries.word3[row]!]
      const length = entries.length[row]!
      const last = prefixes.count - 1
      const same =
        last >= 0 &&
        prefixes.length[last] === length &&
        prefixes.word0[last] === w0 &&
        prefixes.word1[last] === w1 &&
        prefixes.word2[last] === w2 &&
        prefixes.word3[last] === w3
      if (!same) {
        close()
        prefixes.add(w0, w1, w2, w3, length)
      }
      current.set(this.#asns[row]!, (current.get(this.#asns[row]!) ?? 0) + this.#sessions[row]!)
    }
    close()
    return family(prefixes, from, asns, sessions)
  }
}

function family(prefixes: PrefixList, from: number[], asns: number[], sessions: number[]): FamilyOrigins {
  let built: Lpm | null = null
  return {
    prefixes,
    from: Uint32Array.from(from),
    asns: Uint32Array.from(asns),
    sessions: Uint16Array.from(sessions),
    lpm: () => (built ??= buildLpm(prefixes)),
  }
}

function originsFrom(date: UnixSeconds, sessions: number, ipv4: FamilyOrigins, ipv6: FamilyOrigins): Origins {
  return {
    date,
    sessions,
    ipv4,
    ipv6,
    originsOf(of, row) {
      const { from, asns, sessions: seen } = of === 4 ? ipv4 : ipv6
      const found: Origin[] = []
      for (let at = from[row]!; at < from[row + 1]!; at += 1) found.push({ asn: asns[at]!, sessions: seen[at]! })
      return found
    },
  }
}

/** Makes a snapshot of the RIBs that it is fed, in whatever order their entries come. */
export function createOriginCollector(): OriginCollector {
  const ipv4 = new FamilyCollector()
  const ipv6 = new FamilyCollector()
  const peers = new Map<string, number>()
  const withRoutes = new Set<number>()
  let date: number | null = null
  return {
    peer({ family: of, word0, word1, word2, word3, asn }) {
      const key = `${of} ${word0} ${word1} ${word2} ${word3} ${asn}`
      const known = peers.get(key)
      if (known !== undefined) return known
      peers.set(key, peers.size)
      return peers.size - 1
    },
    ribBegins(time) {
      date ??= time
    },
    entry(route) {
      withRoutes.add(route.peer)
      if (route.family === 4) ipv4.add(route)
      else ipv6.add(route)
    },
    announce() {},
    withdraw() {},
    state() {},
    endOfRib() {},
    finish() {
      if (date === null || withRoutes.size === 0) return null
      return originsFrom(date as UnixSeconds, withRoutes.size, ipv4.finish(), ipv6.finish())
    },
  }
}

const HEADER = /^origins 1 (\S+) (\d+)$/

/** One line a prefix, `203.0.113.0/24 64500:37 64501:2`: origins with the sessions that carried them. */
export function encodeOrigins(origins: Origins): string {
  const lines = [`origins 1 ${toRfc3339(origins.date)} ${origins.sessions}`]
  const of = emptyPrefix()
  for (const which of [4, 6] as const) {
    const { prefixes } = which === 4 ? origins.ipv4 : origins.ipv6
    of.family = which
    for (let row = 0; row < prefixes.count; row += 1) {
      of.word0 = prefixes.word0[row]!
      of.word1 = prefixes.word1[row]!
      of.word2 = prefixes.word2[row]!
      of.word3 = prefixes.word3[row]!
      of.length = prefixes.length[row]!
      const list = origins.originsOf(which, row).map(({ asn, sessions }) => `${asn}:${sessions}`)
      lines.push(`${formatPrefix(of)} ${list.join(' ')}`)
    }
  }
  return `${lines.join('\n')}\n`
}

/** @returns `null` where it is no such snapshot, or a line of it is none of ours. */
export function decodeOrigins(bytes: Uint8Array): Origins | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  let from = text.indexOf('\n')
  const head = HEADER.exec(text.slice(0, Math.max(from, 0)))
  const date = head === null ? null : parseRfc3339(head[1] ?? '')
  if (head === null || date === null) return null
  const columns = [4, 6].map(() => ({
    prefixes: createPrefixList(),
    from: [0] as number[],
    asns: [] as number[],
    sessions: [] as number[],
  }))
  const of = emptyPrefix()
  for (from += 1; from < text.length;) {
    const found = text.indexOf('\n', from)
    const end = found === -1 ? text.length : found
    const [prefix = '', ...list] = text.slice(from, end).split(' ')
    if (!parsePrefix(prefix, of) || list.length === 0) return null
    const into = columns[of.family === 4 ? 0 : 1]!
    into.prefixes.add(of.word0, of.word1, of.word2, of.word3, of.length)
    for (const each of list) {
      const match = /^(\d{1,10}):(\d{1,5})$/.exec(each)
      if (match === null) return null
      into.asns.push(Number(match[1]))
      into.sessions.push(Number(match[2]))
    }
    into.from.push(into.asns.length)
    from = end + 1
  }
  const [ipv4, ipv6] = columns.map((each) => family(each.prefixes, each.from, each.asns, each.sessions))
  return originsFrom(date, Number(head[2]), ipv4!, ipv6!)
}
