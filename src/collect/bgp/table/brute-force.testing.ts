import type { NetworkMap } from '../../../netdata/networks/network-map.ts'
import { formatPrefix, type PrefixWords } from '../../../wire/prefix.ts'
import { unpackCountry } from '../../../netdata/networks/country-code.ts'

/**
 * The rules of counting once more, in maps and sets, with every /24 enumerated and IPv6 in intervals: slow, and easy to
 * read beside docs/METHODOLOGY.md. `RouteTable` must give the same.
 */
export interface BruteRules {
  readonly networks: NetworkMap
  readonly leastPeers: number
  readonly silentAfter: number
  readonly transferLeast: number
}

export interface BruteMessage {
  readonly time: number
  readonly prefix: PrefixWords
  readonly origin: number
  readonly path: number
}

type Family = 4 | 6
const FAMILIES: readonly Family[] = [4, 6]
const SHORTEST = { 4: 8, 6: 16 }
const LONGEST = { 4: 24, 6: 48 }

interface Route {
  readonly origin: number
  readonly path: number
}

/** One session's side of one family. */
interface Side {
  spoke: boolean
  readonly routes: Map<string, Route>
  /** Path last heard for a prefix; 0: it was withdrawn. */
  readonly said: Map<string, number>
  transferring: boolean
  ended: boolean
  gained: number
  again: Set<string>
  /** Entries of the RIB that was read last. */
  inRib: Set<string>
}

export interface BruteSession {
  readonly name: string
  readonly collector: string
  readonly asn: number
  down: boolean
  lastHeard: number
  readonly side: Record<Family, Side>
}

export interface BruteEvent {
  readonly at: number
  readonly prefix: string
  readonly kind: 'lost' | 'returned'
  readonly origin: number
  readonly carrying: number
  readonly voting: number
}

export interface BruteBin {
  readonly voting: Record<Family, number>
  readonly notVoting: ReadonlySet<string>
  /** By entity: blocks, prefixes, updates, withdrawals of IPv4, then of IPv6. `NaN` where too few vote. */
  readonly counts: ReadonlyMap<string, number[]>
  readonly events: readonly BruteEvent[]
}

export class BruteForce {
  readonly #rules: BruteRules
  readonly sessions: BruteSession[] = []
  readonly #prefixes = new Map<string, PrefixWords>()
  /** By collector and prefix. */
  readonly #recordTime = new Map<string, number>()
  readonly #messageTime = new Map<string, number>()
  readonly #lastOrigin = new Map<string, number>()
  #voters: Record<Family, Map<number, BruteSession[]>> = { 4: new Map(), 6: new Map() }
  #atStart = new Map<Side, Map<string, Route>>()
  #changes: { side: Side; prefix: string; time: number; has: boolean }[] = []
  #corrected: { side: Side; prefix: string }[] = []
  #messages: { kind: 'update' | 'withdrawal'; session: BruteSession; prefix: string; origin: number }[] = []

  constructor(rules: BruteRules) {
    this.#rules = rules
  }

  session(name: string, collector: string, asn: number): BruteSession {
    const side = (): Side => ({
      spoke: false,
      routes: new Map(),
      said: new Map(),
      transferring: false,
      ended: false,
      gained: 0,
      again: new Set(),
      inRib: new Set(),
    })
    const session = { name, collector, asn, down: false, lastHeard: 0, side: { 4: side(), 6: side() } }
    this.sessions.push(session)
    return session
  }

