import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { BIN_BLIND } from '../detect/grid.ts'
import type { Interval } from '../model/intervals.ts'
import { DAY, HOUR } from '../model/time.ts'
import { createHierarchy } from '../netdata/hierarchy.ts'
import type { LoadedSeries } from './loaded.ts'
import { seededRandom } from './random.ts'
import { COUNTRY, START, caseOf, loadedSample, spanOf } from './samples.testing.ts'
import type { SampleSeries } from './samples.testing.ts'
import type { Scope } from './scope.ts'
import { createScope, restoreScope, scopeOf } from './scope.ts'

const DAYS = 21
const kz = COUNTRY.filter((each) => !each.entity.includes('BY')).map((each, i) => loadedSample(each, DAYS, 7 + i))

function scopeFor(series: readonly LoadedSeries[]): Scope {
  const { gazetteer, hierarchy } = caseOf(series, DAYS)
  return createScope(
    series.map(({ info, spec }, id) => ({ series: { ...info, id }, spec })),
    gazetteer,
    hierarchy,
  )
}

interface Write {
  readonly at: number
  readonly member: number
  readonly bin: number
  readonly value: number
}

/** Every bin at the instant when it normally becomes available, later by what `lateness` says. */
function writesOf(series: readonly LoadedSeries[], lateness: (member: number, bin: number) => number): Write[] {
  return series
    .flatMap(({ info, spec, bins, values }, member) =>
      bins.map((bin, i) => ({
        at: bin + info.step + spec.delay + lateness(member, bin),
        member,
        bin,
        value: values[i] ?? Number.NaN,
      })),
    )
    .sort((a, b) => a.at - b.at || a.member - b.member || a.bin - b.bin)
}

function play(scope: Scope, writes: readonly Write[], advanceEach: boolean): Scope {
  let now = 0
  for (const [i, { at, member, bin, value }] of writes.entries()) {
    if (advanceEach && i > 0 && at > now) scope.advance(now as UnixSeconds)
    now = Math.max(now, at)
    scope.put(member, bin as UnixSeconds, value, Number.NaN)
  }
  scope.advance(END)
  return scope
}

const END = (START + (DAYS + 2) * DAY) as UnixSeconds

/** All that a scope says: every span, note, usual value and draft. */
function said(scope: Scope): unknown {
  return {
    standings: scope.standings().map((each) => ({ ...each, spans: each.spans.map(spanOf) })),
    drafts: scope.drafts(END),
    notes: [...new Set(scope.members.map((each) => each.series.entity))].map((entity) => scope.notes(entity)),
    usual: scope.members.map((_, i) => {
      const { grid } = scope.detector(i)
      return [...grid.expected.subarray(0, grid.length)]
    }),
  }
}

const inOneGo = play(
  scopeFor(kz),
  writesOf(kz, () => 0),
  false,
)
const answer = said(inOneGo)

