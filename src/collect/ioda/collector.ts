import type { AnswerWithBody } from '../../model/answer.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Interval } from '../../model/intervals.ts'
import { toRfc3339 } from '../../model/time.ts'
import type { Conditions } from '../conditions.ts'
import type { Client, Outcome } from '../http/client.ts'
import type { Meter } from '../http/meter.ts'
import type { Purpose } from '../http/window.ts'
import type { CollectContext, Item } from '../source.ts'
import { liveSpan, longWasRead, nextPoll, postponeFailed, postponeThin, settle, shorten, type Lane } from './lane.ts'
import { fullnessOf, newestOf, observedOf, settledSpan } from './observed.ts'
import { seriesUrl } from './requests.ts'
import { readSeries, type Reading } from './series.ts'

/** Clocks of the upstream and ours may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 300

/** A lane that did not get its answer asks again as soon as the upstream may be asked, this often in a row. */
const QUICK_RETRIES = 3

type Series = Extract<Reading, { kind: 'series' }>

export interface CollectorParts {
  readonly baseUrl: string
  readonly context: CollectContext
  readonly client: Client
  readonly meter: Meter
  readonly conditions: Conditions
}

/** What an answer told beside its items. */
export interface Told {
  /** The upstream refused the request itself: a status of 400 to 499 that does not say 'later'. */
  isRefusal: boolean
  /** The series of the answer; `null` when there was none that could be read. */
  answered: { readonly codes: ReadonlySet<string>; readonly spokenOf: number } | null
}

export interface Collector {
  /** Asks for the live edge of a lane and says when to ask again. */
  live(lane: Lane, told: Told): AsyncGenerator<Item, void>
  history(lane: Lane, span: Interval): AsyncGenerator<Item, void>
  /** Whether a single entity has series with values where a list left it out. Yields nothing: it is asked for by its lane. */
  isThere(lane: Lane, code: string): Promise<boolean>
}

