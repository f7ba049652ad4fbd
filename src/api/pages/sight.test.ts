import { describe, expect, it } from 'vitest'
import type { EntityId, SignalId } from '../../model/brand.ts'
import type { HealthCondition, HealthInterval } from '../../model/health.ts'
import type { Standpoint } from '../../model/page.ts'
import type { View } from '../../street/view.ts'
import { at } from '../../words/samples.testing.ts'
import { blindness } from '../live.testing.ts'
import { iranView, liveView } from '../observatory.testing.ts'
import { contextOf } from './context.testing.ts'
import { healthLines, healthOver, sightOf, sourcesSummary } from './sight.ts'

const KZ = 'country:KZ' as EntityId
const IR = 'country:IR' as EntityId
const SINCE = at('2026-01-15T11:00:00Z')

async function look(
  view: View,
  entity: EntityId | null,
  signals: readonly string[],
): Promise<{ readonly standpoint: Extract<Standpoint, { kind: 'live' }>; readonly conditions: readonly string[] }> {
  const shown = (await view.specs()).filter((spec) => signals.includes(spec.signal))
  const { standpoint, unhealthy } = await sightOf(contextOf(view, {}), shown, entity)
  if (standpoint.kind !== 'live') throw new TypeError('not live')
  return { standpoint, conditions: unhealthy.map((line) => line.condition) }
}

const withHealth = (...health: readonly HealthInterval[]): View => liveView({ health })

describe('our own sight', () => {
  it.each<HealthCondition>(['unreachable', 'unreadable', 'stale', 'frozen', 'wrong-clock', 'common-dip'])(
    'ends where the only signal of a page became %s',
    async (condition) => {
      const { standpoint, conditions } = await look(withHealth(blindness({ condition })), KZ, ['ping.up_slash24s'])
      expect(standpoint).toMatchObject({ stale: true, newest: SINCE })
      expect(conditions).toEqual([condition])
    },
  )

  it('goes on where values are fewer than usual: it is said, and what is there is judged', async () => {
    const { standpoint, conditions } = await look(withHealth(blindness({ condition: 'partial' })), KZ, [
      'ping.up_slash24s',
    ])
    expect(standpoint.stale).toBe(false)
    expect(conditions).toEqual(['partial'])
  })

  it('goes on by another signal that is well, and the page says which is not', async () => {
    const { standpoint, conditions } = await look(withHealth(blindness({})), IR, [
      'ping.up_slash24s',
      'google.search_traffic',
    ])
    expect(standpoint.stale).toBe(false)
    expect(conditions).toEqual(['unreachable'])
  })

  it('is not dimmed by a signal that the page does not rest on, nor by another country’s data', async () => {
    const other = await look(withHealth(blindness({ signal: 'google.search_traffic' as SignalId })), KZ, [
      'ping.up_slash24s',
    ])
    expect(other).toMatchObject({ standpoint: { stale: false }, conditions: [] })
    const elsewhere = withHealth(blindness({ scope: IR }))
    expect(await look(elsewhere, KZ, ['ping.up_slash24s'])).toMatchObject({
      standpoint: { stale: false },
      conditions: [],
    })
    expect((await look(elsewhere, IR, ['ping.up_slash24s'])).standpoint.stale).toBe(true)
  })

  it('is over with what was wrong', async () => {
    const { standpoint, conditions } = await look(withHealth(blindness({ until: at('2026-01-15T11:30:00Z') })), KZ, [
      'ping.up_slash24s',
    ])
    expect(standpoint.stale).toBe(false)
    expect(conditions).toEqual([])
  })

  it('ends with old data though nobody has said that anything is wrong', async () => {
    const { standpoint } = await look(liveView({ now: at('2026-01-15T19:00:00Z') }), KZ, ['ping.up_slash24s'])
    expect(standpoint).toMatchObject({ stale: true, newest: at('2026-01-15T12:00:00Z') })
  })

  it('ends with old data that no source feeds, as what was imported is', async () => {
    const imported = (now: string): View => liveView({ now: at(now), sources: [] })
    expect((await look(imported('2026-01-15T19:00:00Z'), KZ, ['ping.up_slash24s'])).standpoint.stale).toBe(true)
    expect((await look(imported('2026-01-15T12:20:00Z'), KZ, ['ping.up_slash24s'])).standpoint.stale).toBe(false)
  })

  it('is nothing that a replay has', async () => {
    const sight = await sightOf(contextOf(iranView({}), { kind: 'replay' }), await iranView({}).specs(), IR)
    expect(sight).toEqual({ standpoint: { kind: 'replay', end: iranView({}).now() }, unhealthy: [] })
  })
})

describe('stretches of blindness', () => {
  it('are told newest first, with the names of source and signal', async () => {
    const view = withHealth(
      blindness({ from: at('2026-01-14T03:00:00Z'), until: at('2026-01-14T04:00:00Z') }),
      blindness({ condition: 'frozen', detail: '' }),
    )
    const found = await healthOver(view, await view.specs(), KZ, { from: at('2026-01-14'), until: view.now() })
    const lines = await healthLines(contextOf(view, {}), found)
    expect(lines.map((line) => [line.condition, line.source, line.label])).toEqual([
      ['frozen', 'IODA', 'Active Probing (# /24s Up)'],
      ['unreachable', 'IODA', 'Active Probing (# /24s Up)'],
    ])
  })
})

describe('the sources in short', () => {
  it('count those that are well, and name the oldest of them', async () => {
    expect(await sourcesSummary(contextOf(withHealth(blindness({})), {}))).toMatchObject({
      signals: 2,
      unhealthy: 1,
      oldest: { key: 'ioda/google.search_traffic' },
      href: '/en/sources',
    })
  })

  it('are nothing where none is set up', async () => {
    expect(await sourcesSummary(contextOf(liveView({ sources: [] }), {}))).toBeNull()
  })
})
