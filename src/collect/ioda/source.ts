import type { EntityId, Seconds, SignalId, SourceId, UnixSeconds } from '../../model/brand.ts'
import type { Budget } from '../../model/health.ts'
import { plus } from '../../model/time.ts'
import { countryCodes } from '../../netdata/iso.ts'
import { createConditions, type Conditions } from '../conditions.ts'
import { createClient, userAgentOf } from '../http/client.ts'
import { createMeter } from '../http/meter.ts'
import { createRequestWindow } from '../http/window.ts'
import type { CollectContext, Item, Source } from '../source.ts'
import { createCollector, type Told } from './collector.ts'
import { dataSourcesOf } from './data-sources.ts'
import { createFocus } from './focus.ts'
import { createLane, historySpan, nextPoll, nextRetry, wantedHistory, type Lane } from './lane.ts'
import { createListLane, gapOf } from './lists.ts'
import { IODA_LIVE_SIGNALS } from './signals.ts'

const IODA_URL = 'https://api.ioda.inetintel.cc.gatech.edu/v2'

/** Ten requests a minute, where one poll of everything takes some 45 an hour. A quarter for history. */
const IODA_BUDGET: Budget = { requests: 600, perSeconds: 3600, backfillShare: 0.25 }

export interface IodaOptions {
  /** Of Tocsin, for the `User-Agent`. */
  readonly version: string
  /** The operator's address, for the `User-Agent`; `null` when none is set. */
  readonly contact: string | null
  readonly baseUrl: string
  readonly budget: Budget
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[]
  /** History that is wanted at the first start. */
  readonly backfillDays: number
  readonly signals: readonly SignalId[]
}

export const IODA_DEFAULTS: Omit<IodaOptions, 'version' | 'contact'> = {
  baseUrl: IODA_URL,
  budget: IODA_BUDGET,
  countries: countryCodes(),
  backfillDays: 56,
  signals: IODA_LIVE_SIGNALS.map(({ signal }) => signal),
}

/** A list for hundreds of entities over a day is some 500 kB; this leaves room for a larger world. */
const LIMIT_BYTES = 32_000_000
const TIMEOUT_SECONDS = 60
/** How often to look whether other countries are in trouble. */
const LOOK_AROUND_SECONDS = 60
/** So long the parts of countries in trouble, where they are due, go before history. */
const LOCAL_FIRST_SECONDS = 60
/** Set back by more than this, the clock makes all that was noted for later wrong; less is waited for. */
const CLOCK_STEP_SECONDS = 60

