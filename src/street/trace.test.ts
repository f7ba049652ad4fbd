import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import type { Interval } from '../model/intervals.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { LoadedSeries } from './loaded.ts'
import type { Cut, SampleSeries } from './samples.testing.ts'
import { START, caseOf, loadedSample } from './samples.testing.ts'
import { createScope } from './scope.ts'
import { traceOf } from './trace.ts'
import type { Trace } from './view.ts'

const DAYS = 10
const at = (hours: number): UnixSeconds => (START + hours * HOUR) as UnixSeconds

const SERIES: SampleSeries = {
  entity: 'country:KZ',
  signal: 'ping.up',
  plane: 'reachability',
  stepMinutes: 60,
  delayMinutes: 0,
  usual: 1000,
  rhythm: 0,
  noise: 0.01,
  gapEvery: 0,
  cuts: [],
}

function trace(
  cuts: readonly Cut[],
  zeroIsOmitted: boolean,
  range: readonly [number, number],
  blind: readonly Interval[] = [],
): Trace {
  const sample = loadedSample({ ...SERIES, cuts }, DAYS, 1)
  const loaded: LoadedSeries = { ...sample, spec: { ...sample.spec, zeroIsOmitted } }
  const { gazetteer, hierarchy } = caseOf([loaded], DAYS)
  const member = { series: { ...loaded.info, id: 0 }, spec: loaded.spec }
  const scope = createScope([member], gazetteer, hierarchy)
  for (const [i, bin] of loaded.bins.entries()) {
    const value = loaded.values[i] ?? Number.NaN
    // What nobody gave is missing altogether, as it comes from most sources.
    if (!Number.isNaN(value)) scope.put(0, bin as UnixSeconds, value, Number.NaN)
  }
  scope.blind(0, blind)
  scope.advance(at(DAYS * 24))
  return traceOf(member, scope.detector(0), { from: at(range[0]), until: at(range[1]) })
}

const readings = (of: Trace): string => of.readings.map((each) => each.charAt(0)).join('')

describe('a trace', () => {
  it('has one entry for each bin of its range, in columns of one length', () => {
    const { bins, values, expected, spread, shares, readings } = trace([], false, [100, 110])
    expect([...bins]).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109].map(at))
    for (const column of [values, expected, spread, shares, readings]) expect(column).toHaveLength(10)
    for (const [i, share] of shares.entries()) expect(share).toBeCloseTo((values[i] ?? 0) / (expected[i] ?? 1), 12)
  })

  it('knows no usual before there is history, and no share then', () => {
    const { expected, shares, values } = trace([], false, [0, 4])
    expect([...expected]).toEqual(Array.from({ length: 4 }, () => Number.NaN))
    expect([...shares]).toEqual([...expected])
    expect(values.every((value) => value > 900)).toBe(true)
  })

  it('marks the bins of a span from its onset to its end, which is the first good bin', () => {
    expect(readings(trace([{ from: 150, until: 156, level: 0.1 }], false, [148, 158]))).toBe('qqssssssqq')
  })

  it('reads a bin without a value as a gap, whatever the span around it, and never as 0', () => {
    const cuts = [
      { from: 150, until: 153, level: 0.1 },
      { from: 153, until: 155, level: null },
      { from: 155, until: 158, level: 0.1 },
    ]
    const found = trace(cuts, false, [149, 159])
    expect(readings(found)).toBe('qsssggsssq')
    expect([found.values[4], found.shares[4]]).toEqual([Number.NaN, Number.NaN])
  })

  it('says that a gap among near-zeros of a source that leaves zeros out may be a zero', () => {
    const cuts = [
      { from: 150, until: 153, level: 0.02 },
      { from: 153, until: 155, level: null },
      { from: 155, until: 158, level: 0.02 },
    ]
    const { readings } = trace(cuts, true, [149, 159])
    expect(readings.slice(4, 6)).toEqual(['ambiguous-gap', 'ambiguous-gap'])
    expect(trace(cuts, false, [149, 159]).readings[4]).toBe('gap')
  })

  it('keeps the values of our blindness, without a share, and calls them blind inside a span and outside', () => {
    const cuts = [{ from: 150, until: 158, level: 0.1 }]
    const blind = [
      { from: at(154), until: at(156) },
      { from: at(160), until: at(161) },
    ]
    const found = trace(cuts, true, [149, 163], blind)
    expect(readings(found)).toBe('qssssbbssqqbqq')
    expect(found.values[5]).toBeLessThan(200)
    expect(found.values[11]).toBeGreaterThan(900)
    expect([found.shares[5], found.shares[11]]).toEqual([Number.NaN, Number.NaN])
  })

  it('ends where its series does, and is empty outside of it', () => {
    expect(trace([], false, [DAYS * 24 - 2, DAYS * 24 + 50]).bins).toHaveLength(2)
    expect(trace([], false, [-50, -2]).bins).toHaveLength(0)
    expect(trace([], false, [110, 100]).bins).toHaveLength(0)
  })

  it('leaves the judged values as they are', () => {
    const first = trace([], false, [0, DAYS * 24])
    first.values.fill(0)
    expect(trace([], false, [0, DAYS * 24]).values[5]).toBeGreaterThan(900)
    expect(DAY).toBe(24 * HOUR)
  })
})
