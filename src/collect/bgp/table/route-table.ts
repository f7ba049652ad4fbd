import type { UnixSeconds } from '../../../model/brand.ts'
import type { NetworkMap } from '../../../netdata/networks/network-map.ts'
import type { RouteSink } from '../../../wire/route-sink.ts'
import type { BinCounts } from '../counts.ts'
import { CollectorSink } from './collector-sink.ts'
import { crossings, type Crossing } from './crossings.ts'
import { EntityRows, type CountColumns } from './entity-rows.ts'
import { FamilyTable } from './family-table.ts'
import { MessageMeans } from './message-means.ts'
import { Origins } from './origins.ts'
import type { Feed, Session } from './sessions.ts'
import { Visibility } from './visibility.ts'
import { isSteady, sameVoters, standings, votersOf, type FeedStanding, type Voter } from './voters.ts'

export interface RouteTableOptions {
  readonly networks: NetworkMap
  /** Voting peer ASes of a family below which nothing is said of it: 10 where many collectors are read, 2 in a laboratory. */
  readonly leastPeers: number
  /** Which ASes have rows. Operators, access groups and countries always have. */
  readonly ases: 'all' | ((asn: number) => boolean)
  /** 0–1 of the largest live table from which on a session has a full one. 0.75 unless given. */
  readonly fullFeedShare?: number
  /** Seconds without a message after which a session does not vote. 3,600 unless given. */
  readonly silentAfter?: number
  /** 0–1 of its table that a session announces anew within a bin, and so was reset. 0.2 unless given. */
  readonly transferShare?: number
  /** Prefixes announced anew below which it was not, however small the table. 100 unless given. */
  readonly transferLeast?: number
  /** About how many prefixes will come, where somebody can tell: then nothing is copied while the table grows. */
  readonly expectedPrefixes?: { readonly 4: number; readonly 6: number }
  /** Seconds of a bin. 300 unless given. */
  readonly binSeconds?: number
  /**
   * Whose messages are counted: `voters`, or `speakers`: every peer AS that says something within the bin, for files of
   * updates with no RIB before them, where nobody is known to have a full table, and so nobody votes.
   */
  readonly messagesOf?: 'voters' | 'speakers'
}

/** A bin of a table, and over how many peer ASes its messages are means. */
export interface TableBin extends BinCounts {
  readonly messagesOf4: number
  readonly messagesOf6: number
}

/** A prefix that more than half of the voters lost, or have again, as the table numbers things. */
export interface RouteChange extends Crossing {
  readonly family: 4 | 6
  /** AS; 0: nobody can be named. */
  readonly origin: number
  /** Number of the country, as `countryCode` reads it. */
  readonly country: number
  readonly voting: number
}

const BIN_SECONDS = 300

/** One family: its routes, who votes on them, and what they see. */
interface Plane {
  readonly table: FamilyTable
  readonly visibility: Visibility
  readonly updates: MessageMeans
  readonly withdrawals: MessageMeans
  standing: FeedStanding[]
  /** Over how many peer ASes messages are means. */
  messagesOf: number
}

/**
 * Prefix × peer, kept from RIBs and messages, and counted when a bin is closed. See `RouteTableOptions` and
 * docs/METHODOLOGY.md for the rules.
 */
export interface RouteTable extends RouteSink {
  /** Sink of a collector; the same name gives the same. The table itself is the sink of the collector without a name. */
  collector(name: string): CollectorSink
  /**
   * Counts as of the end of the bin; what is fed from now on belongs to the next. Bins are closed in order, all of them.
   *
   * @param bin start, UTC seconds.
   */
  closeBin(bin: number): TableBin
  /** As `closeBin`, for who wants the columns of few bins: `counts` gives those of the bin that was closed last. */
  passBin(bin: number): void
  counts(): TableBin
  /** Of the bin that was closed last, in order of time, then address. */
  changes(): readonly RouteChange[]
  /** Every session that ever had a route of the family, at the end of the bin that was closed last. */
  standing(family: 4 | 6): readonly FeedStanding[]
  /** For who lists: what the table is made of. */
  readonly parts: { readonly 4: TableParts; readonly 6: TableParts; readonly sessions: readonly Session[] }
  readonly collectors: ReadonlyMap<string, CollectorSink>
  /** Bytes held in typed arrays. */
  bytes(): number
}

