import { PathDigest } from '../bgp/as-path.ts'
import { emptyPrefix, parseAddress, parsePrefix } from '../prefix.ts'
import type { PeerKey, RouteCursor, RouteSink } from '../route-sink.ts'

/** Why a message of RIS Live could not be read. */
export type RisLiveFault =
  | 'not-json'
  | 'no-type'
  | 'no-data'
  | 'timestamp'
  | 'host'
  | 'peer'
  | 'peer-asn'
  | 'session-state'
  | 'path'
  | 'announcements'
  | 'withdrawals'

interface Heard {
  /** Collector, such as `rrc00`. */
  readonly host: string
  /** The server's own name for the message; `null` where it has none. */
  readonly id: string | null
  /** UTC seconds, and microseconds within. */
  readonly time: number
  readonly micros: number
}

/** What a message was, once its routes are in the sink. */
export type RisLiveOutcome =
  | ({ readonly kind: 'routes'; readonly announced: number; readonly withdrawn: number } & Heard)
  | ({ readonly kind: 'end-of-rib'; readonly family: 4 | 6 } & Heard)
  | ({ readonly kind: 'state'; readonly to: 1 | 6 } & Heard)
  /** A message that holds no route: OPEN, KEEPALIVE, NOTIFICATION, a pong, an answer to a subscription. */
  | { readonly kind: 'other'; readonly type: string }
  /** The server says that we did something wrong. */
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'broken'; readonly fault: RisLiveFault }

/** Only what is read; nothing of it is believed before it is looked at. */
interface Data {
  readonly timestamp?: unknown
  readonly peer?: unknown
  readonly peer_asn?: unknown
  readonly id?: unknown
  readonly host?: unknown
  readonly type?: unknown
  readonly state?: unknown
  readonly path?: unknown
  readonly announcements?: unknown
  readonly withdrawals?: unknown
  readonly raw?: unknown
}

const NO_FIELDS: Data = {}

/** Objects that are filled over and over. One for each stream. */
export interface RisLiveState {
  readonly route: RouteCursor
  readonly key: PeerKey
}

export function createRisLiveState(): RisLiveState {
  return {
    route: { ...emptyPrefix(), time: 0, micros: 0, peer: 0, pathId: 0, origin: 0, pathHash: 0, since: 0 },
    key: { ...emptyPrefix(), asn: 0 },
  }
}

const digest = new PathDigest()
const scratch = emptyPrefix()

/**
 * Decodes one message of RIS Live and hands its routes to the sink of its collector, withdrawn ones first. Origin and path
 * hash are those that the same message has in an MRT archive. A message is taken whole or not at all; never throws for
 * what it says.
 *
 * @param into  the sink for a collector, by its `host`.
 */
export function decodeRisLive(
  text: string | Uint8Array,
  into: (host: string) => RouteSink,
  state: RisLiveState,
): RisLiveOutcome {
  let parsed: unknown
  try {
    parsed = JSON.parse(typeof text === 'string' ? text : utf8.decode(text))
  } catch {
    return broken('not-json')
  }
  if (!isRecord(parsed) || typeof parsed.type !== 'string') return broken('no-type')
  const data: Data = isRecord(parsed.data) ? parsed.data : NO_FIELDS
  if (parsed.type === 'ris_error') {
    const { message } = data as { readonly message?: unknown }
    return { kind: 'error', message: typeof message === 'string' ? message : 'ris_error without a message' }
  }
  if (parsed.type !== 'ris_message') return { kind: 'other', type: parsed.type }
  if (data === NO_FIELDS) return broken('no-data')
  if (typeof data.type !== 'string') return broken('no-type')
  if (data.type !== 'UPDATE' && data.type !== 'RIS_PEER_STATE') return { kind: 'other', type: data.type }

  const { timestamp, host } = data
  if (typeof timestamp !== 'number' || !(timestamp >= 0 && timestamp < 4_294_967_296)) return broken('timestamp')
  if (typeof host !== 'string' || host === '') return broken('host')
  // A double has a quarter of a microsecond of these seconds: rounded, not cut.
  const whole = Math.floor(timestamp)
  const micros = Math.min(999_999, Math.round((timestamp - whole) * 1e6))
  const { route, key } = state
  if (typeof data.peer !== 'string' || !parseAddress(data.peer, scratch)) return broken('peer')
  const asn = asnOf(data.peer_asn)
  if (asn < 0) return broken('peer-asn')
  key.family = scratch.family
  key.word0 = scratch.word0
  key.word1 = scratch.word1
  key.word2 = scratch.word2
  key.word3 = scratch.word3
  key.asn = asn
  route.time = whole
  route.since = whole
  route.micros = micros
  const heard: Heard = { host, id: typeof data.id === 'string' ? data.id : null, time: whole, micros }
  if (data.type === 'RIS_PEER_STATE') return decodeState(data, heard, into, state)
  return decodeUpdate(data, heard, into, state)
}

