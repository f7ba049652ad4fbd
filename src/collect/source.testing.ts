import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Budget } from '../model/health.ts'
import type { SeriesInfo } from '../model/series.ts'
import { HOUR, MINUTE } from '../model/time.ts'
import { createSimulatedClock, type SimulatedClock } from './clock.testing.ts'
import { createKeeper, observationsOf, reportsOf, type Keeper } from './keeper.testing.ts'
import type { Source, SourceReport } from './source.ts'

/** Each lasts from when it is set until another is, or none. */
export type UpstreamFault =
  | 'unreachable'
  | 'hangs'
  | 'refuses'
  | 'refuses-silently'
  | 'errs'
  | 'half-body'
  | 'no-json'
  | 'changed-field'
  | 'empty'
  | 'frozen'
  | 'wrong-clock'

/** A server of ours on loopback that answers as the upstream does. It holds bins of all time. */
export interface Upstream {
  readonly url: string
  /** From now on. `refuses` says to come back in ten minutes; `wrong-clock` is hours ahead, and so are its bins. */
  fault(kind: UpstreamFault | null): void
  /** `host`: where the upstream is several; pauses are kept with each. */
  readonly requests: readonly { readonly at: number; readonly host?: string }[]
  mostAtOnce(): number
  /** Final value of a bin as a source should give it; `null` = none; `undefined` = it never speaks of that series. */
  expected(series: SeriesInfo, bin: number): number | null | undefined
  close(): Promise<void>
}

export interface SourceUnderTest {
  /**
   * How often a test may try again, 0 unless given: for upstreams over sockets of which a simulated clock cannot hold every
   * turn, so that on a busy machine time may pass while something is on its way.
   */
  readonly retry?: number
  readonly upstream: (clock: SimulatedClock) => Promise<Upstream>
  /** With a day or two of history to fetch, for a handful of entities, and all that the upstream has of them. */
  readonly make: (url: string, budget: Budget) => Source
  /** How much history that is. */
  readonly historySeconds: number
  /** Every series that the upstream speaks of and the source is to give. */
  readonly series: readonly SeriesInfo[]
  /** Age from which a bin does not change any more and must be with us, in seconds. */
  readonly settledSeconds: number
  /** Requests that are due within half an hour, at least. Left out: one a signal. */
  readonly dueInHalfHour?: number
  /** Nothing is an answer that holds nothing: a stream that is silent has not answered. Left out: there are such. */
  readonly hasNoEmptyAnswer?: true
}

/** A Thursday at 00:00 UTC. */
const START = 1_700_092_800
const BUDGET: Budget = { requests: 600, perSeconds: 3600, backfillShare: 0.25 }

/** How the condition is called that a fault leads to, and what is left when it lasts. */
const CONDITION: Readonly<Record<UpstreamFault, SourceReport['condition'] | null>> = {
  unreachable: 'unreachable',
  hangs: 'unreachable',
  refuses: 'unreachable',
  'refuses-silently': 'unreachable',
  errs: 'unreachable',
  'half-body': 'unreachable',
  'no-json': 'unreadable',
  'changed-field': 'unreadable',
  empty: 'stale',
  frozen: 'stale',
  'wrong-clock': 'wrong-clock',
}

const FAULTS = Object.keys(CONDITION) as UpstreamFault[]

/** Seconds from each request to the next of the same host. */
function pausesOf(requests: Upstream['requests']): readonly number[] {
  const hosts = new Set(requests.map(({ host }) => host))
  return [...hosts].flatMap((host) => {
    const times = requests.filter((each) => each.host === host).map(({ at }) => at)
    return times.slice(1).map((at, i) => at - (times[i] ?? 0))
  })
}

