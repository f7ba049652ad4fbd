import type { Feed } from './sessions.ts'

/** A peer AS whose vote counts, by the sessions of it that are live and have a full table. */
export interface Voter {
  readonly asn: number
  readonly feeds: readonly Feed[]
}

/** Why a feed does not vote; `null`: it does. A feed that never had a route is none of these, and is left out. */
export type NotVoting = 'down' | 'silent' | 'transferring' | 'partial-table'

export interface VotingRules {
  /** 0–1 of the largest live table. */
  readonly fullFeedShare: number
  /** Seconds without a message of the session. */
  readonly silentAfter: number
}

export interface FeedStanding {
  readonly feed: Feed
  readonly reason: NotVoting | null
}

/**
 * Who votes at the end of a bin, of one family. Ends transfers that went quiet: the table is full again, and no more
 * than a fiftieth of it came within the bin.
 *
 * @param feeds those that ever had a route of the family.
 * @param end UTC seconds.
 */
export function standings(feeds: readonly Feed[], end: number, rules: VotingRules): FeedStanding[] {
  let largest = 0
  for (const feed of feeds) if (isLive(feed, end, rules) && feed.size > largest) largest = feed.size
  const full = (feed: Feed): boolean => feed.size > 0 && feed.size >= largest * rules.fullFeedShare
  return feeds.map((feed): FeedStanding => {
    if (feed.session.down) return { feed, reason: 'down' }
    if (!isLive(feed, end, rules)) return { feed, reason: 'silent' }
    if (feed.transferring && full(feed) && (feed.gained + feed.reannounced) * 50 <= feed.size) feed.transferring = false
    if (feed.transferring) return { feed, reason: 'transferring' }
    return { feed, reason: full(feed) ? null : 'partial-table' }
  })
}

function isLive(feed: Feed, end: number, rules: VotingRules): boolean {
  return !feed.session.down && end - feed.session.lastHeard < rules.silentAfter
}

/** One voter for each AS, by AS number. */
export function votersOf(standing: readonly FeedStanding[]): Voter[] {
  const byAsn = new Map<number, Feed[]>()
  for (const { feed, reason } of standing) {
    if (reason !== null) continue
    const feeds = byAsn.get(feed.session.asn)
    if (feeds === undefined) byAsn.set(feed.session.asn, [feed])
    else feeds.push(feed)
  }
  return [...byAsn].map(([asn, feeds]) => ({ asn, feeds })).sort((a, b) => a.asn - b.asn)
}

/** Voters of both that rest on the same sessions. */
export function sameVoters(before: readonly Voter[], after: readonly Voter[]): Voter[] {
  const old = new Map(before.map((voter) => [voter.asn, voter]))
  return after.filter((voter) => {
    const was = old.get(voter.asn)
    return was?.feeds.length === voter.feeds.length && was.feeds.every((feed) => voter.feeds.includes(feed))
  })
}

/** Whether what a voter carried at the bin's beginning and end differs by messages alone: none of its sessions ended. */
export function isSteady(voter: Voter): boolean {
  return voter.feeds.every(({ ended }) => !ended)
}
