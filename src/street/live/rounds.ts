import type { Clock, Observed, Source } from '../../collect/source.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Hierarchy } from '../../model/place.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { signalKey } from '../../model/signal.ts'
import { DAY, MINUTE, binStart, plus } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { EventSource } from '../events.ts'
import { hashText } from '../random.ts'
import type { Scope } from '../scope.ts'
import type { Behind, Stage } from './behind.ts'
import { stageOf } from './behind.ts'
import type { HealthBook } from './health-book.ts'
import type { Publisher } from './publisher.ts'
import type { LiveScopes } from './scopes.ts'
import { newestOf, noteStaleness } from './staleness.ts'
import type { RetentionDays } from './upkeep.ts'
import { horizonAt, keepUp, noteUpkept, upkeepDay, upkeptBefore } from './upkeep.ts'
import { createSignalWatch } from './signal-watch.ts'

export interface RoundsSetting {
  readonly store: Store
  readonly hierarchy: Hierarchy
  readonly sources: readonly Source[]
  readonly specs: readonly SignalSpec[]
  readonly clock: Clock
  readonly retention: RetentionDays
  readonly backfillDays: number
  readonly scopes: LiveScopes
  readonly book: HealthBook
  readonly behind: Behind
  readonly publisher: Publisher
  readonly events: EventSource
  /** One piece of work, when no other is under way, until the store has taken it. */
  readonly persistently: (work: () => Promise<void>) => Promise<void>
}

/** What is done after an item, each minute and each day: health, judgements, revisions, upkeep. All within the lane. */
export interface Rounds {
  afterItem(item: Observed, spec: SignalSpec, touched: ReadonlySet<string>): Promise<void>
  afterReport(): Promise<void>
  tick(): Promise<void>
  /** Builds the scopes that are due, one at a time: items and readers have their turn in between. */
  buildDue(which: 'new' | 'all'): Promise<void>
  keepAll(): Promise<void>
  judgedAt(): UnixSeconds
  version(): number
}

/** States change with time alone: everything is compared with what was published so often, without any news. */
const REVIEW_EVERY = 10 * MINUTE
/** Scopes that are kept for a restart in one minute: a day's worth of a world takes an hour or two. */
const KEPT_A_MINUTE = 4
/** Upkeep that fell into a time when nobody ran is made up for so long after a start. */
const UPKEEP_AFTER = 10 * MINUTE