describe('a scope', () => {
  it('finds what the sample holds: cuts of two entities, a new normal, gaps', () => {
    const spans = inOneGo.standings().flatMap((each) => each.spans)
    expect(spans.length).toBeGreaterThanOrEqual(5)
    expect(spans.some((each) => each.close === 'new-normal')).toBe(true)
    expect(inOneGo.drafts(END).length).toBeGreaterThanOrEqual(2)
    expect(inOneGo.quiet()).toBe(false)
  })

  it('says the same bin by bin as in one go', () => {
    expect(
      said(
        play(
          scopeFor(kz),
          writesOf(kz, () => 0),
          true,
        ),
      ),
    ).toEqual(answer)
  })

  it.each([1, 2])('says the same with one in ten bins six hours late (seed %i)', (seed) => {
    const random = seededRandom(seed)
    const writes = writesOf(kz, () => (random() < 0.1 ? 6 * HOUR : 0))
    expect(said(play(scopeFor(kz), writes, true))).toEqual(answer)
  })

  it.each([1])('says the same with bins that come in any order within two weeks (seed %i)', (seed) => {
    const random = seededRandom(seed)
    const writes = writesOf(kz, () => (random() < 0.01 ? Math.floor(random() * 14) * DAY : 0))
    expect(said(play(scopeFor(kz), writes, true))).toEqual(answer)
  })

  it('says the same when one of its series lags a day behind the others all along', () => {
    const writes = writesOf(kz, (member) => (member === 4 ? DAY : 0))
    expect(said(play(scopeFor(kz), writes, true))).toEqual(answer)
  })

  it('says the same when wrong values are corrected a day later, into gaps too', () => {
    const random = seededRandom(11)
    const right = writesOf(kz, () => 0)
    const wrong = right
      .filter(() => random() < 0.02)
      .map((each) => ({ ...each, value: random() < 0.3 ? Number.NaN : each.value * (0.2 + random()) }))
    const late = right.map((each) =>
      wrong.some(({ member, bin }) => member === each.member && bin === each.bin)
        ? { ...each, at: each.at + DAY }
        : each,
    )
    const writes = [...wrong, ...late].sort((a, b) => a.at - b.at)
    expect(said(play(scopeFor(kz), writes, true))).toEqual(answer)
  })

  it('forgets a value that is corrected to a gap', () => {
    const first = kz[3] as LoadedSeries
    const gap = first.bins[30] ?? 0
    const corrected = { ...first, values: first.values.map((value, i) => (i === 30 ? Number.NaN : value)) }
    const direct = play(
      scopeFor([corrected]),
      writesOf([corrected], () => 0),
      true,
    )
    const writes = [
      ...writesOf([first], () => 0),
      { at: gap + 30 * HOUR, member: 0, bin: gap, value: Number.NaN },
    ].sort((a, b) => a.at - b.at)
    expect(said(play(scopeFor([first]), writes, true))).toEqual(said(direct))
  })

  it('says the same when a series that was down fell silent for days and comes back', () => {
    const [base] = COUNTRY
    const make = (signal: string, seed: number, cuts: SampleSeries['cuts']): LoadedSeries =>
      loadedSample(
        { ...(base as SampleSeries), signal, stepMinutes: 60, gapEvery: 0, noise: 0.01, rhythm: 0, cuts },
        22,
        seed,
      )
    const silent = make('web.up', 2, [{ from: 192, until: 500, level: 0.1 }])
    const hours = silent.bins.map((bin) => (bin - START) / HOUR)
    const pick = (numbers: readonly number[]): number[] => numbers.filter((_, i) => hours[i]! < 200 || hours[i]! >= 505)
    const three = [
      make('ping.up', 1, [{ from: 190, until: 9999, level: 0.6 }]),
      { ...silent, bins: pick(silent.bins), values: pick(silent.values), weights: pick(silent.weights) },
      make('dns.up', 3, []),
    ]
    const writes = writesOf(three, () => 0)
    expect(said(play(scopeFor(three), writes, true))).toEqual(said(play(scopeFor(three), writes, false)))
  })

  it('takes the same bins again without judging anything anew', () => {
    const scope = play(
      scopeFor(kz),
      writesOf(kz, () => 0),
      true,
    )
    const before = scope.members.map((_, i) => scope.detector(i).state)
    for (const { member, bin, value } of writesOf(kz, () => 0)) scope.put(member, bin as UnixSeconds, value, Number.NaN)
    scope.advance(END)
    expect(scope.members.every((_, i) => scope.detector(i).state === before[i])).toBe(true)
  })

  it('says the same when all before a day comes last: data older than its first bin', () => {
    const split = START + 9 * DAY
    const writes = [
      ...writesOf(kz, () => 0).filter((each) => each.bin >= split),
      ...writesOf(kz, () => 0).filter((each) => each.bin < split),
    ]
    const scope = scopeFor(kz)
    for (const { at, member, bin, value } of writes) {
      scope.put(member, bin as UnixSeconds, value, Number.NaN)
      if (bin % DAY === 0) scope.advance(Math.max(at, START + 15 * DAY) as UnixSeconds)
    }
    scope.advance(END)
    expect(said(scope)).toEqual(answer)
  })

  it('says the same in whatever order its members are named', () => {
    const turned = kz.toReversed()
    const scope = play(
      scopeFor(turned),
      writesOf(turned, () => 0),
      true,
    )
    const name = (each: { entity: string; spec: { signal: string } }): string => `${each.entity} ${each.spec.signal}`
    const spans = (of: Scope): unknown =>
      Object.fromEntries(of.standings().map((each) => [name(each), each.spans.map(spanOf)]))
    expect(spans(scope)).toEqual(spans(inOneGo))
  })

  it('judges no bin before it is normally available', () => {
    const scope = scopeFor(kz)
    for (const { member, bin, value } of writesOf(kz, () => 0)) scope.put(member, bin as UnixSeconds, value, Number.NaN)
    const now = (START + 10 * DAY) as UnixSeconds
    scope.advance(now)
    for (const [i, { spec }] of scope.members.entries()) {
      const { grid, state } = scope.detector(i)
      const newest = grid.first + (state.next - 1) * grid.step + grid.step + spec.delay
      expect(newest).toBeLessThanOrEqual(now)
      expect(newest).toBeGreaterThan(now - grid.step)
    }
  })

  it('answers as known then from the data of then, whatever it was told before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: DAYS }), fc.integer({ min: 1, max: 1000 }), (days, seed) => {
        const then = START + days * DAY + 7 * HOUR
        const random = seededRandom(seed)
        const writes = writesOf(kz, () => (random() < 0.1 ? 6 * HOUR : 0)).filter((each) => each.at <= then)
        const fresh = scopeFor(kz)
        const live = scopeFor(kz)
        let now = 0
        for (const { at, member, bin, value } of writes) {
          if (at > now && now > 0) live.advance(now as UnixSeconds)
          now = at
          live.put(member, bin as UnixSeconds, value, Number.NaN)
          fresh.put(member, bin as UnixSeconds, value, Number.NaN)
        }
        live.advance(then as UnixSeconds)
        fresh.advance(then as UnixSeconds)
        expect(said(live)).toEqual(said(fresh))
      }),
      { numRuns: 4, seed: 5 },
    )
  })

  it('reads an observation that rests on too little as a gap', () => {
    const [base] = COUNTRY
    const tor = loadedSample(
      { ...(base as SampleSeries), signal: 'bridge.users', stepMinutes: 1440, cuts: [], gapEvery: 0, noise: 0 },
      DAYS,
      1,
    )
    const asTor = { ...tor, spec: { ...tor.spec, source: 'tor' as typeof tor.spec.source } }
    const scope = scopeFor([asTor])
    scope.put(0, START, 1000, 80)
    scope.put(0, (START + DAY) as UnixSeconds, 10, 3)
    scope.put(0, (START + 2 * DAY) as UnixSeconds, 1000, Number.NaN)
    expect([...scope.detector(0).grid.values.subarray(0, 3)]).toEqual([1000, Number.NaN, 1000])
  })

  it('refuses a member that it does not have', () => {
    const scope = scopeFor(kz)
    expect(() => scope.put(99, START, 1, 1)).toThrow(RangeError)
    expect(() => scope.detector(-1)).toThrow(RangeError)
  })
})

