import { describe, expect, it } from 'vitest'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { DAY } from '../model/time.ts'
import { openMemoryStore } from '../store/memory.ts'
import { detectabilityOf } from './detectable.ts'
import { ON_TIME, replay } from './replay.ts'
import type { SampleSeries } from './samples.testing.ts'
import { sampleCase } from './samples.testing.ts'

const series = (entity: string): SampleSeries => ({
  entity,
  signal: 'ping.up',
  plane: 'reachability',
  stepMinutes: 10,
  delayMinutes: 10,
  usual: 1000,
  rhythm: 0.1,
  noise: 0.01,
  gapEvery: 0,
  cuts: [],
})

const MT = 'country:MT' as EntityId

async function seen(entities: readonly string[]) {
  const loaded = sampleCase(entities.map(series), 6, 1)
  const options = { pace: 'in-one-go', lateness: ON_TIME, progress: () => undefined, asOf: null } as const
  const { scopes, now } = await replay(loaded, openMemoryStore(), options)
  const of = (entity: EntityId, at: UnixSeconds) =>
    new Map(detectabilityOf(entity, scopes.get('MT') ?? null, loaded.hierarchy, at).map((each) => [each.kind, each]))
  return { of, now, regions: loaded.hierarchy.children(MT) }
}

describe('what would have shown', () => {
  it('is said of every kind, from the series of the entity itself', async () => {
    const { of, now } = await seen([MT])
    const kinds = of(MT, now)
    expect([...kinds.keys()].toSorted()).toEqual(
      ['allow-list', 'mobile', 'national', 'regional', 'services', 'throttling'].toSorted(),
    )
    const national = kinds.get('national')!
    expect(national.hour?.loss).toBeGreaterThan(0.05)
    expect(national.day!.loss).toBeLessThanOrEqual(national.hour!.loss)
    expect(kinds.get('mobile')).toEqual({ kind: 'mobile', hour: null, day: null, why: 'no-signal' })
    expect(kinds.get('regional')).toMatchObject({ hour: null, why: 'no-signal' })
  })

  it('is said of regions once most of those that exist are watched', async () => {
    const regions = (await seen([MT])).regions
    const few = await seen([MT, ...regions.slice(0, 3)])
    expect(few.of(MT, few.now).get('regional')).toMatchObject({ hour: null, day: null, why: 'no-signal' })
    const most = await seen([MT, ...regions.slice(0, Math.ceil(regions.length * 0.6))])
    expect(most.of(MT, most.now).get('regional')?.hour?.loss).toBeGreaterThan(0.05)
    expect(most.of(regions[0]!, most.now).get('national')?.hour?.loss).toBeGreaterThan(0.05)
  })

  it('is nothing where nobody watches, or where the data are old', async () => {
    const { of, now } = await seen([MT])
    expect(of('region:MT-01' as EntityId, now).get('national')).toMatchObject({ hour: null, why: 'no-signal' })
    expect(of(MT, (now + DAY) as UnixSeconds).get('national')).toMatchObject({ hour: null, day: null, why: 'blind' })
  })
})
