import type { Seconds, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import type { Gazetteer } from '../model/place.ts'
import type { SignalSpec } from '../model/signal.ts'
import { DAY, HOUR, binStart } from '../model/time.ts'
import type { ReconstructionFile } from './case-schema.ts'
import type { LoadedSeries } from './loaded.ts'
import { hashText, normal, seededRandom } from './random.ts'
import type { Waypoint } from './view.ts'

/** What may be varied to see that the answers follow the facts and not the noise. */
export interface ReconstructionVariant {
  /** `null`: the seed of the file. */
  readonly seed: number | null
  /** Factor on the noise of the file. */
  readonly noise: number
  /** By how many seconds each waypoint is moved, from its place in the file; 0 for none. */
  readonly shift: (seriesIndex: number, waypointIndex: number) => number
}

export const AS_WRITTEN: ReconstructionVariant = { seed: null, noise: 1, shift: () => 0 }

type FileSeries = ReconstructionFile['series'][number]

/**
 * Series drawn through published facts: a plain daily and weekly rhythm by local time, times the level that the
 * waypoints give, plus seeded noise. Between two waypoints a level stands (`step`) or runs straight (`ramp`).
 * Nothing in it was measured; `origin` is `reconstructed` throughout.
 */
export function reconstruct(
  file: ReconstructionFile,
  gazetteer: Gazetteer,
  variant: ReconstructionVariant,
): readonly LoadedSeries[] {
  const step = (file.step_minutes * 60) as Seconds
  return file.series.map((series, seriesIndex) => {
    const random = seededRandom(
      (variant.seed ?? file.seed) ^ hashText(`${series.source}/${series.signal}/${series.entity}`),
    )
    const waypoints = series.waypoints
      .map((each, i) => ({ ...each, at: (each.at + variant.shift(seriesIndex, i)) as UnixSeconds }))
      .sort((a, b) => a.at - b.at)
    const bins: number[] = []
    const values: number[] = []
    const weights: number[] = []
    for (let bin = binStart(file.from, step, 0 as Seconds); bin < file.until; bin = (bin + step) as UnixSeconds) {
      const offset = gazetteer.offset(series.entity, bin)
      const level = meanLevel(waypoints, bin, step)
      const noise = 1 + normal(random) * series.noise_ratio * variant.noise
      bins.push(bin)
      values.push(Math.max(0, Math.round(series.usual * rhythm(series, bin + offset) * level * noise * 1000) / 1000))
      weights.push(Number.NaN)
    }
    const spec = specOf(file, series, step)
    return {
      info: {
        source: spec.source,
        signal: spec.signal,
        entity: series.entity,
        facet: null,
        origin: 'reconstructed',
        step,
        phase: 0 as Seconds,
      },
      spec,
      bins,
      values,
      weights,
    }
  })
}

/** Mean of the level over one bin: the bin in which a cut falls lies in between. */
function meanLevel(waypoints: FileSeries['waypoints'], bin: UnixSeconds, step: Seconds): number {
  const parts = 5
  let sum = 0
  for (let i = 0; i < parts; i++) sum += levelAt(waypoints, bin + ((i + 0.5) * step) / parts)
  return sum / parts
}

function levelAt(waypoints: FileSeries['waypoints'], at: number): number {
  let level = 1
  let since = Number.NEGATIVE_INFINITY
  for (const next of waypoints) {
    if (next.at <= at) {
      level = next.level
      since = next.at
      continue
    }
    // A ramp runs straight from the last level to this one, over at most the two hours before it.
    if (next.shape !== 'ramp') return level
    const begin = Math.max(since, next.at - RAMP)
    return at <= begin ? level : level + ((next.level - level) * (at - begin)) / (next.at - begin)
  }
  return level
}

const RAMP = 2 * HOUR

/** 1 at the peak of a weekday, `night_share` twelve hours away, times `weekend_share` on Saturday and Sunday. */
function rhythm(series: FileSeries, local: number): number {
  const hour = (local % DAY) / HOUR
  const wave = (1 + Math.cos(((hour - series.peak_local_hour) / 12) * Math.PI)) / 2
  // 1970-01-01 was a Thursday: day 2 and 3 of the count are Saturday and Sunday.
  const weekday = Math.floor(local / DAY) % 7
  return (
    (series.night_share + (1 - series.night_share) * wave) * (weekday === 2 || weekday === 3 ? series.weekend_share : 1)
  )
}

function specOf(file: ReconstructionFile, series: FileSeries, step: Seconds): SignalSpec {
  const observer = file.sources.find((each) => each.id === series.source)
  return {
    source: series.source as SourceId,
    signal: series.signal as SignalId,
    label: series.label,
    plane: series.plane,
    unit: series.unit,
    step,
    delay: 0 as Seconds,
    badDirection: 'down',
    seasonality: series.night_share < 1 ? 'weekly' : 'none',
    quantum: 0,
    windowNormalised: false,
    zeroIsOmitted: false,
    group: `${series.source}/${series.signal}`,
    witness: 'none',
    licence: {
      class: 'attribution',
      name: 'Reconstruction by Tocsin from published facts (Apache-2.0)',
      url: observer?.url ?? null,
    },
    citation: series.citation,
  }
}

/** The facts themselves, as the observers gave them: each keeps its own time. */
export function waypointsOf(file: ReconstructionFile): readonly Waypoint[] {
  const name = (id: string): string => file.sources.find((each) => each.id === id)?.name ?? id
  const url = (id: string): string | null => file.sources.find((each) => each.id === id)?.url ?? null
  const drawn = file.series.flatMap((series) =>
    series.waypoints.map((each) => ({
      at: each.at,
      entity: series.entity,
      observer: name(series.source),
      text: each.text,
      source: each.source,
      url: url(series.source),
    })),
  )
  const told = (file.facts ?? []).map((each) => ({
    at: each.at,
    entity: each.entity,
    observer: each.source,
    text: each.text,
    source: each.source,
    url: null,
  }))
  return [...drawn, ...told].sort((a, b) => a.at - b.at)
}
