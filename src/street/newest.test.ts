import { describe, expect, it } from 'vitest'
import type { Draft } from '../correlate/correlate.ts'
import type { EntityId, Share, SignalId, UnixSeconds } from '../model/brand.ts'
import type { Evidence, Incident } from '../model/incident.ts'
import { sampleRevision } from '../store/samples.testing.ts'
import { withNewestShares } from './newest.ts'

const { incident: sample } = sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 0)

function evidence(signal: string, share: number, seenAt: number): Evidence {
  return {
    source: 'ioda' as Evidence['source'],
    signal: signal as SignalId,
    label: signal,
    plane: 'reachability',
    entity: 'country:KZ' as EntityId,
    facet: null,
    spans: [],
    share: share as Share,
    seenAt: seenAt as UnixSeconds,
  }
}

const published: Incident = { ...sample, share: 0.1 as Share, evidence: [evidence('ping.up', 0.1, 10)] }

function draft(change: Partial<Draft>): Draft {
  return { ...published, members: [], partOf: null, ...change }
}

describe('the newest shares', () => {
  it('stand beside what was published, which stays as it was', () => {
    const shown = withNewestShares(published, [
      draft({ share: 0.9 as Share, severity: 'minor', evidence: [evidence('ping.up', 0.9, 20)] }),
    ])
    expect(shown).toEqual({ ...published, share: 0.9, evidence: [evidence('ping.up', 0.9, 20)] })
    expect(published.share).toBe(0.1)
  })

  it('are of the same series only', () => {
    const shown = withNewestShares(published, [draft({ evidence: [evidence('bgp.visible', 0.9, 20)] })])
    expect(shown.evidence).toEqual(published.evidence)
  })

  it('are not taken from another incident, nor for one that was retracted', () => {
    const other = draft({ entity: 'country:BY' as EntityId, share: 0.9 as Share })
    const later = draft({
      onset: { ...published.onset, at: (published.onset.at + 1) as UnixSeconds },
      share: 0.9 as Share,
    })
    expect(withNewestShares(published, [other, later])).toBe(published)
    const retracted = { ...published, state: 'retracted' as const }
    expect(withNewestShares(retracted, [draft({ share: 0.9 as Share })])).toBe(retracted)
  })
})
