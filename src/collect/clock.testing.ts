import { setImmediate as turn } from 'node:timers/promises'
import type { UnixSeconds } from '../model/brand.ts'
import type { Clock } from './source.ts'

/** Put on each request that goes out through `SimulatedClock.fetch`, so that a server of ours can say: this one hangs. */
const HELD_REQUEST = 'x-held-request'

/**
 * Turns of the event loop without anything new before time passes: callbacks that follow from the last wake-up run first.
 * Sockets and threads need more than that: they hold the clock.
 */
const QUIET_TURNS = 3

interface Waiter {
  readonly at: UnixSeconds
  /** In seconds passed: nobody waits longer than they asked to. */
  readonly longest: number
  readonly wake: () => void
}

/**
 * A clock for tests and benches: a fortnight in as long as its work takes.
 *
 * Time stands while somebody works and jumps to the earliest instant that anybody waits for once nobody does. Work that
 * goes on outside JavaScript must say so: requests by going through `fetch`, stores by `holding`, all else by `hold`.
 */
export interface SimulatedClock extends Clock {
  /** As if the machine's clock was set, forward or back, or the machine slept. */
  set(now: UnixSeconds): void
  /** Time stands until the returned function is called (once; again does nothing). */
  hold(): () => void
  /**
   * Time stands while one of the object's methods has not settled, or what it iterates over is asked for the next.
   * Properties and sync methods pass as they are.
   */
  holding<T extends object>(worker: T): T
  /** The fetch given, with time held from the request to the last byte, the error or the abort. */
  fetch(real: typeof globalThis.fetch): typeof globalThis.fetch
  /** For a server that lets a request hang: time passes on although it is not answered. Takes the request's headers. */
  hang(headers: Readonly<Record<string, string | readonly string[] | undefined>>): void
}

export function createSimulatedClock(start: number): SimulatedClock {
  let now = start as UnixSeconds
  /** Seconds that passed without any setting. */
  let passed = 0
  let waiters: Waiter[] = []
  let holds = 0
  let requests = 0
  /** Anything that happens: the pump begins to count quiet turns anew. */
  let events = 0
  let pumping = false
  const releases = new Map<string, () => void>()

  const pump = async (): Promise<void> => {
    if (pumping) return
    pumping = true
    while (holds === 0 && waiters.length > 0) {
      const before = events
      for (let quiet = 0; quiet < QUIET_TURNS; quiet++) await turn()
      if (events !== before || holds > 0 || waiters.length === 0) continue
      const left = waiters.reduce((least, each) => Math.min(least, each.at - now, each.longest - passed), Infinity)
      passed += Math.max(0, left)
      now = (now + Math.max(0, left)) as UnixSeconds
      const due = waiters.filter(({ at, longest }) => at <= now || longest <= passed)
      waiters = waiters.filter((each) => !due.includes(each))
      for (const { wake } of due) wake()
    }
    pumping = false
  }

  const hold = (): (() => void) => {
    holds += 1
    events += 1
    let held = true
    return () => {
      if (!held) return
      held = false
      holds -= 1
      events += 1
      void pump()
    }
  }

  return {
    now: () => now,

    until(at, signal) {
      if (at <= now || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake)
          waiters = waiters.filter((each) => each !== waiter)
          events += 1
          resolve()
        }
        const waiter = { at, longest: passed + (at - now), wake }
        signal.addEventListener('abort', wake)
        waiters.push(waiter)
        events += 1
        void pump()
      })
    },

    set(at) {
      now = at
      events += 1
      void pump()
    },

    hold,

    holding<T extends object>(worker: T): T {
      return new Proxy(worker, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key, target)
          if (typeof value !== 'function') return value
          return (...args: unknown[]): unknown => {
            const result: unknown = Reflect.apply(value, target, args)
            if (isAsyncIterable(result)) return heldWhileAsked(result, hold)
            if (!(result instanceof Promise)) return result
            return result.finally(hold())
          }
        },
      })
    },

    fetch(real) {
      return async (input, init) => {
        const id = String(requests++)
        const release = hold()
        releases.set(id, release)
        const done = (): void => {
          releases.delete(id)
          release()
        }
        const headers = new Headers(init?.headers)
        headers.set(HELD_REQUEST, id)
        try {
          const response = await real(input, { ...init, headers })
          if (response.body === null) {
            done()
            return response
          }
          const { status, statusText } = response
          const body = heldUntilRead(response.body, done)
          return new Response(body, { status, statusText, headers: response.headers })
        } catch (error) {
          done()
          throw error
        }
      }
    },

    hang(headers) {
      const id = headers[HELD_REQUEST]
      if (typeof id === 'string') releases.get(id)?.()
    },
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function* heldWhileAsked(all: AsyncIterable<unknown>, hold: () => () => void): AsyncGenerator {
  const iterator = all[Symbol.asyncIterator]()
  try {
    for (;;) {
      const release = hold()
      const next = await iterator.next().finally(release)
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}

function heldUntilRead(body: ReadableStream<Uint8Array>, done: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done: atEnd, value } = await reader.read()
        if (!atEnd) return controller.enqueue(value)
        done()
        controller.close()
      } catch (error) {
        done()
        controller.error(error)
      }
    },
    async cancel(reason) {
      done()
      await reader.cancel(reason)
    },
  })
}
