import { formatAddress, formatPrefix } from './prefix.ts'
import type { PeerKey, RouteCursor, RouteSink, SessionState } from './route-sink.ts'

/** A sink that writes each call down as a line of text. */
export class CallLog implements RouteSink {
  readonly lines: string[] = []
  readonly peers: string[] = []

  peer(key: PeerKey): number {
    const name = `${formatAddress(key)} AS${key.asn}`
    const known = this.peers.indexOf(name)
    return known >= 0 ? known : this.peers.push(name) - 1
  }

  ribBegins(time: number): void {
    this.lines.push(`rib ${time}`)
  }

  entry(route: RouteCursor): void {
    this.lines.push(`entry ${this.route(route)} from ${route.origin} path ${route.pathHash} since ${route.since}`)
  }

  announce(route: RouteCursor): void {
    this.lines.push(`announce ${this.route(route)} from ${route.origin} path ${route.pathHash} since ${route.since}`)
  }

  withdraw(route: RouteCursor): void {
    this.lines.push(`withdraw ${this.route(route)}`)
  }

  state(time: number, micros: number, peer: number, from: SessionState | 0, to: SessionState): void {
    this.lines.push(`state ${time}.${micros} ${this.peers[peer]} ${from} to ${to}`)
  }

  endOfRib(time: number, peer: number, family: 4 | 6): void {
    this.lines.push(`end-of-rib ${time} ${this.peers[peer]} ${family}`)
  }

  private route(route: RouteCursor): string {
    return `${route.time}.${route.micros} ${this.peers[route.peer]} ${formatPrefix(route)} #${route.pathId}`
  }
}