  #text(prefix: PrefixWords): string {
    const text = formatPrefix(prefix)
    this.#prefixes.set(text, { ...prefix })
    return text
  }

  #kept(prefix: PrefixWords): boolean {
    return prefix.length >= SHORTEST[prefix.family]
  }

  #hear(session: BruteSession, time: number): void {
    if (session.lastHeard === 0) this.#up(session)
    session.lastHeard = Math.max(session.lastHeard, time)
  }

  #up(session: BruteSession): void {
    session.down = false
    for (const family of FAMILIES) session.side[family].transferring = true
  }

  #tableSize(side: Side): number {
    let size = 0
    for (const text of side.routes.keys()) {
      const { family, length } = this.#prefixes.get(text)!
      if (length <= LONGEST[family]) size += 1
    }
    return size
  }

  announce(session: BruteSession, { time, prefix, origin, path }: BruteMessage): void {
    this.#hear(session, time)
    if (session.down) this.#up(session)
    if (!this.#kept(prefix)) return
    const side = session.side[prefix.family]
    this.#announced(session, side, this.#text(prefix), time, { origin, path })
    if (side.again.size >= this.#rules.transferLeast && side.again.size >= 0.2 * this.#tableSize(side))
      side.transferring = true
  }

  #announced(session: BruteSession, side: Side, prefix: string, time: number, route: Route): void {
    side.spoke = true
    if (this.#isOlder(session.collector, prefix, time)) return
    const old = side.routes.get(prefix)
    const said = side.said.get(prefix)
    side.routes.set(prefix, route)
    side.said.set(prefix, route.path)
    if (old !== undefined && old.origin === route.origin && old.path === route.path) {
      side.again.add(prefix)
      return
    }
    if (old === undefined) {
      side.gained += 1
      this.#changes.push({ side, prefix, time, has: true })
      if (said === route.path) return
    }
    if (!side.transferring) this.#messages.push({ kind: 'update', session, prefix, origin: route.origin })
  }

  withdraw(session: BruteSession, { time, prefix }: BruteMessage): void {
    this.#hear(session, time)
    if (session.down) this.#up(session)
    if (!this.#kept(prefix)) return
    const side = session.side[prefix.family]
    const text = this.#text(prefix)
    side.spoke = true
    if (this.#isOlder(session.collector, text, time)) return
    const old = side.routes.get(text)
    side.said.set(text, 0)
    if (old === undefined) return
    side.routes.delete(text)
    this.#changes.push({ side, prefix: text, time, has: false })
    if (!side.transferring) this.#messages.push({ kind: 'withdrawal', session, prefix: text, origin: old.origin })
  }

  /** Notes the time where the message is not older than the RIB record of the prefix. */
  #isOlder(collector: string, prefix: string, time: number): boolean {
    const key = `${collector} ${prefix}`
    if (time < (this.#recordTime.get(key) ?? 0)) return true
    this.#messageTime.set(key, Math.max(time, this.#messageTime.get(key) ?? 0))
    return false
  }

  state(session: BruteSession, time: number, to: number): void {
    this.#hear(session, time)
    for (const family of FAMILIES) {
      session.side[family].routes.clear()
      session.side[family].ended = true
    }
    if (to === 6) this.#up(session)
    else session.down = true
  }

  endOfRib(session: BruteSession, time: number, family: Family): void {
    this.#hear(session, time)
    session.side[family].transferring = false
    session.side[family].again.clear()
  }

  /** A whole dump of one collector: entries by session, all with one time. */
  rib(
    collector: string,
    time: number,
    whole: boolean,
    entries: readonly (BruteMessage & { session: BruteSession })[],
  ): void {
    const own = this.sessions.filter((session) => session.collector === collector)
    const before = new Map(
      own.flatMap(({ side }) => FAMILIES.map((family) => [side[family], side[family].spoke] as const)),
    )
    const held = new Map(
      own.flatMap(({ side }) => FAMILIES.map((family) => [side[family], side[family].routes.size] as const)),
    )
    const entered = new Map<Side, number>()
    for (const { side } of own) for (const family of FAMILIES) side[family].inRib.clear()
    for (const { session, prefix, origin, path } of entries) {
      if (session.lastHeard === 0) session.lastHeard = time
      if (session.down && time < session.lastHeard) continue
      session.down = false
      if (!this.#kept(prefix)) continue
      const side = session.side[prefix.family]
      const text = this.#text(prefix)
      side.spoke = true
      side.inRib.add(text)
      entered.set(side, (entered.get(side) ?? 0) + 1)
      const key = `${collector} ${text}`
      if (time < (this.#messageTime.get(key) ?? 0) && side.said.has(text)) continue
      this.#recordTime.set(key, Math.max(time, this.#recordTime.get(key) ?? 0))
      if (!side.routes.has(text)) this.#corrected.push({ side, prefix: text })
      side.routes.set(text, { origin, path })
      side.said.set(text, path)
    }
    const covered = own.filter(({ side }) => FAMILIES.some((family) => side[family].inRib.size > 0))
    for (const family of FAMILIES) {
      for (const { side } of covered) if (side[family].inRib.size > 0) side[family].transferring = false
      const known = covered.map(({ side }) => side[family]).filter((side) => before.get(side) === true)
      const sum = (of: ReadonlyMap<Side, number>): number => known.reduce((all, side) => all + (of.get(side) ?? 0), 0)
      if (!whole || sum(entered) === 0 || sum(entered) < 0.75 * sum(held)) continue
      for (const side of known)
        for (const text of side.routes.keys()) {
          if (side.inRib.has(text) || (this.#messageTime.get(`${collector} ${text}`) ?? 0) > time) continue
          side.routes.delete(text)
          side.said.set(text, 0)
          this.#corrected.push({ side, prefix: text })
        }
    }
  }

  closeBin(bin: number): BruteBin {
    const end = bin + 300
    const notVoting = new Set<string>()
    const counts = new Map<string, number[]>()
    const events: BruteEvent[] = []
    const voting = { 4: 0, 6: 0 }
    for (const family of FAMILIES) {
      const before = this.#voters[family]
      const voters = this.#elect(family, end, notVoting)
      this.#voters[family] = voters
      voting[family] = voters.size
      const originBefore = new Map(this.#lastOrigin)
      const carriers = this.#carriers(family, voters)
      for (const [prefix, of] of carriers) this.#lastOrigin.set(prefix, this.#mostSeen(of))
      events.push(...this.#events(family, before, voters, originBefore))
      this.#count(family, voters, carriers, counts)
      for (const { side } of this.sessions) {
        side[family].gained = 0
        side[family].again.clear()
        side[family].ended = false
      }
    }
    this.#atStart = new Map(
      this.sessions.flatMap(({ side }) =>
        FAMILIES.map((family) => [side[family], new Map(side[family].routes)] as const),
      ),
    )
    this.#changes = []
    this.#corrected = []
    this.#messages = []
    return { voting, notVoting, counts, events }
  }

  #elect(family: Family, end: number, notVoting: Set<string>): Map<number, BruteSession[]> {
    const live = this.sessions.filter(({ down, lastHeard }) => !down && end - lastHeard < this.#rules.silentAfter)
    const largest = Math.max(0, ...live.map(({ side }) => this.#tableSize(side[family])))
    const voters = new Map<number, BruteSession[]>()
    for (const session of this.sessions) {
      const side = session.side[family]
      if (!side.spoke) continue
      const size = this.#tableSize(side)
      const full = size > 0 && size >= 0.75 * largest
      const isLive = live.includes(session)
      if (isLive && side.transferring && full && side.gained + side.again.size <= size / 50) side.transferring = false
      let reason: string | null = null
      if (session.down) reason = 'down'
      else if (!isLive) reason = 'silent'
      else if (side.transferring) reason = 'transferring'
      else if (!full) reason = 'partial-table'
      if (reason === null) voters.set(session.asn, [...(voters.get(session.asn) ?? []), session])
      else notVoting.add(`${session.name}, IPv${family}: ${reason}`)
    }
    return voters
  }

  /** By prefix: what each voter sees as its origins. */
  #carriers(family: Family, voters: Map<number, BruteSession[]>): Map<string, Map<number, Set<number>>> {
    const carriers = new Map<string, Map<number, Set<number>>>()
    for (const [asn, sessions] of voters)
      for (const { side } of sessions)
        for (const [prefix, { origin }] of side[family].routes) {
          const of = carriers.get(prefix) ?? new Map<number, Set<number>>()
          carriers.set(prefix, of)
          of.set(asn, (of.get(asn) ?? new Set()).add(origin))
        }
    return carriers
  }

  #mostSeen(of: ReadonlyMap<number, ReadonlySet<number>>): number {
    const votes = new Map<number, number>()
    for (const origins of of.values()) for (const origin of origins) votes.set(origin, (votes.get(origin) ?? 0) + 1)
    return [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]![0]
  }

  /** Second by second, forwards from how the bin began. */
  #events(
    family: Family,
    before: Map<number, BruteSession[]>,
    after: Map<number, BruteSession[]>,
    originBefore: ReadonlyMap<string, number>,
  ): BruteEvent[] {
    const same = [...after].filter(([asn, sessions]) => {
      const was = before.get(asn)
      const isSame = was?.length === sessions.length && was.every((session) => sessions.includes(session))
      return isSame && sessions.every(({ side }) => !side[family].ended)
    })
    if (same.length < this.#rules.leastPeers) return []
    const sides = new Set(same.flatMap(([, sessions]) => sessions.map(({ side }) => side[family])))
    const corrected = new Set(this.#corrected.filter(({ side }) => sides.has(side)).map(({ prefix }) => prefix))
    const changes = this.#changes.filter(({ side, prefix }) => sides.has(side) && !corrected.has(prefix))
    const events: BruteEvent[] = []
    for (const prefix of new Set(changes.map((change) => change.prefix))) {
      const timelines = new Map<Side, { time: number; has: boolean }[]>()
      for (const side of sides) {
        let newest = 0
        const timeline = changes
          .filter((change) => change.side === side && change.prefix === prefix)
          .map(({ time, has }) => ({ time: (newest = Math.max(newest, time)), has }))
        timelines.set(side, timeline)
      }
      const hasAt = (side: Side, second: number): boolean =>
        timelines.get(side)!.findLast(({ time }) => time <= second)?.has ??
        this.#atStart.get(side)?.has(prefix) ??
        false
      const carrying = (second: number): number =>
        same.filter(([, sessions]) => sessions.some(({ side }) => hasAt(side[family], second))).length
      const seconds = [...new Set([...timelines.values()].flat().map(({ time }) => time))].sort((a, b) => a - b)
      let was = carrying(-1)
      for (const at of seconds) {
        const now = carrying(at)
        if (was * 2 > same.length !== now * 2 > same.length) {
          const kind = now < was ? 'lost' : 'returned'
          const last = originBefore.get(prefix)
          const origin = kind === 'lost' && last !== undefined ? last : (this.#lastOrigin.get(prefix) ?? 0)
          events.push({ at, prefix, kind, origin, carrying: now, voting: same.length })
        }
        was = now
      }
    }
    return events
  }

  #count(
    family: Family,
    voters: Map<number, BruteSession[]>,
    carriers: ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<number>>>,
    counts: Map<string, number[]>,
  ): void {
    const first = family === 4 ? 0 : 4
    const enough = voters.size >= this.#rules.leastPeers
    const add = (what: number, origin: number, prefix: string, amount: number): void => {
      for (const entity of this.#entities(origin, prefix)) {
        const of = counts.get(entity) ?? [0, 0, 0, 0, 0, 0, 0, 0]
        counts.set(entity, of)
        of[first + what]! += amount
      }
    }
    const isMost = (count: number): boolean => count * 2 > voters.size
    for (const [prefix, of] of carriers) if (isMost(of.size)) add(1, this.#mostSeen(of), prefix, 1)
    const spaces = [...carriers.keys()]
      .map((prefix) => ({ prefix, ...spaceOf(this.#prefixes.get(prefix)!) }))
      .filter(({ length }) => length <= LONGEST[family])
    const pieces = family === 4 ? everyBlock(spaces) : intervals(spaces)
    for (const { from, until } of pieces) {
      const seen = new Set<number>()
      const covering = spaces.filter((space) => space.from <= from && space.until >= until)
      for (const { prefix } of covering.sort((a, b) => b.length - a.length)) {
        for (const asn of carriers.get(prefix)!.keys()) seen.add(asn)
        if (!isMost(seen.size)) continue
        add(0, this.#mostSeen(carriers.get(prefix)!), prefix, until - from)
        break
      }
    }
    for (const { kind, session, prefix, origin } of this.#messages) {
      if (this.#prefixes.get(prefix)!.family !== family) continue
      const sessions = voters.get(session.asn)
      if (sessions?.includes(session) !== true) continue
      add(kind === 'update' ? 2 : 3, origin, prefix, 1 / sessions.length / voters.size)
    }
    if (!enough) for (const of of counts.values()) of.fill(Number.NaN, first, first + 4)
  }

  #entities(origin: number, prefix: string): Set<string> {
    const { networks } = this.#rules
    const { family, word0, word1, word2, word3, length } = this.#prefixes.get(prefix)!
    const found = new Set<string>()
    if (origin !== 0) found.add(`as:${origin}`)
    const country = unpackCountry(networks.countryOf(origin, family, word0, word1, word2, word3, length))
    if (country !== null) found.add(`country:${country}`)
    for (const operator of networks.operators) {
      if (!operator.asns.includes(origin)) continue
      found.add(operator.entity)
      found.add(`access:${operator.country}.${operator.access}`)
    }
    return found
  }
}

interface Space {
  readonly from: number
  readonly until: number
  readonly length: number
}

/** A prefix as a range of /24s, or of /48s. */
function spaceOf({ family, word0, word1, length }: PrefixWords): Space {
  const from = family === 4 ? Math.floor(word0 / 256) : word0 * 65_536 + Math.floor(word1 / 65_536)
  return { from, until: from + 2 ** (LONGEST[family] - length), length }
}

function everyBlock(spaces: readonly Space[]): { from: number; until: number }[] {
  const blocks = new Set<number>()
  for (const { from, until } of spaces) for (let block = from; block < until; block += 1) blocks.add(block)
  return [...blocks].map((block) => ({ from: block, until: block + 1 }))
}

/** Between any two ends of any two spaces: within one of these, all is alike. */
function intervals(spaces: readonly Space[]): { from: number; until: number }[] {
  const ends = [...new Set(spaces.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b)
  return ends.slice(1).map((until, index) => ({ from: ends[index]!, until }))
}
