import { aggregatorOf, mpNextHops, originOf, wordOf } from '../bgp/attribute-values.ts'
import { ATTRIBUTE } from '../bgp/attributes.ts'
import { PathText } from '../bgp/path-text.ts'
import { readU16, readU32 } from '../bytes.ts'
import { formatIpv4, formatIpv6 } from '../prefix.ts'
import type { PeerKey, RouteCursor, RouteSink } from '../route-sink.ts'
import { hasPathIds, isLocal } from './message.ts'
import type { MrtState } from './state.ts'
import { TYPE } from './types.ts'

/** Room that bgpdump has for communities, with the space before the first and the end of the string. */
const COMMUNITIES_ROOM = 8192

const WELL_KNOWN: Readonly<Record<number, string>> = {
  0xffffff01: ' no-export',
  0xffffff02: ' no-advertise',
  0xffffff03: ' local-AS',
}

/** What bgpdump prints for a next hop that is not there. */
const NO_ADDRESS = '255.255.255.255'

/**
 * Prints lines as `bgpdump -m` (RIPE NCC, 1.6.2) does. A sink for a reader with `forPrinting`; `wire` is that reader's
 * state, to be given before the first record. Where the two differ on purpose is said in docs/MRT.md.
 */
export class DumpLines implements RouteSink {
  wire: MrtState | null = null

  private readonly write: (line: string) => void
  private readonly path = new PathText()
  private peers = 0
  /** Of which message, and which part of it, `behind` is what stands behind the prefix. */
  private serial = -1
  private isBehindMp = false
  private behind = ''

  constructor(write: (line: string) => void) {
    this.write = write
  }

  peer(): number {
    this.peers += 1
    return this.peers - 1
  }

  ribBegins(): void {}

  endOfRib(): void {}

  entry(route: RouteCursor): void {
    const wire = this.wire!
    const isOld = wire.type === TYPE.tableDump
    if (!isOld) wire.takePeer(wire.peerIndex)
    const isAddPath = !isOld && hasPathIds(wire.subtype)
    const name = isOld ? 'TABLE_DUMP' : isAddPath ? 'TABLE_DUMP2_AP' : 'TABLE_DUMP2'
    const { key } = wire
    const id = isAddPath ? `${route.pathId}|` : ''
    this.write(
      `${name}|${route.time}|B|${addressOf(key)}|${key.asn}|${this.prefix(route)}|${id}${this.attributes(this.ribNextHop(), false)}\n`,
    )
  }

  announce(route: RouteCursor): void {
    const wire = this.wire!
    if (this.serial !== wire.attributes.serial || this.isBehindMp !== wire.isMp) {
      this.serial = wire.attributes.serial
      this.isBehindMp = wire.isMp
      this.behind = wire.isMp
        ? this.attributes(this.mpNextHop(route.family), route.family === 4)
        : this.attributes(this.nextHop(), false)
    }
    const id = isAddPath(wire) ? `${route.pathId}|` : ''
    this.write(`${this.head(route.time, 'A')}${this.prefix(route)}|${id}${this.behind}\n`)
  }

  withdraw(route: RouteCursor): void {
    const id = isAddPath(this.wire!) ? `|${route.pathId}` : ''
    this.write(`${this.head(route.time, 'W')}${this.prefix(route)}${id}\n`)
  }

  state(time: number): void {
    const wire = this.wire!
    this.write(`${this.head(time, 'STATE')}${wire.stateFrom}|${wire.stateTo}\n`)
  }

  private head(time: number, kind: string): string {
    const wire = this.wire!
    const { key, type } = wire
    const isEt = type === TYPE.bgp4mpEt
    const name =
      type === TYPE.bgp
        ? 'BGP'
        : `BGP4MP${isEt ? '_ET' : ''}${isLocal(wire.subtype) ? '_LOCAL' : ''}${isAddPath(wire) ? '_AP' : ''}`
    const micros = isEt ? `.${String(wire.route.micros).padStart(6, '0')}` : ''
    return `${name}|${time}${micros}|${kind}|${addressOf(key)}|${key.asn}|`
  }

