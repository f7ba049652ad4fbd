import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seconds, UnixSeconds } from '../model/brand.ts'
import type { Intervals } from '../model/intervals.ts'
import type { Span } from '../model/judgement.ts'
import { DAY } from '../model/time.ts'
import type { Draft } from './correlate.ts'
import { correlate } from './correlate.ts'
import type { StandingWish } from './samples.testing.ts'
import { START, hierarchyOf, hours, span, standing } from './samples.testing.ts'
import type { Standing } from './standing.ts'

const FLAT = hierarchyOf({})
const MINUTES_5 = 300 as Seconds
const HOURLY = 3600 as Seconds

function only(standings: readonly Standing[], now = hours(200)): Draft {
  const drafts = correlate(standings, FLAT, now)
  expect(drafts).toHaveLength(1)
  return drafts[0] as Draft
}

describe('one incident an entity and event', () => {
  it('joins the signals of one country, and keeps two countries apart', () => {
    const drafts = correlate(
      [
        standing('ping', [span(1, 40)]),
        standing('bgp', [span(2, 30)], { plane: 'routing' }),
        standing('ping', [span(1, 40)], { entity: 'country:BY' }),
      ],
      FLAT,
      hours(60),
    )
    expect(drafts.map((each) => [each.entity, each.evidence.length])).toEqual([
      ['country:BY', 1],
      ['country:KZ', 2],
    ])
  })

  it('makes two of two events, and none of nothing', () => {
    const drafts = correlate([standing('ping', [span(1, 5), span(150, 160)])], FLAT, hours(170))
    expect(drafts.map((each) => each.onset.at)).toEqual([hours(1), hours(150)])
    expect(drafts.map((each) => each.evidence[0]?.spans)).toEqual([[span(1, 5)], [span(150, 160)]])
    expect(correlate([standing('ping', [])], FLAT, hours(9))).toEqual([])
    expect(correlate([], FLAT, hours(9))).toEqual([])
  })

  it('tells curfews and brief returns as episodes of one incident', () => {
    const draft = only([standing('ping', [span(0, 8), span(11, 20), span(40, null)])], hours(50))
    expect(draft.episodes).toEqual([
      { onset: hours(0), end: hours(8) },
      { onset: hours(11), end: hours(20) },
      { onset: hours(40), end: null },
    ])
    expect(draft.end).toBeNull()
  })

  it('follows an AS and an operator as entities of their own, parts of the country’s', () => {
    const hierarchy = hierarchyOf(
      {},
      { 'as:9198': 'operator:KZ.kazakhtelecom', 'operator:KZ.kazakhtelecom': 'access:KZ.fixed' },
    )
    const drafts = correlate(
      [
        standing('bgp', [span(1, 30)], { entity: 'as:9198', plane: 'routing' }),
        standing('ping', [span(2, 30)], { entity: 'operator:KZ.kazakhtelecom' }),
        standing('ping', [span(1, 30)]),
      ],
      hierarchy,
      hours(40),
    )
    expect(drafts.map((each) => [each.entity, each.partOf])).toEqual([
      ['country:KZ', null],
      ['operator:KZ.kazakhtelecom', 0],
      ['as:9198', 1],
    ])
  })

  it('is part of the nearest ancestor that was down at the same time, not of one that was not', () => {
    const region = standing('ping', [span(50, 60)], { entity: 'region:KZ-75' })
    const country = (from: number, to: number): Standing => standing('ping', [span(from, to)])
    const partOf = (...standings: Standing[]): (number | null)[] =>
      correlate(standings, FLAT, hours(400)).map((each) => each.partOf)
    expect(partOf(region, country(40, 55))).toEqual([null, 0])
    expect(partOf(region, country(60, 70))).toEqual([null, null])
    const place = standing('ping', [span(52, 58)], { entity: 'place:KZ-75.almaty' })
    expect(partOf(place, country(40, 55))).toEqual([null, 0])
    expect(partOf(place, region, country(40, 55))).toEqual([null, 0, 1])
  })
})

