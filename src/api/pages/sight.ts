import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import type { HealthCondition, HealthInterval, SignalHealth } from '../../model/health.ts'
import type { Frame, HealthLine, SourcesSummary, Standpoint } from '../../model/page.ts'
import { type SignalKey, signalKey, type SignalSpec } from '../../model/signal.ts'
import { DAY, plus } from '../../model/time.ts'
import type { Range } from '../../store/store.ts'
import type { View } from '../../street/view.ts'
import { entityRef, lineOf, root, type ViewContext } from './view-context.ts'

/* How well we see, as the sources' health says it: for the pages, which are blind where their signals are. */

/** Fewer values than usual are still values; everything else keeps a signal from being judged. */
function isBlinding(condition: HealthCondition): boolean {
  return condition !== 'partial'
}

function isNoAnswer(condition: HealthCondition): boolean {
  return condition === 'unreachable' || condition === 'unreadable'
}

/** As old as bin, delay and one more of both: then a signal is late whether or not anybody has said so. */
const LATE_AFTER_STEPS = 2

/**
 * Where the page stands and what is wrong with the signals that it rests on.
 *
 * @param shown  those signals; `null` for a page that shows no data and is never blind.
 * @param entity what the page is about; `null` for the world, which a fault of one country's data does not blind.
 */
export async function sightOf(
  context: ViewContext,
  shown: readonly SignalSpec[] | null,
  entity: EntityId | null,
): Promise<Pick<Frame, 'standpoint' | 'unhealthy'>> {
  const { view } = context
  const now = view.now()
  if (context.kind === 'replay') return { standpoint: { kind: 'replay', end: now }, unhealthy: [] }
  const newest = await view.newestData()
  if (shown === null) return { standpoint: { kind: 'live', now, newest, stale: false }, unhealthy: [] }
  const wrong = await wrongNow(view, shown, entity)
  return {
    standpoint: await standpoint(view, shown, entity, wrong, newest),
    unhealthy: await healthLines(context, wrong),
  }
}

async function standpoint(
  view: View,
  shown: readonly SignalSpec[],
  entity: EntityId | null,
  wrong: readonly HealthInterval[],
  newest: UnixSeconds | null,
): Promise<Standpoint> {
  const now = view.now()
  if (newest === null) return { kind: 'live', now, newest, stale: false }
  const fed = await healthByKey(view)
  const signals = shown.map((spec) => sightOfSignal(spec, fed.get(signalKey(spec)), wrong, newest, now))
  const isBlind = signals.length > 0 && signals.every((signal) => !signal.isFresh)
  const country = entity === null ? undefined : (await view.countries()).find((one) => one.entity === entity)
  const seen = country?.seenAt ?? null
  if (!isBlind && country?.status !== 'blind') return { kind: 'live', now, newest: seen ?? newest, stale: false }
  const until = isBlind ? Math.max(...signals.map((signal) => signal.seenUntil)) : (seen ?? newest)
  return { kind: 'live', now, newest: until as UnixSeconds, stale: true }
}

/** Up to where one signal can be trusted, and whether that is up to now. */
function sightOfSignal(
  spec: SignalSpec,
  health: SignalHealth | undefined,
  wrong: readonly HealthInterval[],
  newestOfAny: UnixSeconds,
  now: UnixSeconds,
): { readonly isFresh: boolean; readonly seenUntil: number } {
  // What no source feeds was imported: then the newest data of any are all that can be known.
  const newest = health === undefined ? newestOfAny : health.newest
  const blinding = wrong.filter((one) => signalKey(one) === signalKey(spec) && isBlinding(one.condition))
  const seenUntil = Math.min(newest ?? 0, ...blinding.map((one) => one.from))
  const isLate = newest === null || now - newest > LATE_AFTER_STEPS * (spec.step + spec.delay)
  return { isFresh: blinding.length === 0 && !isLate, seenUntil }
}

