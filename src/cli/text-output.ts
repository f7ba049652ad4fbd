import type { CliContext } from './context.ts'

/** Written at once, characters: small enough to come soon, large enough that writing costs little. */
const AT_ONCE = 128 * 1024

/** Much text on standard output. */
export interface TextOutput {
  write(text: string): void
  /** Waits where whoever reads is slower than we are. */
  drained(): Promise<void> | void
  /** Writes what is left. */
  finish(): Promise<void> | void
}

/** What Node's streams have beyond what the command line library promises. */
interface Draining {
  once?(event: 'drain', listener: () => void): unknown
  readonly writableNeedDrain?: boolean
}

export function openTextOutput({ process: { stdout } }: CliContext): TextOutput {
  let held = ''
  const drained = (): Promise<void> | void => {
    const stream = stdout as typeof stdout & Draining
    if (stream.writableNeedDrain === true && stream.once !== undefined)
      return new Promise((done) => {
        stream.once!('drain', () => done())
      })
  }
  const flush = (): void => {
    if (held !== '') stdout.write(held)
    held = ''
  }
  return {
    write(text) {
      held += text
      if (held.length >= AT_ONCE) flush()
    },
    drained,
    finish() {
      flush()
      return drained()
    },
  }
}
