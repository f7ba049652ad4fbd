import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ruleFor } from '../detect/rules.ts'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { seriesName } from '../model/series.ts'
import { HOUR, MINUTE, toRfc3339 } from '../model/time.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { openMemoryStore } from '../store/memory.ts'
import { loadCase, parseCase } from './case.ts'
import type { ReconstructionFile } from './case-schema.ts'
import { shippedFolders } from './catalogue.ts'
import { seededRandom } from './random.ts'
import type { ReconstructionVariant } from './reconstruct.ts'
import { AS_WRITTEN, reconstruct, waypointsOf } from './reconstruct.ts'
import { ON_TIME, replay } from './replay.ts'
import { START } from './samples.testing.ts'

const folder = shippedFolders()[0] ?? ''
const files = readdirSync(folder).filter((name) => name.endsWith('.toml'))

function fileOf(name: string): ReconstructionFile {
  const parsed = parseCase(join(folder, name))
  if (parsed.kind !== 'reconstruction') throw new TypeError(`${name} is no reconstruction`)
  return parsed.file
}

const at = (hours: number): UnixSeconds => (START + hours * HOUR) as UnixSeconds

type Waypoints = ReconstructionFile['series'][number]['waypoints']

function waypoint(hours: number, level: number, shape: 'step' | 'ramp'): Waypoints[number] {
  return { at: at(hours), level, shape, text: 'told', source: 'somebody' }
}

/** One flat series without noise, so that its values are its levels. */
function drawn(waypoints: Waypoints, change: Partial<ReconstructionFile['series'][number]> = {}): ReconstructionFile {
  return {
    id: 'drawn',
    title: 'Drawn',
    summary: 'For a test.',
    reconstruction: true,
    from: at(0),
    until: at(48),
    step_minutes: 5,
    seed: 1,
    sources: [{ id: 'somebody', name: 'Somebody', url: 'https://example.org/', licence: 'facts cited' }],
    entities: [{ id: 'country:KZ' as EntityId, name: 'Kazakhstan' }],
    series: [
      {
        source: 'somebody',
        signal: 'traffic.volume',
        label: 'Traffic',
        entity: 'country:KZ' as EntityId,
        plane: 'traffic',
        unit: 'index',
        usual: 100,
        night_share: 1,
        peak_local_hour: 20,
        weekend_share: 1,
        noise_ratio: 0,
        citation: 'Somebody',
        waypoints,
        ...change,
      },
    ],
  }
}

function valueAt(file: ReconstructionFile, hours: number, variant: ReconstructionVariant = AS_WRITTEN): number {
  const [series] = reconstruct(file, createGazetteer([]), variant)
  return series?.values[series.bins.indexOf(at(hours))] ?? Number.NaN
}

describe('a reconstruction', () => {
  it('is drawn the same from the same seed, to the byte, and otherwise from another', () => {
    const file = drawn([waypoint(10, 0.1, 'step')], { noise_ratio: 0.05 })
    const draw = (seed: number | null): string =>
      JSON.stringify(reconstruct(file, createGazetteer([]), { ...AS_WRITTEN, seed }))
    expect(draw(null)).toBe(draw(null))
    expect(draw(null)).toBe(draw(file.seed))
    expect(draw(7)).not.toBe(draw(null))
  })

  it('gives each series noise of its own', () => {
    const file = drawn([], { noise_ratio: 0.05 })
    const [series] = file.series
    const two = { ...file, series: [series!, { ...series!, entity: 'operator:KZ.kcell' as EntityId }] }
    const [a, b] = reconstruct(two, createGazetteer([]), AS_WRITTEN)
    expect(a?.values).not.toEqual(b?.values)
  })

  it('is reconstructed in each of its series', () => {
    for (const { info } of reconstruct(drawn([]), createGazetteer([]), AS_WRITTEN))
      expect(info.origin).toBe('reconstructed')
  })

  it('stays at a level from its step on', () => {
    const file = drawn([waypoint(10, 0.1, 'step'), waypoint(20, 0.8, 'step')])
    expect([9.5, 10, 19.5, 20, 47].map((hour) => valueAt(file, hour))).toEqual([100, 10, 10, 80, 80])
  })

  it('lies in between in the bin that a step falls into', () => {
    const file = drawn([{ ...waypoint(10, 0, 'step'), at: (at(10) + 2 * MINUTE) as UnixSeconds }])
    const value = valueAt(file, 10)
    expect(value).toBeGreaterThan(20)
    expect(value).toBeLessThan(60)
  })

  it('runs straight to a ramp over the two hours before it, or since the waypoint before', () => {
    const alone = drawn([waypoint(10, 0, 'ramp')])
    expect([7.5, 12].map((hour) => valueAt(alone, hour))).toEqual([100, 0])
    expect(valueAt(alone, 9)).toBeCloseTo(100 * (0.5 - 1 / 48), 0)
    const after = drawn([waypoint(9.5, 0.5, 'step'), waypoint(10, 0, 'ramp')])
    expect(valueAt(after, 9.5)).toBeCloseTo(50 * (1 - 1 / 12), 0)
  })

  it('follows the clock of the place: its peak is at the local hour that the file names', () => {
    const file = drawn([], { night_share: 0.3, peak_local_hour: 20 })
    const [series] = reconstruct(file, createGazetteer([]), AS_WRITTEN)
    const peak = series?.bins[series.values.indexOf(Math.max(...series.values))] ?? 0
    // In March 2024, on its first of the month, Kazakhstan went over to UTC+5 as a whole.
    expect((peak / HOUR) % 24).toBeCloseTo(15, 0)
  })

  it('never falls below nothing, whatever the noise', () => {
    const file = drawn([waypoint(2, 0.01, 'step')], { noise_ratio: 0.5 })
    const [series] = reconstruct(file, createGazetteer([]), { ...AS_WRITTEN, noise: 4 })
    expect(Math.min(...(series?.values ?? []))).toBe(0)
  })

  it('keeps its waypoints in the order of time when they are moved past each other', () => {
    const file = drawn([waypoint(10, 0.5, 'step'), waypoint(11, 0.1, 'step')])
    const shift = (_: number, i: number): number => (i === 0 ? 2 * HOUR : 0)
    expect([10, 11, 13].map((hour) => valueAt(file, hour, { ...AS_WRITTEN, shift }))).toEqual([100, 10, 50])
  })

  it('hands on every fact with its own observer, time and source', () => {
    const file = {
      ...drawn([waypoint(10, 0.1, 'step')]),
      facts: [{ at: at(9), entity: 'country:KZ' as EntityId, text: 'also told', source: 'a paper' }],
    }
    expect(waypointsOf(file)).toEqual([
      { at: at(9), entity: 'country:KZ', observer: 'a paper', text: 'also told', source: 'a paper', url: null },
      {
        at: at(10),
        entity: 'country:KZ',
        observer: 'Somebody',
        text: 'told',
        source: 'somebody',
        url: 'https://example.org/',
      },
    ])
  })
})