async function healthByKey(view: View): Promise<ReadonlyMap<SignalKey, SignalHealth>> {
  const signals = (await view.sources()).flatMap((source) => (source.enabled ? source.signals : []))
  return new Map(signals.map((signal) => [signalKey(signal), signal]))
}

/** What lasts, of these signals, everywhere or where the entity lies. */
async function wrongNow(
  view: View,
  shown: readonly SignalSpec[],
  entity: EntityId | null,
): Promise<readonly HealthInterval[]> {
  const now = view.now()
  const kept = await view.health(entity, { from: plus(now, -DAY), until: plus(now, 1) })
  const reported = [...(await healthByKey(view)).values()].flatMap((signal) => signal.conditions)
  const concerned = concerning(view, shown, entity)
  const lasting = [...reported, ...kept].filter((one) => one.until === null && concerned(one))
  return [...new Map(lasting.map((one) => [`${signalKey(one)} ${one.condition} ${one.scope ?? ''}`, one])).values()]
}

function concerning(
  view: View,
  shown: readonly SignalSpec[],
  entity: EntityId | null,
): (interval: HealthInterval) => boolean {
  const keys = new Set(shown.map(signalKey))
  const scopes = entity === null ? [] : [entity, ...lineOf(view, entity)]
  return (one) => keys.has(signalKey(one)) && (one.scope === null || scopes.includes(one.scope))
}

/** Stretches of a range in which our view of these signals was unhealthy, newest first. */
export async function healthOver(
  view: View,
  shown: readonly SignalSpec[],
  entity: EntityId | null,
  range: Range,
): Promise<readonly HealthInterval[]> {
  const concerned = concerning(view, shown, entity)
  const found = (await view.health(entity, range)).filter(concerned)
  return [...found].sort((a, b) => b.from - a.from || (a.signal < b.signal ? -1 : 1))
}

export async function healthLines(
  context: ViewContext,
  intervals: readonly HealthInterval[],
): Promise<readonly HealthLine[]> {
  if (intervals.length === 0) return []
  const { view } = context
  const names = new Map((await view.sources()).map((source) => [source.source, source.name]))
  const labels = new Map((await view.specs()).map((spec) => [signalKey(spec), spec.label]))
  return intervals.map((one) => ({
    key: signalKey(one),
    label: labels.get(signalKey(one)) ?? one.signal,
    source: names.get(one.source) ?? one.source,
    condition: one.condition,
    // In bins it began before we asked: since when it answers nothing is when it first did not.
    from: one.until === null && isNoAnswer(one.condition) ? one.knownAt : one.from,
    until: one.until,
    scope: one.scope === null ? null : entityRef(context, one.scope),
    detail: one.detail,
  }))
}

/** Sources are asked, and none has given anything yet: what they would show we cannot see. */
export async function isToCome(view: View): Promise<boolean> {
  const isAsked = (await view.sources()).some((source) => source.enabled && source.signals.length > 0)
  return isAsked && (await view.series({})).length === 0
}

/** `null` where no source is set up. */
export async function sourcesSummary(context: ViewContext): Promise<SourcesSummary | null> {
  const sources = (await context.view.sources()).filter((source) => source.enabled)
  if (sources.length === 0) return null
  const signals = sources.flatMap((source) => source.signals)
  const fresh = signals.filter(
    (one) => one.newest !== null && !one.conditions.some((each) => isBlinding(each.condition)),
  )
  const oldest = fresh.reduce<SignalHealth | null>(
    (least, one) => (least === null || (one.newest ?? 0) < (least.newest ?? 0) ? one : least),
    null,
  )
  return {
    signals: signals.length,
    unhealthy: signals.length - fresh.length,
    oldest:
      oldest === null || oldest.newest === null
        ? null
        : { key: signalKey(oldest), label: oldest.label, newest: oldest.newest },
    href: `${root(context.language)}sources`,
  }
}