export interface TableParts {
  readonly table: FamilyTable
  readonly visibility: Visibility
}

export function createRouteTable(options: RouteTableOptions): RouteTable {
  const { networks, leastPeers, ases } = options
  const speakers = options.messagesOf === 'speakers'
  const rules = { fullFeedShare: options.fullFeedShare ?? 0.75, silentAfter: options.silentAfter ?? 3600 }
  const binSeconds = options.binSeconds ?? BIN_SECONDS
  const origins = new Origins()
  const plane = (family: 4 | 6): Plane => {
    const expected = options.expectedPrefixes?.[family] ?? 0
    const table = new FamilyTable(family, origins, networks, speakers, expected)
    return {
      table,
      visibility: new Visibility(table),
      updates: new MessageMeans(),
      withdrawals: new MessageMeans(),
      standing: [],
      messagesOf: 0,
    }
  }
  const plane4 = plane(4)
  const plane6 = plane(6)
  const sessions: Session[] = []
  const shared = {
    table4: plane4.table,
    table6: plane6.table,
    sessions,
    transferShare: options.transferShare ?? 0.2,
    transferLeast: options.transferLeast ?? 100,
  }
  const rows = new EntityRows(networks, origins, ases === 'all' ? () => true : ases)
  const collectors = new Map<string, CollectorSink>()
  let changes: readonly RouteChange[] = []
  let notVoting: BinCounts['notVoting'] = []

  function collector(name: string): CollectorSink {
    const known = collectors.get(name)
    if (known !== undefined) return known
    const sink = new CollectorSink(name, shared)
    collectors.set(name, sink)
    return sink
  }

  /** @returns changes of the family. */
  function close(plane: Plane, feeds: readonly Feed[], end: number): RouteChange[] {
    const { table, visibility } = plane
    const before = visibility.voters
    plane.standing = standings(
      feeds.filter(({ column }) => column >= 0),
      end,
      rules,
    )
    // Without a RIB nobody knows how large a full table is.
    const voters = speakers ? [] : votersOf(plane.standing)
    const kept = sameVoters(before, voters)
    const same = kept.length === before.length && kept.length === voters.length
    const stable = kept.filter(isSteady)
    const crossed = stable.length < leastPeers ? [] : crossings(table, stable, sessions.length * 2)
    const origin = crossed.map(({ row }) => visibility.majority[row] ?? 0)
    visibility.close(same ? null : voters)
    const found = crossed.map((crossing, index): RouteChange => {
      const now = visibility.majority[crossing.row]!
      const of = crossing.kind === 'lost' && origin[index] !== 0 ? origin[index]! : now
      return {
        ...crossing,
        family: table.family,
        origin: origins.asn[of]!,
        country: of === 0 ? 0 : table.countryOf(crossing.row, of),
        voting: stable.length,
      }
    })
    found.sort((a, b) => a.at - b.at || comparePrefixes(table, a.row, b.row))
    const peers = speakers ? speakersOf(table, feeds) : voters.map((voter: Voter) => voter.feeds)
    plane.messagesOf = peers.length
    plane.updates.fold(table.updates, peers, origins.count, sessions.length * 2, table)
    plane.withdrawals.fold(table.withdrawals, peers, origins.count, sessions.length * 2, table)
    for (const { feed, reason } of plane.standing) feed.voting = reason === null
    table.beginBin(feeds)
    return found
  }

  let closed = 0

  function closeBin(bin: number): TableBin {
    passBin(bin)
    return counts()
  }

  function passBin(bin: number): void {
    for (const sink of collectors.values()) sink.ribEnds(true)
    const end = bin + binSeconds
    const changes4 = close(
      plane4,
      sessions.map(({ feed4 }) => feed4),
      end,
    )
    const changes6 = close(
      plane6,
      sessions.map(({ feed6 }) => feed6),
      end,
    )
    changes = changes6.length === 0 ? changes4 : [...changes4, ...changes6].sort((a, b) => a.at - b.at)
    rows.follow([plane4, plane6].flatMap(columnsOf))
    notVoting = sameOrNew(notVoting, [...plane4.standing, ...plane6.standing])
    closed = bin
  }

  function counts(): TableBin {
    const enough4 = plane4.visibility.voters.length >= leastPeers
    const enough6 = plane6.visibility.voters.length >= leastPeers
    const [blocks4, prefixes4, updates4, withdrawals4] = columnsOf(plane4)
    const [blocks6, prefixes6, updates6, withdrawals6] = columnsOf(plane6)
    const messages4 = speakers ? plane4.messagesOf > 0 : enough4
    const messages6 = speakers ? plane6.messagesOf > 0 : enough6
    return {
      bin: closed as UnixSeconds,
      voting4: plane4.visibility.voters.length,
      voting6: plane6.visibility.voters.length,
      messagesOf4: plane4.messagesOf,
      messagesOf6: plane6.messagesOf,
      notVoting,
      entities: rows.entities,
      slash24s: rows.gather(enough4 ? blocks4 : null),
      slash48s: rows.gather(enough6 ? blocks6 : null),
      prefixes4: rows.gather(enough4 ? prefixes4 : null),
      prefixes6: rows.gather(enough6 ? prefixes6 : null),
      updates4: rows.gather(messages4 ? updates4 : null),
      updates6: rows.gather(messages6 ? updates6 : null),
      withdrawals4: rows.gather(messages4 ? withdrawals4 : null),
      withdrawals6: rows.gather(messages6 ? withdrawals6 : null),
    }
  }

  return {
    collector,
    closeBin,
    passBin,
    counts,
    collectors,
    changes: () => changes,
    standing: (family) => (family === 4 ? plane4 : plane6).standing,
    parts: { 4: plane4, 6: plane6, sessions },
    peer: (key) => collector('').peer(key),
    ribBegins: (time) => collector('').ribBegins(time),
    entry: (route) => collector('').entry(route),
    announce: (route) => collector('').announce(route),
    withdraw: (route) => collector('').withdraw(route),
    state: (time, micros, peer, from, to) => collector('').state(time, micros, peer, from, to),
    endOfRib: (time, peer, family) => collector('').endOfRib(time, peer, family),
    bytes() {
      let bytes = 0
      for (const { table, visibility } of [plane4, plane6]) bytes += table.bytes + visibility.bytes
      for (const { block4, block6 } of collectors.values()) bytes += block4.bytes + block6.bytes
      return bytes
    },
  }
}

