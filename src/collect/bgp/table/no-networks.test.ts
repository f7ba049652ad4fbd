import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../../model/brand.ts'
import { buildNetworkMap } from '../../../netdata/networks/build.ts'
import { loadOperators } from '../../../netdata/operators.ts'
import { operatorNetworks } from './no-networks.ts'

describe('operatorNetworks', () => {
  it('places every curated AS as the map without registries does, and no other', () => {
    const operators = loadOperators()
    const ours = operatorNetworks(operators)
    const built = buildNetworkMap({ delegated: [], operators, at: 1_700_000_000 as UnixSeconds })
    const asns = [...operators.flatMap((operator) => operator.asns), 64_496, 3356]
    expect(asns.length).toBeGreaterThan(100)
    for (const asn of asns) {
      expect([asn, ours.countryOf(asn, 4, 0x0a00_0000, 0, 0, 0, 8)]).toEqual([
        asn,
        built.countryOf(asn, 4, 0x0a00_0000, 0, 0, 0, 8),
      ])
      expect(ours.operator(asn)).toBe(built.operator(asn))
      expect(ours.as(asn).country).toBe(built.as(asn).country)
    }
  })
})
