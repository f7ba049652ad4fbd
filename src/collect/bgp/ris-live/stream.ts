import type { UnixSeconds } from '../../../model/brand.ts'
import { backoffSeconds, retryAfter } from '../../http/backoff.ts'
import type { Meter } from '../../http/meter.ts'
import type { RequestWindow } from '../../http/window.ts'
import type { CollectContext } from '../../source.ts'
import type { Ending, OpenStream, StreamSocket } from './stream-socket.ts'
import { controlOf, pathOf, subscriptions } from './protocol.ts'

/**
 * Why there is no stream. `unreachable`: not connected, closed, or half open: it does not answer pings. `silent`: it is
 * connected and says nothing. `unreadable`: what it says cannot be read. `flood`: more than we can take.
 * `wrong-clock`: it speaks of times that have not come.
 */
export type LossKind = 'unreachable' | 'silent' | 'unreadable' | 'flood' | 'wrong-clock'

export interface Loss {
  readonly kind: LossKind
  readonly at: UnixSeconds
  readonly reason: string
}

export interface StreamOptions {
  readonly url: string
  readonly userAgent: string
  /** `rrc00`. */
  readonly collectors: readonly string[]
  /** A connection that brought no message that could be read for so long is cut. */
  readonly silentSeconds: number
  readonly open: OpenStream
  readonly window: RequestWindow
  readonly meter: Meter
}

/** What a message was: `ahead` of our clock is as little use as one that cannot be read. */
export type Taken = 'good' | 'malformed' | 'ahead'

export interface StreamParts {
  /** A message of BGP as it came; whoever takes it says what it was. */
  readonly take: (message: Buffer) => Taken
  /** The stream is complete from the next message on. */
  readonly onWhole: () => void
  /** It was lost: what comes from now until it is whole again is missing. */
  readonly onLoss: (loss: Loss) => void
  /** Something happened; whoever waits looks again. */
  readonly onChange: () => void
}

/**
 * The life of a connection to RIS Live: opens it, subscribes, watches that it speaks and answers, and opens it anew when
 * it is lost, ever more seldom. Does nothing by itself: it is told the time by `tick`, and messages come when they come.
 */
export interface Stream {
  /** Does what is due. */
  tick(): void
  /** When `tick` is to be called next, at the latest. */
  due(): UnixSeconds
  isWhole(): boolean
  /** Why there is no stream now; `null` when there is one, or none was tried yet. */
  loss(): Loss | null
  /** Ends the connection: it is lost for that reason. */
  cut(kind: LossKind, reason: string): void
  /** No connection is opened before that, beside what back-off says. */
  rest(until: UnixSeconds): void
  /** Ends it for good. */
  close(): void
}

const OPEN_SECONDS = 30
const PING_SECONDS = 20
const PONG_SECONDS = 20
/** Subscriptions that are not acknowledged by then are taken for granted. */
const ACKNOWLEDGE_SECONDS = 15
/** A connection that was whole for so long was a good one: what failed before it is forgotten. */
const GOOD_SECONDS = 300
/** So many useless messages in a row: it is not a stream of BGP, or its clock is wrong. */
const USELESS_RUN = 100

interface Connection {
  readonly socket: StreamSocket
  readonly since: UnixSeconds
  openedAt: UnixSeconds | null
  acknowledged: number
  wholeSince: UnixSeconds | null
  heardAt: UnixSeconds
  /** Since the last good message. */
  useless: { malformed: number; ahead: number }
  nextPing: UnixSeconds
  pongDue: UnixSeconds | null
  /** Why we cut it ourselves. */
  cutFor: { readonly kind: LossKind; readonly reason: string } | null
  error: string | null
}

