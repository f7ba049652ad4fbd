import type { z } from '@hono/zod-openapi'
import type { UnixSeconds } from '../model/brand.ts'
import type { HealthInterval, SourceStatus } from '../model/health.ts'
import { toRfc3339 } from '../model/time.ts'
import type { HealthListSchema, SourceListSchema } from './view-schemas.ts'

export function instantOrNull(at: UnixSeconds | null): string | null {
  return at === null ? null : toRfc3339(at)
}

export function healthJson(interval: HealthInterval): z.infer<typeof HealthListSchema>['health'][number] {
  return {
    source: interval.source,
    signal: interval.signal,
    scope: interval.scope,
    condition: interval.condition,
    from: toRfc3339(interval.from),
    until: instantOrNull(interval.until),
    knownAt: toRfc3339(interval.knownAt),
    detail: interval.detail,
  }
}

export function sourceJson(status: SourceStatus): z.infer<typeof SourceListSchema>['sources'][number] {
  return {
    source: status.source,
    name: status.name,
    homepage: status.homepage,
    upstream: status.upstream,
    enabled: status.enabled,
    budget: { ...status.budget, spent: status.spent },
    requests: status.requests,
    lastAnswerAt: instantOrNull(status.lastAnswerAt),
    lastFailure:
      status.lastFailure === null ? null : { at: toRfc3339(status.lastFailure.at), reason: status.lastFailure.reason },
    waitingUntil: instantOrNull(status.waitingUntil),
    leftOut: status.leftOut,
    roundSeconds: status.roundSeconds,
    signals: status.signals.map((signal) => ({
      signal: signal.signal,
      label: signal.label,
      conditions: signal.conditions.map(healthJson),
      newest: instantOrNull(signal.newest),
      expected: toRfc3339(signal.expected),
      entities: signal.entities,
      backfilled: signal.backfilled,
    })),
  }
}
