import { isIP } from 'node:net'
import type { Context } from 'hono'

/** What the server of Node.js hands over with a request, as far as it is needed here. */
interface Connection {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } }
  readonly outgoing?: { destroy(): void }
}

/**
 * By whom a request was sent, for limits alone: kept in memory while it counts, never written down.
 *
 * @param trustProxy the connection comes from a proxy of ours, which appends the true address to `X-Forwarded-For`.
 *                   Without such a proxy anybody could write there what they like.
 * @returns          an IPv4 address, or the /64 of an IPv6 one, since whoever has one address there has them all;
 *                   `null` for the control socket of the data folder, which has no address.
 */
export function clientOf(c: Context, trustProxy: boolean): string | null {
  const remote = (c.env as Connection | undefined)?.incoming?.socket?.remoteAddress
  if (remote === undefined) return null
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return addressGroup(forwarded ?? remote) ?? addressGroup(remote) ?? 'unknown'
}

/** Cuts the connection that a request came by; nothing where there is none (control socket, tests). */
export function cutConnection(c: Context): void {
  ;(c.env as Connection | undefined)?.outgoing?.destroy()
}

/** @returns `null` for what is no address. @internal */
export function addressGroup(text: string): string | null {
  const address = text.startsWith('[') ? text.slice(1, text.indexOf(']')) : withoutPort(text)
  const bare = address.split('%')[0] ?? ''
  const version = isIP(bare)
  if (version === 0) return null
  if (version === 4) return bare
  const groups = ipv6Groups(bare)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) {
    const [high = 0, low = 0] = groups.slice(6)
    return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** Some proxies write `192.0.2.1:4711`. */
function withoutPort(text: string): string {
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(text) ? text.slice(0, text.indexOf(':')) : text
}

/** The eight groups of a valid IPv6 address. */
function ipv6Groups(address: string): readonly number[] {
  // An IPv4 tail (`::ffff:192.0.2.1`) is two groups.
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  )
  const [head = '', tail] = text.split('::')
  const groupsOf = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)))
  const [first, last] = [groupsOf(head), groupsOf(tail ?? '')]
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last]
}
