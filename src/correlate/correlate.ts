import type { DetectionRule } from '../detect/rules.ts'
import { ruleFor } from '../detect/rules.ts'
import type { EntityId, Seconds, Share, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Evidence, Incident } from '../model/incident.ts'
import type { Moment, Span } from '../model/judgement.ts'
import type { Hierarchy } from '../model/place.ts'
import type { Origin } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'
import { strictestLicence } from '../model/signal.ts'
import { HOUR } from '../model/time.ts'
import type { Cluster, Found } from './cluster.ts'
import { cluster, episodesOf } from './cluster.ts'
import { confidenceOf } from './confidence.ts'
import { contradictionsOf } from './contradiction.ts'
import { stateOf } from './lifecycle.ts'
import { rollUp, withMeanShares } from './rollup.ts'
import { severityOf } from './severity.ts'
import type { Standing } from './standing.ts'
import { lossOf, hasSeen, seenFrom, sortedByName, spanUntil } from './standing.ts'

/** An incident before it has an id, a kind and a history: what the data say at one instant, whatever was said before. */
export type Draft = Omit<Incident, 'id' | 'knownAt' | 'kind' | 'partOf'> & {
  /** Series of other entities (children) that the evidence rests on, with their spans. */
  readonly members: readonly EntityId[]
  /** The draft of the nearest ancestor that this one is a part of, as an index into the same list. */
  readonly partOf: number | null
}

/**
 * Many judgements → incidents. Pure: the same standings and instant give the same drafts.
 *
 * @param standings all series of one country (or AS) and of what is within it.
 * @param now       the instant spoken from; spans later than it are the caller's mistake.
 * @returns parents before children, by entity and onset.
 */
export function correlate(standings: readonly Standing[], hierarchy: Hierarchy, now: UnixSeconds): readonly Draft[] {
  const byEntity = new Map<EntityId, Standing[]>()
  // By name: what is told first must not be what the order of arrival happened to be.
  for (const standing of sortedByName(standings.map((each) => seenFrom(each, now)))) {
    const list = byEntity.get(standing.entity)
    if (list === undefined) byEntity.set(standing.entity, [standing])
    else list.push(standing)
  }
  const rolled = rollUps(byEntity, hierarchy)
  for (const [entity, { standing }] of rolled) byEntity.set(entity, [...(byEntity.get(entity) ?? []), standing])
  const drafts: Draft[] = []
  const entities = [...byEntity.keys()].sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1))
  for (const entity of entities) {
    const own = byEntity.get(entity) ?? []
    const founds = own.flatMap((standing) => standing.spans.map((span): Found => ({ standing, span })))
    if (founds.length === 0) continue
    const memberSeries = membersOf(entity, rolled, byEntity)
    for (const each of cluster(founds)) {
      const draft = draftOf(entity, each, own, memberSeries, now)
      // One part of one known says no more of the whole than of itself.
      if (draft.members.length === 1 && each.every((found) => found.standing.spec.source === 'tocsin')) continue
      drafts.push({ ...draft, partOf: parentOf(draft, drafts, hierarchy) })
    }
  }
  return drafts
}

interface RolledUp {
  readonly standing: Standing
  /** Children that were down in it. */
  readonly children: readonly EntityId[]
}

