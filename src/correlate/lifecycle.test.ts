import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import type { Found } from './cluster.ts'
import type { Standpoint } from './lifecycle.ts'
import { stateOf } from './lifecycle.ts'
import { hours, span, standing } from './samples.testing.ts'
import type { Standing } from './standing.ts'
import { spanUntil } from './standing.ts'

type Answer = ReturnType<typeof stateOf>

/** All spans of all standings as one event, seen so many hours after START. */
function stateAt(now: number, standings: readonly Standing[], confidence = 0.9): Answer {
  const cluster = standings.flatMap((each) => each.spans.map((one): Found => ({ standing: each, span: one })))
  const at: Standpoint = { now: hours(now), confidence, standings }
  return stateOf(cluster, at)
}

const open = (state: string): Answer => ({ state, closedBy: null }) as Answer

const MONTH = 30 * 24
const fixed = standing('probe.fixed', [], { witness: 'fixed', seenAt: hours(9999) })
const mobile = standing('probe.mobile', [], { witness: 'mobile', seenAt: hours(9999) })

describe('while something is down', () => {
  it('is suspected while one weak signal speaks, ongoing when it is believed', () => {
    const ping = standing('ping', [span(0, null)])
    expect(stateAt(5, [ping], 0.49)).toEqual(open('suspected'))
    expect(stateAt(5, [ping], 0.5)).toEqual(open('ongoing'))
  })

  it('is recovering when all that is down has won half back, not when one of two has', () => {
    const half = standing('ping', [span(0, null, { partialSince: hours(4) })])
    expect(stateAt(5, [half])).toEqual(open('recovering'))
    expect(stateAt(5, [half, standing('google', [span(0, null)])])).toEqual(open('ongoing'))
  })

  it('is restricted when a signal that people feel has been back for a day while another is deep down', () => {
    const ping = standing('ping', [span(0, null)])
    const google = standing('google', [span(0, 10)])
    expect(stateAt(33, [ping, google])).toEqual(open('ongoing'))
    expect(stateAt(34, [ping, google])).toEqual(open('restricted'))
  })

  it('is not restricted by routes that are back, nor by what was never down, nor by a shallow rest', () => {
    const ping = standing('ping', [span(0, null)])
    expect(stateAt(100, [ping, standing('bgp', [span(0, 10)], { plane: 'routing' })])).toEqual(open('ongoing'))
    expect(stateAt(100, [ping, standing('google', [])])).toEqual(open('ongoing'))
    const shallow = standing('ping', [span(0, null, { trough: 0.6 })])
    expect(stateAt(100, [shallow, standing('google', [span(0, 10)])])).toEqual(open('ongoing'))
  })

  it('is not restricted by a new normal or a lost sight, which are no return', () => {
    const ping = standing('ping', [span(0, null)])
    for (const close of ['new-normal', 'lost-sight'] as const)
      expect(stateAt(300, [ping, standing('google', [span(0, 10, { close })])])).toEqual(open('ongoing'))
  })

  it('is over for what may open nothing: it holds no incident open', () => {
    const tor = standing('tor', [span(0, null)], { opens: false })
    expect(stateAt(20, [standing('ping', [span(0, 10)]), tor])).toEqual(open('unverified'))
  })
})

