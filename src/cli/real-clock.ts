import type { Clock } from '../collect/source.ts'
import type { UnixSeconds } from '../model/brand.ts'

/** A timer does not notice that the machine's clock was set: it is looked at again each second. */
const LOOK_EVERY_MS = 1000

/**
 * @param now     the machine's clock; time that the machine slept through has passed.
 * @param elapsed seconds that never go back, with fractions.
 */
export function createRealClock(now: () => UnixSeconds, elapsed: () => number): Clock {
  return {
    now,
    until(at, signal) {
      // Where the clock is set back, nobody waits longer than they asked to.
      const longest = elapsed() + (at - now())
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined
        const finish = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', finish)
          resolve()
        }
        const wait = (): void => {
          const left = Math.min(at - now(), longest - elapsed()) * 1000
          if (left <= 0 || signal.aborted) finish()
          else timer = setTimeout(wait, Math.min(left, LOOK_EVERY_MS))
        }
        signal.addEventListener('abort', finish)
        wait()
      })
    },
  }
}
