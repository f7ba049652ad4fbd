import { createHash } from 'node:crypto'
import type { AnswerWithBody } from '../../model/answer.ts'
import type { SourceId, UnixSeconds } from '../../model/brand.ts'
import type { CollectContext } from '../source.ts'
import { backoffSeconds, retryAfter } from './backoff.ts'
import { readBody } from './body.ts'
import type { Meter } from './meter.ts'
import type { Purpose, RequestWindow } from './window.ts'

/**
 * What became of a request. `refused`: come again later (429, 503). `failed`: no answer, or a status of 300 and above;
 * redirects are not followed, since they may lead to another host. `stopped`: we were told to stop.
 */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: AnswerWithBody }
  | { readonly kind: 'refused'; readonly reason: string; readonly answer: AnswerWithBody }
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      readonly reason: string
      readonly answer: AnswerWithBody | null
    }
  | { readonly kind: 'too-large'; readonly reason: string }
  | { readonly kind: 'stopped' }

type Failed = Extract<Outcome, { readonly kind: 'failed' }>

export type Failure = 'unreachable' | 'time-out' | 'broken-off' | 'status'

/** What an answer says before its body. Header names in lower case. */
export interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** Where a body goes that is too large to be held in memory. */
export interface BodySink {
  /** Sent beside the usual ones, such as `range`. */
  readonly headers: Readonly<Record<string, string>>
  /** The head of an answer with a status of 200 to 299, before any of its body. @returns false when it is not wanted. */
  begin(head: Head): Promise<boolean>
  /** The next piece; the following one is not taken off the wire before this has settled. */
  write(chunk: Uint8Array): Promise<void>
}

/**
 * What became of a download. `stored`: all that the server sent is with the sink; whether that is the whole is for it to
 * say. `declined`: the sink did not want the body.
 */
export type DownloadOutcome =
  | { readonly kind: 'stored'; readonly head: Head; readonly bytes: number }
  | { readonly kind: 'declined'; readonly head: Head }
  | Exclude<Outcome, { readonly kind: 'answer' }>

/** Asks one upstream, politely: one request at a time, within the budget, not while it wants to be left alone. */
export interface Client {
  /** The first instant at which `ask` would not have to wait. */
  readyAt(purpose: Purpose): UnixSeconds
  /** No request before this instant, after failures or by `Retry-After`; `null` when there is nothing to wait for. */
  waitingUntil(): UnixSeconds | null
  /** Waits until it may, then asks. @throws TypeError when the answer to an earlier request has not come. */
  ask(url: string, purpose: Purpose): Promise<Outcome>
  /**
   * As `ask`, for a body that is handed on piece by piece. The time allowed is from one piece to the next. Content
   * encodings are not asked for, so that lengths and ranges are those of the file.
   *
   * @throws whatever the sink throws: a disk that is full is not the upstream's failure.
   */
  download(url: string, purpose: Purpose, sink: BodySink): Promise<DownloadOutcome>
}

export interface ClientOptions {
  readonly source: SourceId
  readonly userAgent: string
  readonly timeoutSeconds: number
  readonly limitBytes: number
  readonly window: RequestWindow
  readonly meter: Meter
}

/** `Tocsin/0.1.0 (mailto:ops@example.org)`: who asks, and whom to write to. */
export function userAgentOf(version: string, contact: string | null): string {
  return `Tocsin/${version} (${contact === null ? 'self-hosted observatory; no contact set' : `mailto:${contact}`})`
}

/** Never kept: what lets somebody in. */
const SECRET = /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key)$/i

