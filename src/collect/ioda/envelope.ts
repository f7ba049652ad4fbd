import { z } from 'zod'
import type { UnixSeconds } from '../../model/brand.ts'
import { parseRfc3339 } from '../../model/time.ts'

const metadata = z.object({ requestTime: z.string().optional(), responseTime: z.string().optional() })

/** What every answer of the API is wrapped in. */
const envelope = z.object({
  type: z.string(),
  metadata: metadata.optional(),
  requestTime: z.string().optional(),
  responseTime: z.string().optional(),
  error: z.string().nullish(),
  data: z.unknown(),
})

export type Opened =
  | { readonly kind: 'data'; readonly data: unknown; readonly serverTime: UnixSeconds | null }
  | { readonly kind: 'unreadable'; readonly detail: string }

/**
 * Opens an answer's envelope.
 *
 * @param date  the `Date` header, for envelopes that do not say when they were made.
 */
export function openEnvelope(body: Uint8Array, date: string | null): Opened {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return { kind: 'unreadable', detail: 'no JSON' }
  }
  const read = envelope.safeParse(json)
  if (!read.success) return { kind: 'unreadable', detail: `envelope: ${firstIssue(read.error)}` }
  const { error, data } = read.data
  if (typeof error === 'string' && error !== '') return { kind: 'unreadable', detail: `error: ${error.slice(0, 200)}` }
  if (data === undefined) return { kind: 'unreadable', detail: 'envelope: no data' }
  return { kind: 'data', data, serverTime: serverTimeOf(read.data, date) }
}

/** `data.0.values: expected array`: where an answer first departs from what it should be. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue === undefined ? 'unlike any' : `${issue.path.join('.')}: ${issue.message}`
}

function serverTimeOf(read: z.infer<typeof envelope>, date: string | null): UnixSeconds | null {
  for (const text of [read.metadata?.responseTime, read.responseTime, read.metadata?.requestTime, read.requestTime]) {
    const at = text === undefined ? null : parseRfc3339(text)
    if (at !== null) return at
  }
  const milliseconds = date === null ? NaN : Date.parse(date)
  return Number.isNaN(milliseconds) ? null : (Math.floor(milliseconds / 1000) as UnixSeconds)
}