const utf8 = new TextDecoder()

function broken(fault: RisLiveFault): RisLiveOutcome {
  return { kind: 'broken', fault }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A number, or as the server writes it for peers, digits. @returns −1 where it is no AS number. */
function asnOf(value: unknown): number {
  if (typeof value === 'string' && !/^\d{1,10}$/.test(value)) return -1
  const asn = typeof value === 'string' ? Number(value) : value
  return typeof asn === 'number' && Number.isInteger(asn) && asn >= 0 && asn <= 4_294_967_295 ? asn : -1
}

function decodeState(
  data: Data,
  heard: Heard,
  into: (host: string) => RouteSink,
  { key }: RisLiveState,
): RisLiveOutcome {
  const to = data.state === 'connected' || data.state === 'up' ? 6 : data.state === 'down' ? 1 : null
  if (to === null) return broken('session-state')
  const sink = into(heard.host)
  sink.state(heard.time, heard.micros, sink.peer(key), 0, to)
  return { kind: 'state', to, ...heard }
}

function decodeUpdate(
  data: Data,
  heard: Heard,
  into: (host: string) => RouteSink,
  { key, route }: RisLiveState,
): RisLiveOutcome {
  const withdrawals = data.withdrawals ?? []
  const announcements = data.announcements ?? []
  if (!Array.isArray(withdrawals) || !withdrawals.every(isPrefix)) return broken('withdrawals')
  if (!Array.isArray(announcements)) return broken('announcements')
  for (const each of announcements)
    if (!isRecord(each) || !Array.isArray(each.prefixes) || !each.prefixes.every(isPrefix))
      return broken('announcements')
  if (announcements.length > 0) {
    if (!digestPath(data.path)) return broken('path')
    route.origin = digest.origin(key.asn)
    route.pathHash = digest.hash()
  }
  const sink = into(heard.host)
  route.peer = sink.peer(key)
  route.pathId = 0
  if (withdrawals.length === 0 && announcements.length === 0) {
    const family = endOfRibFamily(data.raw)
    if (family === null) return { kind: 'other', type: 'UPDATE' }
    sink.endOfRib(heard.time, route.peer, family)
    return { kind: 'end-of-rib', family, ...heard }
  }
  for (const prefix of withdrawals) {
    parsePrefix(prefix, route)
    sink.withdraw(route)
  }
  let announced = 0
  for (const { prefixes } of announcements as readonly { readonly prefixes: readonly string[] }[])
    for (const prefix of prefixes) {
      parsePrefix(prefix, route)
      sink.announce(route)
      announced += 1
    }
  return { kind: 'routes', announced, withdrawn: withdrawals.length, ...heard }
}

function isPrefix(value: unknown): value is string {
  return typeof value === 'string' && parsePrefix(value, scratch)
}

/** An AS path: numbers, and an array where several aggregated. No path at all is an empty one. */
function digestPath(path: unknown): boolean {
  digest.start()
  if (path === undefined || path === null) return true
  if (!Array.isArray(path)) return false
  for (const hop of path as readonly unknown[]) {
    if (Array.isArray(hop)) {
      digest.setBegins()
      for (const member of hop as readonly unknown[]) {
        const asn = asnOf(member)
        if (asn < 0) return false
        digest.setMember(asn)
      }
      digest.setEnds(false)
    } else {
      const asn = asnOf(hop)
      if (asn < 0) return false
      digest.hop(asn)
    }
  }
  return true
}

/** 16 bytes of ones, length and type before the body of a message, in hexadecimal. */
const HEADER_DIGITS = 38

/**
 * End-of-RIB (RFC 4724 §2) by the message as it was on the wire, which the server adds where one has asked for it:
 * announcements and withdrawals do not say of which family there are none.
 */
function endOfRibFamily(raw: unknown): 4 | 6 | null {
  if (typeof raw !== 'string') return null
  const body = raw.slice(HEADER_DIGITS).toUpperCase()
  if (body === '00000000') return 4
  const mp = /^0000(?:0006800F03|0007900F0003)(0001|0002)01$/.exec(body)
  return mp === null ? null : mp[1] === '0001' ? 4 : 6
}
