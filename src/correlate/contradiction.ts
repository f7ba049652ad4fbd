import type { UnixSeconds } from '../model/brand.ts'
import type { Contradiction } from '../model/incident.ts'
import { signalKey } from '../model/signal.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { Standing } from './standing.ts'
import { hasSeen, isDeep, seenFor, spanUntil } from './standing.ts'

/** Signals go down and come back some hours apart even when all agree. */
const LEAST = 6 * HOUR

/**
 * Where one signal of the entity was at usual while another was deep below it, for six hours and more.
 * Both must have been able to speak: the one that is up had a baseline before and data during.
 *
 * @param since start of the event; @param now the instant spoken from.
 */
export function contradictionsOf(
  standings: readonly Standing[],
  since: UnixSeconds,
  now: UnixSeconds,
): readonly Contradiction[] {
  const found: Contradiction[] = []
  for (const down of standings) {
    // A service that is blocked while all else is up is a block, not a contradiction.
    if (down.facet !== null) continue
    for (const span of down.spans) {
      if (span.onset.at < since || !isDeep(down, span)) continue
      const end = spanUntil(span)
      for (const up of standings) {
        if (up.spec.group === down.spec.group || up.spec.plane === 'circumvention' || up.facet !== null) continue
        // That what is left answers quickly does not contradict that most is gone.
        if (up.spec.badDirection === 'up') continue
        for (const stretch of upStretches(up, span.onset.at, end ?? now, now)) {
          const until = stretch.until ?? end ?? now
          if (!hasSeen(up, stretch.since, until) || seenFor(up, stretch.since, until) < LEAST) continue
          const lasts = end === null && stretch.until === null
          found.push({
            up: signalKey(up.spec),
            down: signalKey(down.spec),
            since: stretch.since,
            until: lasts ? null : (stretch.until ?? end),
          })
        }
      }
    }
  }
  return found.sort((a, b) => a.since - b.since || (a.up < b.up ? -1 : a.up > b.up ? 1 : a.down < b.down ? -1 : 1))
}

interface UpStretch {
  readonly since: UnixSeconds
  /** `null`: as long as the other one is down. */
  readonly until: UnixSeconds | null
}

/**
 * Within `[from, to)`: when the series was in no span, had a baseline, and was not silent for a day. After a new normal
 * or a lost sight nobody can say that it is up.
 */
function upStretches(up: Standing, from: UnixSeconds, to: UnixSeconds, now: UnixSeconds): readonly UpStretch[] {
  if (up.firstJudged === null || up.seenAt === null || up.firstJudged > from) return []
  const silent = up.seenAt < now - DAY
  const limit = silent && up.seenAt < to ? up.seenAt : to
  const stretches: UpStretch[] = []
  let start: UnixSeconds = from
  for (const span of up.spans) {
    if (span.onset.at >= limit) break
    if (span.onset.at - start >= LEAST) stretches.push({ since: start, until: span.onset.at })
    const end = spanUntil(span)
    if (end === null) return stretches
    if (end <= from) continue
    if (span.close !== 'returned') return stretches
    start = end
  }
  if (limit - start >= LEAST) stretches.push({ since: start, until: limit === to ? null : limit })
  return stretches
}
