import { createHash } from 'node:crypto'
import type { EntityId, Seconds, UnixSeconds } from '../../model/brand.ts'
import { missing, union, type Interval, type Intervals } from '../../model/intervals.ts'
import { binStart, DAY, HOUR, MINUTE, plus } from '../../model/time.ts'
import { createCoverage, type Coverage } from '../coverage.ts'
import { createFullness, type Fullness } from '../fullness.ts'
import type { Progress } from '../source.ts'
import type { DataSource } from './data-sources.ts'
import type { EntityType, IodaEntity } from './entities.ts'

/** Every poll reads this much again: corrections come within it, and what is younger is never claimed as covered. */
export const OVERLAP = (2 * HOUR) as Seconds
/** Every six hours the last day is read again. */
const LONG_OVERLAP = DAY
const LONG_EVERY = (6 * HOUR) as Seconds
/** The live edge looks after what is younger than this; history begins there. */
const EDGE = (3 * HOUR) as Seconds

/** A first span of history, and the least that is asked for when answers come down-sampled or too large. */
const LONGEST_CHUNK = DAY
const FEWEST_BINS = 4

/** How long a span of history waits that was thin: once, twice, three times. The fourth answer is believed. */
const THIN_WAITS: readonly Seconds[] = [HOUR, (6 * HOUR) as Seconds, DAY]
const FAILED_WAIT = (10 * MINUTE) as Seconds
const LONGEST_FAILED_WAIT = (6 * HOUR) as Seconds

/** A span of history that was asked for in vain. */
interface Postponed {
  readonly span: Interval
  readonly retryAt: UnixSeconds
  /** How often it came thin, and how often it did not come. */
  readonly thin: number
  readonly failed: number
}

/** A unit of work: one data source for one list of entities, and how far it is with it. */
export interface Lane {
  readonly source: DataSource
  readonly type: EntityType
  /** By the upstream's codes. */
  readonly entities: ReadonlyMap<string, EntityId>
  readonly stream: string
  readonly coverage: Coverage
  /** Answers to short questions at the live edge, and to longer ones. */
  readonly edgeFullness: Fullness
  readonly spanFullness: Fullness
  /** A poll every so many steps. */
  readonly everySteps: number
  readonly historyDays: number
  due: UnixSeconds
  longDue: UnixSeconds
  chunk: Seconds
  /** Polls in a row that brought no answer. */
  failures: number
  postponed: readonly Postponed[]
}

export interface LaneOptions {
  readonly source: DataSource
  readonly type: EntityType
  /** `world`, or the country whose regions or AS these are. */
  readonly group: string
  readonly entities: readonly IodaEntity[]
  readonly everySteps: number
  readonly historyDays: number
  readonly due: UnixSeconds
}

/** The stream's name holds which entities are asked for: with others, history begins anew. */
export function createLane(options: LaneOptions, progress: Progress): Lane {
  const { source, type, group, entities } = options
  const codes = entities.map(({ code }) => code)
  const digest = createHash('sha256').update(codes.join(',')).digest('hex').slice(0, 8)
  const stream = `${source.id}/${type}/${group}/${digest}`
  return laneOf(options, stream, progress.covered(stream))
}

/** One lane for each entity of a lane, for an upstream that takes no lists. Each knows what the list has covered. */
export function createSingles(list: Lane, progress: Progress, now: UnixSeconds, gap: Seconds): readonly Lane[] {
  return [...list.entities].map(([code, entity], i) => {
    const stream = `${list.stream}/${code}`
    const covered = union(list.coverage.spans(), progress.covered(stream))
    const options = { ...list, entities: [{ code, entity }], due: plus(now, i * gap) }
    return laneOf(options, stream, covered)
  })
}

function laneOf(options: Omit<LaneOptions, 'group'>, stream: string, covered: Intervals): Lane {
  const { source, type, entities, everySteps, historyDays, due } = options
  return {
    source,
    type,
    entities: new Map(entities.map(({ code, entity }) => [code, entity])),
    stream,
    coverage: createCoverage(covered),
    edgeFullness: createFullness(),
    spanFullness: createFullness(),
    everySteps,
    historyDays,
    due,
    longDue: due,
    chunk: LONGEST_CHUNK,
    failures: 0,
    postponed: [],
  }
}

/**
 * When to poll next: when the delay of a bin is just over, so that the poll brings its final value, with some seconds
 * of chance so that observatories do not come all at once.
 */
export function nextPoll({ source: { spec }, everySteps }: Lane, now: UnixSeconds, chance: number): UnixSeconds {
  const phase = (spec.delay % spec.step) as Seconds
  const slot = (spec.step * everySteps) as Seconds
  const jitter = 5 + Math.floor(chance * Math.min(60, spec.step / 5))
  return plus(binStart(now, slot, phase), slot + jitter)
}