/** Roll-ups from the bottom: places into regions, regions into countries. */
function rollUps(
  byEntity: ReadonlyMap<EntityId, readonly Standing[]>,
  hierarchy: Hierarchy,
): ReadonlyMap<EntityId, RolledUp> {
  const rolled = new Map<EntityId, RolledUp>()
  for (const level of ['place', 'region'] as const) {
    const parents = new Map<EntityId, Map<EntityId, readonly Span[]>>()
    const watched = new Map<EntityId, Standing[]>()
    const children = new Set([...byEntity.keys(), ...rolled.keys()])
    for (const child of children) {
      if (entityParts(child).kind !== level) continue
      const parent = hierarchy.parent(child)
      if (parent === null) continue
      const own = [...(byEntity.get(child) ?? []), ...(rolled.has(child) ? [rolled.get(child)?.standing] : [])].filter(
        (each): each is Standing => each !== undefined && each.rule.opens,
      )
      watched.set(parent, [...(watched.get(parent) ?? []), ...own])
      const spans = own.flatMap((each) => each.spans)
      if (spans.length === 0) continue
      const down = parents.get(parent) ?? new Map<EntityId, readonly Span[]>()
      down.set(child, spans)
      parents.set(parent, down)
    }
    for (const [parent, down] of parents) {
      // Where nobody knows how many there are, nobody can say what share of them is down.
      const known = hierarchy.knownChildren(parent)
      if (known === 0) continue
      const exist = Math.max(known, down.size)
      const spans = withMeanShares(rollUp(down, exist), down, exist)
      if (spans.length === 0) continue
      rolled.set(parent, {
        standing: rollUpStanding(parent, level, spans, watched.get(parent) ?? []),
        children: [...down.keys()],
      })
    }
  }
  return rolled
}

function rollUpStanding(
  entity: EntityId,
  level: 'place' | 'region',
  spans: readonly Span[],
  watched: readonly Standing[],
): Standing {
  const first = watched[0]
  const groups = [...new Set(watched.map((each) => each.spec.group))].sort()
  const newest = watched.reduce<UnixSeconds | null>((latest, each) => maxOf(latest, each.seenAt), null)
  const spec: SignalSpec = {
    source: 'tocsin' as SourceId,
    signal: `rollup.${level}s` as SignalId,
    label: level === 'place' ? 'Mean over known places, unweighted' : 'Mean over known regions, unweighted',
    plane: first?.spec.plane ?? 'reachability',
    unit: 'share',
    step: first?.spec.step ?? HOUR,
    delay: first?.spec.delay ?? (0 as Seconds),
    badDirection: 'down',
    seasonality: 'none',
    quantum: 0,
    windowNormalised: false,
    zeroIsOmitted: false,
    // On one kind of measurement alone it is no second witness beside the parent's own signal of that kind.
    group: groups.length === 1 ? (groups[0] ?? '') : `tocsin/rollup/${groups.join('+')}`,
    witness: 'none',
    licence: strictestLicence(watched.map((each) => each.spec.licence)) ?? {
      class: 'unstated',
      name: 'not stated',
      url: null,
    },
    citation: first?.spec.citation ?? '',
  }
  const rule: DetectionRule = {
    ...ruleFor(spec),
    opens: true,
    reliability: 0.8,
    reason: 'Half of the parts known to exist are down.',
  }
  const last = spans.at(-1)
  const open = last !== undefined && last.end === null
  const share = (open ? last.lastShare : 1) as Share
  return {
    spec,
    rule,
    entity,
    facet: null,
    origin: originOf(watched),
    spans,
    share,
    seenAt: newest,
    firstJudged: spans[0]?.onset.at ?? null,
    blind: [],
  }
}

/** Series of the children that a roll-up rests on, down to the ones that were measured. */
function membersOf(
  entity: EntityId,
  rolled: ReadonlyMap<EntityId, RolledUp>,
  byEntity: ReadonlyMap<EntityId, readonly Standing[]>,
): readonly Standing[] {
  const children = rolled.get(entity)?.children ?? []
  return children.flatMap((child) => [
    ...(byEntity.get(child) ?? []).filter((each) => each.spec.source !== 'tocsin' && each.spans.length > 0),
    ...membersOf(child, rolled, byEntity),
  ])
}