function columnsOf(plane: Plane): [CountColumns, CountColumns, CountColumns, CountColumns] {
  const { visibility } = plane
  return [
    { byOrigin: visibility.blocks, byCountry: visibility.countryBlocks },
    { byOrigin: visibility.prefixes, byCountry: visibility.countryPrefixes },
    plane.updates,
    plane.withdrawals,
  ]
}

/** Peer ASes that said something in the bin, each with the feeds by which it did. */
function speakersOf(table: FamilyTable, feeds: readonly Feed[]): Feed[][] {
  const speaking = new Set<number>()
  for (const log of [table.updates, table.withdrawals])
    for (let at = 0; at < log.count; at += 1) speaking.add(log.feed[at]!)
  const byAsn = new Map<number, Feed[]>()
  for (const feed of feeds) {
    if (!speaking.has(feed.id)) continue
    const others = byAsn.get(feed.session.asn)
    if (others === undefined) byAsn.set(feed.session.asn, [feed])
    else others.push(feed)
  }
  return [...byAsn.values()]
}

function comparePrefixes({ rows }: FamilyTable, a: number, b: number): number {
  if (rows.word0[a] !== rows.word0[b]) return rows.word0[a]! - rows.word0[b]!
  if (rows.family === 6) {
    if (rows.word1[a] !== rows.word1[b]) return rows.word1[a]! - rows.word1[b]!
    if (rows.word2[a] !== rows.word2[b]) return rows.word2[a]! - rows.word2[b]!
    if (rows.word3[a] !== rows.word3[b]) return rows.word3[a]! - rows.word3[b]!
  }
  return rows.length[a]! - rows.length[b]!
}

/** Most bins find the same sessions in the same state: then the list of before serves. */
function sameOrNew(before: BinCounts['notVoting'], standing: readonly FeedStanding[]): BinCounts['notVoting'] {
  const now: { peer: string; reason: NonNullable<FeedStanding['reason']> }[] = []
  for (const { feed, reason } of standing)
    if (reason !== null) now.push({ peer: `${feed.session.text}, IPv${feed.id % 2 === 0 ? 4 : 6}`, reason })
  const same =
    now.length === before.length &&
    now.every((one, index) => one.peer === before[index]!.peer && one.reason === before[index]!.reason)
  return same ? before : now
}
