import cliProgress from 'cli-progress'
import type { CliContext } from './context.ts'
import { remark } from './context.ts'

export interface Progress {
  /** @param done 0 to 1. */
  readonly update: (done: number) => void
  readonly finish: () => void
}

/** A bar where there is a terminal, a plain line every fifth of the way where there is none. On standard error. */
export function startProgress(context: CliContext, what: string, silent: boolean): Progress {
  if (silent) return { update: () => undefined, finish: () => undefined }
  if (!context.terminal) {
    let told = 0
    return {
      update(done) {
        if (done < told + 0.2 && done < 1) return
        if (done === told) return
        told = done
        remark(context, `${what}: ${Math.round(done * 100)} %`)
      },
      finish: () => undefined,
    }
  }
  const bar = new cliProgress.SingleBar({
    format: `${what} {bar} {percentage} %`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(1000, 0)
  return { update: (done) => bar.update(Math.round(done * 1000)), finish: () => bar.stop() }
}
