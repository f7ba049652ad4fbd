import { createHash } from 'node:crypto'
import type { EntityId, Ratio, Share, SourceId, UnixSeconds } from '../model/brand.ts'
import type { CutKind, Detectability } from '../model/detectability.ts'
import type { HealthInterval, SignalHealth, SourceStatus } from '../model/health.ts'
import type { Incident, Revision } from '../model/incident.ts'
import type { SignalSpec } from '../model/signal.ts'
import { binStart, DAY, HOUR, plus } from '../model/time.ts'
import type { HourColumn, KeptAnswer, PublishedRevision, Range } from '../store/store.ts'
import type { DayCell, EntityNow, EventFeed, LiveEvent, Trace } from '../street/view.ts'

/* What the live view knows beside series and incidents, made from them where a test does not say otherwise. */

/** A series as far as this file needs it. */
interface Watched {
  readonly spec: SignalSpec
  readonly entity: EntityId
  readonly until: UnixSeconds
  readonly value: (at: UnixSeconds) => number | null
  readonly usual: ((at: UnixSeconds) => number) | null
}

/** The answer that everything in the fake was read from, byte for byte. */
export const ANSWER_BODY = new TextEncoder().encode('{"data":[[{"values":[412,409,null]}]]}\n')

export const ANSWER: KeptAnswer = {
  id: 1,
  sha256: createHash('sha256').update(ANSWER_BODY).digest('hex'),
  source: 'ioda' as SourceId,
  method: 'GET',
  url: 'https://api.ioda.inetintel.cc.gatech.edu/v2/signals/raw/country/IR?from=1768435200&until=1768478400',
  requestHeaders: { accept: 'application/json' },
  status: 200,
  responseHeaders: { 'content-type': 'application/json' },
  fetchedAt: (Date.UTC(2026, 0, 15, 12, 5) / 1000) as UnixSeconds,
  bytes: ANSWER_BODY.length,
  hasBody: true,
}

export function fakeSignalHealth(
  spec: SignalSpec,
  series: readonly Watched[],
  now: UnixSeconds,
  health: readonly HealthInterval[],
): SignalHealth {
  const own = series.filter((one) => one.spec.signal === spec.signal)
  const expected = binStart(plus(now, -spec.delay), spec.step, 0 as never)
  return {
    source: spec.source,
    signal: spec.signal,
    label: spec.label,
    conditions: health.filter((one) => one.signal === spec.signal && one.until === null),
    newest: own.length === 0 ? null : (Math.max(...own.map((one) => one.until)) as UnixSeconds),
    expected,
    entities: { fresh: own.filter((one) => one.until >= expected).length, usual: own.length },
    backfilled: 1,
  }
}

export function fakeSource(signals: readonly SignalHealth[], change: Partial<SourceStatus>): SourceStatus {
  return {
    source: 'ioda' as SourceId,
    name: 'IODA',
    homepage: 'https://ioda.inetintel.cc.gatech.edu/',
    upstream: 'https://api.ioda.inetintel.cc.gatech.edu/v2/',
    enabled: true,
    budget: { requests: 600, perSeconds: 3600, backfillShare: 0.25 },
    spent: 42,
    requests: { ok: 1200, refused: 3, failed: 2, unreadable: 1, bytes: 9_000_000 },
    lastAnswerAt: ANSWER.fetchedAt,
    lastFailure: null,
    waitingUntil: null,
    leftOut: [],
    roundSeconds: null,
    signals,
    ...change,
  }
}

export function fakeCountries(
  series: readonly Watched[],
  incidents: readonly Incident[],
  now: UnixSeconds,
): readonly EntityNow[] {
  const ids = [...new Set(series.map((one) => one.entity))].filter((id) => id.startsWith('country:')).sort()
  return ids.map((entity) => {
    const own = series.filter((one) => one.entity === entity)
    const open = incidents.find((one) => one.entity === entity && one.state !== 'resolved' && one.state !== 'retracted')
    const seenAt = Math.max(...own.map((one) => one.until)) as UnixSeconds
    const shares = own.flatMap((one) => {
      const bin = plus(one.until, -one.spec.step)
      const value = one.value(bin)
      return value === null || one.usual === null ? [] : [value / one.usual(bin)]
    })
    const blind = seenAt < now - 3 * HOUR
    return {
      entity,
      status: blind ? 'blind' : open !== undefined ? 'incident' : shares.length === 0 ? 'too-little' : 'quiet',
      share: blind || shares.length === 0 ? null : ((shares.sort((a, b) => a - b)[shares.length >> 1] ?? 0) as Share),
      seenAt,
      incident: open?.id ?? null,
    }
  })
}