export function createCollector({ baseUrl, context, client, meter, conditions }: CollectorParts): Collector {
  const { clock } = context
  /** End of the newest bin with a value, by stream. */
  const newestByStream = new Map<string, UnixSeconds>()

  const ask = (lane: Lane, codes: readonly string[], span: Interval, purpose: Purpose): Promise<Outcome> =>
    client.ask(seriesUrl(baseUrl, lane.source, lane.type, codes, span), purpose)

  const read = (lane: Lane, codes: ReadonlySet<string>, span: Interval, answer: AnswerWithBody): Reading => {
    const asked = { source: lane.source, codes, span, now: clock.now() }
    const reading = readSeries(answer.body, answer.responseHeaders['date'] ?? null, asked)
    if (reading.kind === 'unreadable') meter.wasUnreadable(clock.now(), reading.detail)
    return reading
  }

  /** Only lists of countries speak for a signal: one AS without data says nothing about our view of the world. */
  const speaks = (lane: Lane): boolean => lane.type === 'country' && lane.entities.size > 1

  function* unreachable(lane: Lane, outcome: Exclude<Outcome, { kind: 'answer' | 'stopped' }>): Generator<Item> {
    const isOfOneEntity = outcome.kind === 'failed' && outcome.answer !== null && outcome.answer.status < 500
    if (isOfOneEntity && !speaks(lane)) return
    const answer = 'answer' in outcome ? outcome.answer : null
    yield conditions.begin(lane.source.spec.signal, 'unreachable', clock.now(), outcome.reason, answer)
  }

  function* clockReports(lane: Lane, reading: Series, answer: AnswerWithBody): Generator<Item, boolean> {
    const { signal } = lane.source.spec
    const now = clock.now()
    const off = reading.serverTime === null ? 0 : reading.serverTime - now
    const isWrong = reading.fromFuture > 0 || Math.abs(off) > CLOCK_TOLERANCE_SECONDS
    if (!isWrong) {
      yield* conditions.end(signal, ['wrong-clock'], now)
      return false
    }
    const facts = [
      ...(Math.abs(off) > CLOCK_TOLERANCE_SECONDS ? [`clock ${off > 0 ? '+' : ''}${off} s`] : []),
      ...(reading.fromFuture > 0 ? [`${reading.fromFuture} values for bins that have not ended`] : []),
    ]
    yield conditions.begin(signal, 'wrong-clock', now, facts.join('; '), answer)
    return true
  }

  function* staleReports(lane: Lane, answer: AnswerWithBody): Generator<Item> {
    if (!speaks(lane)) return
    const { signal, step, delay } = lane.source.spec
    const now = clock.now()
    const newest = newestByStream.get(lane.stream)
    if (newest !== undefined && newest + delay + 2 * step >= now) {
      yield* conditions.end(signal, ['stale'], now)
      return
    }
    const detail = newest === undefined ? 'no value yet' : `newest bin ended ${toRfc3339(newest)}`
    yield conditions.begin(signal, 'stale', now, detail, answer)
  }

  function* take(
    lane: Lane,
    span: Interval,
    purpose: Purpose,
    isEdge: boolean,
    answer: AnswerWithBody,
    reading: Series,
  ): Generator<Item> {
    const now = clock.now()
    const { signal, step } = lane.source.spec
    yield* conditions.end(signal, ['unreachable', 'unreadable'], now)
    const isClockWrong = yield* clockReports(lane, reading, answer)
    const fullness = fullnessOf(lane, span, reading.series, now)
    const ofKind = isEdge ? lane.edgeFullness : lane.spanFullness
    // Silent about most of a list: half an answer, or an upstream that takes no lists.
    const isPart = lane.entities.size > 1 && reading.spokenOf * 2 < lane.entities.size
    const isThin = (fullness !== null && ofKind.isThin(fullness, now)) || isPart
    const newest = newestOf(reading.series, step)
    if (purpose === 'live' && newest !== null && !isClockWrong) {
      newestByStream.set(lane.stream, Math.max(newest, newestByStream.get(lane.stream) ?? 0) as UnixSeconds)
    }
    if (isClockWrong) {
      if (purpose === 'back-fill') postponeFailed(lane, span, now)
    }
    const isBelieved = !isClockWrong && isThin && purpose === 'back-fill' && postponeThin(lane, span, now)
    const isDoubtful = isClockWrong || (isThin && !isBelieved)
    const nothing = { from: span.from, until: span.from }
    let settled = isDoubtful ? nothing : settledSpan(lane, span, newest, isBelieved, now)
    if (!isDoubtful && purpose === 'back-fill') {
      // History that ends in silence: what remains of it is asked for again, as often as a thin answer.
      const rest = { from: settled.until, until: span.until }
      if (rest.from < rest.until && postponeThin(lane, rest, now)) settled = span
      settle(lane, settled)
    }
    const open = lane.coverage.holes(span, 0)
    lane.coverage.claim(settled, isBelieved ? Infinity : (fullness ?? 0))
    // Stamped by a wrong clock a value lies in a bin that is not its own, over one that is: it is asked for again.
    const believed = isClockWrong ? [] : reading.series
    yield observedOf(lane, purpose, answer, believed, open, isDoubtful, settled, now)
    if (purpose === 'live') yield* staleReports(lane, answer)
  }

  return {
    async *live(lane, told) {
      const { span, isLong } = liveSpan(lane, clock.now())
      const codes = [...lane.entities.keys()]
      const outcome = await ask(lane, codes, span, 'live')
      const { signal } = lane.source.spec
      const again = (): UnixSeconds => nextPoll(lane, clock.now(), context.random())
      switch (outcome.kind) {
        case 'stopped':
          return
        case 'refused':
        case 'failed': {
          const waiting = client.waitingUntil()
          told.isRefusal = outcome.kind === 'failed' && outcome.failure === 'status' && waiting === null
          lane.failures += 1
          // Others go first; who fails on and on has no more turns than who does not.
          lane.due = waiting !== null && lane.failures <= QUICK_RETRIES ? waiting : again()
          yield* unreachable(lane, outcome)
          return
        }
        case 'too-large':
          if (!shorten(lane)) lane.due = again()
          yield* unreachable(lane, outcome)
          return
        case 'answer':
          break
        default:
          outcome satisfies never
      }
      lane.failures = 0
      const { answer } = outcome
      const reading = read(lane, new Set(codes), span, answer)
      if (reading.kind === 'down-sampled' && shorten(lane)) return
      lane.due = again()
      if (reading.kind !== 'series') {
        const detail = reading.kind === 'unreadable' ? reading.detail : `down-sampled to ${reading.step} s`
        yield conditions.begin(signal, 'unreadable', clock.now(), detail, answer)
        return
      }
      told.answered = { codes: new Set(reading.series.map(({ code }) => code)), spokenOf: reading.spokenOf }
      if (isLong) longWasRead(lane, clock.now())
      yield* take(lane, span, 'live', !isLong, answer, reading)
    },

    async *history(lane, span) {
      const codes = [...lane.entities.keys()]
      const outcome = await ask(lane, codes, span, 'back-fill')
      if (outcome.kind === 'stopped') return
      if (outcome.kind === 'too-large' && shorten(lane)) return
      if (outcome.kind !== 'answer') {
        postponeFailed(lane, span, clock.now())
        yield* unreachable(lane, outcome)
        return
      }
      const reading = read(lane, new Set(codes), span, outcome.answer)
      if (reading.kind === 'down-sampled' && shorten(lane)) return
      if (reading.kind === 'series') {
        yield* take(lane, span, 'back-fill', false, outcome.answer, reading)
        return
      }
      postponeFailed(lane, span, clock.now())
      const detail = reading.kind === 'unreadable' ? reading.detail : `down-sampled to ${reading.step} s`
      const { signal } = lane.source.spec
      yield conditions.begin(signal, 'unreadable', clock.now(), detail, outcome.answer)
    },

    async isThere(lane, code) {
      const { span } = liveSpan(lane, clock.now())
      const outcome = await ask(lane, [code], span, 'live')
      if (outcome.kind !== 'answer') return false
      const reading = read(lane, new Set([code]), span, outcome.answer)
      return reading.kind === 'series' && newestOf(reading.series, lane.source.spec.step) !== null
    },
  }
}