export function createClient(options: ClientOptions, context: CollectContext): Client {
  const { window, meter } = options
  const { clock, signal } = context
  const requestHeaders = { accept: 'application/json', 'user-agent': options.userAgent }
  let failures = 0
  let waiting: UnixSeconds | null = null
  let busy = false

  const readyAt = (purpose: Purpose): UnixSeconds =>
    Math.max(window.readyAt(purpose, clock.now()), waiting ?? 0) as UnixSeconds

  const leaveAlone = (asked: UnixSeconds | null): void => {
    failures += 1
    const now = clock.now()
    waiting = Math.max(asked ?? 0, now + backoffSeconds(failures, context.random())) as UnixSeconds
    meter.waitUntil(waiting)
  }

  const welcome = (): void => {
    failures = 0
    waiting = null
    meter.waitUntil(null)
  }

  const fail = (failure: Failure, reason: string, answer: AnswerWithBody | null): Failed => {
    meter.failed(clock.now(), answer?.bytes ?? 0, reason)
    // A status below 500 speaks of the request: the host is well, and the next one may be another.
    if (failure === 'status' && answer !== null && answer.status < 500) welcome()
    else leaveAlone(null)
    return { kind: 'failed', failure, reason, answer }
  }

  const fetchWhole = async (url: string): Promise<Outcome> => {
    const request = new AbortController()
    const stop = (): void => request.abort()
    signal.addEventListener('abort', stop)
    const arrived = new AbortController()
    let timedOut = false
    const inTime = clock.until((clock.now() + options.timeoutSeconds) as UnixSeconds, arrived.signal).then(() => {
      if (arrived.signal.aborted) return
      timedOut = true
      request.abort()
    })
    try {
      const { fetch } = context
      const init = { headers: requestHeaders, redirect: 'manual', signal: request.signal } as const
      const response = await fetch(url, init).catch((error: unknown) => causeOf(error))
      if (signal.aborted) return { kind: 'stopped' }
      if (timedOut) return fail('time-out', `no answer within ${options.timeoutSeconds} s`, null)
      if (typeof response === 'string') return fail('unreachable', response, null)
      const body = await readBody(response, options.limitBytes)
      if (signal.aborted) return { kind: 'stopped' }
      if (timedOut) return fail('time-out', `no whole answer within ${options.timeoutSeconds} s`, null)
      if (body.kind === 'broken-off') return fail('broken-off', `HTTP ${response.status}, broken off`, null)
      if (body.kind === 'too-large') {
        const reason = `an answer of more than ${options.limitBytes} bytes`
        meter.failed(clock.now(), options.limitBytes, reason)
        welcome()
        return { kind: 'too-large', reason }
      }
      return judge(answerOf(url, response, body.bytes), response.headers.get('retry-after'))
    } finally {
      arrived.abort()
      signal.removeEventListener('abort', stop)
      await inTime
    }
  }

  const answerOf = (url: string, response: Response, body: Uint8Array): AnswerWithBody => ({
    sha256: createHash('sha256').update(body).digest('hex'),
    source: options.source,
    method: 'GET',
    url,
    requestHeaders,
    status: response.status,
    responseHeaders: headersOf(response),
    fetchedAt: clock.now(),
    bytes: body.length,
    body,
  })

  const judge = (answer: AnswerWithBody, after: string | null): Outcome => {
    const reason = `HTTP ${answer.status}`
    if (answer.status === 429 || answer.status === 503) {
      meter.refused(clock.now(), answer.bytes, reason)
      leaveAlone(retryAfter(after, clock.now()))
      return { kind: 'refused', reason, answer }
    }
    if (answer.status < 200 || answer.status >= 300) return fail('status', reason, answer)
    meter.answered(clock.now(), answer.bytes)
    welcome()
    return { kind: 'answer', answer }
  }

  const fetchInto = async (url: string, sink: BodySink): Promise<DownloadOutcome> => {
    const request = new AbortController()
    const stop = (): void => request.abort()
    signal.addEventListener('abort', stop)
    const over = new AbortController()
    let pieces = 0
    let timedOut = false
    const watch = async (): Promise<void> => {
      for (let seen = -1; seen !== pieces && !over.signal.aborted;) {
        seen = pieces
        await clock.until((clock.now() + options.timeoutSeconds) as UnixSeconds, over.signal)
      }
      if (over.signal.aborted) return
      timedOut = true
      request.abort()
    }
    const watching = watch()
    try {
      const { fetch } = context
      const headers = { ...requestHeaders, accept: '*/*', 'accept-encoding': 'identity', ...sink.headers }
      const init = { headers, redirect: 'manual', signal: request.signal } as const
      const response = await fetch(url, init).catch((error: unknown) => causeOf(error))
      if (signal.aborted) return { kind: 'stopped' }
      if (timedOut) return fail('time-out', `no answer within ${options.timeoutSeconds} s`, null)
      if (typeof response === 'string') return fail('unreachable', response, null)
      const head: Head = { status: response.status, headers: headersOf(response) }
      if (head.status < 200 || head.status >= 300) {
        const body = await readBody(response, options.limitBytes)
        if (signal.aborted) return { kind: 'stopped' }
        if (body.kind !== 'whole') return fail('broken-off', `HTTP ${response.status}, broken off`, null)
        const judged = judge(answerOf(url, response, body.bytes), response.headers.get('retry-after'))
        if (judged.kind === 'answer') throw new TypeError(`HTTP ${head.status} taken for an answer`)
        return judged
      }
      if (!(await sink.begin(head))) {
        await response.body?.cancel()
        meter.answered(clock.now(), 0)
        welcome()
        return { kind: 'declined', head }
      }
      const stream: ReadableStream<Uint8Array> | null = response.body
      const reader = stream?.getReader()
      let bytes = 0
      while (reader !== undefined) {
        const piece = await reader.read().catch(() => null)
        if (signal.aborted) return { kind: 'stopped' }
        if (timedOut)
          return fail('time-out', `nothing more within ${options.timeoutSeconds} s, after ${bytes} bytes`, null)
        if (piece === null) return fail('broken-off', `HTTP ${head.status}, broken off after ${bytes} bytes`, null)
        if (piece.done) break
        pieces += 1
        bytes += piece.value.length
        await sink.write(piece.value)
      }
      meter.answered(clock.now(), bytes)
      welcome()
      return { kind: 'stored', head, bytes }
    } finally {
      over.abort()
      // Where the sink threw, the rest of the body is not wanted any more.
      request.abort()
      signal.removeEventListener('abort', stop)
      await watching
    }
  }

  /** One at a time, when it is time. */
  const inTurn = async <T>(url: string, purpose: Purpose, run: () => Promise<T>): Promise<T | { kind: 'stopped' }> => {
    if (busy) throw new TypeError(`a second request at once: ${url}`)
    busy = true
    try {
      while (!signal.aborted && readyAt(purpose) > clock.now()) await clock.until(readyAt(purpose), signal)
      if (signal.aborted) return { kind: 'stopped' }
      window.record(purpose, clock.now())
      return await run()
    } finally {
      busy = false
    }
  }

  return {
    readyAt,
    waitingUntil: () => (waiting !== null && waiting > clock.now() ? waiting : null),
    ask: (url, purpose) => inTurn(url, purpose, () => fetchWhole(url)),
    download: (url, purpose, sink) => inTurn(url, purpose, () => fetchInto(url, sink)),
  }
}

/** Without what lets somebody in. */
function headersOf(response: Response): Readonly<Record<string, string>> {
  return Object.fromEntries([...response.headers].filter(([name]) => !SECRET.test(name)))
}

/** What the codes mean that an operator and a reader meet most; any other stands for itself. */
const CAUSES: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'its name cannot be resolved now',
  ENOTFOUND: 'its name is not known',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection broken off',
  UND_ERR_SOCKET: 'connection broken off',
  ENETUNREACH: 'no network',
  EHOSTUNREACH: 'no way to its host',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
}

/** What a failed fetch says underneath, where the error itself says `fetch failed`. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreachable'
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return 'code' in cause && typeof cause.code === 'string' ? (CAUSES[cause.code] ?? cause.code) : cause.message
}
