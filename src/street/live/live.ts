import type { Clock, CollectContext, Item, Source } from '../../collect/source.ts'
import type { Standing } from '../../correlate/standing.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import { StoreError } from '../../model/errors.ts'
import type { SourceStatus } from '../../model/health.ts'
import type { Gazetteer, Hierarchy } from '../../model/place.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { MINUTE, binStart, plus } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { EventSource } from '../events.ts'
import type { LiveSight } from '../store-view.ts'
import { openBehind } from './behind.ts'
import { refuseOtherSpecs } from './guard.ts'
import { createHealthBook } from './health-book.ts'
import { openIntake } from './intake.ts'
import { createLane } from './lane.ts'
import type { Notice } from './notice.ts'
import { createPublisher } from './publisher.ts'
import { createReports } from './reports.ts'
import { createRounds } from './rounds.ts'
import type { LiveScopes } from './scopes.ts'
import { createLiveScopes } from './scopes.ts'
import { statusOf } from './status.ts'
import type { RetentionDays } from './upkeep.ts'

export interface LiveSetting {
  readonly store: Store
  readonly sources: readonly Source[]
  readonly clock: Clock
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly fetch: typeof globalThis.fetch
  /** Lets others have their turn within long work. */
  readonly turn: () => Promise<void>
  readonly retention: RetentionDays
  /** Of history that the sources are to fetch. */
  readonly backfillDays: number
  /** Told of what the operator should know, once. */
  readonly tell: (notice: Notice) => void
}

/** The street, running. */
export interface Live {
  readonly scopes: LiveScopes['judged']
  readonly sight: LiveSight
  /** Resolves when it was stopped; rejects when it broke down: a mistake of ours, nothing of the world. */
  readonly ended: Promise<void>
  /** Ends collecting and keeps the scopes for the next start. */
  stop(): Promise<void>
}

/** A store that refuses is asked again after this long: a full disk may be mended meanwhile. */
const STORE_PAUSE = MINUTE

/**
 * Collects and judges until it is stopped. Whatever was acknowledged is in the store: after a kill the next start goes
 * on from there, and publishes nothing twice.
 *
 * @throws ConfigError when the folder holds a signal of a source in another unit; StoreError when it cannot be read.
 */
export async function startLive(
  setting: LiveSetting,
  world: { readonly gazetteer: Gazetteer; readonly hierarchy: Hierarchy; readonly events: EventSource },
): Promise<Live> {
  const { store, sources, clock, tell } = setting
  const { gazetteer, hierarchy, events } = world
  const specs = sources.flatMap((source) => source.signals)
  await refuseOtherSpecs(store, specs)
  await store.putSpecs(specs)

  const abort = new AbortController()
  const lane = createLane()
  const book = createHealthBook(store, await store.health({}), hierarchy)
  const reports = createReports(book)
  const behind = await openBehind(store, clock.now())
  const blindness: Parameters<typeof createLiveScopes>[0]['blindness'] = (series) => book.blindness(series)
  const scopes = createLiveScopes({ store, gazetteer, hierarchy, behind, blindness, turn: setting.turn })
  await scopes.open()
  const publisher = await createPublisher(store, events, hierarchy)
  const intake = await openIntake(store, scopes, behind)
  const rounds = createRounds({ ...setting, hierarchy, specs, scopes, book, behind, publisher, events, persistently })

  /** A store that refuses must not cost an item: it is taken again until it is kept. */
  async function persistently(work: () => Promise<void>): Promise<void> {
    let refused = false
    while (!abort.signal.aborted) {
      try {
        await lane.run(work)
        if (refused) tell({ kind: 'store-works' })
        return
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        if (!refused) tell({ kind: 'store-refuses', error })
        refused = true
        await clock.until(plus(clock.now(), STORE_PAUSE), abort.signal)
      }
    }
  }

  async function take(source: Source, item: Item): Promise<void> {
    const spec = source.signals.find((each) => each.signal === item.signal)
    if (spec === undefined) throw new TypeError(`${source.id} gave ${item.signal}, which it does not name`)
    const now = clock.now()
    if (item.kind === 'health') {
      if (item.answer !== null) await intake.keep(item.answer)
      reports.report(item, spec)
      tellReport(source, item)
      await rounds.afterReport()
      return
    }
    if (item.kind === 'routes') {
      await intake.takeRoutes(item.events)
      return
    }
    const touched = await intake.take(item, spec, now)
    reports.answered(spec, now)
    await rounds.afterItem(item, spec, touched)
  }

  const unreachable = new Set<string>()
  function tellReport(source: Source, report: Extract<Item, { kind: 'health' }>): void {
    if (report.condition !== 'unreachable') return
    const key = `${source.id}/${report.signal}`
    const before = unreachable.size
    if (report.on) unreachable.add(key)
    else unreachable.delete(key)
    // Of a source once, though each of its signals says so.
    const mine = [...unreachable].filter((each) => each.startsWith(`${source.id}/`)).length
    if (report.on && mine === 1 && unreachable.size > before)
      tell({ kind: 'unreachable', source: source.id, detail: report.detail })
    if (!report.on && mine === 0 && unreachable.size < before) tell({ kind: 'reachable', source: source.id })
  }

  async function consume(source: Source): Promise<void> {
    const context: CollectContext = {
      clock,
      random: setting.random,
      fetch: setting.fetch,
      signal: abort.signal,
      progress: intake.progress,
      focus: () => publisher.focus(),
    }
    for await (const item of source.observe(context)) {
      if (abort.signal.aborted) return
      await persistently(() => take(source, item))
      await rounds.buildDue('new')
    }
  }

  async function tick(): Promise<void> {
    // What was kept over a restart is judged at once.
    await persistently(() => rounds.tick())
    while (!abort.signal.aborted) {
      await rounds.buildDue('all')
      await clock.until(plus(binStart(clock.now(), MINUTE, 0 as typeof MINUTE), MINUTE), abort.signal)
      if (!abort.signal.aborted) await persistently(() => rounds.tick())
    }
  }

  /** One that breaks down ends all: half an observatory would be blind without saying so. */
  const all = [tick(), ...sources.map((source) => consume(source))].map((each) =>
    each.catch((error: unknown) => {
      abort.abort()
      throw error
    }),
  )
  const ended = Promise.allSettled(all).then((results) => {
    const failed = results.find((each) => each.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  })
  ended.catch(() => undefined)

  let statuses: { readonly version: number; readonly list: readonly SourceStatus[] } | null = null
  const sight: LiveSight = {
    judgedAt: () => rounds.judgedAt(),
    version: () => rounds.version(),
    current: () => publisher.current(),
    waiting: () => scopes.waiting(),
    sources() {
      const version = rounds.version()
      if (statuses?.version !== version)
        statuses = { version, list: sources.map((source) => statusOf(source, scopes, book, clock.now())) }
      return statuses.list
    },
    isBlind: ({ spec, entity }: Standing) => isBlindAt(spec, entity, rounds.judgedAt()),
  }

  function isBlindAt(spec: SignalSpec, entity: Standing['entity'], at: UnixSeconds): boolean {
    const last = book.blindness({ source: spec.source, signal: spec.signal, entity }).at(-1)
    return last !== undefined && last.until > at
  }

  return {
    scopes: scopes.judged,
    sight,
    ended,
    async stop() {
      abort.abort()
      await ended.catch(() => undefined)
      // What is not kept is built anew at the next start.
      await lane
        .run(() => rounds.keepAll())
        .catch((error: unknown) => {
          if (!(error instanceof StoreError)) throw error
        })
    },
  }
}
