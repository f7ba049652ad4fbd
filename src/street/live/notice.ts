import type { SourceId } from '../../model/brand.ts'
import type { StoreError } from '../../model/errors.ts'

/** What the operator should know of a running observatory; each when it begins and when it is over, not every time. */
export type Notice =
  | { readonly kind: 'unreachable'; readonly source: SourceId; readonly detail: string }
  | { readonly kind: 'reachable'; readonly source: SourceId }
  | { readonly kind: 'store-refuses'; readonly error: StoreError }
  | { readonly kind: 'store-works' }