/** Index of the waypoint that takes the series below what opens a span there; −1 for a series that never goes so low. */
function opening(name: string, seriesIndex: number): number {
  const series = fileOf(name).series[seriesIndex]
  const open = ruleFor({
    ...reconstruct(fileOf(name), createGazetteer([]), AS_WRITTEN)[seriesIndex]!.spec,
    windowNormalised: false,
  }).open
  return series?.waypoints.findIndex((each) => each.level < open) ?? -1
}

const together = (seed: number): ReconstructionVariant => {
  const by = Math.round((seededRandom(seed)() * 2 - 1) * HOUR)
  return { ...AS_WRITTEN, shift: () => by }
}

const apart = (seed: number): ReconstructionVariant => ({
  ...AS_WRITTEN,
  shift: (series, i) => Math.round((seededRandom(seed * 10_000 + series * 100 + i)() * 2 - 1) * HOUR),
})

const VARIANTS: readonly (readonly [string, ReconstructionVariant])[] = [
  ['as written', AS_WRITTEN],
  ['with seed 1', { ...AS_WRITTEN, seed: 1 }],
  ['with seed 2', { ...AS_WRITTEN, seed: 2 }],
  ['with seed 3', { ...AS_WRITTEN, seed: 3 }],
  ['with twice the noise', { ...AS_WRITTEN, noise: 2 }],
  ['with twice the noise of seed 4', { ...AS_WRITTEN, seed: 4, noise: 2 }],
  ['with all waypoints moved by the same', together(1)],
  ['with all waypoints moved by the same, otherwise', together(2)],
  ['with each waypoint moved by itself', apart(3)],
  ['with each waypoint moved by itself, otherwise', apart(4)],
]

describe.each(files)('%s', (name) => {
  const file = fileOf(name)
  const openings = file.series.map((_, i) => opening(name, i))

  it('has series enough that go down', () => {
    expect(openings.filter((each) => each >= 0).length).toBeGreaterThanOrEqual(5)
  })

  it.each(VARIANTS)('dates the onset of each series by its waypoint, %s', async (_, variant) => {
    const loaded = await loadCase(parseCase(join(folder, name)), variant)
    const { scopes } = await replay(loaded, openMemoryStore(), {
      pace: 'in-one-go',
      lateness: ON_TIME,
      progress: () => undefined,
      asOf: null,
    })
    const bin = file.step_minutes * MINUTE
    const wrong: string[] = []
    for (const scope of scopes.values()) {
      const standings = scope.standings()
      for (const [member, { series }] of scope.members.entries()) {
        const index = loaded.series.findIndex((each) => seriesName(each.info) === seriesName(series))
        const waypoint = file.series[index]?.waypoints[openings[index] ?? -1]
        const onset = standings[member]?.spans[0]?.onset.at ?? null
        const due = waypoint === undefined ? null : waypoint.at + variant.shift(index, openings[index] ?? 0)
        const fits = onset === null || due === null ? onset === due : Math.abs(onset - due) <= 2 * bin
        const told = (instant: number | null): string => (instant === null ? 'none' : toRfc3339(instant as UnixSeconds))
        if (!fits) wrong.push(`${seriesName(series)}: onset ${told(onset)}, waypoint ${told(due)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