/** What a scope says of now and then, but for the usual of bins that it may have let go of. */
function heard(scope: Scope): unknown {
  const { standings, drafts, notes } = said(scope) as Record<'standings' | 'drafts' | 'notes', unknown>
  const newest = scope.members.map((_, i) => {
    const { grid } = scope.detector(i)
    return [...grid.expected.subarray(Math.max(0, grid.length - (6 * DAY) / grid.step), grid.length)]
  })
  return { standings, drafts, notes, newest }
}

/** Stretches of some hours in which our view of a member was unhealthy, and how many hours later we knew. */
interface Blindness {
  readonly member: number
  readonly span: Interval
  readonly knownAfter: number
}

function blindnesses(random: () => number): readonly Blindness[] {
  return Array.from({ length: 6 }, () => {
    const from = START + Math.floor(random() * DAYS * 24) * HOUR + Math.floor(random() * 3600)
    const until = from + Math.ceil(random() * 30 * HOUR)
    return {
      member: Math.floor(random() * kz.length),
      span: { from: from as UnixSeconds, until: until as UnixSeconds },
      knownAfter: random() * 2 * DAY,
    }
  })
}

function blindUntil(scope: Scope, all: readonly Blindness[], now: number): void {
  for (let member = 0; member < kz.length; member++) {
    const known = all.filter((each) => each.member === member && each.span.from + each.knownAfter <= now)
    expect(
      scope.blind(
        member,
        known.map((each) => each.span),
      ),
    ).toBe('kept')
  }
}

