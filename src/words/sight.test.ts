import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ratio } from '../model/brand.ts'
import type { Detectability } from '../model/detectability.ts'
import type { HealthCondition } from '../model/health.ts'
import type { HealthLine } from '../model/page.ts'
import { en } from './en.ts'
import { at, IRAN } from './samples.testing.ts'
import { fractionOf, groupHealth } from './sight.ts'

const CONDITIONS: readonly HealthCondition[] = [
  'unreachable',
  'unreadable',
  'stale',
  'frozen',
  'wrong-clock',
  'partial',
  'common-dip',
]

function line(condition: HealthCondition, change: Partial<HealthLine>): HealthLine {
  return {
    key: 'ioda/ping.up_slash24s',
    label: 'Active Probing',
    source: 'IODA',
    condition,
    from: at('2026-01-15T11:02:00Z'),
    until: null,
    scope: null,
    detail: '',
    ...change,
  }
}

function notices(lines: readonly HealthLine[]): readonly string[] {
  return groupHealth(lines).map((group) => en.sight.notice(group))
}

describe('notices of our own blindness', () => {
  it('say of each condition that it is ours, and since when', () => {
    for (const condition of CONDITIONS) {
      const [notice = ''] = notices([line(condition, { detail: 'HTTP 503' })])
      expect(notice, condition).toContain('since 15 January 2026, 11:02 UTC')
      expect(notice, condition).toMatch(/IODA|[Oo]ur/)
      expect(notice, condition).not.toMatch(/undefined|offline|shutdown/)
    }
  })

  it('name signals with the same fault in one sentence, since the first of them', () => {
    expect(
      notices([
        line('unreachable', { detail: 'HTTP 503' }),
        line('unreachable', { key: 'ioda/bgp.visible_slash24s', from: at('2026-01-15T11:00:00Z'), detail: 'HTTP 503' }),
      ]),
    ).toEqual([
      'Our feed is late: IODA has not answered since 15 January 2026, 11:00 UTC (HTTP 503). What active probing and routing (BGP) would have shown since then we cannot see.',
    ])
  })

  it('speak of one signal as of one', () => {
    const late = line('stale', { key: 'ioda/google.search_traffic' })
    expect(notices([late])[0]).toMatch(
      /nothing new of Google search since .* What happened since then it cannot show\.$/,
    )
    expect(notices([late, line('stale', {})])[0]).toMatch(/since then they cannot show\.$/)
  })

  it('do not say twice what explains itself, and begin with the gravest', () => {
    const said = groupHealth([line('stale', {}), line('unreachable', {}), line('wrong-clock', {})])
    expect(said.map((group) => group.condition)).toEqual(['wrong-clock', 'unreachable'])
  })

  it('keep a fault of one country’s data apart from one of all', () => {
    expect(notices([line('stale', { scope: IRAN }), line('stale', {})])).toHaveLength(2)
    expect(notices([line('stale', { scope: IRAN })])[0]).toContain('for Iran')
  })
})

describe('gaps', () => {
  const gap = {
    from: at('2026-01-15T11:02:00Z'),
    until: at('2026-01-15T11:19:00Z'),
    why: { condition: 'unreachable', source: 'IODA', detail: 'HTTP 503' },
  } as const

  it('say why, where that is known, and that they are no zero', () => {
    expect(en.sight.gap({ ...gap, reading: 'unknown' })).toBe(
      'No value on 15 January 2026 from 11:02 to 11:19 UTC: IODA did not answer (HTTP 503). This is not zero.',
    )
  })

  it('say of values that were not judged that there were some', () => {
    const frozen = { condition: 'frozen', source: 'IODA', detail: '' } as const
    expect(en.sight.gap({ ...gap, reading: 'blind', why: frozen })).toBe(
      'Values on 15 January 2026 from 11:02 to 11:19 UTC are not judged: IODA repeated the same values.',
    )
  })
})

describe('what would have shown', () => {
  const cut = (kind: Detectability['kind'], hour: number | null, day: number | null): Detectability => ({
    kind,
    hour: hour === null ? null : { loss: hour as Ratio, by: 'ioda/ping.up_slash24s' },
    day: day === null ? null : { loss: day as Ratio, by: 'ioda/ping.up_slash24s' },
    why: hour === null && day === null ? 'no-signal' : null,
  })

  it('is one sentence beside an all-clear: what would have, and what would not', () => {
    expect(en.sight.wouldShow(IRAN, [cut('national', 0.25, 0.2), cut('mobile', null, null)])).toBe(
      'A cut of a quarter of the country that lasted an hour would have shown; one of mobile networks alone would not show here.',
    )
  })

  it('says when even a cut of the whole would not have shown', () => {
    expect(en.sight.wouldShow(IRAN, [cut('national', null, null), cut('mobile', null, null)])).toBe(
      'A cut of the country, however deep, would not show here.',
    )
  })

  it('asks for a day where an hour is too short', () => {
    expect(en.sight.cut(IRAN, cut('national', null, 0.5))).toBe(
      'A cut of half of the country that lasted a day would have shown; a shorter one might not.',
    )
    expect(en.sight.cut(IRAN, cut('throttling', 0.5, 0.5))).toBe(
      'A slow-down to 1.5 times the usual latency that lasted an hour would have shown.',
    )
    expect(en.sight.cut(IRAN, cut('throttling', null, 1.11))).toBe(
      'A slow-down to 2.2 times the usual latency that lasted a day would have shown; a shorter one might not.',
    )
  })

  it('blames our own view where that is unhealthy, and our history where that is short', () => {
    expect(en.sight.cut(IRAN, { ...cut('national', null, null), why: 'blind' })).toContain('our own view is unhealthy')
    expect(en.sight.cut(IRAN, { ...cut('regional', null, null), why: 'too-little-history' })).toContain(
      'too little history',
    )
  })

  it('never promises more than was found: the fraction that is said is not smaller than the loss', () => {
    const values = { twentieth: 0.05, tenth: 0.1, fifth: 0.2, quarter: 0.25, third: 1 / 3, half: 0.5 } as const
    const more = { 'two-thirds': 2 / 3, 'three-quarters': 0.75, 'nine-tenths': 0.9, 'nearly-all': 1 } as const
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (loss) => {
        expect({ ...values, ...more }[fractionOf(loss)]).toBeGreaterThanOrEqual(loss - 0.0051)
      }),
    )
  })
})

describe('what is said of a source', () => {
  it('tells what is not followed, and how long a round takes where lists are not taken', () => {
    const { sources } = en.sight
    expect(sources.leftOut(['KZ: Nowhere'])).toBe(
      '1 place of it could not be matched with any that we know and is not followed: KZ: Nowhere.',
    )
    expect(sources.leftOut(['KZ: Nowhere', 'IR: Elsewhere'])).toContain('2 places of it')
    expect(sources.oneByOne(7200)).toMatch(/ a round takes 2 hours, and data come as much later\.$/)
  })
})
