import { describe, expect, it } from 'vitest'
import type { Standing } from '../correlate/standing.ts'
import type { EntityId, IncidentId, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import type { HealthInterval } from '../model/health.ts'
import type { Incident } from '../model/incident.ts'
import { DAY, HOUR, plus } from '../model/time.ts'
import type { Strip } from './days.ts'
import { stripOf } from './days.ts'
import { START } from './samples.testing.ts'

const KZ = 'country:KZ' as EntityId
const day = (count: number): UnixSeconds => plus(START, count * DAY)

/** Hourly bins of one series; what was seen of each of five days. */
function strip(counts: readonly number[], over: Partial<Strip> = {}): Strip {
  const spec = { source: 'test', signal: 'ping.up', step: HOUR } as Standing['spec']
  const standing = { spec, entity: KZ, firstJudged: plus(day(1), HOUR) } as Standing
  const days = { days: Float64Array.from(counts, (_, i) => day(i)), counts: Float64Array.from(counts) }
  return { watched: [{ standing, days }], incidents: [], health: [], now: day(5), ...over }
}

function incident(id: string, from: number, until: number | null, over: Partial<Incident> = {}): Incident {
  const episodes = [{ onset: day(from), end: until === null ? null : day(until) }]
  const onset = { at: day(from), earliest: day(from), latest: day(from) }
  return { id: id as IncidentId, episodes, onset, evidence: [], closedBy: null, troughShare: 0.5, ...over } as Incident
}

const statuses = (given: Strip, from = 0, until = 5): readonly string[] =>
  stripOf(given, { from: day(from), until: day(until) }).map((each) => each.status)

describe('the days of a country', () => {
  it('are quiet where most of a day was seen of a series that knew its usual, and else say nothing', () => {
    expect(statuses(strip([24, 24, 12, 11, 0]))).toEqual(['no-data', 'quiet', 'quiet', 'no-data', 'no-data'])
    expect(statuses(strip([24, 24], { watched: [] }))).toEqual(Array.from({ length: 5 }, () => 'no-data'))
  })

  it('count what was no measurement as not seen', () => {
    const blind = (condition: HealthInterval['condition']): HealthInterval => ({
      source: 'test' as SourceId,
      signal: 'ping.up' as SignalId,
      scope: null,
      condition,
      from: day(2),
      until: plus(day(2), 13 * HOUR),
      knownAt: day(3),
      detail: '',
    })
    expect(statuses(strip([24, 24, 24, 24, 24], { health: [blind('common-dip')] }))[2]).toBe('no-data')
    expect(statuses(strip([24, 24, 24, 24, 24], { health: [blind('stale')] }))[2]).toBe('quiet')
  })

  it('carry the worst incident that touched them, while it lasted and no longer', () => {
    const incidents = [incident('a', 1.5, 3, {}), incident('b', 2.5, 2.6, { troughShare: 0.1 as never })]
    const cells = stripOf(strip([24, 24, 24, 24, 24], { incidents }), { from: day(0), until: day(5) })
    expect(cells.map((each) => each.incident)).toEqual([null, 'a', 'b', null, null])
    expect(cells[2]).toEqual({ day: day(2), status: 'incident', worstShare: 0.1, incident: 'b' })
    expect(statuses(strip([], { incidents: [incident('c', 1, null)] }))).toEqual([
      'no-data',
      ...Array.from({ length: 4 }, () => 'incident'),
    ])
  })

  it('do not draw on what was lost from sight', () => {
    const evidence = [{ spans: [{ closedAt: null, lastSeen: day(2.5) }] }] as unknown as Incident['evidence']
    const lost = incident('d', 1.5, null, { closedBy: 'lost-sight', evidence })
    expect(statuses(strip([], { incidents: [lost] }))).toEqual([
      'no-data',
      'incident',
      'incident',
      'no-data',
      'no-data',
    ])
  })

  it('are those that the range touches and that have begun', () => {
    expect(statuses(strip([24, 24, 24], { now: plus(day(2), 2 * HOUR) }), 1.5, 9)).toHaveLength(2)
    // Of the day that runs, what has passed of it.
    const watched = strip([24, 24, 1]).watched
    expect(statuses(strip([], { watched, now: plus(day(2), 2 * HOUR) }), 2, 3)).toEqual(['quiet'])
  })
})