describe('a scope that runs for long', () => {
  const days = 86_400
  it('says the same trimmed and restored at any moment, with late data and blindness, as one that keeps all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (seed) => {
        const random = seededRandom(seed)
        const blind = blindnesses(random)
        const writes = writesOf(kz, () => (random() < 0.02 ? Math.floor(random() * 5.5 * days) : 0))
        const whole = scopeFor(kz)
        blindUntil(whole, blind, Number.POSITIVE_INFINITY)
        play(whole, writes, false)
        const { gazetteer, hierarchy } = caseOf(kz, DAYS)
        let lean = scopeFor(kz)
        let now = START as number
        for (const { at, member, bin, value } of writes) {
          if (at > now) {
            if (random() < 0.1) blindUntil(lean, blind, now)
            lean.advance(now as UnixSeconds)
            if (random() < 0.05) lean.trim((now - random() * 15 * days) as UnixSeconds)
            if (random() < 0.02) {
              const restored = restoreScope(lean.snapshot(), lean.members, gazetteer, hierarchy)
              expect(restored).not.toBeNull()
              lean = restored as Scope
            }
            now = at
          }
          expect(lean.put(member, bin as UnixSeconds, value, Number.NaN)).toBe('kept')
        }
        blindUntil(lean, blind, Number.POSITIVE_INFINITY)
        lean.advance(END)
        for (const [i] of kz.entries()) expect(lean.since(i)).toBeGreaterThan(whole.since(i) ?? 0)
        expect(heard(lean)).toEqual(heard(whole))
      }),
      { numRuns: 5 },
    )
  })

  it('refuses what is older than all that it can judge again, and stays as it was', () => {
    const scope = play(
      scopeFor(kz),
      writesOf(kz, () => 0),
      false,
    )
    scope.trim(END)
    const before = heard(scope)
    const old = (kz[0]?.bins[100] ?? 0) as UnixSeconds
    expect(scope.put(0, old, 1, Number.NaN)).toBe('too-old')
    const inGrid = ((scope.since(0) ?? 0) + 20 * HOUR) as UnixSeconds
    expect(scope.put(0, inGrid, 1, Number.NaN)).toBe('kept')
    scope.advance(END)
    expect(heard(scope)).not.toEqual(before)
  })

  it('takes data of any age as long as it was never trimmed', () => {
    const scope = play(
      scopeFor(kz),
      writesOf(kz, () => 0),
      false,
    )
    expect(scope.put(0, (START - 30 * DAY) as UnixSeconds, 1, Number.NaN)).toBe('kept')
    expect(scope.since(0)).toBe(START - 30 * DAY)
  })

  it('takes less than half a megabyte for a country with six signals, as a snapshot too', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((signal, i) =>
      loadedSample(
        {
          entity: 'country:KZ',
          signal,
          plane: 'reachability',
          stepMinutes: [5, 5, 10, 10, 10, 30][i] ?? 5,
          delayMinutes: 10,
          usual: 1000,
          rhythm: 0.3,
          noise: 0.02,
          gapEvery: 100,
          cuts: [],
        },
        56,
        i + 1,
      ),
    )
    const scope = scopeFor(six)
    for (const { member, bin, value } of writesOf(six, () => 0)) scope.put(member, bin as UnixSeconds, value, 1)
    const end = (START + 57 * DAY) as UnixSeconds
    scope.advance(end)
    expect(scope.snapshot().length).toBeGreaterThan(1_000_000)
    scope.trim(end)
    const bytes = scope.members.reduce((sum, _, i) => {
      const { grid, memory } = scope.detector(i)
      const columns = [grid.values, grid.flags, grid.expected, grid.spread]
      const held = [memory.slots, memory.values, memory.residuals]
      return sum + [...columns, ...held].reduce((each, column) => each + column.buffer.byteLength, 0)
    }, 0)
    expect(bytes).toBeLessThan(350_000)
    expect(scope.snapshot().length).toBeLessThan(450_000)
  })
})