export function createRounds(setting: RoundsSetting): Rounds {
  const { store, sources, specs, clock, scopes, book, behind, publisher, events, persistently } = setting
  const began = clock.now()
  const watch = createSignalWatch(store, scopes, book)
  let judgedAt = began
  let version = 0
  let newest: UnixSeconds | null = null
  let reviewed = Number.NEGATIVE_INFINITY
  let upkept: UnixSeconds | null = null
  let milestone: { readonly stage: Stage; readonly names: Set<string> } | null = null
  /** Scopes that wait to be built because their history has come. */
  const asked = new Set<string>()
  /** The day of its own on which each scope was kept last. */
  const kept = new Map<string, number>()

  const keys = new Set(specs.map((spec) => signalKey(spec)))
  /** What was imported and is not collected was judged at its import: today's clock says nothing of it. */
  const isCollected = (scope: Scope): boolean => scope.members.some(({ spec }) => keys.has(signalKey(spec)))

  const ownDay = (name: string, now: UnixSeconds): number => Math.floor((now + (hashText(name) % DAY)) / DAY)

  async function applyHealth(now: UnixSeconds): Promise<readonly string[]> {
    const touched = book.takeChangedBlindness().flatMap((signal) => [...scopes.blind(signal, now)])
    if (await book.flush()) events.emit({ kind: 'health' })
    return touched
  }

  async function judge(names: Iterable<string>, now: UnixSeconds): Promise<void> {
    const judged: (readonly [string, Scope])[] = []
    for (const name of new Set(names)) {
      const scope = scopes.judged.get(name)
      if (scope === undefined) continue
      scope.advance(now)
      if (isCollected(scope)) judged.push([name, scope])
    }
    judgedAt = now
    version += 1
    await publisher.publish(judged, now, horizonAt(now, setting.retention))
  }

  function tellData(): void {
    let end: UnixSeconds | null = null
    for (const spec of specs) {
      const bin = newestOf(scopes.ofSignal(spec))
      if (bin !== null && (end === null || bin + spec.step > end)) end = plus(bin, spec.step)
    }
    if (end === null || (newest !== null && end <= newest)) return
    newest = end
    events.emit({ kind: 'data', newest })
  }

  const isAnswered = ({ source, signal }: SignalSpec): boolean =>
    !(['unreachable', 'unreadable'] as const).some((condition) => book.isOn({ source, signal, scope: null, condition }))

  /** History is judged when a milestone is reached, and past the last one when it has come. */
  async function noteMilestone(now: UnixSeconds): Promise<void> {
    // A signal that gives nothing is not waited for: its history is judged when it has come.
    const shares = sources.flatMap((source) =>
      source.signals.filter(isAnswered).map((spec) => source.meter().backfilled.get(spec.signal) ?? 0),
    )
    if (shares.length === 0) return
    const stage = stageOf(shares, setting.backfillDays)
    if (milestone?.stage === stage) return
    const names = behind.due(stage, now)
    const rises = behind.isBefore(stage)
    if (names.length === 0) {
      if (rises) await behind.reached(stage)
      return
    }
    if (!rises && names.every((name) => asked.has(name))) return
    // In the order of series, what came in the order of time is read ten times as fast.
    await store.compact(upkeepDay(now))
    // First what was no measurement, so that it is not judged as one.
    const from = plus(now, -(setting.backfillDays + 1) * DAY)
    for (const spec of specs) await watch.watchHistory(spec, from, now)
    await applyHealth(now)
    for (const name of names) {
      scopes.renew(name, now)
      asked.add(name)
    }
    // Only now: where the store refused any of it, it is all to be done again.
    if (rises) milestone = { stage, names: new Set(names) }
  }

  async function built(name: string): Promise<void> {
    await behind.caughtUp(name)
    asked.delete(name)
    if (milestone === null) return
    milestone.names.delete(name)
    if (milestone.names.size > 0) return
    await behind.reached(milestone.stage)
    milestone = null
  }

  async function keep(name: string, now: UnixSeconds): Promise<void> {
    await scopes.keep(name, now)
    kept.set(name, ownDay(name, now))
  }

  async function keepSome(now: UnixSeconds): Promise<void> {
    let count = 0
    for (const name of scopes.judged.keys()) {
      if (count === KEPT_A_MINUTE) return
      const before = kept.get(name)
      // What was restored was kept within the day before: its turn comes when it always does.
      if (before === undefined) kept.set(name, ownDay(name, now))
      else if (before !== ownDay(name, now)) {
        await keep(name, now)
        count += 1
      }
    }
  }

  async function keepUpOnceADay(now: UnixSeconds): Promise<void> {
    const day = upkeepDay(now)
    // After a start what goes on now comes first.
    if (upkept === day || now < began + UPKEEP_AFTER) return
    upkept ??= await upkeptBefore(store)
    if (upkept !== null && upkept !== day) {
      const incidents = publisher.current().map((each) => each.incident)
      await keepUp(store, now, setting.retention, incidents, specs, setting.hierarchy)
    }
    if (upkept !== day) await noteUpkept(store, day)
    upkept = day
  }

  return {
    async afterItem(item, spec, touched) {
      const now = clock.now()
      if (item.purpose === 'live') await watch.watchNewest(spec, now)
      const blinded = await applyHealth(now)
      await judge([...touched, ...blinded], now)
      if (item.purpose === 'live') tellData()
      else await noteMilestone(now)
    },
    async afterReport() {
      const now = clock.now()
      await judge(await applyHealth(now), now)
    },
    async tick() {
      const now = clock.now()
      // Time alone makes what was seen old, also when the store takes no judgement.
      version += 1
      noteStaleness(specs, scopes, book, now, began)
      for (const spec of specs) await watch.watchNewest(spec, now)
      const blinded = await applyHealth(now)
      // Also when the clock was set back.
      const isReview = Math.abs(now - reviewed) >= REVIEW_EVERY
      if (isReview) reviewed = binStart(now, REVIEW_EVERY as typeof MINUTE, 0 as typeof MINUTE)
      // Bins become available with time, though no item comes.
      for (const scope of scopes.judged.values()) scope.advance(now)
      await judge(isReview ? scopes.judged.keys() : blinded, now)
      await noteMilestone(now)
      await keepSome(now)
      await keepUpOnceADay(now)
    },
    async buildDue(which) {
      for (const name of scopes.due(clock.now())) {
        if (which === 'new' && scopes.judged.has(name)) continue
        await persistently(async () => {
          const now = clock.now()
          if (!(await scopes.build(name, now))) return
          await built(name)
          await keep(name, now)
          await judge([name], now)
        })
      }
    },
    async keepAll() {
      for (const name of scopes.judged.keys()) await keep(name, clock.now())
    },
    judgedAt: () => judgedAt,
    version: () => version,
  }
}
