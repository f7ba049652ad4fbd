import type { EntityId, Share, UnixSeconds } from '../model/brand.ts'
import type { Span } from '../model/judgement.ts'
import { spanUntil } from './standing.ts'

/** A parent is down when half of the children known to exist are, and until no more than a quarter is. */
const OPEN_LOST = 0.5
const CLOSE_LOST = 0.25

interface Edge {
  readonly at: UnixSeconds
  readonly child: EntityId
  readonly change: 1 | -1
  readonly span: Span
}

/**
 * Spans of a parent from the spans of its children.
 *
 * The share is of the children **known to exist**, watched or not: three of three watched, of thirty known, is a tenth.
 *
 * @param children spans of each child that has any; a child counts once however many of its series are down.
 * @param known    how many children exist, at least 1.
 * @returns in time order; the onset is that of the child that made it half, `troughShare` is 1 − the largest share lost.
 */
export function rollUp(children: ReadonlyMap<EntityId, readonly Span[]>, known: number): readonly Span[] {
  const edges: Edge[] = []
  for (const [child, spans] of children) {
    for (const span of spans) {
      edges.push({ at: span.onset.at, child, change: 1, span })
      const until = spanUntil(span)
      if (until !== null) edges.push({ at: until, child, change: -1, span })
    }
  }
  // Ends before onsets at the same instant: a child that flips is not counted twice. Names make the order total.
  edges.sort((a, b) => a.at - b.at || a.change - b.change || (a.child < b.child ? -1 : a.child > b.child ? 1 : 0))
  const depth = new Map<EntityId, number>()
  const detected = new Map<EntityId, UnixSeconds>()
  const found: Span[] = []
  let open: Span | null = null
  let down = 0
  let next = 0
  while (next < edges.length) {
    // All that happens at one instant is one step: a parent does not come back between one child's end and another's onset.
    const { at } = edges[next] as Edge
    let opening: Span | null = null
    const ended: Span[] = []
    for (let edge = edges[next]; edge !== undefined && edge.at === at; edge = edges[++next]) {
      const { child, change, span } = edge
      const before = depth.get(child) ?? 0
      depth.set(child, before + change)
      if (change === 1) {
        detected.set(child, before === 0 ? span.detectedAt : minOf(detected.get(child), span.detectedAt))
        if (before === 0) down += 1
        if (opening === null && down / known >= OPEN_LOST) opening = span
      } else if (before === 1) {
        detected.delete(child)
        down -= 1
        ended.push(span)
      }
    }
    const lost = down / known
    if (open === null) {
      if (opening !== null) open = openAt(opening, at, lost, [...detected.values()], Math.ceil(OPEN_LOST * known))
      continue
    }
    const share = (1 - lost) as Share
    const trough = Math.min(open.troughShare, share) as Share
    const partial = 1 - open.troughShare > 0 && share - trough >= (1 - trough) / 2
    open = {
      ...open,
      troughShare: trough,
      lastShare: share,
      lastSeen: at,
      partialSince: partial ? (open.partialSince ?? at) : null,
    }
    // Only a child that returned can end it: of several at once, one that did not has the word.
    const last = ended.find((each) => each.close !== 'returned') ?? ended.at(-1)
    if (lost > CLOSE_LOST || last === undefined) continue
    found.push({
      ...open,
      end: last.close === 'returned' ? last.end : null,
      close: last.close,
      closedAt: last.closedAt ?? at,
    })
    open = null
  }
  return open === null ? found : [...found, open]
}

/** @param first span of the child that made it half; @param needed how many children make it half: known when that many were known to be down. */
function openAt(first: Span, at: UnixSeconds, lost: number, detected: readonly UnixSeconds[], needed: number): Span {
  return {
    onset: first.onset,
    end: null,
    close: null,
    detectedAt: detected.toSorted((a, b) => a - b)[needed - 1] ?? first.detectedAt,
    closedAt: null,
    troughShare: (1 - lost) as Share,
    lastShare: (1 - lost) as Share,
    lastSeen: at,
    partialSince: null,
    baseline: first.baseline,
    gaps: { bins: 0, reading: 'unknown' },
  }
}

/**
 * The same spans with shares that mean what all shares mean: the mean share of usual over the children known to exist,
 * unweighted, where a child that is not down counts as at usual. Opening and closing go by how many are down; 'a
 * thirtieth of the regions is not down' must not be read as a thirtieth of usual.
 *
 * @param spans of the parent, from `rollUp` with the same `children` and `known`.
 */
export function withMeanShares(
  spans: readonly Span[],
  children: ReadonlyMap<EntityId, readonly Span[]>,
  known: number,
): readonly Span[] {
  return spans.map((span) => {
    const until = spanUntil(span) ?? Number.POSITIVE_INFINITY
    let lostAtWorst = 0
    let lostAtLast = 0
    for (const all of children.values()) {
      const during = all.filter((each) => each.onset.at < until && (spanUntil(each) ?? until) > span.onset.at)
      lostAtWorst += Math.max(0, ...during.map((each) => lossOf(each.troughShare)))
      const lasting = during.filter((each) => (spanUntil(each) ?? until) >= until)
      lostAtLast += Math.max(0, ...lasting.map((each) => lossOf(each.lastShare ?? each.troughShare)))
    }
    return {
      ...span,
      troughShare: (1 - lostAtWorst / known) as Share,
      lastShare: (1 - lostAtLast / known) as Share,
    }
  })
}

/** 0 to 1: what is missing where falling is bad, and how much slower it is where rising is. */
function lossOf(share: number): number {
  return share > 1 ? 1 - 1 / share : 1 - share
}

function minOf(a: UnixSeconds | undefined, b: UnixSeconds): UnixSeconds {
  return a !== undefined && a < b ? a : b
}