describe('a scope in our blindness', () => {
  const cut = kz[0] as LoadedSeries
  // The first series falls to a fifth from hour 200 to 230.
  const span = { from: (START + 199 * HOUR) as UnixSeconds, until: (START + 231 * HOUR) as UnixSeconds }
  const without = {
    ...cut,
    values: cut.values.map((value, i) => {
      const bin = cut.bins[i] ?? 0
      return bin >= span.from && bin < span.until ? Number.NaN : value
    }),
  }

  it('judges as if the values had not been, and keeps them', () => {
    const scope = scopeFor([cut])
    scope.blind(0, [span])
    play(
      scope,
      writesOf([cut], () => 0),
      true,
    )
    const gaps = play(
      scopeFor([without]),
      writesOf([without], () => 0),
      true,
    )
    const judged = said(scope) as { standings: object[] }
    expect({ ...judged, standings: judged.standings.map((each) => ({ ...each, blind: [] })) }).toEqual(said(gaps))
    expect(scope.standings()[0]?.blind).toEqual([span])
    const { grid } = scope.detector(0)
    const index = (span.from + 10 * HOUR - grid.first) / grid.step
    expect(grid.flags[index]).toBe(BIN_BLIND)
    expect(grid.values[index]).toBeLessThan(300)
  })

  it('takes back what it said when we learn of it later, and says it again when we were wrong', () => {
    const scope = play(
      scopeFor([cut]),
      writesOf([cut], () => 0),
      false,
    )
    const before = said(scope)
    expect(scope.drafts(END).length).toBeGreaterThan(0)
    expect(scope.blind(0, [span])).toBe('kept')
    scope.advance(END)
    expect(scope.drafts(END).some((draft) => draft.onset.at >= span.from && draft.onset.at < span.until)).toBe(false)
    expect(scope.blind(0, [])).toBe('kept')
    scope.advance(END)
    expect(said(scope)).toEqual(before)
  })
})

describe('a snapshot', () => {
  const scope = play(
    scopeFor(kz),
    writesOf(kz, () => 0),
    false,
  )
  scope.trim(END)
  const bytes = scope.snapshot()
  const { gazetteer, hierarchy } = caseOf(kz, DAYS)

  it('is refused with a byte changed or cut off, whichever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (place) => {
        const broken = bytes.slice()
        broken[place] = (broken[place] ?? 0) ^ 1
        expect(restoreScope(broken, scope.members, gazetteer, hierarchy)).toBeNull()
        expect(restoreScope(bytes.slice(0, place), scope.members, gazetteer, hierarchy)).toBeNull()
      }),
      { numRuns: 40 },
    )
  })

  it('is refused for other series, or when what is known of a signal has changed', () => {
    expect(restoreScope(bytes, scope.members.slice(1), gazetteer, hierarchy)).toBeNull()
    const later = scope.members.map(({ series, spec }) => ({ series, spec: { ...spec, delay: DAY } }))
    expect(restoreScope(bytes, later, gazetteer, hierarchy)).toBeNull()
    expect(restoreScope(bytes, scope.members, gazetteer, hierarchy)).not.toBeNull()
  })

  it('does not live in the bytes that it was read from', () => {
    const own = bytes.slice()
    const restored = restoreScope(own, scope.members, gazetteer, hierarchy)
    const before = said(restored as Scope)
    own.fill(0)
    expect(said(restored as Scope)).toEqual(before)
  })
})

