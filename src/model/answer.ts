import type { SourceId, UnixSeconds } from './brand.ts'

/** An upstream's answer as it came, and what we had asked. The first link of the chain from a page to the wire. */
export interface Answer {
  /** Of `body`, hexadecimal, lower case. */
  readonly sha256: string
  readonly source: SourceId
  readonly method: 'GET'
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly status: number
  readonly responseHeaders: Readonly<Record<string, string>>
  /** When the last byte was here, by our clock. */
  readonly fetchedAt: UnixSeconds
  /** Length of the body in bytes, after any content encoding of HTTP was undone. */
  readonly bytes: number
}

/** An answer together with its bytes, on its way into the store. */
export interface AnswerWithBody extends Answer {
  readonly body: Uint8Array
}