export function fakeDays(
  countries: readonly EntityNow[],
  incidents: readonly Incident[],
  range: Range,
): ReadonlyMap<EntityId, readonly DayCell[]> {
  const first = binStart(range.from, DAY, 0 as never)
  return new Map(
    countries.map(({ entity }) => {
      const cells: DayCell[] = []
      for (let day = first; day < range.until; day = plus(day, DAY)) {
        const touching = incidents.find(
          (one) => one.entity === entity && one.onset.at < day + DAY && (one.end === null || one.end.at > day),
        )
        cells.push({
          day,
          status: touching === undefined ? 'quiet' : 'incident',
          worstShare: touching?.troughShare ?? null,
          incident: touching?.id ?? null,
        })
      }
      return [entity, cells]
    }),
  )
}

const CUTS: readonly CutKind[] = ['national', 'regional', 'mobile', 'throttling', 'services', 'allow-list']

/** A national cut would be seen by active probing, nothing else would. */
export function fakeDetectability(watched: boolean): readonly Detectability[] {
  return CUTS.map((kind) =>
    watched && kind === 'national'
      ? {
          kind,
          hour: { loss: 0.25 as Ratio, by: 'ioda/ping.up_slash24s' },
          day: { loss: 0.15 as Ratio, by: 'ioda/ping.up_slash24s' },
          why: null,
        }
      : { kind, hour: null, day: null, why: 'no-signal' },
  )
}

/** The hours of a trace: gaps are hours with a count of 0. */
export function fakeHours(trace: Trace): HourColumn {
  const byHour = new Map<number, number[]>()
  trace.bins.forEach((bin, index) => {
    const hour = Math.floor(bin / 3600) * 3600
    const values = byHour.get(hour) ?? []
    const value = trace.values[index] ?? Number.NaN
    if (!Number.isNaN(value)) values.push(value)
    byHour.set(hour, values)
  })
  const rows = [...byHour].sort(([a], [b]) => a - b)
  const column = (of: (values: readonly number[]) => number): Float64Array =>
    Float64Array.from(rows, ([, values]) => (values.length === 0 ? Number.NaN : of(values)))
  return {
    hours: Float64Array.from(rows, ([hour]) => hour),
    counts: Float64Array.from(rows, ([, values]) => values.length),
    means: column((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    least: column((values) => Math.min(...values)),
    most: column((values) => Math.max(...values)),
  }
}

export interface FakeFeed extends EventFeed {
  /** Publishes under the next place and tells the listeners. */
  publish(revision: Revision): PublishedRevision
  tell(event: LiveEvent): void
  readonly listeners: number
}

/** @param published what was published before anybody listened, in order. */
export function fakeFeed(published: readonly Revision[]): FakeFeed {
  const all: PublishedRevision[] = published.map((revision, index) => ({ place: index + 1, revision }))
  const listeners = new Set<(event: LiveEvent) => void>()
  return {
    last: () => Promise.resolve(all.length),
    since: (place, limit) => Promise.resolve(all.slice(place, place + limit)),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    publish(revision) {
      const made = { place: all.length + 1, revision }
      all.push(made)
      this.tell({ kind: 'revision', published: made })
      return made
    },
    tell(event) {
      for (const listener of listeners) listener(event)
    },
    get listeners() {
      return listeners.size
    },
  }
}

/** A stretch of our blindness, of active probing unless said otherwise. */
export function blindness(change: Partial<HealthInterval>): HealthInterval {
  return {
    source: 'ioda' as SourceId,
    signal: 'ping.up_slash24s' as never,
    scope: null,
    condition: 'unreachable',
    from: (Date.UTC(2026, 0, 15, 11) / 1000) as UnixSeconds,
    until: null,
    knownAt: (Date.UTC(2026, 0, 15, 11) / 1000) as UnixSeconds,
    detail: 'HTTP 503',
    ...change,
  }
}
