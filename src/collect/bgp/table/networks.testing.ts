import type { EntityId } from '../../../model/brand.ts'
import type { AccessKind, Operator } from '../../../model/routing.ts'
import { packCountry } from '../../../netdata/networks/country-code.ts'
import type { NetworkMap } from '../../../netdata/networks/network-map.ts'
import { noNetworks } from './no-networks.ts'

function operator(entity: string, access: AccessKind, asns: readonly number[]): Operator {
  return {
    entity: entity as EntityId,
    country: entity.slice(9, 11),
    access,
    names: { en: entity },
    asns,
    sources: [],
  }
}

/**
 * A small world: AS 1–9 are Kazakhstan's, AS 10–19 Russia's; whatever others announce, and who cannot be named, counts
 * for Belarus where bit 16 of the address is set (IPv4 10.1.0.0 …), else for nobody.
 */
export const smallWorld: NetworkMap = {
  ...noNetworks,
  operators: [
    operator('operator:KZ.one', 'mobile', [1, 2]),
    operator('operator:KZ.two', 'mobile', [2, 3]),
    operator('operator:KZ.three', 'fixed', [4]),
    operator('operator:RU.four', 'fixed', [10]),
  ],
  countryOf(origin, _family, word0, word1) {
    if (origin >= 1 && origin < 10) return packCountry('KZ')
    if (origin >= 10 && origin < 20) return packCountry('RU')
    return ((word0 ^ word1) & 0x1_0000) === 0 ? 0 : packCountry('BY')
  },
}