describe('onset and end', () => {
  it('is the hull of what fell together, from the first to the end of the last of the finest signals', () => {
    const draft = only([standing('a', [span(1, 9)]), standing('b', [span(3, 9)]), standing('c', [span(30, 40)])])
    expect(draft.onset).toEqual({ at: hours(1), earliest: hours(0.5), latest: hours(3.5) })
  })

  it('is never moved before the interval of a finer signal by a coarse bin that overlaps it', () => {
    const fine = standing('a', [span(10.25, 20, { step: MINUTES_5 })], { step: MINUTES_5 })
    const coarse = standing('b', [span(10, 21, { step: HOURLY })], { step: HOURLY })
    expect(only([fine, coarse]).onset).toEqual(span(10.25, 20, { step: MINUTES_5 }).onset)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 30 }), (at, hour) => {
        const finest = span(at / 12, 60, { step: MINUTES_5 })
        const wide = span(hour, 60, { step: HOURLY })
        const { onset } = only([standing('a', [finest], { step: MINUTES_5 }), standing('b', [wide], { step: HOURLY })])
        if (wide.onset.latest <= finest.onset.earliest) expect(onset.at).toBe(wide.onset.at)
        else expect(onset.at).toBe(finest.onset.at)
      }),
    )
  })

  it('is that of a coarse signal whose whole interval lies before', () => {
    const fine = standing('a', [span(10, 20, { step: MINUTES_5 })], { step: MINUTES_5 })
    const coarse = standing('b', [span(2, 21, { step: HOURLY })], { step: HOURLY })
    expect(only([fine, coarse]).onset).toEqual(span(2, 21, { step: HOURLY }).onset)
  })

  it('ends with the last of its signals', () => {
    const draft = only([standing('a', [span(1, 9)]), standing('b', [span(1, 30)])])
    expect(draft.end).toEqual(span(1, 30).end)
    expect(only([standing('a', [span(1, 9)]), standing('b', [span(1, null)])]).end).toBeNull()
  })

  it('has no end when what was down last has a new normal or was lost from sight', () => {
    for (const close of ['new-normal', 'lost-sight'] as const) {
      const draft = only([standing('a', [span(1, 9)]), standing('b', [span(1, 180, { close })])])
      expect(draft).toMatchObject({ end: null, closedBy: close, state: 'unverified' })
      const returned = only([standing('a', [span(1, 190)]), standing('b', [span(1, 180, { close })])])
      expect(returned.end).toEqual(span(1, 190).end)
    }
  })

  it('is detected when the first signal that may open it was, not when one that merely joins was', () => {
    const tor = standing('tor', [span(0, 30, { decided: 0.5 })], { opens: false, plane: 'circumvention' })
    expect(
      only([tor, standing('a', [span(1, 9, { decided: 2 })]), standing('b', [span(1, 9, { decided: 3 })])]),
    ).toMatchObject({
      detectedAt: hours(3),
      onset: { at: hours(1) },
    })
  })

  it('loses an incident from sight a week after its only series fell silent', () => {
    const silent = standing('a', [span(1, null)], { seenAt: hours(20) })
    expect(only([silent], hours(100))).toMatchObject({ state: 'ongoing', end: null, closedBy: null })
    expect(only([silent], hours(400))).toMatchObject({ state: 'unverified', end: null, closedBy: 'lost-sight' })
  })
})

