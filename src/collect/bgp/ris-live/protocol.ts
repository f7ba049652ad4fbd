/** What RIS Live says about itself, beside messages of BGP. */
export type Control =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'error'; readonly text: string }
  /** `pong`, a list of collectors: nothing to do. */
  | { readonly kind: 'other' }
  /** Nothing that its manual speaks of. */
  | { readonly kind: 'unknown' }

/**
 * What is sent after a connection is open, one message for each collector and kind. A subscription takes one `type`; that
 * without `type` would bring every KEEPALIVE. The message as it was on the wire is asked for since End-of-RIB markers cannot be told
 * apart without it.
 */
export function subscriptions(collectors: readonly string[]): readonly string[] {
  return collectors.flatMap((host) =>
    ['UPDATE', 'RIS_PEER_STATE'].map((type) =>
      JSON.stringify({
        type: 'ris_subscribe',
        data: { host, type, socketOptions: { includeRaw: true, acknowledge: true } },
      }),
    ),
  )
}

/** The address with who asks, as RIS Live's manual recommends. */
export function pathOf(url: string): string {
  const address = new URL(url)
  if (!address.searchParams.has('client')) address.searchParams.set('client', 'tocsin')
  return address.href
}

const MESSAGE = Buffer.from('"ris_message"')
/** `{"type": "ris_message"` begins a message of BGP: its type stands first. */
const FIRST_BYTES = 32
/** Of an error's text, what is kept. */
const LONGEST_ERROR = 200

/** @returns `null` when the message is one of BGP. */
export function controlOf(data: Buffer): Control | null {
  const at = data.indexOf(MESSAGE)
  if (at >= 0 && at < FIRST_BYTES) return null
  let said: unknown
  try {
    said = JSON.parse(data.toString('utf8'))
  } catch {
    return { kind: 'unknown' }
  }
  if (typeof said !== 'object' || said === null || !('type' in said)) return { kind: 'unknown' }
  switch (said.type) {
    case 'ris_message':
      return null
    case 'ris_subscribe_ok':
      return { kind: 'acknowledged' }
    case 'pong':
    case 'ris_rrc_list':
      return { kind: 'other' }
    case 'ris_error':
      return { kind: 'error', text: errorText(said) }
    default:
      return { kind: 'unknown' }
  }
}

function errorText(said: object): string {
  const data: unknown = 'data' in said ? said.data : null
  const text: unknown = typeof data === 'object' && data !== null && 'message' in data ? data.message : null
  return typeof text === 'string' ? text.slice(0, LONGEST_ERROR) : 'an error without a text'
}