describe('when all is back', () => {
  const ping = standing('ping', [span(0, 10)], { seenAt: hours(9999) })

  it('is unverified: networks answer, whether people have access nobody knows', () => {
    expect(stateAt(11, [ping])).toEqual(open('unverified'))
    expect(stateAt(10 + MONTH - 1, [ping])).toEqual(open('unverified'))
  })

  it('closes by measurement only after thirty quiet days', () => {
    expect(stateAt(10 + MONTH, [ping])).toEqual({ state: 'resolved', closedBy: 'measurement-only' })
  })

  it('does not take thirty days of our own blindness for quiet', () => {
    const silent = standing('ping', [span(0, 10)], { seenAt: hours(40) })
    expect(stateAt(10 + 3 * MONTH, [silent])).toEqual(open('unverified'))
    const routes = standing('bgp', [span(0, 9)], { plane: 'routing', seenAt: hours(9999) })
    expect(stateAt(10 + 3 * MONTH, [silent, routes])).toEqual(open('unverified'))
    expect(stateAt(10 + 3 * MONTH, [routes])).toEqual({ state: 'resolved', closedBy: 'measurement-only' })
  })

  it('is resolved when witnesses on fixed and on mobile have been at usual for two days', () => {
    expect(stateAt(57, [ping, fixed, mobile])).toEqual(open('unverified'))
    expect(stateAt(58, [ping, fixed, mobile])).toEqual({ state: 'resolved', closedBy: 'witness' })
    const both = standing('probe', [], { witness: 'both', seenAt: hours(9999) })
    expect(stateAt(58, [ping, both])).toEqual({ state: 'resolved', closedBy: 'witness' })
  })

  it('is not resolved by one access kind alone', () => {
    expect(stateAt(58, [ping, fixed])).toEqual(open('unverified'))
    expect(stateAt(58, [ping, mobile])).toEqual(open('unverified'))
  })

  it('is not resolved by a witness that is down, came back less than two days ago, is silent or knows no usual', () => {
    const with_ = (each: Partial<Standing>): Answer => stateAt(58, [ping, fixed, { ...mobile, ...each }])
    expect(with_({ spans: [] })).toEqual({ state: 'resolved', closedBy: 'witness' })
    expect(with_({ spans: [span(3, 10)] })).toEqual({ state: 'resolved', closedBy: 'witness' })
    expect(with_({ seenAt: hours(30) })).toEqual(open('unverified'))
    expect(with_({ seenAt: null })).toEqual(open('unverified'))
    expect(with_({ firstJudged: null })).toEqual(open('unverified'))
    const late = standing('late', [span(3, 11)], { witness: 'mobile', seenAt: hours(9999) })
    expect(stateAt(58, [ping, fixed, late])).toEqual(open('unverified'))
  })

  it('is not resolved by a witness whose usual is the outage itself', () => {
    const young = { ...mobile, firstJudged: hours(5) }
    expect(stateAt(58, [ping, fixed, young])).toEqual(open('unverified'))
  })

  it('is not resolved by a witness for one service', () => {
    expect(stateAt(58, [ping, fixed, { ...mobile, facet: 'telegram' }])).toEqual(open('unverified'))
  })

  it('is not resolved by a witness that has a new normal since, or was lost from sight', () => {
    for (const close of ['new-normal', 'lost-sight'] as const) {
      const moved = standing('m', [{ ...span(1, 9, { close }), lastSeen: hours(9) }], {
        witness: 'mobile',
        seenAt: hours(9999),
      })
      expect(stateAt(200, [ping, fixed, moved])).toEqual(open('unverified'))
    }
  })
})

describe('what is no end', () => {
  it('a new normal leaves it unverified and says so, whatever else returned before', () => {
    const moved = standing('ping', [span(0, 180, { close: 'new-normal' })], { seenAt: hours(9999) })
    expect(stateAt(200, [moved])).toEqual({ state: 'unverified', closedBy: 'new-normal' })
    expect(stateAt(200, [moved, standing('google', [span(0, 9)])])).toEqual({
      state: 'unverified',
      closedBy: 'new-normal',
    })
    expect(stateAt(180 + 12 * MONTH, [moved])).toEqual({ state: 'unverified', closedBy: 'new-normal' })
  })

  it('data that ended while it lasted close nothing, ever', () => {
    const lost = standing('ping', [{ ...span(0, 200, { close: 'lost-sight' }), lastSeen: hours(30) }])
    expect(stateAt(200 + 12 * MONTH, [lost])).toEqual({ state: 'unverified', closedBy: 'lost-sight' })
  })
})

describe('no false all-clear', () => {
  const closing = fc.record({
    signal: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    from: fc.integer({ min: 0, max: 100 }),
    lasts: fc.integer({ min: 1, max: 400 }),
    close: fc.constantFrom('returned' as const, 'new-normal' as const, 'lost-sight' as const),
    witness: fc.constantFrom('none' as const, 'fixed' as const),
    plane: fc.constantFrom('routing' as const, 'reachability' as const, 'application' as const),
    opens: fc.boolean(),
    seen: fc.integer({ min: 0, max: 3 * MONTH }),
  })

  it('is never resolved within thirty days of the last end without witnesses on both fixed and mobile', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(closing, { minLength: 1, maxLength: 5, selector: (each) => each.signal }),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 3 * MONTH }),
        (series, isMobile, confidence, now) => {
          const standings = series.map((each) =>
            standing(each.signal, [span(each.from, each.from + each.lasts, { close: each.close })], {
              witness: isMobile && each.witness === 'fixed' ? 'mobile' : each.witness,
              plane: each.plane,
              opens: each.opens || each === series[0],
              seenAt: hours(each.seen),
            }),
          )
          const ends = standings.flatMap((each) => each.spans.map((one) => spanUntil(one) ?? (0 as UnixSeconds)))
          fc.pre(hours(now) >= Math.max(...ends))
          const { state, closedBy } = stateAt(now, standings, confidence)
          expect(['unverified', 'resolved']).toContain(state)
          if (hours(now) < Math.max(...ends) + MONTH * 3600) expect(state).toBe('unverified')
          if (state === 'resolved') expect(closedBy).not.toBe('witness')
          if (state === 'resolved') expect(closedBy).not.toBeNull()
        },
      ),
    )
  })
})