export function createIodaSource(options: IodaOptions): Source {
  const sources = dataSourcesOf(options.signals)
  const { budget } = options
  const meter = createMeter()
  const window = createRequestWindow(budget)
  let spentNow = (): number => 0
  let leftOut = (): readonly string[] => []
  let roundNow = (): Seconds | null => null

  async function* observe(context: CollectContext): AsyncIterable<Item> {
    const conditions = createConditions()
    while (!context.signal.aborted) yield* observeOnward(context, conditions)
  }

  /** Until it is told to stop, or the clock is set back: then all begins anew, as after a restart. */
  async function* observeOnward(context: CollectContext, conditions: Conditions): AsyncIterable<Item> {
    const { clock, signal, progress } = context
    const userAgent = userAgentOf(options.version, options.contact)
    const clientOptions = {
      source: 'ioda' as SourceId,
      userAgent,
      timeoutSeconds: TIMEOUT_SECONDS,
      limitBytes: LIMIT_BYTES,
    }
    const client = createClient({ ...clientOptions, window, meter }, context)
    const collector = createCollector({ baseUrl: options.baseUrl, context, client, meter, conditions })
    const focus = createFocus(options.baseUrl, sources, client, context)
    spentNow = () => window.spent(clock.now())
    leftOut = () => focus.leftOut()

    const entities = options.countries.map((code) => ({ code, entity: `country:${code}` as EntityId }))
    const gap = gapOf(budget)
    const world = sources.map((source) => {
      const historyDays = options.backfillDays
      const lane = { source, type: 'country', group: 'world', entities, everySteps: 1, historyDays } as const
      return createListLane(createLane({ ...lane, due: clock.now() }, progress), progress, () => gap)
    })
    roundNow = () => {
      const singles = world.reduce((sum, each) => sum + each.singles(clock.now()), 0)
      return singles === 0 ? null : ((singles * gap) as Seconds)
    }
    /** By stream: until when we said that the upstream is not to be asked. */
    const saidUntil = new Map<string, UnixSeconds>()

    const measure = (): void => {
      const now = clock.now()
      for (const { list } of world)
        meter.backfilled(list.source.spec.signal, list.coverage.share(wantedHistory(list, now)))
    }

    /** Signals whose turn it would be, while the upstream is left alone: they are as blind as the one that failed. */
    function* waitReports(due: readonly Lane[], waiting: UnixSeconds): Generator<Item> {
      const lists = new Set(world.map(({ list }) => list))
      for (const lane of due.filter((each) => lists.has(each) && saidUntil.get(each.stream) !== waiting)) {
        saidUntil.set(lane.stream, waiting)
        const detail = meter.read(0).lastFailure?.reason ?? 'no answer'
        yield conditions.begin(lane.source.spec.signal, 'unreachable', clock.now(), detail, null)
      }
    }

    async function* poll(lane: Lane): AsyncGenerator<Item, void> {
      const told: Told = { isRefusal: false, answered: null }
      yield* collector.live(lane, told)
      const list = world.find((each) => each.list === lane)
      await list?.check(told, collector, clock.now())
      // One by one, a round of all takes as long as the budget says, and the next begins after it.
      if (list === undefined && lane.type === 'country') {
        const round = plus(clock.now(), roundNow() ?? 0)
        lane.due = Math.max(round, nextPoll(lane, clock.now(), context.random())) as UnixSeconds
      }
      measure()
    }

    measure()
    let seen = clock.now()
    let historyAt = clock.now()
    while (!signal.aborted) {
      const now = clock.now()
      if (now < seen - CLOCK_STEP_SECONDS) return
      seen = now
      const worldLanes = world.flatMap((each) => each.lanes(now))
      const due = worldLanes.filter((each) => each.due <= now)
      const ready = client.readyAt('live')
      if (due.length > 0 && ready > now) {
        const waiting = client.waitingUntil()
        if (waiting !== null) yield* waitReports(due, waiting)
        // Whose turn comes while we wait is to be told of it too.
        const later = worldLanes.filter((each) => each.due > now).map((each) => each.due)
        await clock.until(Math.min(ready, ...later) as UnixSeconds, signal)
        continue
      }
      if (due.length > 0) {
        yield* poll(due.reduce((first, each) => (each.due < first.due ? each : first)))
        continue
      }
      const wanted = ready > now ? null : focus.wanted(now)
      if (wanted !== null) {
        await focus.discover(wanted.country, wanted.type)
        continue
      }
      const local = focus.lanes()
      const dueLocal = local.filter((each) => each.due <= now)
      const all = [...worldLanes, ...local]
      const readyForHistory = client.readyAt('back-fill')
      const next = readyForHistory > now ? null : newestHistory(all, now)
      // With many countries in trouble some part of them is always due: history goes on all the same.
      const isLocalFirst = next === null || now < historyAt + LOCAL_FIRST_SECONDS
      if (dueLocal.length > 0 && ready <= now && isLocalFirst) {
        // The longest overdue: where the budget does not do for all, each comes more seldom.
        yield* poll(dueLocal.reduce((first, each) => (each.due < first.due ? each : first)))
        continue
      }
      if (next !== null) {
        historyAt = now
        yield* collector.history(next.lane, next.span)
        measure()
        continue
      }
      const wake = [
        now + LOOK_AROUND_SECONDS,
        ...worldLanes.map((each) => each.due),
        ...local.map((each) => Math.max(each.due, ready)),
        ...(readyForHistory > now ? [readyForHistory] : all.flatMap((each) => nextRetry(each) ?? [])),
      ].filter((at) => at > now)
      await clock.until(Math.min(...wake) as UnixSeconds, signal)
    }
  }

  return {
    id: 'ioda' as SourceId,
    name: 'IODA',
    homepage: 'https://ioda.inetintel.cc.gatech.edu/',
    upstream: options.baseUrl,
    signals: sources.map(({ spec }) => spec),
    budget,
    observe,
    meter: () => ({ ...meter.read(spentNow()), leftOut: leftOut(), roundSeconds: roundNow() }),
  }
}

/** The newest span of history that any lane misses; of equals the first. */
function newestHistory(
  lanes: readonly Lane[],
  now: UnixSeconds,
): { readonly lane: Lane; readonly span: { readonly from: UnixSeconds; readonly until: UnixSeconds } } | null {
  let newest: ReturnType<typeof newestHistory> = null
  for (const lane of lanes) {
    const span = historySpan(lane, now)
    if (span !== null && (newest === null || span.until > newest.span.until)) newest = { lane, span }
  }
  return newest
}
