import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ratio, Share, UnixSeconds } from '../model/brand.ts'
import type { Incident, IncidentKind, IncidentState } from '../model/incident.ts'
import type { EntityRef, LocalClock, Standpoint } from '../model/page.ts'
import { en } from './en.ts'
import { furtherSentences, incidentSentences, leadSentence } from './headline.ts'
import { isClosed } from './scales.ts'
import { at, GOOGLE_UP, IRAN, iran, moment, ref, TEHRAN } from './samples.testing.ts'

/** Non-breaking spaces read like any other. */
function plain(text: string): string {
  return text.replaceAll('\u00A0', ' ')
}

const NOW: Standpoint = {
  kind: 'live',
  now: at('2026-01-10T12:00:00Z'),
  newest: at('2026-01-10T11:30:00Z'),
  stale: false,
}
const STALE: Standpoint = {
  kind: 'live',
  now: at('2026-06-01T00:00:00Z'),
  newest: at('2026-01-29T15:30:00Z'),
  stale: true,
}

function tell(
  change: Partial<Incident>,
  entity: EntityRef = IRAN,
  clock: LocalClock | null = TEHRAN,
  standpoint: Standpoint = NOW,
): string {
  return plain(incidentSentences(en, { incident: iran(change), entity, clock, standpoint }))
}

/** What the routing plane alone says of it. */
const ROUTES = iran({}).evidence.filter(({ plane }) => plane === 'routing')

