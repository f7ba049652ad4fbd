import { createHash } from 'node:crypto'
import type { AnswerWithBody } from '../../model/answer.ts'
import type { CollectContext, Item, ObservedSeries, Source } from '../../collect/source.ts'
import type { EntityId, SignalId, SourceId, UnixSeconds } from '../../model/brand.ts'
import type { Interval } from '../../model/intervals.ts'
import { missing } from '../../model/intervals.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { DAY, HOUR, MINUTE, binStart, plus } from '../../model/time.ts'

/** A world that a source of ours speaks of, and what goes wrong on the way. */
export interface FakeWorld {
  readonly specs: readonly SignalSpec[]
  readonly entities: readonly EntityId[]
  /** `null` = asked and none given; `undefined` = no row at all. */
  readonly value: (spec: SignalSpec, entity: EntityId, bin: UnixSeconds, now: UnixSeconds) => number | null | undefined
  readonly backfillDays: number
  /** The upstream does not answer then. */
  readonly isDown: (now: UnixSeconds) => boolean
  /** Its clock and ours differ then. */
  readonly isClockWrong: (now: UnixSeconds) => boolean
}

/** Collecting begins here; what lies before is history. */
const ROUND = 5 * MINUTE

/** Asks its world every five minutes for what has ended, with an hour's overlap, and for a day of history beside. */
export function fakeSource(world: FakeWorld): Source {
  const backfilled = new Map<SignalId, number>()
  const down = new Set<SignalId>()
  const wrong = new Set<SignalId>()
  let requests = 0

  function observed(spec: SignalSpec, purpose: 'live' | 'back-fill', span: Interval, now: UnixSeconds): Item {
    requests += 1
    const series = world.entities.map((entity): ObservedSeries => {
      const rows: [number, number][] = []
      for (
        let bin = binStart(plus(span.from, spec.step - 1), spec.step, 0 as typeof spec.step);
        bin < span.until;
        bin = plus(bin, spec.step)
      ) {
        const value = plus(bin, spec.step) > now ? undefined : world.value(spec, entity, bin, now)
        if (value !== undefined) rows.push([bin, value ?? Number.NaN])
      }
      return {
        series: {
          source: spec.source,
          signal: spec.signal,
          entity,
          facet: null,
          origin: 'measured',
          step: spec.step,
          phase: 0 as typeof spec.step,
        },
        bins: Float64Array.from(rows, ([bin]) => bin),
        values: Float64Array.from(rows, ([, value]) => value),
        weights: new Float64Array(rows.length).fill(Number.NaN),
      }
    })
    const covered = { stream: String(spec.signal), span }
    return {
      kind: 'observations',
      purpose,
      signal: spec.signal,
      answer: answerOf(spec, span, now, requests),
      series,
      covered,
    }
  }

  async function* observe(context: CollectContext): AsyncIterable<Item> {
    const { clock, progress, signal } = context
    const first = plus(clock.now(), -2 * HOUR)
    while (!signal.aborted) {
      for (const spec of world.specs) {
        if (signal.aborted) return
        const now = clock.now()
        if (world.isDown(now)) {
          const report = {
            kind: 'health',
            signal: spec.signal,
            condition: 'unreachable',
            detail: 'connection refused',
          } as const
          if (!down.has(spec.signal)) yield { ...report, on: true, at: now, answer: null }
          down.add(spec.signal)
          continue
        }
        if (down.delete(spec.signal))
          yield {
            kind: 'health',
            signal: spec.signal,
            condition: 'unreachable',
            on: false,
            at: now,
            detail: '',
            answer: null,
          }
        const isWrong = world.isClockWrong(now)
        if (isWrong !== wrong.has(spec.signal)) {
          const detail = '7 min ahead of ours'
          yield {
            kind: 'health',
            signal: spec.signal,
            condition: 'wrong-clock',
            on: isWrong,
            at: now,
            detail,
            answer: null,
          }
          if (isWrong) wrong.add(spec.signal)
          else wrong.delete(spec.signal)
        }
        const stream = String(spec.signal)
        const until = binStart(now, spec.step, 0 as typeof spec.step)
        const last = progress.covered(stream).at(-1)?.until ?? first
        // Longer ago than that is for the back-fill.
        const from = Math.max(Math.min(last, until) - HOUR, until - 6 * HOUR) as UnixSeconds
        yield observed(spec, 'live', { from, until }, now)
      }
      for (const spec of world.specs) {
        const now = clock.now()
        if (signal.aborted || world.isDown(now)) continue
        const until = binStart(now, spec.step, 0 as typeof spec.step)
        const wanted = { from: plus(binStart(now, DAY, 0 as typeof DAY), -world.backfillDays * DAY), until }
        const holes = missing(progress.covered(String(spec.signal)), wanted)
        const left = holes.reduce((sum, each) => sum + each.until - each.from, 0)
        backfilled.set(spec.signal, 1 - left / (wanted.until - wanted.from))
        const hole = holes.at(-1)
        if (hole === undefined) continue
        yield observed(
          spec,
          'back-fill',
          { from: Math.max(hole.from, hole.until - DAY) as UnixSeconds, until: hole.until },
          now,
        )
        const rest = missing(progress.covered(String(spec.signal)), wanted).reduce(
          (sum, each) => sum + each.until - each.from,
          0,
        )
        backfilled.set(spec.signal, 1 - rest / (wanted.until - wanted.from))
      }
      await clock.until(plus(binStart(clock.now(), ROUND as typeof MINUTE, 0 as typeof MINUTE), ROUND), signal)
    }
  }

  return {
    id: world.specs[0]?.source ?? ('test' as SourceId),
    name: 'Test',
    homepage: null,
    upstream: 'http://upstream.test',
    signals: world.specs,
    budget: { requests: 600, perSeconds: HOUR, backfillShare: 0.25 },
    observe,
    meter: () => ({
      spent: requests,
      ok: requests,
      refused: 0,
      failed: 0,
      unreadable: 0,
      bytes: 0,
      lastAnswerAt: null,
      lastFailure: null,
      waitingUntil: null,
      backfilled: new Map(backfilled),
    }),
  }
}

function answerOf(spec: SignalSpec, span: Interval, now: UnixSeconds, request: number): AnswerWithBody {
  const body = new TextEncoder().encode(JSON.stringify({ signal: spec.signal, span, now, request }))
  return {
    sha256: createHash('sha256').update(body).digest('hex'),
    source: spec.source,
    method: 'GET',
    url: `http://upstream.test/${spec.signal}?from=${span.from}&until=${span.until}`,
    requestHeaders: {},
    status: 200,
    responseHeaders: {},
    fetchedAt: now,
    bytes: body.length,
    body,
  }
}