  /** All bits of the address as it was sent, those past the length too. */
  private prefix(route: RouteCursor): string {
    const { bytes, prefixAt, type } = this.wire!
    const size = (route.length + 7) >>> 3
    // Only TABLE_DUMP writes addresses whole.
    const all = type === TYPE.tableDump ? (route.family === 4 ? 4 : 16) : size
    if (route.family === 4) return `${formatIpv4(word(bytes, prefixAt, all))}/${route.length}`
    const text = formatIpv6(
      word(bytes, prefixAt, all),
      word(bytes, prefixAt + 4, all - 4),
      word(bytes, prefixAt + 8, all - 8),
      word(bytes, prefixAt + 12, all - 12),
      1,
    )
    return `${text}/${route.length}`
  }

  /**
   * Path, origin, next hop, preferences, communities and aggregator, with the bars between and behind them.
   *
   * @param isSigned  of IPv4 in MP_REACH_NLRI bgpdump prints preferences above 2³¹ as negative numbers.
   */
  private attributes(nextHop: string, isSigned: boolean): string {
    const { bytes, attributes, width } = this.wire!
    const path = this.path.of(bytes, attributes, width)
    const origin = originOf(bytes, attributes)
    const kind = origin === 0 ? 'IGP' : origin === 1 ? 'EGP' : 'INCOMPLETE'
    let preference = wordOf(bytes, attributes, ATTRIBUTE.localPref) ?? 0
    let med = wordOf(bytes, attributes, ATTRIBUTE.med) ?? 0
    if (isSigned) {
      preference |= 0
      med |= 0
    }
    const atomic = attributes.has(ATTRIBUTE.atomicAggregate) ? 'AG' : 'NAG'
    const aggregator = aggregatorOf(bytes, attributes, width)
    const by =
      aggregator === null || aggregator.address === 0xffffffff
        ? ''
        : `${aggregator.asn} ${formatIpv4(aggregator.address)}`
    return `${path}|${kind}|${nextHop}|${preference}|${med}|${this.communities()}|${atomic}|${by}|`
  }

  private communities(): string {
    const { bytes, attributes } = this.wire!
    if (!attributes.has(ATTRIBUTE.communities)) return ''
    const end = attributes.end[ATTRIBUTE.communities]! - 3
    let text = ''
    for (let at = attributes.at[ATTRIBUTE.communities]!; at < end; at += 4) {
      const known = WELL_KNOWN[readU32(bytes, at)]
      if (known === undefined)
        text = `${text} ${readU16(bytes, at)}:${readU16(bytes, at + 2)}`.slice(0, COMMUNITIES_ROOM - 1)
      else if (text.length + known.length < COMMUNITIES_ROOM) text += known
    }
    return text.slice(1)
  }

  private nextHop(): string {
    const { bytes, attributes } = this.wire!
    const nextHop = wordOf(bytes, attributes, ATTRIBUTE.nextHop)
    return nextHop === null ? NO_ADDRESS : formatIpv4(nextHop)
  }

  private mpNextHop(family: 4 | 6): string {
    const { bytes, attributes } = this.wire!
    const mp = mpNextHops(bytes, attributes, false)
    if (mp !== null && mp.length >= 16) return ipv6At(bytes, mp.at)
    return mp !== null && family === 4 && mp.length === 4 ? formatIpv4(readU32(bytes, mp.at)) : '::'
  }

  /** That of MP_REACH_NLRI where it is one of IPv6 unicast. */
  private ribNextHop(): string {
    const { bytes, attributes } = this.wire!
    const mp = mpNextHops(bytes, attributes, true)
    if (mp === null || mp.length < 16) return this.nextHop()
    const at = attributes.at[ATTRIBUTE.mpReach]!
    const isWhole = bytes[at] === 0
    return isWhole && (readU16(bytes, at) !== 2 || bytes[at + 2] !== 1) ? this.nextHop() : ipv6At(bytes, mp.at)
  }
}

function addressOf(key: PeerKey): string {
  return key.family === 4 ? formatIpv4(key.word0) : formatIpv6(key.word0, key.word1, key.word2, key.word3, 1)
}

function ipv6At(bytes: Uint8Array, at: number): string {
  return formatIpv6(readU32(bytes, at), readU32(bytes, at + 4), readU32(bytes, at + 8), readU32(bytes, at + 12), 1)
}

function isAddPath(wire: MrtState): boolean {
  return wire.type !== TYPE.bgp && hasPathIds(wire.subtype)
}

function word(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  if (size > 0) value = bytes[at]! << 24
  if (size > 1) value |= bytes[at + 1]! << 16
  if (size > 2) value |= bytes[at + 2]! << 8
  if (size > 3) value |= bytes[at + 3]!
  return value >>> 0
}
