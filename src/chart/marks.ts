import type { IncidentKind } from '../model/incident.ts'

/** Side of the square that a mark is drawn in. */
export const MARK_SIZE = 16

/** A shape for each kind, so that none is told by its colour alone. Lines are stroked, the others filled. */
export const KIND_SHAPES: Record<IncidentKind, { readonly path: string; readonly isLine: boolean }> = {
  blackout: { path: 'M2.5 2.5h11v11h-11z', isLine: false },
  partial: { path: 'M8 2.2l6.2 11.3h-12.4z', isLine: false },
  throttling: { path: 'M2 6.5c2-3 4-3 6 0s4 3 6 0M2 11.5c2-3 4-3 6 0s4 3 6 0', isLine: true },
  blocking: { path: 'M3 3l10 10M13 3l-10 10', isLine: true },
  'allow-list': { path: 'M2.5 2.5h11v11h-11zM6 6h4v4h-4z', isLine: false },
}
