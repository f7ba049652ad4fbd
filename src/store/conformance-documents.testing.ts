import { describe, expect, it } from 'vitest'

import { StoreError } from '../model/errors.ts'
import type { HealthInterval } from '../model/health.ts'
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

    it('are numbered in the order of publication, without holes', async () => {
      expect(await store().lastPublished()).toBe(0)
      await store().publish([KZ1])
      await store().publish([BY1, KZ2])
      await expect(store().publish([KZb, KZb])).rejects.toThrow(StoreError)
      await store().publish([])
      await store().publish([KZb])
      expect(await store().lastPublished()).toBe(4)
      const places = [KZ1, BY1, KZ2, KZb].map((revision, i) => ({ place: i + 1, revision }))
      expect(await store().published(0, 10)).toEqual(places)
      expect(await store().published(1, 2)).toEqual(places.slice(1, 3))
      expect(await store().published(4, 10)).toEqual([])
      expect(await store().published(0, 0)).toEqual([])
    })

    it('refuses one that is there, and keeps nothing of the call', async () => {
      await store().publish([KZ1])
      await expect(store().publish([KZ2, { ...KZ1, reasons: ['state'] }])).rejects.toThrow(StoreError)
      await expect(store().publish([KZ2, KZ2])).rejects.toThrow(/KZ-2022-01-05-a\/2/)
      expect(await store().revisions({})).toEqual([KZ1])
    })
  })

  describe('health', () => {
    const stale: HealthInterval = {
      source: 'ioda' as HealthInterval['source'],
      signal: 'bgp.visible_slash24s' as HealthInterval['signal'],
      scope: null,
      condition: 'stale',
      from: at(1000),
      until: null,
      knownAt: at(1500),
      detail: 'newest bin 00:10',
    }
    const partial = { ...stale, condition: 'partial', from: at(500), until: at(900) } as const
    const other = { ...stale, signal: 'ping.up_slash24s' as HealthInterval['signal'], from: at(700), until: at(2000) }

    it('is replaced by key and given in the order of its begin', async () => {
      await store().putHealth([stale, partial])
      await store().putHealth([other])
      const over = { ...stale, until: at(4000), knownAt: at(4100), detail: 'newest bin 00:20' }
      await store().putHealth([over, { ...over, scope: 'country:KZ' as StoredEntity['entity'] }])
      expect(await store().health({})).toEqual([
        partial,
        other,
        over,
        { ...over, scope: 'country:KZ' as StoredEntity['entity'] },
      ])
    })

    it('takes the last of one key that comes twice at once', async () => {
      await store().putHealth([stale, { ...stale, until: at(2000) }])
      expect(await store().health({})).toEqual([{ ...stale, until: at(2000) }])
    })

    it('is found by source, by signal and by what it touches', async () => {
      await store().putHealth([stale, partial, other])
      const within = (from: number, until: number) => store().health({ range: { from: at(from), until: at(until) } })
      expect(await store().health({ source: stale.source, signal: stale.signal })).toEqual([partial, stale])
      expect(await store().health({ source: 'ooni' as HealthInterval['source'] })).toEqual([])
      expect(await within(0, 500)).toEqual([])
      expect(await within(0, 501)).toEqual([partial])
      expect(await within(900, 1000)).toEqual([other])
      expect(await within(2000, 9_000_000)).toEqual([stale])
    })
  })

  describe('what is derived', () => {
    it('is given back, replaced and removed by key', async () => {
      const [a, b] = [Uint8Array.of(1, 2, 3), new Uint8Array(100_000).fill(7)]
      await store().putDerived('scope/country:KZ', a)
      await store().putDerived('scope/country:BY', b)
      await store().putDerived('empty', new Uint8Array(0))
      expect(await store().derived('scope/country:KZ')).toEqual(a)
      expect(await store().derived('empty')).toEqual(new Uint8Array(0))
      await Promise.all([b, a, b].map((bytes) => store().putDerived('scope/country:KZ', bytes)))
      expect(await store().derived('scope/country:KZ')).toEqual(b)
      await store().putDerived('scope/country:KZ', null)
      await store().putDerived('never', null)
      expect(await store().derived('scope/country:KZ')).toBeNull()
      expect(await store().derived('scope/country:BY')).toEqual(b)
    })

    it('is a copy', async () => {
      const bytes = Uint8Array.of(1)
      await store().putDerived('key', bytes)
      bytes[0] = 2
      const given = await store().derived('key')
      given![0] = 3
      expect(await store().derived('key')).toEqual(Uint8Array.of(1))
    })
  })
}

async function sortedBy<T>(items: Promise<readonly T[]>, key: (item: T) => string): Promise<T[]> {
  return [...(await items)].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
