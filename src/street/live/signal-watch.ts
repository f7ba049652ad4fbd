import type { SignalHealthWatch } from '../../detect/signal-health.ts'
import { createSignalHealthWatch } from '../../detect/signal-health.ts'
import { ruleFor } from '../../detect/rules.ts'
import type { EntityId, UnixSeconds } from '../../model/brand.ts'
import type { HealthCondition, HealthInterval } from '../../model/health.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { signalKey } from '../../model/signal.ts'
import { DAY, binStart, plus } from '../../model/time.ts'
import { subregionOf } from '../../netdata/subregions.ts'
import { countryCodes } from '../../netdata/iso.ts'
import type { Store } from '../../store/store.ts'
import { lateFrom } from '../freshness.ts'
import type { Ailment, HealthBook } from './health-book.ts'
import type { LiveScopes } from './scopes.ts'
import { newestOf } from './staleness.ts'

/** What the values of all countries together say of the signal itself. */
export interface SignalWatch {
  /** Bins that are due by now, as the scopes hold them; to be asked before they are judged. */
  watchNewest(spec: SignalSpec, now: UnixSeconds): Promise<void>
  /** All that the store holds, in the order of time: what is found there is told, and what lasts goes on. */
  watchHistory(spec: SignalSpec, from: UnixSeconds, now: UnixSeconds): Promise<void>
}

/** So far back a scope holds bins: what is usual at a time of the day is learnt from them after a start. */
const LEARNT_FROM = 8 * DAY
/** What was usual before something that lasts began is learnt from so long before it, wherever a scope begins. */
const LEARNT_BEFORE = 14 * DAY
/** History is read in pieces of so many days: two weeks of a world in 5-minute bins are 8 MB. */
const PIECE = 14 * DAY
/** A bin that far fewer speak of than of the one before is looked at once more of them may have come. */
const MOST_MISSING = 0.3

/** Conditions that are told from values, which is what this file does. */
const FROM_VALUES: readonly HealthCondition[] = ['common-dip', 'frozen', 'partial']

interface Watched {
  readonly watch: SignalHealthWatch
  /** The first bin that has not been looked at. */
  next: UnixSeconds
  /** Countries with a value in the last bin that was looked at. */
  spoke: number
}

/** Where findings go: into the book as they come, or onto a list when history is read. */
type Sink = Pick<HealthBook, 'begin' | 'end'>

const CODES = countryCodes()
const PLACE = new Map(CODES.map((code, i) => [`country:${code}`, i]))
const WHERE = CODES.map((code) => subregionOf(code))

