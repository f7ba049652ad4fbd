/** A client's allowance: full at first, refilled all the time. */
interface Bucket {
  tokens: number
  /** When `tokens` was true. */
  at: number
}

export interface Allowance {
  /** Whether the request may be answered. */
  readonly granted: boolean
  /** Requests left at once. */
  readonly left: number
  /** Until one more may be made; 0 when `left` is 1 or more. */
  readonly retrySeconds: number
  /** Until the bucket is full again. */
  readonly fullSeconds: number
}

/** So many clients are remembered. When there are more, those that were silent longest are forgotten, and so forgiven. */
const MOST_CLIENTS = 50_000

/** Sums of fractions fall short of what they should be: who waited as long as they were told is not sent away again. */
const ROUNDING = 1e-6

export interface TokenBuckets {
  take(client: string): Allowance
  /** How many are remembered. @internal */
  readonly size: number
}

/**
 * One bucket a client, in memory alone: nobody is remembered once their bucket is full.
 *
 * @param burst     requests at once, 1 and more.
 * @param perSecond refill, above 0.
 * @param elapsed   seconds that never go back, with fractions.
 */
export function tokenBuckets(burst: number, perSecond: number, elapsed: () => number): TokenBuckets {
  // In the order of the last request: the first is the one that was silent longest.
  const buckets = new Map<string, Bucket>()

  const forget = (now: number): void => {
    for (const [client, bucket] of buckets) {
      const isFull = bucket.tokens + (now - bucket.at) * perSecond >= burst
      if (!isFull && buckets.size <= MOST_CLIENTS) return
      buckets.delete(client)
    }
  }

  return {
    get size() {
      return buckets.size
    },
    take(client) {
      const now = elapsed()
      const kept = buckets.get(client)
      const tokens = kept === undefined ? burst : Math.min(burst, kept.tokens + (now - kept.at) * perSecond)
      const granted = tokens >= 1 - ROUNDING
      const left = granted ? Math.max(0, tokens - 1) : tokens
      buckets.delete(client)
      buckets.set(client, { tokens: left, at: now })
      forget(now)
      return {
        granted,
        left: Math.floor(left),
        retrySeconds: left >= 1 ? 0 : (1 - left) / perSecond,
        fullSeconds: (burst - left) / perSecond,
      }
    },
  }
}
