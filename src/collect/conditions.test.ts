import { describe, expect, it } from 'vitest'
import type { SignalId, UnixSeconds } from '../model/brand.ts'
import { createConditions } from './conditions.ts'

const BGP = 'bgp.visible_slash24s' as SignalId
const GTR = 'google.search_traffic' as SignalId
const at = (seconds: number): UnixSeconds => (1_700_000_000 + seconds) as UnixSeconds

describe('conditions of signals', () => {
  it('begin as often as they are seen and end once, each signal for itself', () => {
    const conditions = createConditions()
    expect(conditions.end(BGP, ['unreachable'], at(0))).toEqual([])
    for (const seconds of [1, 2]) {
      expect(conditions.begin(BGP, 'unreachable', at(seconds), 'HTTP 503', null)).toMatchObject({
        on: true,
        at: at(seconds),
        detail: 'HTTP 503',
      })
    }
    conditions.begin(BGP, 'stale', at(2), 'no value yet', null)
    expect(conditions.end(GTR, ['unreachable', 'stale'], at(3))).toEqual([])
    expect(conditions.end(BGP, ['unreachable', 'unreadable', 'stale'], at(3))).toMatchObject([
      { signal: BGP, condition: 'unreachable', on: false, at: at(3) },
      { signal: BGP, condition: 'stale', on: false, at: at(3) },
    ])
    expect(conditions.end(BGP, ['unreachable', 'stale'], at(4))).toEqual([])
  })
})
