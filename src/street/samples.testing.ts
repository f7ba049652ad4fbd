import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntityId, Seconds, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import type { Span } from '../model/judgement.ts'
import type { Plane, SignalSpec } from '../model/signal.ts'
import { DAY, HOUR, MINUTE } from '../model/time.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { createHierarchy } from '../netdata/hierarchy.ts'
import type { LoadedCase } from './case.ts'
import type { LoadedSeries } from './loaded.ts'
import { normal, seededRandom } from './random.ts'
import { emptyReport } from './read-report.ts'

/** 2024-03-04T00:00:00Z, a Monday, and a multiple of a day. */
export const START = 1_709_510_400 as UnixSeconds

/** A stretch in which a series is at `level` of usual; `null`: it gives no value. In hours after START. */
export interface Cut {
  readonly from: number
  readonly until: number
  readonly level: number | null
}

export interface SampleSeries {
  readonly entity: string
  readonly signal: string
  readonly plane: Plane
  readonly stepMinutes: number
  readonly delayMinutes: number
  readonly usual: number
  /** 0: flat; 0.5: nights at half of the peak. */
  readonly rhythm: number
  readonly noise: number
  readonly cuts: readonly Cut[]
  /** One in so many bins is missing altogether; 0 for none. */
  readonly gapEvery: number
}

export function sampleSpec(series: SampleSeries): SignalSpec {
  return {
    source: 'test' as SourceId,
    signal: series.signal as SignalId,
    label: series.signal,
    plane: series.plane,
    unit: 'units',
    step: (series.stepMinutes * MINUTE) as Seconds,
    delay: (series.delayMinutes * MINUTE) as Seconds,
    badDirection: 'down',
    seasonality: series.rhythm > 0 ? 'daily' : 'none',
    quantum: 0,
    windowNormalised: false,
    zeroIsOmitted: false,
    group: `test/${series.signal}`,
    witness: 'none',
    licence: { class: 'public-domain', name: 'CC0-1.0', url: null },
    citation: 'made up for a test',
  }
}

/** A series as its data give it, with seeded noise and gaps. */
export function loadedSample(series: SampleSeries, days: number, seed: number): LoadedSeries {
  const random = seededRandom(seed)
  const spec = sampleSpec(series)
  const bins: number[] = []
  const values: number[] = []
  for (let bin = START as number; bin < START + days * DAY; bin += spec.step) {
    const hour = (bin - START) / HOUR
    const wave = 1 - series.rhythm * (0.5 + 0.5 * Math.cos((hour / 12) * Math.PI))
    const noise = 1 + normal(random) * series.noise
    const cut = series.cuts.find((each) => hour >= each.from && hour < each.until)
    const isMissing = series.gapEvery > 0 && Math.floor(random() * series.gapEvery) === 0
    if (isMissing) continue
    bins.push(bin)
    values.push(
      cut?.level === null ? Number.NaN : Math.round(series.usual * wave * noise * (cut?.level ?? 1) * 100) / 100,
    )
  }
  return {
    info: {
      source: spec.source,
      signal: spec.signal,
      entity: series.entity as EntityId,
      facet: null,
      origin: 'measured',
      step: spec.step,
      phase: 0 as Seconds,
    },
    spec,
    bins,
    values,
    weights: bins.map(() => Number.NaN),
  }
}

export function sampleCase(series: readonly SampleSeries[], days: number, seed: number): LoadedCase {
  return caseOf(
    series.map((each, i) => loadedSample(each, days, seed * 1000 + i)),
    days,
  )
}

export function caseOf(series: readonly LoadedSeries[], days: number): LoadedCase {
  return {
    id: 'sample',
    title: 'A sample',
    summary: 'Made up for a test.',
    origin: 'measured',
    from: START,
    until: (START + days * DAY) as UnixSeconds,
    series,
    entities: [],
    gazetteer: createGazetteer([]),
    hierarchy: createHierarchy([]),
    waypoints: [],
    routeEvents: [],
    routesSeen: [],
    expectations: [],
    report: emptyReport(),
  }
}

/** Two signals of a country, two of a region of it and one of another country, with cuts, a slow fall and gaps. */
export const COUNTRY: readonly SampleSeries[] = [
  series('country:KZ', 'ping.up', 'reachability', 10, 15, 1000, 0.1, 0.01, 40, [
    { from: 200, until: 230, level: 0.2 },
    { from: 236, until: 250, level: 0.05 },
  ]),
  series('country:KZ', 'web.requests', 'application', 30, 30, 500, 0.5, 0.04, 0, [
    { from: 200.5, until: 251, level: 0.1 },
  ]),
  series('country:KZ', 'bgp.visible', 'routing', 5, 10, 4000, 0, 0.002, 60, [{ from: 202, until: 210, level: 0.7 }]),
  // A cut that never ends and becomes the new normal, and one below which a bin is asked for in vain.
  series('region:KZ-75', 'ping.up', 'reachability', 60, 15, 300, 0.1, 0.02, 0, [
    { from: 120, until: 9999, level: 0.72 },
    { from: 90, until: 96, level: null },
  ]),
  series('region:KZ-75', 'web.requests', 'application', 60, 30, 80, 0.5, 0.05, 15, []),
  series('country:BY', 'ping.up', 'reachability', 30, 15, 700, 0.2, 0.02, 0, [{ from: 260, until: 275, level: 0.3 }]),
]

function series(
  entity: string,
  signal: string,
  plane: Plane,
  stepMinutes: number,
  delayMinutes: number,
  usual: number,
  rhythm: number,
  noise: number,
  gapEvery: number,
  cuts: readonly Cut[],
): SampleSeries {
  return { entity, signal, plane, stepMinutes, delayMinutes, usual, rhythm, noise, gapEvery, cuts }
}

/** A span as 'equal to the bin' means it. */
export function spanOf(span: Span): unknown {
  const { onset, end, close, troughShare, partialSince, detectedAt, closedAt, gaps } = span
  return { onset, end, close, troughShare, partialSince, detectedAt, closedAt, gaps }
}

/** A folder of a test's own, with files in it by name. */
export interface Folder {
  readonly path: string
  readonly write: (name: string, content: string | Uint8Array) => string
  readonly remove: () => void
}

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-street-'))
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      writeFileSync(file, content)
      return file
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