describe('share of usual', () => {
  const shares = (standings: readonly Standing[]): (number | null)[] => {
    const { share, troughShare } = only(standings)
    return [share, troughShare]
  }

  it('is the median over independent signals, the worst of each group', () => {
    const down = (signal: string, trough: number, wish: StandingWish = {}): Standing =>
      standing(signal, [span(1, null, { trough, last: trough + 0.1 })], wish)
    expect(shares([down('a', 0.1), down('b', 0.3), down('c', 0.8)])).toEqual([0.4, 0.3])
    expect(shares([down('a', 0.25), down('b', 0.5), down('c', 0.75, { group: 'test/a' })])[1]).toBe(0.375)
  })

  it('counts a signal of the entity that stayed up', () => {
    expect(shares([standing('a', [span(1, null, { trough: 0 })]), standing('b', [], { share: 1 })])[1]).toBe(0.5)
  })

  it('leaves routing out where others speak, and is all there is where none does', () => {
    const bgp = standing('bgp', [span(1, null, { trough: 0.9 })], { plane: 'routing' })
    expect(shares([bgp, standing('ping', [span(1, null, { trough: 0.2 })])])).toEqual([0.2, 0.2])
    expect(shares([bgp])).toEqual([0.9, 0.9])
  })

  it('leaves services and what merely joins out', () => {
    const tor = standing('tor', [span(0, null, { trough: 0.6 })], { opens: false })
    const service = standing('ooni', [], { facet: 'telegram', share: 1 })
    expect(shares([standing('ping', [span(1, null, { trough: 0.2 })]), tor, service])).toEqual([0.2, 0.2])
  })

  it('is not thinned out by a series that could not have spoken', () => {
    const ping = standing('ping', [span(1, null, { trough: 0.2 })])
    expect(shares([ping, standing('new', [], { firstJudged: hours(50), share: 1 })])).toEqual([0.2, 0.2])
    expect(shares([ping, standing('dead', [], { seenAt: hours(-50), share: 1 })])).toEqual([0.2, 0.2])
    expect(shares([ping, standing('blind', [], { firstJudged: null, share: null })])).toEqual([0.2, 0.2])
  })

  it('turns a rise round: latency at four times usual is a quarter', () => {
    const slow = standing('rtt', [span(1, null, { trough: 4 })], { badDirection: 'up', share: 2 })
    expect(shares([slow])).toEqual([0.5, 0.25])
    expect(only([slow]).severity).toBe('critical')
  })
})

describe('confidence', () => {
  it('counts the signals that agree among those that could have spoken', () => {
    const draft = only([
      standing('a', [span(1, null)]),
      standing('b', [span(2, null)]),
      standing('quiet', []),
      standing('young', [], { firstJudged: hours(5) }),
      standing('dead', [], { seenAt: hours(-5) }),
      standing('tor', [], { opens: false }),
      standing('ooni', [], { facet: 'telegram' }),
    ])
    expect(draft.confidence).toMatchObject({ agreeing: 2, able: 3 })
  })
})

describe('roll-up', () => {
  const places = (regions: readonly number[], count: number, wish: StandingWish = {}): Standing[] =>
    regions.flatMap((region) =>
      Array.from({ length: count }, (_, i) =>
        standing('ping', [span(1 + i, 40 + i)], {
          entity: `place:KZ-${region}.town-${i}`,
          group: 'test/ping',
          ...wish,
        }),
      ),
    )

  it('carries places to regions and regions to the country', () => {
    const hierarchy = hierarchyOf({ 'region:KZ-10': 4, 'region:KZ-11': 4, 'country:KZ': 4 })
    const drafts = correlate(places([10, 11], 3), hierarchy, hours(300))
    expect(
      drafts
        .filter((each) => !each.entity.startsWith('place'))
        .map((each) => [each.entity, each.onset.at, each.partOf]),
    ).toEqual([
      ['country:KZ', hours(2), null],
      ['region:KZ-10', hours(2), 0],
      ['region:KZ-11', hours(2), 0],
    ])
    const country = drafts[0] as Draft
    expect(country.members).toHaveLength(6)
    expect(country.evidence.filter((each) => each.source === 'tocsin').map((each) => each.signal)).toEqual([
      'rollup.regions',
    ])
    expect(drafts.find((each) => each.entity === 'place:KZ-11.town-2')?.partOf).toBe(2)
  })

  it('stops where less than half of what is known to exist is down', () => {
    const regions = hierarchyOf({ 'region:KZ-10': 4, 'region:KZ-11': 4, 'country:KZ': 5 })
    expect(correlate(places([10, 11], 3), regions, hours(300)).some((each) => each.entity === 'country:KZ')).toBe(false)
    const many = hierarchyOf({ 'region:KZ-10': 30, 'country:KZ': 5 })
    expect(correlate(places([10], 3), many, hours(300)).every((each) => each.entity.startsWith('place'))).toBe(true)
  })

  it('says no more of the whole when its one known part is down', () => {
    const drafts = correlate(places([10], 1), hierarchyOf({ 'region:KZ-10': 1, 'country:KZ': 1 }), hours(300))
    expect(drafts.map((each) => each.entity)).toEqual(['place:KZ-10.town-0'])
  })

  it('does not count again, as independent, what rests on the same measurements as the whole’s own signal', () => {
    const hierarchy = hierarchyOf({ 'region:KZ-10': 3 })
    const own = standing('ping', [span(1, 40)], { entity: 'region:KZ-10', group: 'test/ping' })
    const drafts = correlate([...places([10], 3), own], hierarchy, hours(300))
    expect(drafts.find((each) => each.entity === 'region:KZ-10')?.confidence).toMatchObject({ agreeing: 1, able: 1 })
  })

  it('is a reconstruction when any part of it is one', () => {
    const hierarchy = hierarchyOf({ 'region:KZ-10': 3 })
    const mixed = places([10], 3).map((each, i) => (i === 2 ? { ...each, origin: 'reconstructed' as const } : each))
    const origin = correlate(mixed, hierarchy, hours(300)).find((each) => each.entity === 'region:KZ-10')?.origin
    expect(origin).toBe('reconstructed')
  })
})

