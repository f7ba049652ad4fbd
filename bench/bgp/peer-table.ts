import {
  bytesOf6,
  encodeAnnouncements4,
  encodeAnnouncements6,
  encodeAttributes,
  encodeWithdrawals4,
  encodeWithdrawals6,
} from './encode.ts'
import { attributesOf, type World } from './world.ts'

/** What one peer announces at the moment, and the messages that say so. */
export interface PeerTable {
  /** Routes of these prefixes, all of one origin, family and group, by one way. Those that stood are replaced. */
  announce(prefixes: readonly number[], variant: number): readonly Uint8Array[]
  /** Has it by the usual way from now on, without a word: for `whole` to tell. */
  hold(prefix: number): void
  /** Takes back those of them that it announces. */
  withdraw(prefixes: readonly number[]): readonly Uint8Array[]
  carries(prefix: number): boolean
  /** The way by which it has the prefix now. */
  variantOf(prefix: number): number
  /** All that it announces, as after a session has come up: origin by origin. `done` goes from 0 to below 1. */
  whole(): Iterable<{ readonly messages: readonly Uint8Array[]; readonly done: number }>
  /** Prefixes said in messages since the start or the last `restart`. */
  readonly told: { announced: number; withdrawn: number }
  restart(): void
}

/** @param number of the peer, 1–255: the last byte of its next hops. */
export function makePeerTable(world: World, peerAsn: number, number: number): PeerTable {
  const { prefixes, origins } = world
  const carried = new Uint8Array(prefixes.count)
  const variants = new Uint8Array(prefixes.count)
  const told = { announced: 0, withdrawn: 0 }
  const nextHop4 = [192, 0, 2, number]
  const nextHop6 = bytesOf6(`2001:db8::${number.toString(16)}`)

  function messagesOf(list: readonly number[], variant: number): readonly Uint8Array[] {
    const first = list[0]
    if (first === undefined) return []
    const attributes = attributesOf(peerAsn, origins[prefixes.origin[first]!]!, prefixes.group[first]!, variant)
    const bytes = list.map((prefix) => prefixes.nlri(prefix))
    told.announced += list.length
    return prefixes.family[first] === 4
      ? encodeAnnouncements4(encodeAttributes(attributes, nextHop4), bytes)
      : encodeAnnouncements6(encodeAttributes(attributes, null), nextHop6, bytes)
  }

  return {
    told,
    carries: (prefix) => carried[prefix] === 1,
    variantOf: (prefix) => variants[prefix]!,
    restart() {
      told.announced = 0
      told.withdrawn = 0
    },
    hold(prefix) {
      carried[prefix] = 1
    },
    announce(list, variant) {
      for (const prefix of list) {
        carried[prefix] = 1
        variants[prefix] = variant
      }
      return messagesOf(list, variant)
    },
    withdraw(list) {
      const own = list.filter((prefix) => carried[prefix] === 1)
      if (own.length === 0) return []
      for (const prefix of own) carried[prefix] = 0
      told.withdrawn += own.length
      const bytes = own.map((prefix) => prefixes.nlri(prefix))
      return prefixes.family[own[0]!] === 4 ? encodeWithdrawals4(bytes) : encodeWithdrawals6(bytes)
    },
    *whole() {
      for (const { first, until } of origins) {
        const alike = new Map<number, number[]>()
        for (let prefix = first; prefix < until; prefix += 1) {
          if (carried[prefix] === 0) continue
          const key = (variants[prefix]! * 256 + prefixes.group[prefix]!) * 16 + prefixes.family[prefix]!
          const list = alike.get(key)
          if (list === undefined) alike.set(key, [prefix])
          else list.push(prefix)
        }
        const done = first / prefixes.count
        for (const list of alike.values()) yield { messages: messagesOf(list, variants[list[0]!]!), done }
      }
    },
  }
}
