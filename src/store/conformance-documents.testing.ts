import { describe, expect, it } from 'vitest'

import { StoreError } from '../model/errors.ts'
import { at, sampleRevision, sampleSpec } from './samples.testing.ts'
import type { Store, StoredEntity } from './store.ts'

const MASHHAD = 'place:IR-09.mashhad' as StoredEntity['entity']
export const TEHRAN: StoredEntity = {
  entity: 'place:IR-23.tehran' as StoredEntity['entity'],
  name: 'Tehran',
  parent: 'region:IR-23' as StoredEntity['entity'],
  timeZone: 'Asia/Tehran',
  knownChildren: null,
}

/** What is kept beside the observations. `store` gives an empty one for each test. */
export function testDocuments(store: () => Store): void {
  describe('specs and entities', () => {
    it('adds or replaces specs by source and signal', async () => {
      await store().putSpecs([sampleSpec('a', 'first'), sampleSpec('b', 'second')])
      await store().putSpecs([sampleSpec('a', 'mended')])
      expect(await sortedBy(store().specs(), (spec) => spec.signal)).toEqual([
        sampleSpec('a', 'mended'),
        sampleSpec('b', 'second'),
      ])
    })

    it('adds or replaces entities by id', async () => {
      await store().putEntities([TEHRAN, { ...TEHRAN, entity: MASHHAD, name: 'Mashhad \'the\' "city"' }])
      await store().putEntities([{ ...TEHRAN, knownChildren: 22, timeZone: null, parent: null }])
      expect(await sortedBy(store().entities(), (entity) => entity.entity)).toEqual([
        { ...TEHRAN, entity: MASHHAD, name: 'Mashhad \'the\' "city"' },
        { ...TEHRAN, knownChildren: 22, timeZone: null, parent: null },
      ])
    })
  })

  describe('revisions', () => {
    const KZ1 = sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 100)
    const BY1 = sampleRevision('country:BY', 'BY-2020-08-09-a', 1, 150)
    const KZ2 = sampleRevision('country:KZ', 'KZ-2022-01-05-a', 2, 200)
    const KZb = sampleRevision('country:KZ', 'KZ-2022-01-05-b', 1, 300)

    it('gives them back whole, in the order of publication', async () => {
      await store().publish([KZ1])
      await store().publish([BY1, KZ2])
      await store().publish([KZb])
      expect(await store().revisions({})).toEqual([KZ1, BY1, KZ2, KZb])
    })

    it('finds them by incident, by entity and as known then', async () => {
      await store().publish([KZ1, BY1, KZ2, KZb])
      expect(await store().revisions({ incident: KZ1.incident.id })).toEqual([KZ1, KZ2])
      expect(await store().revisions({ entity: KZ1.incident.entity })).toEqual([KZ1, KZ2, KZb])
      expect(await store().revisions({ entity: KZ1.incident.entity, asOf: at(200) })).toEqual([KZ1, KZ2])
      expect(await store().revisions({ asOf: at(99) })).toEqual([])
    })

    it('refuses one that is there, and keeps nothing of the call', async () => {
      await store().publish([KZ1])
      await expect(store().publish([KZ2, { ...KZ1, reasons: ['state'] }])).rejects.toThrow(StoreError)
      await expect(store().publish([KZ2, KZ2])).rejects.toThrow(/KZ-2022-01-05-a\/2/)
      expect(await store().revisions({})).toEqual([KZ1])
    })
  })
}

async function sortedBy<T>(items: Promise<readonly T[]>, key: (item: T) => string): Promise<T[]> {
  return [...(await items)].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