describe('a pure function of what is known', () => {
  const ENTITIES = [
    'country:KZ',
    'region:KZ-10',
    'region:KZ-11',
    'place:KZ-10.a',
    'place:KZ-10.b',
    'place:KZ-11.c',
    'as:9198',
  ]
  const spansOfOne = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })), { maxLength: 3 })
    .chain((lengths) => fc.tuple(fc.constant(lengths), fc.boolean(), fc.constantFrom(0.05, 0.4, 0.7)))
    .map(([lengths, lasts, trough]): Span[] => {
      let at = 0
      return lengths.map(([calm, down], i) => {
        const from = at + calm
        at = from + down
        return span(from, lasts && i === lengths.length - 1 ? null : at, { trough })
      })
    })
  const one = fc
    .record({
      signal: fc.constantFrom('a', 'b', 'c'),
      source: fc.constantFrom('s', 't'),
      entity: fc.constantFrom(...ENTITIES),
      facet: fc.constantFrom(null, null, 'telegram'),
      opens: fc.constantFrom(true, true, false),
      plane: fc.constantFrom('routing' as const, 'reachability' as const, 'application' as const),
      step: fc.constantFrom(MINUTES_5, HOURLY),
      spans: spansOfOne,
      licence: fc.constantFrom('public-domain' as const, 'share-alike' as const),
    })
    .map(({ signal, spans, licence, ...wish }) =>
      standing(signal, spans, { ...wish, licence: { class: licence, name: licence, url: null } }),
    )
  const world = fc.uniqueArray(one, {
    maxLength: 14,
    selector: (each) => [each.spec.source, each.spec.signal, each.entity, each.facet].join(),
  })
  const hierarchy = hierarchyOf({ 'region:KZ-10': 2, 'region:KZ-11': 1, 'country:KZ': 2 }, { 'as:9198': 'country:KZ' })
  const NOW = hours(500)

  it('gives the same drafts in whatever order the series are told', () => {
    fc.assert(
      fc.property(
        world.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(correlate(shuffled, hierarchy, NOW)).toEqual(correlate(all, hierarchy, NOW))
        },
      ),
    )
  })

  it('says of every draft what holds of all: parents first, episodes in order, the onset the first of them', () => {
    fc.assert(
      fc.property(world, (all) => {
        const drafts = correlate(all, hierarchy, NOW)
        drafts.forEach((draft, i) => {
          if (draft.partOf !== null) expect(draft.partOf).toBeLessThan(i)
          expect(draft.episodes.length).toBeGreaterThan(0)
          const starts: UnixSeconds[] = draft.episodes.map((each) => each.onset)
          expect(starts).toEqual(starts.toSorted((a, b) => a - b))
          expect(draft.onset.earliest).toBeLessThan(draft.onset.latest)
          expect(draft.onset.at).toBeGreaterThanOrEqual(draft.onset.earliest)
          expect(draft.detectedAt).toBeGreaterThan(draft.onset.earliest)
          expect(draft.confidence.agreeing).toBeLessThanOrEqual(draft.confidence.able)
          const isOpen = draft.episodes.some((each) => each.end === null)
          expect(draft.end === null).toBe(isOpen)
          expect(['suspected', 'ongoing', 'recovering', 'restricted'].includes(draft.state)).toBe(isOpen)
        })
        const events = drafts.map((each) => `${each.entity} ${each.onset.at}`)
        expect(new Set(events).size).toBe(events.length)
      }),
    )
  })

  it('gives an earlier instant what the spans of then give', () => {
    const ended = standing('a', [span(1, 9), span(100, 120)])
    expect(correlate([{ ...ended, spans: ended.spans.slice(0, 1) }], FLAT, hours(50))).toHaveLength(1)
    expect(START % DAY).toBe(0)
  })
})

