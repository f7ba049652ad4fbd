import { createHash } from 'node:crypto'

import type { AnswerWithBody } from '../model/answer.ts'

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** @throws RangeError when the record does not fit the bytes: a mistake in a collector. */
export function checkAnswer({ sha256, bytes, body, url }: AnswerWithBody): void {
  if (bytes !== body.length) throw new RangeError(`the answer of ${url} says ${bytes} bytes and has ${body.length}`)
  const actual = sha256Of(body)
  if (sha256 !== actual)
    throw new RangeError(`the answer of ${url} says SHA-256 ${sha256} and its bytes have ${actual}`)
}