describe('a new normal', () => {
  const steady = (signal: string, level: number, plane: SampleSeries['plane'] = 'reachability'): SampleSeries => ({
    entity: 'country:KZ',
    signal,
    plane,
    stepMinutes: 60,
    delayMinutes: 0,
    usual: 1000,
    rhythm: 0,
    noise: 0.01,
    gapEvery: 0,
    cuts: [{ from: 240, until: 9999, level }],
  })
  const closes = (...series: readonly SampleSeries[]): readonly (string | null)[] => {
    const loaded = series.map((each, i) => loadedSample(each, 40, 50 + i))
    const scope = play(
      scopeFor(loaded),
      writesOf(loaded, () => 0),
      false,
    )
    scope.advance((START + 41 * DAY) as UnixSeconds)
    return scope.standings().flatMap((each) => each.spans.map((span) => span.close))
  }

  it('comes after a week where another signal of the entity is at usual', () => {
    expect(closes(steady('ping.up', 0.6), steady('web.requests', 1))).toEqual(['new-normal'])
  })

  it('never comes to a series that nobody vouches for', () => {
    expect(closes(steady('ping.up', 0.6))).toEqual([null])
  })

  it('never comes on the word of a signal that we were blind for, whenever we learnt of it', () => {
    const series = [steady('ping.up', 0.6), steady('web.requests', 1)].map((each, i) => loadedSample(each, 40, 50 + i))
    const end = (START + 41 * DAY) as UnixSeconds
    const blind = { from: (START + 16.8 * DAY) as UnixSeconds, until: end }
    const writes = writesOf(series, () => 0)
    const told = scopeFor(series)
    told.blind(1, [blind])
    play(told, writes, false)
    told.advance(end)
    const later = play(scopeFor(series), writes, false)
    later.advance(end)
    expect(later.standings().flatMap((each) => each.spans.map((span) => span.close))).toEqual(['new-normal'])
    later.blind(1, [blind])
    later.advance(end)
    for (const scope of [told, later])
      expect(scope.standings().flatMap((each) => each.spans.map((span) => span.close))).toEqual([null])
  })

  it('never comes on the word of routes alone: they carry nobody', () => {
    expect(closes(steady('ping.up', 0.6), steady('bgp.visible', 1, 'routing'))).toEqual([null])
  })

  it('never comes while another signal is down', () => {
    expect(closes(steady('ping.up', 0.6), steady('web.requests', 0.3))).toEqual([null, null])
  })

  it('never comes below half of usual', () => {
    expect(closes(steady('ping.up', 0.4), steady('web.requests', 1))).toEqual([null])
  })

  it('never comes to a part while the whole is down', () => {
    const region = { ...steady('ping.up', 0.6), entity: 'region:KZ-75' }
    const witness = { ...steady('web.requests', 1), entity: 'region:KZ-75' }
    expect(closes(region, witness)).toEqual(['new-normal'])
    expect(closes(region, witness, steady('ping.up', 0.2))).toEqual([null, null])
  })
})

describe('the scope of an entity', () => {
  it.each([
    ['country:KZ', 'KZ'],
    ['region:KZ-75', 'KZ'],
    ['place:KZ-75.almaty', 'KZ'],
    ['operator:KZ.kcell', 'KZ'],
    ['as:64496', 'KZ'],
    ['as:64511', 'as:64511'],
    ['world', 'world'],
  ])('of %s is %s', (entity, scope) => {
    const placed = { name: 'A network', timeZone: null, knownChildren: null }
    const hierarchy = createHierarchy([
      { ...placed, entity: 'as:64496' as EntityId, parent: 'operator:KZ.kcell' as EntityId },
    ])
    expect(scopeOf(entity as EntityId, hierarchy)).toBe(scope)
  })
})