export function createSignalWatch(store: Store, scopes: LiveScopes, book: HealthBook): SignalWatch {
  const watched = new Map<string, Watched>()

  function start(spec: SignalSpec, from: UnixSeconds): Watched {
    const watch = createSignalHealthWatch({
      where: WHERE,
      step: spec.step,
      phase: 0 as typeof spec.step,
      rule: ruleFor(spec),
      badDirection: spec.badDirection,
    })
    return { watch, next: binStart(from, spec.step, 0 as typeof spec.step), spoke: 0 }
  }

  function look(spec: SignalSpec, own: Watched, values: Float64Array, sink: Sink, now: UnixSeconds): void {
    const bin = own.next
    const isBlind = isBlindAt(book, spec, bin)
    const { dip, partial, frozenFrom } = own.watch.next(bin, values, isBlind)
    note('common-dip', dip.isDip ? bin : null, `${dip.beyond} of ${dip.able} countries`)
    // Where nobody speaks nobody was asked, or nothing came: that is told otherwise.
    note(
      'partial',
      partial.isPartial && partial.present > 0 ? bin : null,
      `${partial.present} of ${partial.usual} countries`,
    )
    note('frozen', frozenFrom, `the same values bin after bin`)
    own.next = plus(bin, spec.step)
    own.spoke = spoke(values)

    function note(condition: Ailment['condition'], from: UnixSeconds | null, detail: string): void {
      const ailment = { source: spec.source, signal: spec.signal, scope: null, condition }
      if (from === null) sink.end(ailment, bin, now)
      else sink.begin(ailment, from, detail, now)
    }
  }

  /** One bin of all countries, as the scopes hold it. */
  function held(spec: SignalSpec, bin: UnixSeconds): Float64Array {
    const values = new Float64Array(CODES.length).fill(Number.NaN)
    for (const { scope, member, entity } of scopes.ofSignal(spec)) {
      const place = PLACE.get(entity)
      if (place === undefined) continue
      const { grid } = scope.detector(member)
      if (bin >= grid.first) values[place] = grid.values[(bin - grid.first) / grid.step] ?? Number.NaN
    }
    return values
  }

  /** Since when values have been known to be no measurement; `null` when nothing of the kind lasts. */
  function wrongSince({ source, signal }: SignalSpec): UnixSeconds | null {
    const lasting = book.lasting(source, signal).filter((each) => FROM_VALUES.includes(each.condition))
    return lasting.reduce<UnixSeconds | null>(
      (first, { from }) => (first === null || from < first ? from : first),
      null,
    )
  }

  async function watchHistory(spec: SignalSpec, wanted: UnixSeconds, now: UnixSeconds): Promise<void> {
    const newest = newestOf(scopes.ofSignal(spec))
    if (newest === null) return
    const since = wrongSince(spec)
    const from = since === null ? wanted : Math.min(wanted, since - LEARNT_BEFORE)
    const own = start(spec, Math.max(0, from) as UnixSeconds)
    const ids = new Map<number, number>()
    for (const { id, entity } of await store.series({ source: spec.source, signal: spec.signal })) {
      const place = PLACE.get(entity)
      if (place !== undefined) ids.set(id, place)
    }
    const found = findings()
    const last = Math.min(newest, now - spec.delay - spec.step)
    while (own.next <= last) {
      const first = own.next
      const bins = Math.min(PIECE / spec.step, Math.floor((last - first) / spec.step) + 1)
      const values = new Float64Array(bins * CODES.length).fill(Number.NaN)
      const range = { from: first, until: plus(first, bins * spec.step) }
      for await (const { id, column } of store.scan([...ids.keys()], range, null)) {
        const place = ids.get(id) ?? -1
        column.bins.forEach((bin, i) => {
          values[((bin - first) / spec.step) * CODES.length + place] = column.values[i] ?? Number.NaN
        })
      }
      for (let i = 0; i < bins; i++)
        look(spec, own, values.subarray(i * CODES.length, (i + 1) * CODES.length), found, now)
    }
    // Only now: what the store refused to read was not learnt.
    watched.set(signalKey(spec), own)
    book.found(found.over())
    for (const each of found.lasting()) book.begin(each, each.from, each.detail, now)
  }

  return {
    async watchNewest(spec, now) {
      const newest = newestOf(scopes.ofSignal(spec))
      if (newest === null) return
      // What the scopes hold may all be of after its begin: learnt from that, it would be what is usual.
      if (!watched.has(signalKey(spec)) && wrongSince(spec) !== null) await watchHistory(spec, newest, now)
      const own = watched.get(signalKey(spec)) ?? start(spec, plus(newest, -LEARNT_FROM))
      watched.set(signalKey(spec), own)
      while (own.next <= newest && own.next + spec.step + spec.delay <= now) {
        const values = held(spec, own.next)
        // Asked one by one the countries come one by one; what is still missing when it is late is missing.
        const isThin = spoke(values) < (1 - MOST_MISSING) * own.spoke
        if (isThin && now < lateFrom(spec, own.next)) return
        look(spec, own, values, book, now)
      }
    },
    watchHistory,
  }
}

function spoke(values: Float64Array): number {
  let count = 0
  for (const value of values) if (!Number.isNaN(value)) count += 1
  return count
}

function isBlindAt(book: HealthBook, spec: SignalSpec, bin: UnixSeconds): boolean {
  const anywhere = 'world' as EntityId
  return book
    .blindness({ source: spec.source, signal: spec.signal, entity: anywhere })
    .some((each) => each.from < bin + spec.step && each.until > bin)
}

/** A list that grows like a book. */
function findings(): Sink & { over(): readonly HealthInterval[]; lasting(): readonly HealthInterval[] } {
  const open = new Map<string, HealthInterval>()
  const closed: HealthInterval[] = []
  return {
    begin({ source, signal, scope, condition }, from, detail, knownAt) {
      if (!open.has(condition))
        open.set(condition, { source, signal, scope, condition, from, until: null, knownAt, detail })
    },
    end({ condition }, until, knownAt) {
      const before = open.get(condition)
      if (before === undefined) return
      open.delete(condition)
      closed.push({ ...before, until, knownAt })
    },
    over: () => closed,
    lasting: () => [...open.values()],
  }
}