describe('our blindness', () => {
  const down = standing('ping.up', [span(100, null)], { group: 'a' })
  const blindFor = (from: number, until: number): Intervals => [{ from: hours(from), until: hours(until) }]
  const up = (blind: Intervals, seen: number): Standing =>
    standing('web.requests', [], { group: 'b', blind, seenAt: hours(seen) })
  const draftWith = (...others: readonly Standing[]): Draft => only([down, ...others], hours(140))
  const alone = draftWith()

  it('is no disagreement: a signal that was out of our sight could not have spoken', () => {
    expect(draftWith(up([], 140)).confidence).toMatchObject({ agreeing: 1, able: 2 })
    expect(draftWith(up([], 140)).share).not.toBe(alone.share)
    for (const out of [up(blindFor(99, 139), 140), up(blindFor(101, 140), 100.5)]) {
      expect(draftWith(out).confidence).toEqual(alone.confidence)
      expect(draftWith(out).share).toBe(alone.share)
    }
  })

  it('contradicts nothing, neither in the midst of an event nor at its newest end', () => {
    expect(draftWith(up([], 140)).contradictions).toHaveLength(1)
    expect(draftWith(up(blindFor(99, 139), 140)).contradictions).toEqual([])
    expect(draftWith(up(blindFor(103, 150), 103)).contradictions).toEqual([])
  })

  it('is no contradiction either where a signal merely stopped after an hour', () => {
    expect(only([down, up([], 101)], hours(112)).contradictions).toEqual([])
  })

  it('vouches for no return: a signal that came back and went out of sight makes nothing restricted', () => {
    const back = (seen: number): Standing =>
      standing('web.requests', [span(100, 105)], { group: 'b', plane: 'application', seenAt: hours(seen) })
    expect(draftWith(back(140)).state).toBe('restricted')
    expect(draftWith(back(107)).state).toBe('ongoing')
  })
})

describe('a signal that rises when things are bad', () => {
  const down = standing('ping.up', [span(100, null, { trough: 0.1, last: 0.3 })], { group: 'a', share: 0.3 })
  const latency = (spans: readonly Span[], share: number, group: string): Standing =>
    standing('ping.latency_ms', spans, { group, badDirection: 'up', share })

  it('is at usual without speaking for people: no disagreement, no contradiction, no share', () => {
    expect(only([down, latency([], 1, 'b')], hours(140))).toEqual(only([down], hours(140)))
  })

  it('does not make the share of a country worse than what it has left', () => {
    const slow = latency([span(101, null, { trough: 20, last: 20 })], 20, 'a')
    expect(only([down, slow], hours(140)).share).toBe(0.3)
    expect(only([slow], hours(140)).share).toBeCloseTo(0.05)
  })
})
