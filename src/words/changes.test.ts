import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityId, IncidentId, Ratio } from '../model/brand.ts'
import type { Incident } from '../model/incident.ts'
import { changesBetween } from './changes.ts'
import { en } from './en.ts'
import { at, evidence, GOOGLE_UP, iran, moment, span } from './samples.testing.ts'

function said(before: Partial<Incident>, after: Partial<Incident>): readonly string[] {
  return changesBetween(iran(before), iran(after)).map((change) => en.change(change))
}

const ping = (end: string | null): Incident['evidence'][number] =>
  evidence('ioda/ping.up_slash24s', 'Active Probing', 'reachability', 0.03, [span('2026-01-08T16:30:00Z', end, 0.03)])
const google = evidence('ioda/google.search_traffic', 'Google (Search)', 'application', 0.02, [
  span('2026-01-08T18:00:00Z', null, 0.005),
])

describe('what a revision changed', () => {
  it('is told in words: state, onset, end, kind, severity, confidence', () => {
    expect(
      said(
        {
          state: 'suspected',
          kind: 'partial',
          severity: 'major',
          confidence: { value: 0.4 as Ratio, agreeing: 1, able: 5 },
        },
        {
          state: 'unverified',
          onset: moment('2026-01-08T17:00:00Z'),
          end: moment('2026-01-27T10:00:00Z'),
        },
      ),
    ).toEqual([
      'From suspected to back, but unverified.',
      'The onset moved from 8 Jan, 16:30 to 8 Jan, 17:00 (UTC).',
      'The end was dated: 27 Jan, 10:00 (UTC).',
      'It is now called a blackout; before, a partial cut.',
      'Severity went from major to critical.',
      '4 of 5 independent signals show it; before, 1 of 5.',
      'Confidence went from low (0.40) to high (0.93).',
    ])
  })

  it('names signals that joined, came back and left', () => {
    expect(said({ evidence: [ping(null)] }, { evidence: [ping(null), google] })).toEqual([
      'Off usual as well: Google search.',
    ])
    expect(said({ evidence: [ping(null), google] }, { evidence: [ping('2026-01-27T10:00:00Z')] })).toEqual([
      'Back at usual: active probing.',
      'No longer among the evidence: Google search.',
    ])
  })

  it('counts the series of parts instead of naming them', () => {
    const part = { ...ping(null), entity: 'place:IR-11.zanjan' as EntityId }
    expect(said({ evidence: [] }, { evidence: [part] })).toEqual(['Off usual as well: 1 series of its parts.'])
  })

  it('tells contradictions that came and went, episodes, and what it became part of', () => {
    expect(said({}, { contradictions: [GOOGLE_UP] })).toEqual(['Google search contradicts active probing.'])
    expect(said({ contradictions: [GOOGLE_UP] }, {})).toEqual(['Google search no longer contradicts active probing.'])
    const again = { onset: at('2026-01-12'), end: null }
    expect(said({}, { episodes: [...iran({}).episodes, again] })).toEqual(['2 episodes; before, 1.'])
    expect(said({}, { partOf: 'IR-2026-01-08-b' as IncidentId })).toEqual(['It became part of IR-2026-01-08-b.'])
    expect(said({ partOf: 'IR-2026-01-08-b' as IncidentId }, {})).toEqual([
      'It is no longer part of a larger incident.',
    ])
  })

  it('takes back an end, and moves one', () => {
    expect(said({ end: moment('2026-01-27T10:00:00Z') }, {})).toEqual(['It no longer counts as ended.'])
    expect(said({ end: moment('2026-01-27T10:00:00Z') }, { end: moment('2026-01-27T11:00:00Z') })).toEqual([
      'The end moved from 27 Jan, 10:00 to 27 Jan, 11:00 (UTC).',
    ])
  })

  it('is nothing between a revision and itself, and turns around when the revisions do', () => {
    const some = fc.record({
      state: fc.constantFrom('suspected', 'ongoing', 'recovering', 'unverified', 'retracted'),
      severity: fc.constantFrom('minor', 'major', 'critical'),
      kind: fc.constantFrom('blackout', 'partial'),
      end: fc.constantFrom(null, moment('2026-01-27T10:00:00Z')),
      contradictions: fc.constantFrom([], [GOOGLE_UP]),
    })
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [a, b] = [iran(one), iran(other)]
        expect(changesBetween(a, a)).toEqual([])
        expect(changesBetween(a, b)).toHaveLength(changesBetween(b, a).length)
      }),
    )
  })
})
