import { describe, expect, it } from 'vitest'
import { offsetAt } from './clock.ts'
import { contradictionCase, groupContradictions, mostTelling, nameContradictions } from './contradiction.ts'
import { en } from './en.ts'
import { catalogue, LANGUAGES, parseLanguage } from './languages.ts'
import { at, GOOGLE_UP, IRAN, iran, moment, ref, span, TEHRAN } from './samples.testing.ts'
import { confidenceWord, durationParts, shareWord, soleIncident } from './scales.ts'

const KAZAKHSTAN = ref('country:KZ', 'Kazakhstan', null)

describe('times', () => {
  it('prints UTC always and the local time by the clock of that day', () => {
    expect(en.instant(at('2026-01-08T16:30:00Z'), TEHRAN)).toBe('8 January 2026, 16:30 UTC (20:00 in Tehran)')
    expect(en.instant(at('2022-07-01T12:00:00Z'), TEHRAN)).toBe('1 July 2022, 12:00 UTC (16:30 in Tehran)')
    expect(offsetAt(TEHRAN, at('2022-01-01'))).toBe(16_200)
  })

  it('names the local day where it is another one', () => {
    expect(en.instant(at('2025-12-31T22:00:00Z'), TEHRAN)).toBe(
      '31 December 2025, 22:00 UTC (1 January, 01:30 in Tehran)',
    )
  })

  it('prints no local time without a clock, or where it is that of UTC', () => {
    expect(en.instant(at('2026-01-08T16:30:00Z'), null)).toBe('8 January 2026, 16:30 UTC')
    const ghana = { zone: 'Africa/Accra', changes: [{ from: at('1970-01-01'), offset: 0 }] }
    expect(en.instant(at('2026-01-08T16:30:00Z'), ghana)).toBe('8 January 2026, 16:30 UTC')
  })

  it('prints between which times a change lies, with both days where they differ', () => {
    expect(en.uncertainty(moment('2026-01-08T16:30:00Z'))).toBe(
      'It lies between 16:00 and 17:00 UTC on 8 January 2026.',
    )
    expect(en.uncertainty(moment('2026-01-09T00:00:00Z'))).toBe(
      'It lies between 8 January 2026, 23:30 UTC and 9 January 2026, 00:30 UTC.',
    )
  })

  it.each([
    [0, 'less than a minute'],
    [60, '1 minute'],
    [5400, '1 hour and 30 minutes'],
    [86_400, '1 day'],
    [90_000 + 59 * 60, '1 day and 1 hour'],
    [20 * 86_400 + 7200, '20 days'],
  ])('tells %i seconds as %s', (seconds, text) => {
    expect(en.duration(seconds)).toBe(text)
  })

  it('tells a negative length as none', () => {
    expect(durationParts(-5)).toEqual({ days: 0, hours: 0, minutes: 0 })
  })

  it('tells the grid of a series', () => {
    expect(en.step(1800)).toBe('one value every 30 minutes')
    expect(en.step(3600)).toBe('one value every hour')
    expect(en.step(86_400)).toBe('one value every day')
  })

  it('tells the offset of the local clock', () => {
    expect(en.entity.localTime(TEHRAN, at('2026-01-08'))).toBe('Local time is that of Tehran, UTC+3:30.')
  })
})

describe('scales', () => {
  it('calls up to one per cent less than one', () => {
    expect(shareWord(0)).toEqual({ kind: 'under-one' })
    expect(shareWord(0.01)).toEqual({ kind: 'under-one' })
    expect(shareWord(0.0149)).toEqual({ kind: 'percent', percent: 1 })
    expect(en.share(0.004)).toBe('less than 1\u00A0% of usual')
    expect(en.share(0.034)).toBe('3\u00A0% of usual')
    expect(en.share(1.3)).toBe('130\u00A0% of usual')
  })

  it('turns confidence into words by one table', () => {
    expect([0, 0.49, 0.5, 0.74, 0.75, 1].map(confidenceWord)).toEqual([
      'low',
      'low',
      'medium',
      'medium',
      'high',
      'high',
    ])
  })
})

