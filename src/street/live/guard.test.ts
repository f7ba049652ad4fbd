import { describe, expect, it } from 'vitest'
import type { EntityId, Seconds } from '../../model/brand.ts'
import { ConfigError } from '../../model/errors.ts'
import { openMemoryStore } from '../../store/memory.ts'
import { sampleSpec } from '../samples.testing.ts'
import { refuseOtherSpecs } from './guard.ts'

const SPEC = sampleSpec({
  entity: 'country:KZ',
  signal: 'ping.up',
  plane: 'reachability',
  stepMinutes: 10,
  delayMinutes: 10,
  usual: 1,
  rhythm: 0,
  noise: 0,
  gapEvery: 0,
  cuts: [],
})

describe('a folder that is to be collected into', () => {
  it.each([
    [{ unit: '%' }, 'in "%", and what is collected is in "units"'],
    [{ windowNormalised: true }, 'scaled to the largest value of the case'],
    [{ badDirection: 'up' as const }, 'as bad when it goes up'],
  ])('is refused when it holds the signal with %j', async (over, words) => {
    const store = openMemoryStore()
    await store.putSpecs([{ ...SPEC, ...over }])
    await expect(refuseOtherSpecs(store, [SPEC])).rejects.toThrow(ConfigError)
    await expect(refuseOtherSpecs(store, [SPEC])).rejects.toThrow(words)
    await expect(refuseOtherSpecs(store, [SPEC])).rejects.toThrow(/test\/ping\.up .*--folder.*--no-collect/)
  })

  it('is refused when a series of the signal has other bins', async () => {
    const store = openMemoryStore()
    const entity = 'country:KZ' as EntityId
    const { source, signal } = SPEC
    const step = 3600 as Seconds
    await store.defineSeries([{ source, signal, entity, facet: null, origin: 'measured', step, phase: 0 as Seconds }])
    await expect(refuseOtherSpecs(store, [SPEC])).rejects.toThrow('in bins of 3600 s')
  })

  it('is welcome when it is empty, or holds the same under another label', async () => {
    const store = openMemoryStore()
    await refuseOtherSpecs(store, [SPEC])
    await store.putSpecs([{ ...SPEC, label: 'Ping' }])
    await refuseOtherSpecs(store, [SPEC])
  })
})
