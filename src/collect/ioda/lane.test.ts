import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityId, Seconds, UnixSeconds } from '../../model/brand.ts'
import { DAY, HOUR, MINUTE, plus } from '../../model/time.ts'
import { DATA_SOURCES } from './data-sources.ts'
import {
  createLane,
  createSingles,
  historySpan,
  liveSpan,
  longWasRead,
  nextPoll,
  postponeFailed,
  postponeThin,
  settle,
  shorten,
  wantedHistory,
  type Lane,
} from './lane.ts'

const NOW = 1_700_092_920 as UnixSeconds
const entities = ['KZ', 'BY'].map((code) => ({ code, entity: `country:${code}` as EntityId }))
const none = { covered: () => [] }

const laneOf = (index = 0, historyDays = 10): Lane =>
  createLane(
    { source: DATA_SOURCES[index]!, type: 'country', group: 'world', entities, everySteps: 1, historyDays, due: NOW },
    none,
  )

describe('a lane', () => {
  it('polls when the delay of a bin is just over, with seconds of chance', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 5 }),
        fc.nat(100_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (index, later, chance) => {
          const lane = laneOf(index)
          const { step, delay } = lane.source.spec
          const now = plus(NOW, later)
          const next = nextPoll(lane, now, chance)
          expect(next).toBeGreaterThan(now)
          expect(next - now).toBeLessThanOrEqual(step + 65)
          const since = (((next - delay) % step) + step) % step
          expect(since).toBeGreaterThanOrEqual(5)
          expect(since).toBeLessThan(66)
        },
      ),
    )
  })

  it('reads a day at first, then two hours and what is missing before them, and a day again after six hours', () => {
    const lane = laneOf()
    const length = (now: UnixSeconds): number => {
      const { span } = liveSpan(lane, now)
      return span.until - span.from
    }
    expect(length(NOW)).toBe(DAY)
    longWasRead(lane, NOW)
    expect(length(NOW)).toBe(DAY)
    lane.coverage.claim({ from: plus(NOW, -DAY), until: plus(liveSpan(lane, NOW).span.until, -2 * HOUR) }, 1)
    expect(length(NOW)).toBe(2 * HOUR)
    expect(length(plus(NOW, 3 * HOUR))).toBe(5 * HOUR)
    expect(length(plus(NOW, 6 * HOUR))).toBe(DAY)
  })

  it('wants history from the newest hole back, a day at a time, until nothing is missing', () => {
    const lane = laneOf()
    let asked = 0
    for (let span = historySpan(lane, NOW); span !== null; span = historySpan(lane, NOW)) {
      expect(span.until - span.from).toBeLessThanOrEqual(DAY)
      lane.coverage.claim(span, 1)
      asked += 1
    }
    expect(asked).toBe(10)
    expect(lane.coverage.holes(wantedHistory(lane, NOW), 0)).toEqual([])
  })

  it('asks for whole bins, whatever spans were kept', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(10 * DAY), fc.nat(DAY)), { maxLength: 10 }), (claims) => {
        const lane = laneOf(3)
        for (const [back, length] of claims) {
          lane.coverage.claim({ from: plus(NOW, -back), until: plus(NOW, length - back) }, 1)
        }
        const span = historySpan(lane, NOW)
        if (span !== null) expect([span.from % 1800, span.until % 1800, span.until > span.from]).toEqual([0, 0, true])
      }),
    )
  })

  it('lets a span that failed rest while others go on, ever longer', () => {
    const lane = laneOf()
    const first = historySpan(lane, NOW)!
    postponeFailed(lane, first, NOW)
    expect(historySpan(lane, NOW)?.until).toBe(first.from)
    const isAsked = (now: UnixSeconds): boolean => {
      const span = historySpan(lane, now)!
      return span.from < first.until && first.from < span.until
    }
    expect(isAsked(plus(NOW, 9 * MINUTE))).toBe(false)
    expect(isAsked(plus(NOW, 10 * MINUTE))).toBe(true)
    postponeFailed(lane, first, NOW)
    expect(isAsked(plus(NOW, 10 * MINUTE))).toBe(false)
    expect(isAsked(plus(NOW, 20 * MINUTE))).toBe(true)
    settle(lane, first)
    expect(historySpan(lane, NOW)).toEqual(first)
  })

  it('asks for a thin span four times within some thirty hours before it believes it', () => {
    const lane = laneOf()
    const span = historySpan(lane, NOW)!
    const times: number[] = []
    let now = NOW
    while (!postponeThin(lane, span, now)) {
      now = lane.postponed[0]!.retryAt
      times.push((now - NOW) / HOUR)
    }
    expect(times).toEqual([1, 7, 31])
  })

  it('shortens its spans down to a few bins, and tries longer ones when the last day was read', () => {
    const lane = laneOf()
    const lengths: number[] = []
    while (shorten(lane)) lengths.push(lane.chunk / MINUTE)
    expect(lengths).toEqual([720, 360, 180, 90, 45, 20])
    longWasRead(lane, NOW)
    expect(lane.chunk).toBe(40 * MINUTE)
  })

  it('has a stream of its own for other entities, and singles know what the list has covered', () => {
    const lane = laneOf()
    const other = createLane({ ...lane, group: 'world', entities: entities.slice(1) }, none)
    expect(other.stream).not.toBe(lane.stream)
    lane.coverage.claim({ from: plus(NOW, -DAY), until: NOW }, 1)
    const singles = createSingles(lane, none, NOW, 8 as Seconds)
    expect(singles.map(({ due }) => due - NOW)).toEqual([0, 8])
    expect(singles.map(({ stream }) => stream)).toEqual([`${lane.stream}/KZ`, `${lane.stream}/BY`])
    expect(singles[0]!.coverage.spans()).toEqual(lane.coverage.spans())
  })
})