describe('what is not seen', () => {
  it('never leaves an all-clear without what would not show', () => {
    expect(`${en.entity.quiet(KAZAKHSTAN)} ${en.blindSpots['mobile-only']}`).toBe(
      'Nothing unusual in Kazakhstan. A cut of mobile networks alone would not show here.',
    )
  })

  it('says that a place is not watched', () => {
    expect(en.entity.notWatched(KAZAKHSTAN)).toBe('We do not watch Kazakhstan: no signal of ours covers it.')
  })

  it('calls stale data our blindness', () => {
    const text = en.stale(at('2026-01-29T15:30:00Z'), null)
    expect(text).toBe('Our newest usable data are from 29 January 2026, 15:30 UTC; what happened since we cannot see.')
    expect(text).not.toContain('unusual')
  })

  it('keeps the two readings of a gap apart', () => {
    const stretch = { from: at('2026-01-09'), until: at('2026-01-10'), why: null }
    expect(en.sight.gap({ ...stretch, reading: 'unknown' })).toContain('This is not zero.')
    expect(en.sight.gap({ ...stretch, reading: 'ambiguous' })).toContain('this may be zero or silence.')
    const gap = span('2026-01-09', null, 0.01)
    expect(en.incident.gaps(gap)).toBeNull()
    expect(en.incident.gaps({ ...gap, gaps: { bins: 1, reading: 'unknown' } })).toBe(
      '1 gap: no value, and nobody can say why',
    )
    expect(en.incident.gaps({ ...gap, gaps: { bins: 274, reading: 'ambiguous' } })).toContain(
      '274 gaps: the source leaves zeros out',
    )
  })
})

describe('what was off, but not by enough', () => {
  const note = {
    signal: { key: 'ioda/google.search_traffic', label: 'Google (Search)' } as const,
    since: at('2025-12-05T07:30:00Z'),
    until: at('2025-12-05T08:30:00Z'),
    worstShare: 0.8,
  }

  it('is told by the name that the signal has elsewhere, with one day named once', () => {
    expect(en.entity.note(note)).toBe(
      'Google search was off its usual on 5 December 2025 from 07:30 to 08:30 UTC; at worst it was at 80\u00A0% of usual.',
    )
    expect(en.entity.note({ ...note, until: null, worstShare: 2.4 })).toBe(
      'Google search has been off its usual since 5 December 2025, 07:30 UTC; at worst it was at 240\u00A0% of usual.',
    )
  })
})

describe('what is not closed', () => {
  const incident = iran({})
  const line = (entity: string, state: typeof incident.state): { incident: typeof incident } => ({
    incident: { ...incident, entity: entity as typeof incident.entity, state },
  })
  const country = line('country:IR', 'ongoing')
  const network = line('as:12880', 'ongoing')
  const back = line('country:KZ', 'unverified')

  it('is told by the one area that is cut, before its networks and what is back', () => {
    expect(soleIncident('live', [network, back, country], [])).toBe(country)
    expect(soleIncident('live', [network, back], [])).toBe(network)
    expect(soleIncident('live', [back], [country])).toBe(back)
    expect(soleIncident('live', [country, line('country:BY', 'suspected')], [])).toBeNull()
    expect(soleIncident('live', [], [country])).toBeNull()
    expect(soleIncident('replay', [network], [])).toBe(network)
    expect(soleIncident('replay', [network], [country])).toBeNull()
  })
})