export function createStream(options: StreamOptions, parts: StreamParts, context: CollectContext): Stream {
  const { clock } = context
  const { meter, window } = options
  let connection: Connection | null = null
  let failures = 0
  let notBefore = clock.now()
  let loss: Loss | null = null
  let isClosed = false

  const later = (seconds: number): UnixSeconds => (clock.now() + seconds) as UnixSeconds

  const lost = (was: Connection, ending: Ending): void => {
    const now = clock.now()
    const { cutFor } = was
    const kind = cutFor?.kind ?? 'unreachable'
    const reason = cutFor?.reason ?? was.error ?? ending.reason
    if (was.wholeSince !== null && now - was.wholeSince >= GOOD_SECONDS) failures = 0
    failures += 1
    const asked = ending.kind === 'refused' ? retryAfter(ending.retryAfter, now) : null
    notBefore = Math.max(notBefore, asked ?? 0, now + backoffSeconds(failures, context.random())) as UnixSeconds
    if (ending.kind === 'refused' && /^HTTP (?:429|503)$/.test(ending.reason)) meter.refused(now, ending.bytes, reason)
    else if (was.openedAt === null) meter.failed(now, ending.bytes, reason)
    else if (kind === 'unreadable') meter.wasUnreadable(now, reason)
    else meter.lost(now, reason)
    meter.waitUntil(notBefore)
    loss = { kind, at: now, reason }
    parts.onLoss(loss)
    parts.onChange()
  }

  const open = (): void => {
    const now = clock.now()
    window.record('live', now)
    let opened: Connection | null = null
    const socket = options.open(
      pathOf(options.url),
      { 'user-agent': options.userAgent },
      {
        opened() {
          if (opened === null || connection !== opened) return
          meter.answered(clock.now(), 0)
          opened.openedAt = opened.heardAt = clock.now()
          opened.nextPing = later(PING_SECONDS)
          for (const text of subscriptions(options.collectors)) opened.socket.send(text)
          parts.onChange()
        },
        message(data) {
          if (opened !== null && connection === opened && opened.cutFor === null) hear(opened, data)
        },
        alive() {
          if (opened !== null) opened.pongDue = null
        },
        ended(ending) {
          if (opened === null || connection !== opened) return
          connection = null
          if (!isClosed) lost(opened, ending)
        },
      },
    )
    opened = connection = {
      socket,
      since: now,
      openedAt: null,
      acknowledged: 0,
      wholeSince: null,
      heardAt: now,
      useless: { malformed: 0, ahead: 0 },
      nextPing: now,
      pongDue: null,
      cutFor: null,
      error: null,
    }
  }

  const becomeWhole = (which: Connection): void => {
    which.wholeSince = clock.now()
    loss = null
    meter.waitUntil(null)
    parts.onWhole()
  }

  const hear = (which: Connection, data: Buffer): void => {
    meter.heard(clock.now(), data.length)
    const control = controlOf(data)
    if (control !== null) {
      if (control.kind === 'acknowledged') which.acknowledged += 1
      // It says why and closes, such as when we are too slow.
      if (control.kind === 'error') which.error = control.text
      if (control.kind !== 'unknown') return
    }
    const isSettled =
      which.acknowledged >= subscriptions(options.collectors).length ||
      clock.now() >= (which.openedAt ?? 0) + ACKNOWLEDGE_SECONDS
    if (which.wholeSince === null && isSettled) becomeWhole(which)
    const what = control === null ? parts.take(data) : 'malformed'
    const { useless } = which
    if (what === 'good') {
      which.heardAt = clock.now()
      useless.malformed = useless.ahead = 0
      return
    }
    useless[what] += 1
    if (useless.malformed + useless.ahead >= USELESS_RUN) cutUseless(which)
  }

  const cutUseless = ({ useless: { malformed, ahead } }: Connection): void => {
    if (ahead > malformed) cut('wrong-clock', `${ahead} messages of a time that has not come`)
    else cut('unreadable', `${malformed} messages in a row that cannot be read`)
  }

  const cut = (kind: LossKind, reason: string): void => {
    if (connection === null || connection.cutFor !== null) return
    connection.cutFor = { kind, reason }
    connection.socket.cut()
  }

  const watch = (which: Connection): void => {
    const now = clock.now()
    if (which.openedAt === null) {
      if (now >= which.since + OPEN_SECONDS) cut('unreachable', `no connection within ${OPEN_SECONDS} s`)
      return
    }
    if (now >= which.heardAt + options.silentSeconds) {
      if (which.useless.malformed + which.useless.ahead > 0) cutUseless(which)
      else cut('silent', `no message for ${options.silentSeconds} s`)
      return
    }
    if (which.pongDue !== null && now >= which.pongDue) {
      cut('unreachable', `no answer to a ping within ${PONG_SECONDS} s: half open`)
      return
    }
    if (now < which.nextPing) return
    which.nextPing = later(PING_SECONDS)
    which.pongDue ??= later(PONG_SECONDS)
    which.socket.ping()
  }

  return {
    tick() {
      if (isClosed) return
      if (connection !== null) return watch(connection)
      const now = clock.now()
      const ready = Math.max(notBefore, window.readyAt('live', now))
      if (ready <= now) open()
    },

    due() {
      if (isClosed) return Infinity as UnixSeconds
      if (connection === null) return Math.max(notBefore, window.readyAt('live', clock.now())) as UnixSeconds
      if (connection.cutFor !== null) return Infinity as UnixSeconds
      if (connection.openedAt === null) return (connection.since + OPEN_SECONDS) as UnixSeconds
      const silent = connection.heardAt + options.silentSeconds
      return Math.min(silent, connection.pongDue ?? Infinity, connection.nextPing) as UnixSeconds
    },

    isWhole: () => connection !== null && connection.wholeSince !== null && connection.cutFor === null,
    loss: () => loss,
    cut,

    rest(until) {
      notBefore = Math.max(notBefore, until) as UnixSeconds
    },

    close() {
      isClosed = true
      connection?.socket.cut()
      connection = null
    },
  }
}