function draftOf(
  entity: EntityId,
  event: Cluster,
  own: readonly Standing[],
  memberSeries: readonly Standing[],
  now: UnixSeconds,
): Omit<Draft, 'partOf'> {
  const onset = onsetOf(event)
  const agreeing = event.filter((each) => each.standing.facet === null)
  const episodes = episodesOf(event)
  const last = episodes.at(-1)
  const until = last?.until ?? now
  const isOver = last !== undefined && last.until !== null && !last.isLost && !last.isMoved
  const inEvent = new Set(event.map((each) => each.standing))
  // What rises tells of its own trouble; at usual it does not say that people are connected.
  const spoke = own.filter((each) => isAble(each, onset.at, until) && (isFalling(each) || inEvent.has(each)))
  const confidence = confidenceOf(agreeing, new Set(spoke.map((each) => each.spec.group)))
  const { state, closedBy } = stateOf(event, { now, confidence: confidence.value, standings: own })
  const trough = overall(
    spoke,
    event,
    (found) => found.span.troughShare,
    // At worst no better than now: what is falling but in no span yet counts as it stands.
    (standing) => Math.min(1, standing.share ?? 1) as Share,
  )
  // Shares over several signals are of a fall: a rise was turned round.
  const lost = lossOf('down', trough ?? 1)
  const seconds = episodes.reduce((sum, each) => sum + ((each.until ?? now) - each.since), 0)
  const evidence = evidenceOf(event, memberSeries, onset.at, until)
  return {
    entity,
    origin: originOf(event.map((each) => each.standing)),
    state,
    severity: severityOf(entity, lost, seconds),
    confidence,
    onset,
    end: isOver ? endOf(event) : null,
    detectedAt: event
      .filter((each) => each.standing.rule.opens)
      .map((each) => each.span.detectedAt)
      .reduce((least, each) => (each < least ? each : least)),
    episodes: episodes.map((each) => ({ onset: each.since, end: each.isLost || each.isMoved ? null : each.until })),
    evidence,
    contradictions: contradictionsOf(
      own.filter((each) => each.spec.source !== 'tocsin'),
      onset.at,
      now,
    ).filter((each) => each.since < until),
    share: overall(
      spoke,
      event,
      (found) => found.standing.share,
      (standing) => standing.share,
    ),
    troughShare: trough,
    closedBy,
    members: [...new Set(evidence.map((each) => each.entity).filter((each) => each !== entity))],
  }
}

/** A reconstruction in the evidence makes the incident one. */
function originOf(standings: readonly Standing[]): Origin {
  const origins = new Set(standings.map((each) => each.origin))
  if (origins.has('reconstructed')) return 'reconstructed'
  return origins.has('laboratory') ? 'laboratory' : 'measured'
}

function isFalling(standing: Standing): boolean {
  return standing.spec.badDirection === 'down'
}

/** Had a baseline when it began, has spoken since, and was not out of our sight for most of it. */
function isAble(standing: Standing, onset: UnixSeconds, until: UnixSeconds): boolean {
  return (
    standing.facet === null &&
    standing.rule.opens &&
    standing.firstJudged !== null &&
    standing.firstJudged <= onset &&
    hasSeen(standing, onset, until)
  )
}

/**
 * The hull of the finest signals' first onsets: a coarse bin moves it only when its whole interval lies before theirs.
 * Signals that fell within six hours of the first belong to the same moment; later ones are later.
 */
function onsetOf(event: Cluster): Moment {
  const spans = event.filter((each) => each.standing.rule.opens)
  const finest = Math.min(...spans.map((each) => each.standing.spec.step))
  // The first span of each: what fell again later is not when it began.
  const firsts = new Map<Standing, Found>()
  for (const each of spans) {
    const before = firsts.get(each.standing)
    if (before === undefined || each.span.onset.at < before.span.onset.at) firsts.set(each.standing, each)
  }
  const fine = [...firsts.values()].filter((each) => each.standing.spec.step === finest).map((each) => each.span.onset)
  const first = fine.reduce((least, each) => (each.at < least.at ? each : least), fine[0] as Moment)
  const earlier = spans.map((each) => each.span.onset).filter((each) => each.latest <= first.earliest)
  const start = earlier.reduce((least, each) => (each.at < least.at ? each : least), first)
  const wave = fine.filter((each) => each.at - start.at <= 6 * HOUR)
  const latest = wave.reduce<UnixSeconds>((most, each) => (each.latest > most ? each.latest : most), start.latest)
  return { at: start.at, earliest: start.earliest, latest }
}