describe('the sentence about an incident', () => {
  it('says since when, how much and how sure', () => {
    expect(tell({})).toBe(
      'Iran has been almost entirely offline since 8 January 2026, 16:30 UTC (20:00 in Tehran). ' +
        '3 % of usual. High confidence: 4 of 5 independent signals.',
    )
  })

  it('says that networks answer and people are not known to, never that it is over', () => {
    const text = tell({ state: 'unverified', end: moment('2026-01-27T07:00:00Z'), share: 0.9 as Share })
    expect(text).toMatch(/^Networks in Iran answer again\. Whether people have access is not verified\. /)
    expect(text).toContain(
      'The cut lasted from 8 January 2026, 16:30 UTC (20:00 in Tehran) to 27 January 2026, 07:00 UTC',
    )
    expect(text).toContain('for 18 days.')
    expect(text).toContain('2 % of usual at its worst.')
    expect(text).not.toContain('90 %')
  })

  it('says that one service is back, not the country, and that the middle of the signals is disputed', () => {
    expect(tell({ contradictions: [GOOGLE_UP], share: 0.4 as Share })).toBe(
      'Iran went almost entirely offline on 8 January 2026, 16:30 UTC (20:00 in Tehran), and the cut is not over. ' +
        "Google search is back in Iran; its networks still do not answer. This is one service's return, not the country's. " +
        'The middle of our signals is 40 % of usual, and they contradict each other. ' +
        'High confidence: 4 of 5 independent signals.',
    )
  })

  it('puts the return of a service before routes that stand', () => {
    const routes = { ...GOOGLE_UP, up: 'ioda/bgp.visible_slash24s' as const }
    expect(tell({ contradictions: [routes, GOOGLE_UP] })).toContain('Google search is back in Iran')
    expect(tell({ contradictions: [routes] })).toContain('A network that is announced need not answer.')
  })

  it('leaves contradictions that are over out of the headline', () => {
    expect(tell({ contradictions: [{ ...GOOGLE_UP, until: at('2026-01-27T00:00:00Z') }] })).not.toContain('Google')
  })

  it('has no present tense for what happened where our data end', () => {
    const text = tell({}, IRAN, TEHRAN, STALE)
    expect(text).toMatch(
      /^Iran was almost entirely offline from 8 January 2026, 16:30 UTC \(20:00 in Tehran\) to the end of our data, on 29 January 2026\. 3 % of usual at the end of our data\./,
    )
    expect(text).not.toContain('has been')
    const disputed = tell({ contradictions: [GOOGLE_UP] }, IRAN, TEHRAN, STALE)
    expect(disputed).toContain('Google search was back in Iran while its networks did not answer.')
    expect(tell({ state: 'unverified', end: moment('2026-01-27T07:00:00Z') }, IRAN, TEHRAN, STALE)).toMatch(
      /^Networks in Iran answered again at the end of our data/,
    )
  })

  it('tells one that ended weeks ago in the past, with both ends', () => {
    const end = moment('2026-01-12T10:00:00Z')
    expect(tell({ state: 'resolved', end, closedBy: 'witness' })).toMatch(
      /^Iran was almost entirely offline from 8 January 2026, 16:30 UTC \(20:00 in Tehran\) to 12 January 2026, 10:00 UTC \(13:30 in Tehran\), for 3 days and 17 hours\. 2 % of usual at its worst\./,
    )
  })

  it('says when it was closed by measurement alone', () => {
    const change = { state: 'resolved', end: moment('2026-01-12T10:00:00Z') } as const
    expect(tell({ ...change, closedBy: 'measurement-only' })).toContain('nobody inside has confirmed')
    expect(tell({ ...change, closedBy: 'witness' })).not.toContain('nobody inside')
  })

  it('does not call a new normal an end', () => {
    const text = tell({ state: 'resolved', closedBy: 'new-normal' })
    expect(text).toContain('the yardstick moved, nobody has seen them come back.')
    expect(text).not.toContain('over')
  })

  it.each(['new-normal', 'lost-sight'] as const)('counts %s as followed no longer, whatever its state', (closedBy) => {
    for (const state of ['ongoing', 'recovering', 'unverified', 'resolved'] as const)
      expect(isClosed(iran({ state, closedBy }))).toBe(true)
    expect(isClosed(iran({ state: 'unverified', closedBy: null }))).toBe(false)
    const contradictions = [{ ...GOOGLE_UP, until: null }]
    expect(tell({ state: 'ongoing', closedBy, contradictions })).not.toMatch(/Google|of usual now| is back/)
  })

  it('does not say that networks answer where the signals fell silent, or settled elsewhere', () => {
    for (const closedBy of ['lost-sight', 'new-normal'] as const) {
      for (const standpoint of [NOW, STALE]) {
        const text = tell(
          { state: 'unverified', closedBy, end: moment('2026-01-12T10:00:00Z') },
          IRAN,
          TEHRAN,
          standpoint,
        )
        expect(text).not.toMatch(/answer|The cut lasted/)
        expect(text).toMatch(/How it went on we cannot see\.|nobody has seen them come back\./)
      }
    }
  })

  it('says of part of a return that it is not over', () => {
    expect(tell({ state: 'restricted' })).toMatch(/^Iran is back only in part\. The cut that began on .* is not over\./)
  })

  it('takes a retracted incident back, without its numbers', () => {
    expect(tell({ state: 'retracted' })).toBe(
      'Retracted: we no longer hold that something was wrong in Iran on 8 January 2026.',
    )
  })

  it('says when there is no value, instead of a number', () => {
    expect(tell({ share: null })).toContain('No signal has a value now, so how much is left cannot be said.')
    expect(tell({ state: 'resolved', end: moment('2026-01-12T10:00:00Z'), troughShare: null })).not.toContain(
      'at its worst',
    )
  })

  it('says when it rests on one signal', () => {
    const confidence = { value: 0.4 as Ratio, agreeing: 1, able: 1 }
    expect(tell({ confidence })).toContain('Low confidence: it rests on one signal alone.')
  })

  it('counts none and all', () => {
    expect(tell({ confidence: { value: 0.6 as Ratio, agreeing: 5, able: 5 } })).toContain(
      'Medium confidence: all 5 independent signals.',
    )
    expect(tell({ confidence: { value: 0.1 as Ratio, agreeing: 0, able: 3 } })).toContain(
      'Low confidence: none of 3 independent signals.',
    )
    expect(tell({ confidence: { value: 0 as Ratio, agreeing: 0, able: 0 } })).toContain(
      'no independent signal is able to speak',
    )
  })

  it('counts episodes', () => {
    const one = { onset: at('2026-01-08T16:30:00Z'), end: at('2026-01-09T00:00:00Z') }
    const two = { onset: at('2026-01-10T16:30:00Z'), end: null }
    expect(tell({ episodes: [one, two] })).toContain('It came back and went again: this is episode 2.')
    expect(tell({ episodes: [one, { ...two, end: at('2026-01-11T00:00:00Z') }], state: 'recovering' })).toContain(
      'It came in 2 episodes.',
    )
  })

  it('names a place with its country and a network as a network', () => {
    expect(tell({}, ref('place:IR-23.zanjan', 'Zanjan', 'Iran'))).toMatch(
      /^Zanjan \(Iran\) has been almost entirely offline/,
    )
    expect(tell({}, ref('operator:KZ.kcell', 'Kcell', 'Kazakhstan'), null)).toMatch(
      /^Kcell \(Kazakhstan\) has been almost entirely unreachable since 8 January 2026, 16:30 UTC\. /,
    )
    const group = ref('access:KZ.mobile', 'mobile networks of Kazakhstan', 'Kazakhstan')
    expect(tell({}, group, null)).toMatch(
      /^Mobile networks of Kazakhstan have been almost entirely unreachable since 8 January 2026, 16:30 UTC\. /,
    )
    expect(tell({ state: 'unverified', end: moment('2026-01-27T07:00:00Z') }, group, null)).toMatch(
      /^Mobile networks of Kazakhstan answer again\. /,
    )
    expect(en.entityTitle(group)).toBe('Mobile networks of Kazakhstan')
    expect(tell({}, ref('country:US', 'United States', null), null)).toMatch(/^The United States has been/)
    expect(tell({ kind: 'throttling' }, ref('country:US', 'United States', null), null)).toMatch(
      /^Connections in the United States have/,
    )
  })

  it('marks a reconstruction in its own words', () => {
    expect(tell({ origin: 'reconstructed' })).toMatch(
      /This is a reconstruction from published facts, not a measurement\.$/,
    )
    expect(tell({ origin: 'reconstructed', state: 'retracted' })).toMatch(/not a measurement\.$/)
  })

  const states: readonly IncidentState[] = [
    'suspected',
    'ongoing',
    'recovering',
    'restricted',
    'unverified',
    'resolved',
    'retracted',
  ]
  const kinds: readonly IncidentKind[] = ['blackout', 'partial', 'throttling', 'blocking', 'allow-list']

  it('makes whole sentences of everything that can happen', () => {
    const anything = fc.record({
      state: fc.constantFrom(...states),
      kind: fc.constantFrom(...kinds),
      share: fc.option(fc.double({ min: 0, max: 3, noNaN: true })),
      troughShare: fc.option(fc.double({ min: 0, max: 3, noNaN: true })),
      ended: fc.boolean(),
      ofRoutesAlone: fc.boolean(),
      closedBy: fc.constantFrom(
        'measurement-only' as const,
        'witness' as const,
        'new-normal' as const,
        'lost-sight' as const,
        null,
      ),
      entity: fc.constantFrom(IRAN, ref('as:9198', 'AS9198 Kazakhtelecom', null), ref('world', 'World', null)),
      clock: fc.constantFrom(TEHRAN, null),
      standpoint: fc.constantFrom(NOW, STALE, { kind: 'replay', end: at('2026-01-29T15:30:00Z') } as const),
      onset: fc.integer({ min: 0, max: 4_000_000_000 }),
    })
    fc.assert(
      fc.property(anything, (one) => {
        const onset = { at: one.onset, earliest: one.onset, latest: one.onset } as {
          at: UnixSeconds
          earliest: UnixSeconds
          latest: UnixSeconds
        }
        const told = {
          incident: iran({
            state: one.state,
            kind: one.kind,
            share: one.share as Share | null,
            troughShare: one.troughShare as Share | null,
            end: one.ended ? onset : null,
            closedBy: one.closedBy,
            onset,
            ...(one.ofRoutesAlone ? { evidence: ROUTES } : {}),
          }),
          entity: one.entity,
          clock: one.clock,
          standpoint: one.standpoint,
        }
        for (const sentence of [leadSentence(en, told), ...furtherSentences(en, told)]) {
          expect(sentence).toMatch(/^[A-Z0-9].*\.$/)
          expect(sentence).not.toMatch(/undefined|null|NaN|Infinity| {2}/)
        }
        if (one.ofRoutesAlone) expect(leadSentence(en, told)).not.toMatch(/offline|online|dark|answer|\bcut\b/)
        if (one.standpoint === STALE) expect(leadSentence(en, told)).not.toMatch(/has been|have been|answer again/)
      }),
    )
  })

  it('tells what only routes show as routes, never as people who are cut off or answer', () => {
    const over = iran({ state: 'unverified', end: moment('2026-01-22T04:00:00Z'), evidence: ROUTES })
    const told = { incident: over, entity: IRAN, clock: null, standpoint: NOW }
    const text = incidentSentences(en, told)
    expect(text).toContain(
      'Routes to networks in Iran are announced again. Whether people have access is not verified.',
    )
    expect(text).toContain('Routes alone say so: what is announced to the world, not whether packets pass.')
    expect(text).not.toMatch(/answer|The cut/)
    const open = { ...told, incident: iran({ evidence: ROUTES }) }
    expect(leadSentence(en, open)).toBe(
      'Almost all routes to networks in Iran have been withdrawn since 8 January 2026, 16:30 UTC.',
    )
  })
})
