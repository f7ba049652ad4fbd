import { describe, expect, it } from 'vitest'
import type { EntityId, IncidentId, UnixSeconds } from '../../model/brand.ts'
import type { Incident } from '../../model/incident.ts'
import { DAY, HOUR, plus } from '../../model/time.ts'
import type { SignalSpec } from '../../model/signal.ts'
import type { StoredSeries } from '../../store/store.ts'
import { createHierarchy } from '../../netdata/hierarchy.ts'
import { START } from '../samples.testing.ts'
import { horizonAt, retentionAt, upkeepDay } from './upkeep.ts'

const HIERARCHY = createHierarchy([])
const NOW = plus(START, 500 * DAY)
const SPEC = { source: 'ioda', signal: 'bgp' } as SignalSpec
const SERIES = ['country:KZ', 'region:KZ-75', 'country:BY'].map(
  (entity, id) => ({ id, source: 'ioda', signal: 'bgp', entity: entity as EntityId }) as StoredSeries,
)

function incident(over: Partial<Incident>): Incident {
  const moment = (at: UnixSeconds) => ({ at, earliest: plus(at, -600), latest: plus(at, 600) })
  return {
    id: 'KZ-a' as IncidentId,
    entity: 'region:KZ-75' as EntityId,
    state: 'resolved',
    closedBy: null,
    onset: moment(START),
    end: moment(plus(START, DAY)),
    evidence: [],
    ...over,
  } as Incident
}

describe('what is kept for ever', () => {
  it('is the window of each incident with its baseline, of all series of its country', () => {
    const { keep, rawBefore, answersBefore } = retentionAt(
      NOW,
      { raw: 400, answers: 90 },
      [incident({})],
      SERIES,
      [SPEC],
      HIERARCHY,
    )
    expect([rawBefore, answersBefore]).toEqual([plus(NOW, -400 * DAY), plus(NOW, -90 * DAY)])
    expect(keep).toEqual([
      { series: [0, 1], range: { from: plus(START, -35 * DAY - 600), until: plus(START, 3 * DAY + 600) } },
    ])
  })

  it('is also what happened to its routes then: its country’s, and those of an AS wherever they count', () => {
    const routes = (entity: string) =>
      retentionAt(NOW, { raw: 400, answers: 90 }, [incident({ entity: entity as EntityId })], [], [], HIERARCHY)
        .keepRoutes
    const range = { from: plus(START, -35 * DAY - 600), until: plus(START, 3 * DAY + 600) }
    expect(routes('region:KZ-75')).toEqual([{ country: 'KZ', range }])
    expect(routes('as:64500')).toEqual([{ origins: [64_500], range }])
  })

  it('reaches to now while the incident lasts, and to the last that was seen where sight was lost', () => {
    const until = (over: Partial<Incident>): number =>
      retentionAt(NOW, { raw: 400, answers: 90 }, [incident({ end: null, ...over })], SERIES, [SPEC], HIERARCHY)
        .keep[0]!.range.until
    expect(until({ state: 'ongoing' })).toBe(plus(NOW, 2 * DAY))
    const spans = [{ lastSeen: plus(START, 3 * DAY), closedAt: null }]
    const lost = { closedBy: 'lost-sight', evidence: [{ spans }] } as unknown as Partial<Incident>
    expect(until(lost)).toBe(plus(START, 5 * DAY))
    expect(until({ state: 'retracted' })).toBe(plus(START, 2 * DAY + 600))
  })

  it('is also what was imported, and is not collected: nobody would fetch it again', () => {
    const imported = { id: 3, source: 'tor', signal: 'bridge.users', entity: 'country:KZ' } as StoredSeries
    const retention = retentionAt(NOW, { raw: 400, answers: 90 }, [], [...SERIES, imported], [SPEC], HIERARCHY)
    expect(retention.spare).toEqual([3])
  })

  it('is done once a day, two hours after midnight, when late data are in', () => {
    expect(upkeepDay(plus(START, 2 * HOUR - 1))).toBe(plus(START, -DAY))
    expect(upkeepDay(plus(START, 2 * HOUR))).toBe(START)
  })

  it('leaves alone what ended before the data that are left could be judged', () => {
    expect(horizonAt(NOW, { raw: 400, answers: 90 })).toBe(plus(NOW, -365 * DAY))
  })
})
