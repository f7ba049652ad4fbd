/** Why a connection ended. `refused`: the server answered the handshake with a status of HTTP. */
export interface Ending {
  readonly kind: 'refused' | 'closed'
  /** For people: `connection refused`, `HTTP 429`, `closed with 1013: too slow`. */
  readonly reason: string
  /** `Retry-After` of a refusal; `null` when there was none. */
  readonly retryAfter: string | null
  /** Bytes of the answer that refused. */
  readonly bytes: number
}

/** Called one at a time, never before `OpenStream` has returned; `ended` once and last. */
export interface StreamEvents {
  opened(): void
  /** One whole message. The bytes are the receiver's to read until it returns. */
  message(data: Buffer): void
  /** The other side answered a ping, or sent one itself. */
  alive(): void
  ended(ending: Ending): void
}

/** A connection to a server that sends messages: what a source may do with a WebSocket. */
export interface StreamSocket {
  send(text: string): void
  ping(): void
  /** Ends it without farewell; `ended` follows, as for any ending. Again does nothing. */
  cut(): void
}

/** Opens a connection. Handed in, as `fetch` is: a source has no other way to the world. Never throws. */
export type OpenStream = (url: string, headers: Readonly<Record<string, string>>, events: StreamEvents) => StreamSocket