/** The last end of all: a country is back when the last of its signals is. */
function endOf(event: Cluster): Moment | null {
  const ends = event.filter((each) => each.standing.rule.opens).map((each) => each.span.end)
  return ends.reduce<Moment | null>(
    (last, each) => (each !== null && (last === null || each.at > last.at) ? each : last),
    null,
  )
}

/** Whose shares speak for the whole: of what falls before what rises, and routes only where nothing else speaks. */
type Rank = 0 | 1 | 2

/**
 * Median over independent signals of one share each: the worst of a group. What rises counts only where nothing that
 * falls speaks: it is not a share of people. Routing counts last: it says what is announced, not what gets through.
 *
 * @param able series that could have spoken of the event; those that were in no span count with `ofQuiet`.
 */
function overall(
  able: readonly Standing[],
  event: Cluster,
  ofFound: (found: Found) => Share | null,
  ofQuiet: (standing: Standing) => Share | null,
): Share | null {
  const groups = new Map<string, { share: number; rank: Rank }>()
  const add = (standing: Standing, share: Share | null): void => {
    if (share === null || standing.facet !== null || !standing.rule.opens) return
    const left = isFalling(standing) ? share : 1 / Math.max(share, 1e-9)
    const rank: Rank = standing.spec.plane === 'routing' ? 2 : isFalling(standing) ? 0 : 1
    const before = groups.get(standing.spec.group)
    if (before === undefined || rank < before.rank || (rank === before.rank && left < before.share))
      groups.set(standing.spec.group, { share: left, rank })
  }
  const inEvent = new Set(event.map((each) => each.standing))
  for (const found of event) add(found.standing, ofFound(found))
  for (const standing of able) if (!inEvent.has(standing)) add(standing, ofQuiet(standing))
  const spoken = [...groups.values()]
  const best = Math.min(...spoken.map((each) => each.rank))
  const shares = spoken
    .filter((each) => each.rank === best)
    .map((each) => each.share)
    .sort((a, b) => a - b)
  const middle = shares.length >> 1
  const upper = shares[middle]
  if (upper === undefined) return null
  return (shares.length % 2 === 1 ? upper : ((shares[middle - 1] ?? upper) + upper) / 2) as Share
}

function evidenceOf(
  event: Cluster,
  memberSeries: readonly Standing[],
  since: UnixSeconds,
  until: UnixSeconds,
): readonly Evidence[] {
  const bySeries = new Map<Standing, Span[]>()
  for (const { standing, span } of event) bySeries.set(standing, [...(bySeries.get(standing) ?? []), span])
  for (const standing of memberSeries) {
    const spans = standing.spans.filter((span) => span.onset.at <= until && (spanUntil(span) ?? until) >= since)
    if (spans.length > 0) bySeries.set(standing, spans)
  }
  return [...bySeries].map(([standing, spans]) => ({
    source: standing.spec.source,
    signal: standing.spec.signal,
    label: standing.spec.label,
    plane: standing.spec.plane,
    entity: standing.entity,
    facet: standing.facet,
    spans,
    share: standing.share,
    seenAt: standing.seenAt,
  }))
}

/** The nearest ancestor's draft that overlaps in time. */
function parentOf(draft: Omit<Draft, 'partOf'>, drafts: readonly Draft[], hierarchy: Hierarchy): number | null {
  const touches = (other: Draft): boolean =>
    draft.episodes.some((mine) =>
      other.episodes.some(
        (its) => (its.end === null || mine.onset < its.end) && (mine.end === null || mine.end > its.onset),
      ),
    )
  for (let parent = hierarchy.parent(draft.entity); parent !== null; parent = hierarchy.parent(parent)) {
    const index = drafts.findLastIndex((other) => other.entity === parent && touches(other))
    if (index >= 0) return index
  }
  return null
}

function depthOf(entity: EntityId): number {
  return ['world', 'country', 'region', 'place', 'access', 'operator', 'as'].indexOf(entityParts(entity).kind)
}

function maxOf(a: UnixSeconds | null, b: UnixSeconds | null): UnixSeconds | null {
  if (a === null) return b
  return b === null || a > b ? a : b
}
