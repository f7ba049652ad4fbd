import type { Ratio } from '../model/brand.ts'
import type { BaselineKind } from '../model/judgement.ts'
import type { Confidence } from '../model/incident.ts'
import type { Found } from './cluster.ts'
import { lossOf } from './standing.ts'

/** How much a baseline that knows less takes from what a span of it can show. */
const BASELINE_FACTOR: Readonly<Record<BaselineKind, number>> = {
  'hour-of-week': 1,
  'hour-of-day': 0.9,
  'running-median': 0.6,
}

/** Signals lag each other by an hour and see different things: not agreeing yet weighs little against a deep fall. */
const DISAGREEMENT = 0.3
/** Nothing that was measured is certain. */
const CERTAIN = 0.99

/**
 * Chance that at least one of the agreeing signals is right, were they independent; less what speaks against it.
 *
 * 1 − Π (1 − reliability × depth × baseline) over groups of signals that rest on different measurements, the best of
 * each group; × (1 − 0.3 × the share of able groups that do not agree). Removing an agreeing signal takes a factor
 * below 1 out of the product and raises the share of those that disagree: it never raises the confidence.
 *
 * @param able groups that could have spoken: with a baseline at the onset, and with data since.
 */
export function confidenceOf(agreeing: readonly Found[], able: ReadonlySet<string>): Confidence {
  const best = new Map<string, number>()
  for (const { standing, span } of agreeing) {
    const depth = Math.min(1, Math.max(0.3, 2 * lossOf(standing.spec.badDirection, span.troughShare)))
    const chance = standing.rule.reliability * depth * BASELINE_FACTOR[span.baseline]
    best.set(standing.spec.group, Math.max(best.get(standing.spec.group) ?? 0, chance))
  }
  let wrong = 1
  for (const chance of best.values()) wrong *= 1 - chance
  const all = new Set([...able, ...best.keys()])
  const disagree = all.size === 0 ? 0 : (all.size - best.size) / all.size
  const value = Math.min(CERTAIN, (1 - wrong) * (1 - DISAGREEMENT * disagree))
  return { value: (Math.round(value * 1000) / 1000) as Ratio, agreeing: best.size, able: all.size }
}
