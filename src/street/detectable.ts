import type { EntityId, UnixSeconds } from '../model/brand.ts'
import type { CutKind, Detectability } from '../model/detectability.ts'
import type { Scope } from './scope.ts'

const KINDS: readonly CutKind[] = ['national', 'regional', 'mobile', 'throttling', 'services', 'allow-list']

/** The smallest cuts that today's signals would have shown of an entity; `scope` `null` = nothing watches it. */
export function detectabilityOf(entity: EntityId, scope: Scope | null, _now: UnixSeconds): readonly Detectability[] {
  const own = (scope?.standings() ?? []).filter((each) => each.entity === entity && each.rule.opens)
  const why = own.length === 0 ? 'no-signal' : 'too-little-history'
  return KINDS.map((kind) => ({ kind, hour: null, day: null, why }))
}