/** Every source's test calls this. */
export function testSource(name: string, tested: SourceUnderTest): void {
  describe(`${name} as a source`, { retry: tested.retry ?? 0 }, () => {
    let clock: SimulatedClock
    let upstream: Upstream
    let keeper: Keeper
    beforeEach(async () => {
      clock = createSimulatedClock(START)
      upstream = await tested.upstream(clock)
      keeper = createKeeper(clock)
    })
    afterEach(() => upstream.close())

    const make = (budget = BUDGET): Source => tested.make(upstream.url, budget)

    /** All that is settled is kept as the upstream holds it, and nothing that it does not hold. */
    const expectAllKept = (since: number): void => {
      const wrong: string[] = []
      for (const series of tested.series) {
        const row = [...keeper.rows.values()].find(
          (each) =>
            each.series.signal === series.signal &&
            each.series.entity === series.entity &&
            each.series.facet === series.facet,
        )
        const first = Math.ceil(since / series.step) * series.step
        for (let bin = first; bin + series.step <= clock.now() - tested.settledSeconds; bin += series.step) {
          const held = upstream.expected(series, bin)
          const kept = row?.values.get(bin)
          const isSame = held === undefined ? kept === undefined : Object.is(kept, held ?? NaN)
          if (!isSame) wrong.push(`${series.signal} ${series.entity} ${bin - START}: ${kept}, not ${held}`)
        }
      }
      expect(wrong.slice(0, 5)).toEqual([])
      for (const { series } of keeper.rows.values()) {
        const isWanted = (each: SeriesInfo): boolean =>
          each.signal === series.signal && each.entity === series.entity && each.facet === series.facet
        expect(tested.series.some(isWanted)).toBe(true)
      }
    }

    it('gives all that the upstream holds, each value with the answer that it came by', async () => {
      await keeper.run(make(), START + 6 * HOUR)
      expectAllKept(START - tested.historySeconds + HOUR)
      expect(tested.series.length).toBeGreaterThan(0)
      for (const { item, at } of observationsOf(keeper)) {
        expect(item.answer.sha256).toMatch(/^[0-9a-f]{64}$/)
        expect(item.answer.status).toBe(200)
        expect(item.answer.fetchedAt).toBeLessThanOrEqual(at)
        expect(item.answer.url.startsWith(upstream.url)).toBe(true)
      }
      expect(reportsOf(keeper).filter(({ on }) => on)).toEqual([])
    })

    it('keeps to order: bins ascend on their grid, and live spans of a stream never go back', async () => {
      await keeper.run(make(), START + 4 * HOUR)
      const liveEnds = new Map<string, number>()
      for (const { item } of observationsOf(keeper)) {
        for (const { series, bins, values, weights } of item.series) {
          expect([values.length, weights.length]).toEqual([bins.length, bins.length])
          expect(bins.every((bin, i) => i === 0 || bin > (bins[i - 1] ?? 0))).toBe(true)
          expect(bins.every((bin) => (bin - series.phase) % series.step === 0)).toBe(true)
        }
        const { stream, span } = item.covered
        expect(span.from).toBeLessThanOrEqual(span.until)
        if (item.purpose !== 'live') continue
        expect(span.until).toBeGreaterThanOrEqual(liveEnds.get(stream) ?? 0)
        liveEnds.set(stream, span.until)
      }
    })

    it('never gives the future, even when the upstream does', async () => {
      await keeper.run(make(), START + HOUR)
      upstream.fault('wrong-clock')
      await keeper.run(make(), START + 3 * HOUR)
      for (const { at, item } of observationsOf(keeper)) {
        expect(item.covered.span.until).toBeLessThanOrEqual(at)
        for (const { bins, series } of item.series) {
          expect((bins.at(-1) ?? 0) + series.step).toBeLessThanOrEqual(at)
        }
      }
    })

    it('says again after a restart that a clock is wrong, before it gives anything', async () => {
      upstream.fault('wrong-clock')
      await keeper.run(make(), START + HOUR)
      const first = keeper.items.length
      await keeper.run(make(), START + 2 * HOUR)
      const since = keeper.items.slice(first).map(({ item }) => item)
      for (const { signal } of tested.series) {
        const own = since.filter((item) => item.signal === signal)
        expect(own[0]).toMatchObject({ kind: 'health', condition: 'wrong-clock', on: true })
      }
    })

    it.each([
      ['ten minutes', 10 * MINUTE],
      ['five hours', 5 * HOUR],
    ])('goes on at once when the clock is set back by %s, within its budget, and nothing is lost', async (_, by) => {
      const source = make()
      const running = keeper.run(source, START + 10 * HOUR)
      await clock.until((START + 2 * HOUR) as never, new AbortController().signal)
      // A wrong clock that is set right: the upstream's was right before.
      clock.set((clock.now() + by) as never)
      await clock.until((clock.now() + HOUR) as never, new AbortController().signal)
      clock.set((clock.now() - by) as never)
      const before = upstream.requests.length
      await clock.until((clock.now() + 35 * MINUTE) as never, new AbortController().signal)
      const asked = upstream.requests.slice(before)
      // At least all that is due within half an hour, and no burst.
      expect(asked.length).toBeGreaterThanOrEqual(tested.dueInHalfHour ?? source.signals.length)
      expect(asked.length).toBeLessThanOrEqual(BUDGET.requests)
      await running
      expectAllKept(START - tested.historySeconds + HOUR)
    })

    it('fetches what it missed while the machine slept for eight hours', async () => {
      const running = keeper.run(make(), START + 14 * HOUR)
      await clock.until((START + 2 * HOUR + 100) as never, new AbortController().signal)
      clock.set((clock.now() + 8 * HOUR) as never)
      await running
      expectAllKept(START - tested.historySeconds + HOUR)
    })

    it('goes on where it was: history that is covered is not asked for again', async () => {
      await keeper.run(make(), START + 5 * HOUR)
      const streams = new Set(observationsOf(keeper).map(({ item }) => item.covered.stream))
      const before = new Map([...streams].map((stream) => [stream, keeper.covered(stream)]))
      const first = observationsOf(keeper).length
      await clock.until((clock.now() + HOUR) as never, new AbortController().signal)
      await keeper.run(make(), START + 8 * HOUR)
      expectAllKept(START - tested.historySeconds + HOUR)
      const again = observationsOf(keeper)
        .slice(first)
        .filter(({ item }) => item.purpose === 'back-fill')
        .filter(({ item: { covered } }) =>
          (before.get(covered.stream) ?? []).some(
            ({ from, until }) => covered.span.from < until && from < covered.span.until,
          ),
        )
      expect(again).toEqual([])
    })

    it('fetches what it missed while it was not running, for longer than a day too', async () => {
      await keeper.run(make(), START + 3 * HOUR)
      await clock.until((clock.now() + 30 * HOUR) as never, new AbortController().signal)
      await keeper.run(make(), START + 39 * HOUR)
      expectAllKept(START - tested.historySeconds + 2 * HOUR)
    })

    describe.each(FAULTS)('when the upstream has the fault "%s" for three hours', (fault) => {
      it('says so, throws nothing, ends it when it is over, and nothing is lost', async () => {
        const source = make()
        const running = keeper.run(source, START + 14 * HOUR)
        const asleep = new AbortController().signal
        await clock.until((START + 4 * HOUR) as never, asleep)
        upstream.fault(fault)
        await clock.until((START + 7 * HOUR) as never, asleep)
        upstream.fault(null)
        await running
        const reports = reportsOf(keeper)
        const condition = CONDITION[fault]
        const begun = reports.filter((each) => each.on && each.condition === condition)
        expect(new Set(begun.map(({ signal }) => signal))).toEqual(new Set(source.signals.map(({ signal }) => signal)))
        for (const each of begun) {
          expect(each.at).toBeGreaterThanOrEqual(START + 4 * HOUR)
          expect(each.at).toBeLessThan(START + 7 * HOUR + 20 * MINUTE)
          expect(each.detail).not.toBe('')
        }
        for (const { signal } of source.signals) {
          const last = reports.filter((each) => each.signal === signal && each.condition === condition).at(-1)
          expect(last?.on).toBe(false)
          expect(last?.at).toBeLessThan(START + 9 * HOUR)
        }
        expect(upstream.mostAtOnce()).toBe(1)
        expectAllKept(START - tested.historySeconds + HOUR)
        if (condition === 'unreachable' || condition === 'unreadable') {
          expect(source.meter().lastFailure?.at).toBeGreaterThanOrEqual(START + 4 * HOUR)
        }
      })

      it('begins with it and still comes to everything', async () => {
        upstream.fault(fault)
        const running = keeper.run(make(), START + 34 * HOUR)
        await clock.until((START + 2 * HOUR) as never, new AbortController().signal)
        upstream.fault(null)
        await running
        expectAllKept(START - tested.historySeconds + 34 * HOUR)
      })
    })

    it.skipIf(tested.hasNoEmptyAnswer)(
      'takes an empty list for an answer, holds nothing of it, and makes no gaps of it',
      async () => {
        await keeper.run(make(), START + 4 * HOUR)
        upstream.fault('empty')
        const before = keeper.items.length
        const values = (): unknown => [...keeper.rows].map(([name, { values: kept }]) => [name, kept.size])
        const held = values()
        await keeper.run(make(), START + 5 * HOUR)
        const since = keeper.items.slice(before).map(({ item }) => item)
        const observed = since.filter((item) => item.kind === 'observations')
        expect(observed.length).toBeGreaterThan(0)
        expect(observed.every((item) => item.series.length === 0)).toBe(true)
        expect(since.some((item) => item.kind === 'health' && item.condition === 'unreadable')).toBe(false)
        expect(values()).toEqual(held)
      },
    )

    it('leaves the upstream alone for as long as it asks', async () => {
      upstream.fault('refuses')
      await keeper.run(make(), START + 25 * MINUTE)
      expect(upstream.requests.length).toBeGreaterThan(1)
      for (const pause of pausesOf(upstream.requests)) expect(pause).toBeGreaterThanOrEqual(600)
    })

    it('asks ever more seldom when nobody answers', async () => {
      upstream.fault('errs')
      await keeper.run(make(), START + 3 * HOUR)
      expect(upstream.requests.length).toBeLessThan(40)
      const pauses = pausesOf(upstream.requests)
      expect(Math.max(...pauses)).toBeGreaterThan(8 * (pauses[0] ?? 0))
    })

    it('asks one thing at a time and keeps the budget, with back-fill in its share and live first', async () => {
      const budget: Budget = { requests: 60, perSeconds: 3600, backfillShare: 0.2 }
      const source = make(budget)
      await keeper.run(source, START + 12 * HOUR)
      expect(upstream.mostAtOnce()).toBe(1)
      const times = upstream.requests.map(({ at }) => at)
      for (const end of times) {
        expect(times.filter((at) => at > end - 3600 && at <= end).length).toBeLessThanOrEqual(budget.requests)
      }
      // One answer may bring items of several signals.
      const answers = new Map(
        observationsOf(keeper).flatMap(({ item, at }) =>
          item.purpose === 'back-fill' ? [[item.answer, at] as const] : [],
        ),
      )
      const history = [...answers.values()]
      if (tested.historySeconds > 0) expect(history.length).toBeGreaterThan(0)
      for (const end of history) {
        expect(history.filter((at) => at > end - 3600 && at <= end).length).toBeLessThanOrEqual(12)
      }
      const signals = new Set<string>()
      for (const { item } of observationsOf(keeper)) {
        if (item.purpose === 'back-fill') break
        signals.add(item.signal)
      }
      expect(signals.size).toBe(source.signals.length)
      expect(source.meter().spent).toBeLessThanOrEqual(budget.requests)
      expect(source.meter().ok).toBe(times.length)
    })

    it.each<[string, UpstreamFault | null]>([
      ['waits for its next turn', null],
      ['is asking', 'hangs'],
      ['has been refused', 'refuses'],
    ])('stops at once while it %s', async (_, fault) => {
      upstream.fault(fault)
      expect(await keeper.run(make(), START + 17 * MINUTE)).toBe(0)
    })

    it('says how much of its history is there', async () => {
      const source = make()
      await keeper.run(source, START + 12 * HOUR)
      for (const { signal } of source.signals) expect(source.meter().backfilled.get(signal)).toBeGreaterThan(0.98)
    })
  })
}
