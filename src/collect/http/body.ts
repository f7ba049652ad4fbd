/** Why a body did not come whole. `broken-off`: the connection ended inside it, or its encoding was damaged. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'broken-off' }

/** Reads a body to its end, or lets it go as soon as it is longer than `limitBytes` (after content encoding was undone). */
export async function readBody(response: Response, limitBytes: number): Promise<Body> {
  const declared = Number(response.headers.get('content-length') ?? '0')
  const stream: ReadableStream<Uint8Array> | null = response.body
  if (stream === null) return { kind: 'whole', bytes: new Uint8Array(0) }
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    while (declared <= limitBytes) {
      const { done, value } = await reader.read()
      if (done) return { kind: 'whole', bytes: joined(chunks, length) }
      length += value.length
      if (length > limitBytes) break
      chunks.push(value)
    }
    await reader.cancel()
    return { kind: 'too-large' }
  } catch {
    return { kind: 'broken-off' }
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
