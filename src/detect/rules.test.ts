import { describe, expect, it } from 'vitest'
import type { Seconds } from '../model/brand.ts'
import type { Plane, SignalSpec } from '../model/signal.ts'
import { HOUR, MINUTE, WEEK } from '../model/time.ts'
import { BASELINE, namedRules, ruleFor, ruleForEntity } from './rules.ts'
import { MONDAY, SETTING, detectorOf, judgeAll, sample } from './samples.testing.ts'
import type { Detector } from './state.ts'

const PLANES: readonly Plane[] = ['routing', 'reachability', 'traffic', 'application', 'circumvention', 'collateral']

function spec(wanted: Partial<Record<keyof SignalSpec, unknown>>): SignalSpec {
  return {
    source: 'nobody',
    signal: 'nothing',
    plane: 'traffic',
    badDirection: 'down',
    windowNormalised: false,
    ...wanted,
  } as SignalSpec
}

/** Every rule there is: by name, by plane, and for what is bad when it rises. */
function allRules(): readonly { readonly key: string; readonly rule: ReturnType<typeof ruleFor> }[] {
  return [
    ...namedRules(),
    ...PLANES.map((plane) => ({ key: `any other ${plane}`, rule: ruleFor(spec({ plane })) })),
    { key: 'any other that rises', rule: ruleFor(spec({ badDirection: 'up' })) },
  ]
}

