import { describe, expect, it } from 'vitest'
import { contradictionsOf } from './contradiction.ts'
import { hours, span, standing } from './samples.testing.ts'

const PING = standing('ping', [span(0, 100)])

/** With hours after START in place of instants. */
function between(...standings: Parameters<typeof contradictionsOf>[0]): unknown[] {
  return at(200, ...standings)
}

function at(now: number, ...standings: Parameters<typeof contradictionsOf>[0]): unknown[] {
  const hour = (instant: number | null): number | null => (instant === null ? null : (instant - hours(0)) / 3600)
  return contradictionsOf(standings, hours(0), hours(now)).map((each) => [
    each.up.replace('test/', ''),
    each.down.replace('test/', ''),
    hour(each.since),
    hour(each.until),
  ])
}

describe('contradictionsOf', () => {
  it('shows a signal that came back while another was still deep down, until that one did', () => {
    const google = standing('google', [span(1, 40)])
    expect(between(PING, google)).toEqual([['google', 'ping', 40, 100]])
  })

  it('has no end while neither changes', () => {
    const google = standing('google', [span(1, 40)])
    expect(between(standing('ping', [span(0, null)]), google)).toEqual([['google', 'ping', 40, null]])
  })

  it('ends when the one that is up goes down again, and begins again when it returns', () => {
    const google = standing('google', [span(1, 40), span(60, 70)])
    expect(between(PING, google)).toEqual([
      ['google', 'ping', 40, 60],
      ['google', 'ping', 70, 100],
    ])
    expect(between(PING, standing('google', [span(1, 40), span(60, null)]))).toEqual([
      ['google', 'ping', 40, 60],
      ['ping', 'google', 100, null],
    ])
  })

  it('is none under six hours: signals fall and return some hours apart', () => {
    expect(between(PING, standing('google', [span(5.5, 94.5)]))).toEqual([])
    expect(between(PING, standing('google', [span(6, 94)]))).toEqual([
      ['google', 'ping', 0, 6],
      ['google', 'ping', 94, 100],
    ])
    expect(at(5, standing('ping', [span(0, null)]), standing('google', []))).toEqual([])
  })

  it('is shown for a signal that never fell', () => {
    expect(between(PING, standing('bgp', [], { plane: 'routing' }))).toEqual([['bgp', 'ping', 0, 100]])
  })

  it('needs a deep fall, in the direction that is bad', () => {
    expect(between(standing('ping', [span(0, 100, { trough: 0.6 })]), standing('google', []))).toEqual([])
    const slow = standing('rtt', [span(0, 100, { trough: 1.8 })], { badDirection: 'up' })
    expect(between(slow, standing('google', []))).toEqual([])
    const crawling = standing('rtt', [span(0, 100, { trough: 3 })], { badDirection: 'up' })
    expect(between(crawling, standing('google', []))).toEqual([['google', 'rtt', 0, 100]])
  })

  it('counts nothing up that has been silent for a day: it is up until it was last seen', () => {
    const ping = standing('ping', [span(0, null)])
    const silent = standing('google', [span(1, 40)], { seenAt: hours(90) })
    expect(between(ping, silent)).toEqual([['google', 'ping', 40, 90]])
    expect(at(110, ping, silent)).toEqual([['google', 'ping', 40, null]])
    expect(between(ping, standing('google', [span(1, 40)], { seenAt: hours(43) }))).toEqual([])
    expect(between(ping, standing('google', [], { seenAt: null }))).toEqual([])
  })

  it('counts nothing up that had no usual before', () => {
    expect(between(PING, standing('google', [], { firstJudged: null }))).toEqual([])
    expect(between(PING, standing('google', [], { firstJudged: hours(2) }))).toEqual([])
  })

  it('counts nothing up that was lost from sight while down', () => {
    const lost = { ...span(1, 60, { close: 'lost-sight' }), lastSeen: hours(20) }
    expect(between(PING, standing('google', [lost], { seenAt: hours(20) }))).toEqual([])
  })

  it('takes no new normal for being back', () => {
    const moved = span(1, 40, { close: 'new-normal', trough: 0.55 })
    expect(between(PING, standing('google', [moved]))).toEqual([])
  })

  it('is none between signals that rest on the same measurements, nor with what follows politics, nor about one service', () => {
    expect(between(PING, standing('ping6', [], { group: 'test/ping' }))).toEqual([])
    expect(between(PING, standing('tor', [], { plane: 'circumvention' }))).toEqual([])
    expect(between(PING, standing('ooni', [], { facet: 'telegram' }))).toEqual([])
    // A service that is blocked while the country is up is a block, not a contradiction.
    expect(between(standing('ooni', [span(0, 100)], { facet: 'telegram' }), standing('google', []))).toEqual([])
  })

  it('leaves spans of earlier events out', () => {
    expect(between(standing('ping', [span(-50, -10)]), standing('google', []))).toEqual([])
  })

  it('comes in the order of time, whatever the order of signals', () => {
    const [a, b, c] = [PING, standing('google', [span(1, 40)]), standing('bgp', [span(2, 30)])]
    const forward = between(a, b, c)
    expect(forward).toEqual([
      ['bgp', 'google', 30, 40],
      ['bgp', 'ping', 30, 100],
      ['google', 'ping', 40, 100],
    ])
    expect(between(c, b, a)).toEqual(forward)
  })
})
