import { formatAddress } from '../prefix.ts'
import type { PeerKey, RouteCursor, RouteSink } from '../route-sink.ts'

/** What one session sent. */
export interface SessionTally {
  readonly address: string
  readonly asn: number
  readonly entries: number
  readonly announcements: number
  readonly withdrawals: number
  readonly stateChanges: number
}

const ENTRIES = 0
const ANNOUNCEMENTS = 1
const WITHDRAWALS = 2
const STATE_CHANGES = 3

/** Counts by session. */
export class PeerTally implements RouteSink {
  private readonly numbers = new Map<string, number>()
  private readonly keys: { readonly address: string; readonly asn: number }[] = []
  private counts = new Float64Array(64 * 4)

  get count(): number {
    return this.keys.length
  }

  peer(key: PeerKey): number {
    const name = `${key.family} ${key.word0} ${key.word1} ${key.word2} ${key.word3} ${key.asn}`
    const known = this.numbers.get(name)
    if (known !== undefined) return known
    const number = this.keys.length
    this.numbers.set(name, number)
    this.keys.push({ address: formatAddress(key), asn: key.asn })
    if (this.keys.length * 4 > this.counts.length) {
      const larger = new Float64Array(this.counts.length * 2)
      larger.set(this.counts)
      this.counts = larger
    }
    return number
  }

  ribBegins(): void {}

  entry(route: RouteCursor): void {
    this.counts[route.peer * 4 + ENTRIES]! += 1
  }

  announce(route: RouteCursor): void {
    this.counts[route.peer * 4 + ANNOUNCEMENTS]! += 1
  }

  withdraw(route: RouteCursor): void {
    this.counts[route.peer * 4 + WITHDRAWALS]! += 1
  }

  state(_time: number, _micros: number, peer: number): void {
    this.counts[peer * 4 + STATE_CHANGES]! += 1
  }

  endOfRib(): void {}

  sessions(): SessionTally[] {
    return this.keys.map((key, peer) => ({
      ...key,
      entries: this.counts[peer * 4 + ENTRIES]!,
      announcements: this.counts[peer * 4 + ANNOUNCEMENTS]!,
      withdrawals: this.counts[peer * 4 + WITHDRAWALS]!,
      stateChanges: this.counts[peer * 4 + STATE_CHANGES]!,
    }))
  }
}