describe('the table of rules', () => {
  it.each(allRules().map((each) => [each.key, each.rule] as const))(
    '%s: closes on the good side of where it opens',
    (_, rule) => {
      if (rule.open < 1) expect([rule.open < rule.close, rule.close < 1, rule.open > 0]).toEqual([true, true, true])
      else expect([rule.open > rule.close, rule.close > 1]).toEqual([true, true])
    },
  )

  it.each(allRules().map((each) => [each.key, each.rule] as const))(
    '%s: has a reason, a chance, and times that are possible',
    (_, rule) => {
      expect(rule.reason.length).toBeGreaterThan(15)
      expect(rule.reliability).toBeGreaterThan(0)
      expect(rule.reliability).toBeLessThan(1)
      expect(rule.openSpreads).toBeGreaterThanOrEqual(3)
      expect(rule.openAfter).toBeGreaterThan(0)
      expect(rule.closeAfter).toBeGreaterThan(0)
      expect(rule.spreadFloor).toBeGreaterThan(0)
      expect(rule.minUsual).toBeGreaterThanOrEqual(0)
      // A bin at the floor of the spread that lies beyond the opening level stands out of the noise.
      if (rule.opens) expect(Math.abs(1 - rule.open) / rule.spreadFloor).toBeGreaterThanOrEqual(rule.openSpreads)
    },
  )

  it.each(['ris', 'routeviews', 'bgp'])('judges routes counted from %s alike, and asks more of a network', (source) => {
    const own = spec({ source, signal: 'bgp.visible_slash24s', plane: 'routing' })
    expect(ruleFor(own)).toEqual(ruleFor({ ...own, source: 'ris' as SignalSpec['source'] }))
    expect(ruleForEntity(own, 'country')).toEqual(ruleFor(own))
    for (const kind of ['as', 'operator', 'access'] as const)
      expect(ruleForEntity(own, kind).open).toBeLessThan(ruleFor(own).open)
    const ofIoda = spec({ source: 'ioda', signal: 'bgp.visible_slash24s', plane: 'routing' })
    expect(ruleForEntity(ofIoda, 'as')).toEqual(ruleFor(ofIoda))
    const joins = spec({ source, signal: 'bgp.visible_slash48s', plane: 'routing' })
    expect([ruleFor(joins).opens, ruleForEntity(joins, 'as')]).toEqual([false, ruleFor(joins)])
  })

  it('names every rule once', () => {
    const keys = allRules().map((each) => each.key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('lets no signal of circumvention or of what suffers along open an incident, and each other plane some', () => {
    for (const plane of PLANES)
      expect(ruleFor(spec({ plane })).opens).toBe(plane !== 'circumvention' && plane !== 'collateral')
  })
})

describe('ruleFor', () => {
  it('has a rule for every plane and direction, on the side of the direction', () => {
    for (const plane of PLANES) {
      for (const windowNormalised of [true, false]) {
        expect(ruleFor(spec({ plane, windowNormalised, badDirection: 'down' })).open).toBeLessThan(1)
        expect(ruleFor(spec({ plane, windowNormalised, badDirection: 'up' })).open).toBeGreaterThan(1)
      }
    }
  })

  it('never lets what merely joins open anything because it rises', () => {
    for (const plane of ['circumvention', 'collateral']) {
      expect(ruleFor(spec({ plane, badDirection: 'up' })).opens).toBe(false)
    }
  })

  it('prefers the rule of the signal to that of its plane', () => {
    const own = ruleFor(spec({ source: 'ioda', signal: 'ping.up_slash24s', plane: 'reachability' }))
    expect(own.open).toBe(0.8)
    expect(own).not.toEqual(ruleFor(spec({ plane: 'reachability' })))
  })

  it('asks no least value of a series that was divided by the maximum of its window', () => {
    const normalised = { source: 'ioda', signal: 'ping.up_slash24s', plane: 'reachability' }
    expect(ruleFor(spec(normalised)).minUsual).toBe(20)
    expect(ruleFor(spec({ ...normalised, windowNormalised: true })).minUsual).toBe(0)
  })
})

describe('BASELINE', () => {
  it('holds as the method page tells it', () => {
    expect([BASELINE.weeks, BASELINE.leastWeeks, BASELINE.leastDays, BASELINE.runningHours]).toEqual([4, 2, 3, 24])
    expect([BASELINE.newNormalAfter, BASELINE.newNormalLeast]).toEqual([WEEK, 0.5])
    expect(BASELINE.newNormalAfterRise).toBeGreaterThan(BASELINE.newNormalAfter)
    expect(BASELINE.spreadReach).toBe(HOUR)
  })
})

describe('latency and loss', () => {
  const judged = (
    signal: string,
    level: number,
    noise: number,
    seed: number,
    change: (hour: number) => number,
  ): Detector => {
    const step = (10 * MINUTE) as Seconds
    const each = spec({ source: 'ioda', signal, plane: 'reachability', badDirection: 'up' })
    const rule = ruleFor(each)
    const values = sample({ step, days: 40, level, noise, swing: 0.15, weekend: 1, seed })
    return judgeAll(
      detectorOf(
        values.map((value, i) => value * change((i * step) / HOUR)),
        step,
        { ...SETTING, badDirection: 'up', rule },
      ),
    )
  }
  const spans = ({ state }: Detector): number => state.closed.length + (state.open === null ? 0 : 1)

  it.each([1, 2, 3])('raise nothing on routes that are a third and a half longer for a day (seed %i)', (seed) => {
    const rerouted = (hour: number): number => (hour > 700 && hour < 712 ? 1.35 : hour > 800 && hour < 824 ? 1.5 : 1)
    expect(spans(judged('ping.latency_ms', 120, 0.06, seed, rerouted))).toBe(0)
    expect(spans(judged('ping.latency_ms', 120, 0.06, seed, (hour) => (hour > 800 && hour < 804 ? 3 : 1)))).toBe(0)
    expect(spans(judged('ping.loss_share', 0.03, 0.3, seed, rerouted))).toBe(0)
  })

  it('find a country slowed to a third for a day', () => {
    const slowed = judged('ping.latency_ms', 120, 0.06, 1, (hour) => (hour >= 800 && hour < 824 ? 3 : 1))
    expect(spans(slowed)).toBe(1)
    expect((slowed.state.closed[0]?.onset.at ?? 0) - MONDAY).toBeCloseTo(800 * HOUR, -4)
  })

  it('let loss open nothing, and say nothing of a multiple of next to nothing', () => {
    expect(
      ruleFor(spec({ source: 'ioda', signal: 'ping.loss_share', plane: 'reachability', badDirection: 'up' })).opens,
    ).toBe(false)
    expect(spans(judged('ping.loss_share', 0.004, 0.3, 1, (hour) => (hour > 800 ? 8 : 1)))).toBe(0)
    expect(spans(judged('ping.loss_share', 0.03, 0.3, 1, (hour) => (hour > 800 ? 8 : 1)))).toBe(1)
  })
})
