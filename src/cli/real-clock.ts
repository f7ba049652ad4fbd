import type { Clock } from '../collect/source.ts'
import type { UnixSeconds } from '../model/brand.ts'

/** A timer does not notice that the machine's clock was set: it is looked at again each second. */
const LOOK_EVERY_MS = 1000

/** @param now the machine's clock; time that the machine slept through has passed. */
export function createRealClock(now: () => UnixSeconds): Clock {
  return {
    now,
    until(at, signal) {
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined
        const finish = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', finish)
          resolve()
        }
        const wait = (): void => {
          const left = (at - now()) * 1000
          if (left <= 0 || signal.aborted) finish()
          else timer = setTimeout(wait, Math.min(left, LOOK_EVERY_MS))
        }
        signal.addEventListener('abort', finish)
        wait()
      })
    },
  }
}
