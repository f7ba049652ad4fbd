import { createHash } from 'node:crypto'

import type { AnswerWithBody } from '../model/answer.ts'
import type { EntityId, IncidentId, Seconds, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import type { HealthInterval } from '../model/health.ts'
import type { Revision } from '../model/incident.ts'
import type { RouteEvent } from '../model/routing.ts'
import type { SeriesInfo } from '../model/series.ts'
import type { SignalSpec } from '../model/signal.ts'
import type { Batch } from './store.ts'

/** 2022-01-05T00:00:00Z, a multiple of every step that tests use. */
export const START = 1_641_340_800 as UnixSeconds

export function at(seconds: number): UnixSeconds {
  return seconds as UnixSeconds
}

export function sampleSeries(entity: string, step: number): SeriesInfo {
  return {
    source: 'ioda' as SourceId,
    signal: 'ping.up_slash24s' as SignalId,
    entity: entity as EntityId,
    facet: null,
    origin: 'measured',
    step: step as Seconds,
    phase: 0 as Seconds,
  }
}

/** Rows as `[series, bin, value, weight]`. */
export function sampleBatch(arrival: number, rows: readonly (readonly [number, number, number, number])[]): Batch {
  return {
    arrival: at(arrival),
    series: Uint32Array.from(rows, (row) => row[0]),
    bins: Float64Array.from(rows, (row) => row[1]),
    values: Float64Array.from(rows, (row) => row[2]),
    weights: Float64Array.from(rows, (row) => row[3]),
  }
}

export function sampleSpec(signal: string, label: string): SignalSpec {
  return {
    source: 'ioda' as SourceId,
    signal: signal as SignalId,
    label,
    plane: 'reachability',
    unit: '/24 blocks',
    step: 600 as Seconds,
    delay: 1800 as Seconds,
    badDirection: 'down',
    seasonality: 'weekly',
    quantum: 1,
    windowNormalised: false,
    zeroIsOmitted: false,
    group: 'ioda-ping',
    witness: 'none',
    licence: { class: 'unstated', name: 'not stated', url: null },
    citation: 'IODA, Georgia Tech',
  }
}

export function sampleRevision(entity: string, id: string, number: number, publishedAt: number): Revision {
  return {
    incident: {
      id: id as IncidentId,
      entity: entity as EntityId,
      origin: 'measured',
      state: 'ongoing',
      kind: 'blackout',
      severity: 'critical',
      confidence: { value: 0.9 as Revision['incident']['confidence']['value'], agreeing: 2, able: 3 },
      onset: { at: START, earliest: START, latest: at(START + 600) },
      end: null,
      detectedAt: at(START + 600),
      knownAt: at(START + 900),
      episodes: [{ onset: START, end: null }],
      evidence: [],
      contradictions: [],
      share: 0.03 as NonNullable<Revision['incident']['share']>,
      troughShare: null,
      partOf: null,
      closedBy: null,
    },
    number,
    publishedAt: at(publishedAt),
    reasons: ['opened'],
    ruleVersion: '1',
    snapshot: 7,
  }
}

/** An upstream's answer with the text as its bytes. */
export function sampleAnswer(text: string, fetchedAt: number): AnswerWithBody {
  const body = new TextEncoder().encode(text)
  return {
    sha256: createHash('sha256').update(body).digest('hex'),
    source: 'ioda' as SourceId,
    method: 'GET',
    url: 'https://api.example.org/v2/signals?from=1641340800&until=1641344400',
    requestHeaders: { 'user-agent': 'Tocsin' },
    status: 200,
    responseHeaders: { 'content-type': 'application/json', date: 'Wed, 05 Jan 2022 00:00:00 GMT' },
    fetchedAt: at(fetchedAt),
    bytes: body.length,
    body,
  }
}

/** A /13 of AS9198 that goes out of sight at `START`. */
export function sampleRoute(change: Partial<RouteEvent>): RouteEvent {
  return {
    source: 'ris' as SourceId,
    at: START,
    kind: 'lost',
    prefix: '2.72.0.0/13',
    origin: 9198,
    country: 'KZ',
    blocks: 2048,
    carrying: 4,
    voting: 10,
    ...change,
  }
}

/** Unreachable from 2022-01-05 on. */
export function sampleHealth(until: UnixSeconds | null): HealthInterval {
  return {
    source: 'ioda' as SourceId,
    signal: 'ping.up_slash24s' as SignalId,
    scope: null,
    condition: 'unreachable',
    from: START,
    until,
    knownAt: START,
    detail: 'HTTP 503',
  }
}
