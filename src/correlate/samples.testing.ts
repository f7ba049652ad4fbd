import type { DetectionRule } from '../detect/rules.ts'
import type { EntityId, Seconds, Share, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import { entityParts } from '../model/entity.ts'
import type { Intervals } from '../model/intervals.ts'
import type { BaselineKind, Span, SpanClose } from '../model/judgement.ts'
import type { Hierarchy } from '../model/place.ts'
import type { Origin } from '../model/series.ts'
import type { Plane, SignalSpec } from '../model/signal.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { Standing } from './standing.ts'

/** 2026-01-05T00:00:00Z, a Monday. */
export const START = 1_767_571_200 as UnixSeconds
export const STEP = 1800 as Seconds

/** So many hours after START. */
export function hours(count: number): UnixSeconds {
  return (START + Math.round(count * HOUR)) as UnixSeconds
}

export interface SpanWish {
  readonly trough?: number
  readonly last?: number
  readonly step?: Seconds
  readonly baseline?: BaselineKind
  readonly partialSince?: UnixSeconds | null
  readonly close?: SpanClose
  /** Hours from the onset to when it was decided. */
  readonly decided?: number
}

/** A span from one hour to another after START; `null` while it lasts. */
export function span(from: number, to: number | null, wish: SpanWish = {}): Span {
  const step = wish.step ?? STEP
  const moment = (at: UnixSeconds): Span['onset'] => ({
    at,
    earliest: (at - step) as UnixSeconds,
    latest: (at + step) as UnixSeconds,
  })
  const close = to === null ? null : (wish.close ?? 'returned')
  const trough = wish.trough ?? 0.1
  return {
    onset: moment(hours(from)),
    end: to === null || close !== 'returned' ? null : moment(hours(to)),
    close,
    detectedAt: hours(from + (wish.decided ?? 1)),
    closedAt: to === null ? null : hours(to),
    troughShare: trough as Share,
    lastShare: (wish.last ?? trough) as Share,
    lastSeen: hours(to ?? from + 1),
    partialSince: wish.partialSince ?? null,
    baseline: wish.baseline ?? 'hour-of-week',
    gaps: { bins: 0, reading: 'unknown' },
  }
}

export interface StandingWish {
  readonly source?: string
  readonly signal?: string
  readonly entity?: string
  readonly plane?: Plane
  readonly group?: string
  readonly step?: Seconds
  readonly badDirection?: 'down' | 'up'
  readonly witness?: SignalSpec['witness']
  readonly opens?: boolean
  readonly reliability?: number
  readonly facet?: string | null
  readonly origin?: Origin
  readonly share?: number | null
  readonly seenAt?: UnixSeconds | null
  readonly firstJudged?: UnixSeconds | null
  readonly zeroIsOmitted?: boolean
  readonly blind?: Intervals
  readonly licence?: SignalSpec['licence']
}

const RULE: DetectionRule = {
  open: 0.8 as Share,
  close: 0.9 as Share,
  openSpreads: 5,
  openAfter: HOUR,
  closeAfter: HOUR,
  spreadFloor: 0.01,
  minUsual: 0,
  minWeight: null,
  opens: true,
  reliability: 0.8,
  reason: 'for tests',
}

/** A series that has had a baseline for a month and speaks for two months after START. */
export function standing(signal: string, spans: readonly Span[], wish: StandingWish = {}): Standing {
  const plane = wish.plane ?? 'reachability'
  const spec: SignalSpec = {
    source: (wish.source ?? 'test') as SourceId,
    signal: signal as SignalId,
    label: signal,
    plane,
    unit: 'units',
    step: wish.step ?? STEP,
    delay: 0 as Seconds,
    badDirection: wish.badDirection ?? 'down',
    seasonality: 'daily',
    quantum: 0,
    windowNormalised: false,
    zeroIsOmitted: wish.zeroIsOmitted ?? false,
    group: wish.group ?? `test/${signal}`,
    witness: wish.witness ?? 'none',
    licence: wish.licence ?? { class: 'public-domain', name: 'CC0-1.0', url: null },
    citation: 'made up for a test',
  }
  const open = spans.at(-1)?.close === null
  return {
    spec,
    rule: { ...RULE, opens: wish.opens ?? true, reliability: wish.reliability ?? 0.8 },
    entity: (wish.entity ?? 'country:KZ') as EntityId,
    facet: wish.facet ?? null,
    origin: wish.origin ?? 'measured',
    spans: open
      ? spans.map((each) => (each.close === null ? { ...each, lastSeen: wish.seenAt ?? hours(24 * 60) } : each))
      : spans,
    share: (wish.share === undefined ? (open ? (spans.at(-1)?.lastShare ?? 1) : 1) : wish.share) as Share | null,
    seenAt: wish.seenAt === undefined ? hours(24 * 60) : wish.seenAt,
    blind: wish.blind ?? [],
    firstJudged: wish.firstJudged === undefined ? ((START - 30 * DAY) as UnixSeconds) : wish.firstJudged,
  }
}

/** Regions and places go by their ids; an AS, an operator and an access kind by `lines`. */
export function hierarchyOf(
  known: Readonly<Record<string, number>>,
  lines: Readonly<Record<string, string>> = {},
): Hierarchy {
  return {
    parent(entity) {
      const line = lines[entity]
      if (line !== undefined) return line as EntityId
      const parts = entityParts(entity)
      if (parts.kind === 'world') return null
      if (parts.kind === 'place') return `region:${parts.region}` as EntityId
      if (parts.kind === 'country') return 'world' as EntityId
      return parts.country === null ? null : (`country:${parts.country}` as EntityId)
    },
    children: () => [],
    knownChildren: (entity) => known[entity] ?? 0,
  }
}
