import { describe, expect, it } from 'vitest'
import type { EntityId, Share } from '../../model/brand.ts'
import type { EntityNow } from '../../street/view.ts'
import { iran } from '../../words/samples.testing.ts'
import { liveView } from '../observatory.testing.ts'
import { contextOf } from './context.testing.ts'
import { countryLines } from './watch.ts'

const KZ: EntityNow = {
  entity: 'country:KZ' as EntityId,
  status: 'quiet',
  share: 0.98765 as Share,
  seenAt: null,
  incident: null,
}

async function lineOf(now: EntityNow, incidents: Parameters<typeof countryLines>[2]): Promise<unknown> {
  const view = liveView({ countries: [now] })
  const [line] = await countryLines(contextOf(view, {}), await view.series({}), incidents)
  return line
}

const within = iran({ entity: 'region:KZ-75' as EntityId, kind: 'partial' })

describe('a country on the world’s page', () => {
  it('is as the view says, with its share', async () => {
    expect(await lineOf(KZ, [])).toMatchObject({ status: 'quiet', share: 0.988, series: 1, incident: null })
  })

  it('has an incident where one is open within it, and none that is over', async () => {
    expect(await lineOf(KZ, [within])).toMatchObject({ status: 'incident', incident: { kind: 'partial' } })
    expect(await lineOf(KZ, [{ ...within, state: 'resolved' }])).toMatchObject({ status: 'quiet', incident: null })
  })

  it('is told by its own incident before one within it', async () => {
    const own = iran({ entity: 'country:KZ' as EntityId, severity: 'minor' })
    expect(await lineOf(KZ, [within, own])).toMatchObject({ incident: { kind: 'blackout' } })
  })

  it('is never called quiet or in trouble now while we are blind, though its incident is named', async () => {
    expect(await lineOf({ ...KZ, status: 'blind', share: null }, [within])).toMatchObject({
      status: 'blind',
      share: null,
      incident: { kind: 'partial' },
    })
  })
})
