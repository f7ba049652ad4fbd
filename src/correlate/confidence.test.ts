import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Found } from './cluster.ts'
import { confidenceOf } from './confidence.ts'
import { span, standing } from './samples.testing.ts'

function found(
  group: string,
  reliability: number,
  trough: number,
  baseline: 'hour-of-week' | 'running-median' = 'hour-of-week',
): Found {
  return { standing: standing(group, [], { group, reliability }), span: span(0, null, { trough, baseline }) }
}

const GROUPS = ['a', 'b', 'c', 'd', 'e', 'f']
const founds = fc.array(
  fc
    .record({
      group: fc.constantFrom(...GROUPS),
      reliability: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      trough: fc.double({ min: 0, max: 1.2, noNaN: true }),
      baseline: fc.constantFrom('hour-of-week' as const, 'running-median' as const),
    })
    .map((each) => found(each.group, each.reliability, each.trough, each.baseline)),
  { maxLength: 8 },
)
const able = fc.uniqueArray(fc.constantFrom(...GROUPS, 'x', 'y', 'z')).map((list) => new Set(list))

describe('confidenceOf', () => {
  it('never rises when an agreeing signal is taken away, whether or not it stays able to speak', () => {
    fc.assert(
      fc.property(founds, able, fc.nat(), (agreeing, groups, pick) => {
        fc.pre(agreeing.length > 0)
        const gone = agreeing[pick % agreeing.length] as Found
        const rest = agreeing.filter((each) => each !== gone)
        const before = confidenceOf(agreeing, groups).value
        expect(confidenceOf(rest, groups).value).toBeLessThanOrEqual(before)
        expect(confidenceOf(rest, new Set([...groups, gone.standing.spec.group])).value).toBeLessThanOrEqual(before)
      }),
    )
  })

  it('never rises when one more signal could have spoken and does not agree', () => {
    fc.assert(
      fc.property(founds, able, (agreeing, groups) => {
        const before = confidenceOf(agreeing, groups)
        const after = confidenceOf(agreeing, new Set([...groups, 'another']))
        expect(after.value).toBeLessThanOrEqual(before.value)
        expect(after.able).toBe(before.able + 1)
        expect(after.agreeing).toBe(before.agreeing)
      }),
    )
  })

  it('lies between 0 and 1, and counts agreeing groups among able ones', () => {
    fc.assert(
      fc.property(founds, able, (agreeing, groups) => {
        const { value, agreeing: n, able: m } = confidenceOf(agreeing, groups)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
        const spoken = new Set(agreeing.map((each) => each.standing.spec.group))
        expect(n).toBe(spoken.size)
        expect(m).toBe(new Set([...spoken, ...groups]).size)
      }),
    )
  })

  it('joins independent chances, takes the best of signals that rest on the same measurements', () => {
    expect(confidenceOf([found('a', 0.8, 0)], new Set()).value).toBe(0.8)
    expect(confidenceOf([found('a', 0.8, 0), found('b', 0.5, 0)], new Set()).value).toBe(0.9)
    expect(confidenceOf([found('a', 0.8, 0), found('a', 0.5, 0)], new Set()).value).toBe(0.8)
    expect(confidenceOf([found('a', 0.8, 0)], new Set(['a', 'b'])).value).toBe(0.68)
  })

  it('trusts a shallow fall less than a deep one, and a young baseline less than a full one', () => {
    const of = (trough: number, baseline: 'hour-of-week' | 'running-median'): number =>
      confidenceOf([found('a', 0.8, trough, baseline)], new Set()).value
    expect(of(0.7, 'hour-of-week')).toBeLessThan(of(0.3, 'hour-of-week'))
    expect(of(0.3, 'running-median')).toBeLessThan(of(0.3, 'hour-of-week'))
  })

  it('is nothing where nobody agrees', () => {
    expect(confidenceOf([], new Set())).toEqual({ value: 0, agreeing: 0, able: 0 })
    expect(confidenceOf([], new Set(['a']))).toEqual({ value: 0, agreeing: 0, able: 1 })
  })
})