describe('contradictions', () => {
  const names = iran({}).evidence.map(({ source, signal, label, plane }) => ({
    key: `${source}/${signal}` as const,
    label,
    plane,
  }))

  it('knows what each pair means', () => {
    const pair = (up: string, down: string): string => {
      const [one] = nameContradictions([{ ...GOOGLE_UP, up: up as 'ioda/x', down: down as 'ioda/x' }], names)
      return one === undefined ? '' : contradictionCase(one.up, one.down)
    }
    expect(pair('ioda/google.search_traffic', 'ioda/ping.up_slash24s')).toBe('service-networks')
    expect(pair('ioda/google.search_traffic', 'ioda/telescope.unique_ips')).toBe('service')
    expect(pair('ioda/bgp.visible_slash24s', 'ioda/ping.up_slash24s')).toBe('announced')
    expect(pair('ioda/ping.up_slash24s', 'ioda/mozilla.city_count')).toBe('machines')
    expect(pair('ioda/telescope.unique_ips', 'ioda/ping.up_slash24s')).toBe('other')
    expect(pair('nobody/knows', 'ioda/ping.up_slash24s')).toBe('other')
  })

  it('knows what routes are though they are not among the evidence, having stood as usual', () => {
    const standing = { up: 'ioda/bgp.visible_slash24s', down: 'ioda/ping.up_slash24s' } as const
    const withoutRoutes = names.filter(({ key }) => (key as string) !== standing.up)
    const [one] = nameContradictions([{ ...GOOGLE_UP, ...standing }], withoutRoutes)
    expect(one && en.contradiction(one, IRAN)).toBe(
      'The routes to Iran stand as usual while active probing is far below. A network that is announced need not answer.',
    )
  })

  it('speak of a network as of one', () => {
    const [one] = nameContradictions([{ ...GOOGLE_UP, until: null }], names)
    expect(one && en.contradiction(one, ref('as:9198', 'AS9198', null))).toBe(
      "Google search is back on AS9198; its addresses still do not answer. This is one service's return, not the network's.",
    )
  })

  it('has a sentence for each, lasting and over, in whole sentences', () => {
    const keys = [
      'ioda/google.search_traffic',
      'ioda/bgp.visible_slash24s',
      'ioda/ping.up_slash24s',
      'ioda/mozilla.city_count',
    ] as const
    for (const up of keys) {
      for (const down of keys) {
        for (const until of [null, at('2026-01-27')]) {
          for (const one of nameContradictions([{ up, down, since: at('2026-01-19'), until }], names)) {
            expect(en.contradiction(one, IRAN)).toMatch(/^[A-Z].*\.$/)
          }
        }
      }
    }
  })

  it('are told in one sentence for each signal that was up, with the times of those that were down', () => {
    const times = (since: string, until: string) => ({ since: at(since), until: at(until) })
    const bgp = { up: 'ioda/bgp.visible_slash24s' } as const
    const groups = groupContradictions(
      nameContradictions(
        [
          { ...bgp, down: 'ioda/google.search_traffic', ...times('2026-01-09', '2026-01-11') },
          { ...bgp, down: 'ioda/ping.up_slash24s', ...times('2026-01-09', '2026-01-11') },
          { ...bgp, down: 'ioda/ping.up_slash24s', ...times('2026-01-13', '2026-01-17') },
          GOOGLE_UP,
        ],
        names,
      ),
    )
    expect(groups.map((group) => [group.telling.up.key, group.telling.down.key])).toEqual([
      ['ioda/google.search_traffic', 'ioda/ping.up_slash24s'],
      ['ioda/bgp.visible_slash24s', 'ioda/ping.up_slash24s'],
    ])
    expect(groups.map((group) => group.against.map(en.contradictionTimes))).toEqual([
      ['Active probing: since 19 Jan, 00:00 (UTC)'],
      [
        'Google search: 9 Jan, 00:00 – 11 Jan, 00:00 (UTC)',
        'Active probing: 9 Jan, 00:00 – 11 Jan, 00:00; 13 Jan, 00:00 – 17 Jan, 00:00 (UTC)',
      ],
    ])
  })

  it('picks none when none lasts', () => {
    expect(mostTelling(nameContradictions([{ ...GOOGLE_UP, until: at('2026-01-27') }], names))).toBeNull()
  })
})

describe('the licence line', () => {
  it('names the strictest, and says when a giver states none', () => {
    expect(en.site.licence({ strictest: null, citations: [] })).toBe('No data of others are shown here.')
    expect(
      en.site.licence({ strictest: { class: 'share-alike', name: 'GPL-3.0', url: null }, citations: [] }),
    ).toContain('GPL-3.0')
    expect(
      en.site.licence({ strictest: { class: 'unstated', name: 'not stated', url: null }, citations: [] }),
    ).toContain('not stated by their giver')
  })
})

describe('languages', () => {
  it('has a catalogue for each language, under its own name', () => {
    for (const language of LANGUAGES) expect(catalogue(language).language).toBe(language)
    expect(parseLanguage('en')).toBe('en')
    expect(parseLanguage('EN')).toBeNull()
    expect(parseLanguage('xx')).toBeNull()
  })
})