/** What to ask for at the live edge: the overlap, what is missing before it, and now and then the whole last day. */
export function liveSpan(lane: Lane, now: UnixSeconds): { readonly span: Interval; readonly isLong: boolean } {
  const { step } = lane.source.spec
  const until = binStart(now, step, 0 as Seconds)
  const isLong = lane.longDue <= now
  const overlap = plus(until, -OVERLAP)
  const covered = lane.coverage.end(overlap)
  const wanted = isLong || covered === null ? plus(until, -LONG_OVERLAP) : Math.min(covered, overlap)
  const from = Math.max(wanted, until - Math.min(LONG_OVERLAP, lane.chunk)) as UnixSeconds
  return { span: { from: binStart(from, step, 0 as Seconds), until }, isLong }
}

/** After the last day was read again. What made answers too long may be over: try spans of twice the length. */
export function longWasRead(lane: Lane, now: UnixSeconds): void {
  lane.longDue = plus(now, LONG_EVERY)
  lane.chunk = Math.min(LONGEST_CHUNK, lane.chunk * 2) as Seconds
}

/** The history that is wanted. */
export function wantedHistory(lane: Lane, now: UnixSeconds): Interval {
  const { step } = lane.source.spec
  return {
    from: binStart(plus(now, -lane.historyDays * DAY), step, 0 as Seconds),
    until: binStart(plus(now, -EDGE), step, 0 as Seconds),
  }
}

/** The newest span of history that is missing and may be asked for now, a chunk at most; `null` when there is none. */
export function historySpan(lane: Lane, now: UnixSeconds): Interval | null {
  const holes = lane.coverage.holes(wantedHistory(lane, now), lane.spanFullness.least())
  const resting = union(
    [],
    lane.postponed.filter(({ retryAt }) => retryAt > now).map(({ span }) => span),
  )
  const newest = holes.flatMap((hole) => missing(resting, hole)).at(-1)
  if (newest === undefined) return null
  const { step } = lane.source.spec
  // Whole bins, whatever spans were kept.
  const until = -binStart(-newest.until as UnixSeconds, step, 0 as Seconds)
  const from = Math.max(newest.from, until - lane.chunk) as UnixSeconds
  return { from: binStart(from, step, 0 as Seconds), until: until as UnixSeconds }
}

/** When a postponed span may be asked for again; `null` when none waits. */
export function nextRetry(lane: Lane): UnixSeconds | null {
  if (lane.postponed.length === 0) return null
  return lane.postponed.reduce((least, { retryAt }) => Math.min(least, retryAt), Infinity) as UnixSeconds
}

const touches = (a: Interval, b: Interval): boolean => a.from < b.until && b.from < a.until

function earlier(lane: Lane, span: Interval): { readonly thin: number; readonly failed: number } {
  const before = lane.postponed.filter((each) => touches(each.span, span))
  return {
    thin: Math.max(0, ...before.map(({ thin }) => thin)),
    failed: Math.max(0, ...before.map(({ failed }) => failed)),
  }
}

/** A span of history did not come: again later, ever more seldom. */
export function postponeFailed(lane: Lane, span: Interval, now: UnixSeconds): void {
  const { thin, failed } = earlier(lane, span)
  const wait = Math.min(LONGEST_FAILED_WAIT, FAILED_WAIT * 2 ** Math.min(failed, 10))
  settle(lane, span)
  lane.postponed = [...lane.postponed, { span, retryAt: plus(now, wait), thin, failed: failed + 1 }]
}

/** A span of history came thin. @returns true when it has now come so often so that it is to be believed. */
export function postponeThin(lane: Lane, span: Interval, now: UnixSeconds): boolean {
  const { thin } = earlier(lane, span)
  settle(lane, span)
  const wait = THIN_WAITS[thin]
  if (wait === undefined) return true
  lane.postponed = [...lane.postponed, { span, retryAt: plus(now, wait), thin: thin + 1, failed: 0 }]
  return false
}

/** A span of history has come. */
export function settle(lane: Lane, span: Interval): void {
  lane.postponed = lane.postponed.filter((each) => !touches(each.span, span))
}

/** Answers come down-sampled or too large: shorter spans. @returns false when they cannot be shorter. */
export function shorten(lane: Lane): boolean {
  const { step } = lane.source.spec
  const least = step * FEWEST_BINS
  if (lane.chunk <= least) return false
  lane.chunk = Math.max(least, binStart((lane.chunk / 2) as UnixSeconds, step, 0 as Seconds)) as Seconds
  return true
}
