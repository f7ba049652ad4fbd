import type { EntityId, SignalId, SourceId, UnixSeconds } from '../../model/brand.ts'
import type { HealthCondition, HealthInterval } from '../../model/health.ts'
import { BLINDING } from '../../model/health.ts'
import type { Intervals } from '../../model/intervals.ts'
import type { Hierarchy } from '../../model/place.ts'
import type { Store } from '../../store/store.ts'
import { blindnessOf } from '../blindness.ts'

/** What can be wrong, and where. */
export interface Ailment {
  readonly source: SourceId
  readonly signal: SignalId
  /** `null` = everywhere. */
  readonly scope: EntityId | null
  readonly condition: HealthCondition
}

/** Stretches of our blindness: those that last, and all that blind. What is told here is in the store after `flush`. */
export interface HealthBook {
  /** Begins a stretch, or goes on with the one that lasts. */
  begin(ailment: Ailment, from: UnixSeconds, detail: string, knownAt: UnixSeconds): void
  /** Ends the stretch that lasts, where one does; `until` at or before its begin makes it a stretch of nothing. */
  end(ailment: Ailment, until: UnixSeconds, knownAt: UnixSeconds): void
  /** Adds what was found in history, but where the same is known of that time already. */
  found(intervals: readonly HealthInterval[]): void
  isOn(ailment: Ailment): boolean
  /** What lasts of one signal, the gravest first. */
  lasting(source: SourceId, signal: SignalId): readonly HealthInterval[]
  /** When values of a signal for one entity were no measurement; open stretches reach to the end of time. */
  blindness(of: { readonly source: SourceId; readonly signal: SignalId; readonly entity: EntityId }): Intervals
  /** Signals whose blindness changed since it was last asked. */
  takeChangedBlindness(): readonly { readonly source: SourceId; readonly signal: SignalId }[]
  /** Writes what changed. @returns whether anything did. */
  flush(): Promise<boolean>
}

const GRAVITY: readonly HealthCondition[] = [
  'unreachable',
  'unreadable',
  'wrong-clock',
  'frozen',
  'common-dip',
  'stale',
  'partial',
]

const END_OF_TIME = Number.MAX_SAFE_INTEGER as UnixSeconds

/** @param known all that the store holds. */
export function createHealthBook(store: Store, known: readonly HealthInterval[], hierarchy: Hierarchy): HealthBook {
  const open = new Map<string, HealthInterval>()
  /** By signal. */
  const blinding = new Map<string, HealthInterval[]>()
  const unwritten = new Map<string, HealthInterval>()
  let changed = new Map<string, { readonly source: SourceId; readonly signal: SignalId }>()

  const signalOf = (each: { readonly source: string; readonly signal: string }): string =>
    `${each.source}/${each.signal}`
  const nameOf = (each: Ailment): string => `${signalOf(each)}\n${each.scope ?? ''}\n${each.condition}`
  const isBlinding = (each: Ailment): boolean => BLINDING.includes(each.condition)

  function keep(interval: HealthInterval): void {
    if (interval.until === null) open.set(nameOf(interval), interval)
    if (!isBlinding(interval)) return
    const list = blinding.get(signalOf(interval)) ?? []
    const others = list.filter((each) => each.from !== interval.from || nameOf(each) !== nameOf(interval))
    blinding.set(signalOf(interval), [...others, interval])
  }

  function write(interval: HealthInterval): void {
    keep(interval)
    unwritten.set(`${nameOf(interval)}\n${interval.from}`, interval)
    if (isBlinding(interval)) changed.set(signalOf(interval), { source: interval.source, signal: interval.signal })
  }

  for (const interval of known) keep(interval)

  return {
    begin(ailment, from, detail, knownAt) {
      const { source, signal, scope, condition } = ailment
      const before = open.get(nameOf(ailment))
      if (before === undefined) write({ source, signal, scope, condition, from, until: null, knownAt, detail })
    },
    end(ailment, until, knownAt) {
      const before = open.get(nameOf(ailment))
      if (before === undefined) return
      open.delete(nameOf(ailment))
      write({ ...before, until: Math.max(before.from, until) as UnixSeconds, knownAt })
    },
    found(intervals) {
      for (const interval of intervals) {
        const same = (each: HealthInterval): boolean =>
          nameOf(each) === nameOf(interval) &&
          each.from < (interval.until ?? END_OF_TIME) &&
          (each.until ?? END_OF_TIME) > interval.from
        const all = [...(blinding.get(signalOf(interval)) ?? []), ...known, ...open.values(), ...unwritten.values()]
        if (!all.some(same)) write(interval)
      }
    },
    isOn: (ailment) => open.has(nameOf(ailment)),
    lasting: (source, signal) =>
      [...open.values()]
        .filter((each) => each.source === source && each.signal === signal)
        .sort(
          (a, b) =>
            Number(a.scope !== null) - Number(b.scope !== null) ||
            GRAVITY.indexOf(a.condition) - GRAVITY.indexOf(b.condition),
        ),
    blindness: (of) => blindnessOf(blinding.get(signalOf(of)) ?? [], of, hierarchy),
    takeChangedBlindness() {
      const taken = [...changed.values()]
      changed = new Map()
      return taken
    },
    async flush() {
      if (unwritten.size === 0) return false
      const intervals = [...unwritten.values()]
      await store.putHealth(intervals)
      // What was told while it was written stays to be written.
      for (const [name, interval] of unwritten) if (intervals.includes(interval)) unwritten.delete(name)
      return true
    },
  }
}
