import { expect, it } from 'vitest'
import { verifyFile } from '../src/collect/bgp/archive/disk.ts'
import { describeShared, shared } from './shared.ts'

const UPDATES = 'mrt/routeviews.route-views.jinx.updates.1427846400.bz2'

describeShared([UPDATES], 'an archive file of RouteViews', () => {
  it('is unpacked in a worker, and walked from end to end', async () => {
    const verified = await verifyFile(shared(UPDATES))
    expect(verified).toMatchObject({ kind: 'whole', bytes: 34_060, facts: { broken: null, ribs: 0, otherType: null } })
    if (verified.kind !== 'whole') return
    // A quarter of an hour from 2015-04-01T00:00:00Z on.
    expect(verified.facts.earliest).toBeGreaterThanOrEqual(1_427_846_400)
    expect(verified.facts.latest).toBeLessThan(1_427_846_400 + 900)
  })
})
