import { ConfigError } from '../../model/errors.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { signalKey } from '../../model/signal.ts'
import type { Store } from '../../store/store.ts'

/**
 * A folder has one spec for each signal: what an imported case holds in another unit, scaled to its window or on another
 * grid cannot stand in one series with what is collected.
 *
 * @throws ConfigError naming the signal and what to do.
 */
export async function refuseOtherSpecs(store: Store, specs: readonly SignalSpec[]): Promise<void> {
  const known = new Map((await store.specs()).map((spec) => [signalKey(spec), spec]))
  for (const spec of specs) {
    const before = known.get(signalKey(spec))
    const why = before === undefined ? null : difference(before, spec)
    if (why !== null) throw refusal(spec, why)
    const others = await store.series({ source: spec.source, signal: spec.signal })
    const other = others.find((each) => each.step !== spec.step || each.phase !== 0)
    if (other !== undefined)
      throw refusal(spec, `in bins of ${other.step} s, and what is collected has bins of ${spec.step} s`)
  }
}

/** What makes values of one no values of the other; `null` = nothing. */
function difference(before: SignalSpec, spec: SignalSpec): string | null {
  if (before.unit !== spec.unit) return `in "${before.unit}", and what is collected is in "${spec.unit}"`
  if (before.windowNormalised !== spec.windowNormalised)
    return 'scaled to the largest value of the case, and what is collected is not'
  if (before.badDirection !== spec.badDirection)
    return `as bad when it goes ${before.badDirection}, and what is collected is bad when it goes ${spec.badDirection}`
  return null
}

function refusal(spec: SignalSpec, why: string): ConfigError {
  return new ConfigError(
    `the data folder holds ${signalKey(spec)} of an imported case ${why}; collect into another folder (--folder, TOCSIN_FOLDER or [store] folder), or serve this one with --no-collect`,
  )
}
