import { attributesJson } from '../bgp/attributes-json.ts'
import type { BrokenReason } from '../broken.ts'
import { readU16, readU32 } from '../bytes.ts'
import { formatAddress, formatPrefix } from '../prefix.ts'
import type { RouteCursor, RouteSink } from '../route-sink.ts'
import { hasPathIds, isLocal, MESSAGE } from './message.ts'
import type { MrtState } from './state.ts'
import { RIB, subtypeName, TYPE, typeName } from './types.ts'

const MESSAGES = ['', 'OPEN', 'UPDATE', 'NOTIFICATION', 'KEEPALIVE', 'ROUTE-REFRESH']

/**
 * Prints one JSON object a record, with all that was decoded of it: a sink for a reader with `forPrinting` whose
 * `onRecord` calls `record`. `wire` is that reader's state, to be given before the first record. The fields are in
 * docs/MRT.md.
 */
export class JsonLines implements RouteSink {
  wire: MrtState | null = null

  private readonly write: (line: string) => void
  private peers = 0
  private announced: unknown[] = []
  private withdrawn: unknown[] = []
  private entries: unknown[] = []
  private prefix: string | null = null
  private stateChange: { from: number; to: number } | null = null
  private endOfRibFamily: 4 | 6 | null = null

  constructor(write: (line: string) => void) {
    this.write = write
  }

  peer(): number {
    this.peers += 1
    return this.peers - 1
  }

  ribBegins(): void {}

  entry(route: RouteCursor): void {
    const wire = this.wire!
    this.prefix = formatPrefix(route)
    if (wire.type !== TYPE.tableDump) wire.takePeer(wire.peerIndex)
    const isAddPath = wire.type === TYPE.tableDumpV2 && hasPathIds(wire.subtype)
    this.entries.push({
      peer: { address: formatAddress(wire.key), asn: wire.key.asn },
      originated: route.since,
      ...(isAddPath ? { pathId: route.pathId } : {}),
      originAsn: route.origin,
      attributes: attributesJson(wire.bytes, wire.attributes, wire.width, true),
    })
  }

  announce(route: RouteCursor): void {
    this.announced.push(this.route(route))
  }

  withdraw(route: RouteCursor): void {
    this.withdrawn.push(this.route(route))
  }

  state(): void {
    this.stateChange = { from: this.wire!.stateFrom, to: this.wire!.stateTo }
  }

  endOfRib(_time: number, _peer: number, family: 4 | 6): void {
    this.endOfRibFamily = family
  }

  /** The record in hand is whole: prints it. */
  record(broken: BrokenReason | null): void {
    const wire = this.wire!
    const { type, subtype, route } = wire
    const isEt = type === TYPE.bgp4mpEt
    const json: Record<string, unknown> = {
      time: route.time,
      ...(isEt ? { micros: route.micros } : {}),
      type: typeName(type),
      subtype: subtypeName(type, subtype),
    }
    if (this.entries.length > 0) {
      json.prefix = this.prefix
      json.entries = this.entries
    } else if (type === TYPE.tableDumpV2 && subtype === RIB.peerIndexTable && broken === null) this.peerTable(json)
    else if (this.stateChange !== null) {
      this.peerOf(json)
      json.state = this.stateChange
    } else if (type === TYPE.bgp || type === TYPE.bgp4mp || type === TYPE.bgp4mpEt) this.message(json)
    if (broken !== null) json.broken = broken
    else if (wire.wasSkipped) json.skipped = true
    this.write(`${JSON.stringify(json)}\n`)
    this.announced = []
    this.withdrawn = []
    this.entries = []
    this.stateChange = null
    this.endOfRibFamily = null
  }

  private route(route: RouteCursor): unknown {
    const wire = this.wire!
    const prefix = formatPrefix(route)
    const isAddPath = wire.type !== TYPE.bgp && hasPathIds(wire.subtype)
    if (!isAddPath && wire.safi === 1) return prefix
    return {
      prefix,
      ...(isAddPath ? { pathId: route.pathId } : {}),
      ...(wire.safi === 1 ? {} : { safi: wire.safi === 2 ? 'multicast' : 'unicast+multicast' }),
    }
  }

  private peerOf(json: Record<string, unknown>): void {
    const { key, type, subtype } = this.wire!
    json.peer = { address: formatAddress(key), asn: key.asn }
    if (type !== TYPE.bgp && isLocal(subtype)) json.local = true
  }

  private peerTable(json: Record<string, unknown>): void {
    const wire = this.wire!
    json.peers = Array.from({ length: wire.peerCount }, (_, index) => {
      wire.takePeer(index)
      return { address: formatAddress(wire.key), asn: wire.key.asn }
    })
  }

  private message(json: Record<string, unknown>): void {
    const wire = this.wire!
    const { bytes, messageAt, messageEnd, type } = wire
    if (messageAt >= messageEnd) return
    this.peerOf(json)
    const kind = type === TYPE.bgp ? MESSAGE.update : bytes[messageAt + 18]!
    json.message = MESSAGES[kind] ?? kind
    if (kind === MESSAGE.update) {
      json.withdrawn = this.withdrawn
      json.announced = this.announced
      if (this.announced.length > 0) json.originAsn = wire.route.origin
      if (this.endOfRibFamily !== null) json.endOfRib = this.endOfRibFamily === 4 ? 'ipv4' : 'ipv6'
      json.attributes = attributesJson(bytes, wire.attributes, wire.width, false)
    } else if (kind === MESSAGE.open && messageEnd - messageAt >= 29)
      json.open = {
        version: bytes[messageAt + 19],
        asn: readU16(bytes, messageAt + 20),
        holdTime: readU16(bytes, messageAt + 22),
        routerId: formatAddress({ family: 4, word0: readU32(bytes, messageAt + 24), word1: 0, word2: 0, word3: 0 }),
        parameters: hex(bytes, messageAt + 29, messageEnd),
      }
    else if (kind === MESSAGE.notification && messageEnd - messageAt >= 21)
      json.notification = {
        code: bytes[messageAt + 19],
        subcode: bytes[messageAt + 20],
        data: hex(bytes, messageAt + 21, messageEnd),
      }
  }
}

function hex(bytes: Uint8Array, at: number, end: number): string {
  let text = ''
  for (let index = at; index < end; index += 1) text += bytes[index]!.toString(16).padStart(2, '0')
  return text
}
