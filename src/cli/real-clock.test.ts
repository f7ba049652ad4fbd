import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { createRealClock } from './real-clock.ts'

const HOUR = 3600

describe('the real clock', () => {
  /** Seconds by which the machine's clock was set, and that it slept through. */
  let set = 0
  let passed = 0
  const now = (): UnixSeconds => (1_700_000_000 + passed + set) as UnixSeconds
  const clock = createRealClock(now, () => passed)

  beforeEach(() => {
    ;[set, passed] = [0, 0]
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())

  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      passed += 1
      await vi.advanceTimersByTimeAsync(1000)
    }
  }

  function wait(seconds: number, signal = new AbortController().signal): { readonly isOver: () => boolean } {
    let over = false
    void clock.until((now() + seconds) as UnixSeconds, signal).then(() => (over = true))
    return { isOver: () => over }
  }

  it('waits until its instant, and not at all for one that is past or once it is told to stop', async () => {
    const [past, soon] = [wait(-5), wait(10)]
    const stop = new AbortController()
    const stopped = wait(HOUR, stop.signal)
    await pass(9)
    expect([past.isOver(), soon.isOver()]).toEqual([true, false])
    stop.abort()
    await pass(2)
    expect([soon.isOver(), stopped.isOver()]).toEqual([true, true])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has waited when the machine slept past the instant, or its clock was set forward', async () => {
    const waiting = wait(HOUR)
    set = 8 * HOUR
    await pass(2)
    expect(waiting.isOver()).toBe(true)
  })

  it('waits no longer than it was asked to when the clock is set back', async () => {
    const waiting = wait(60)
    await pass(10)
    set = -3 * HOUR
    await pass(48)
    expect(waiting.isOver()).toBe(false)
    await pass(4)
    expect(waiting.isOver()).toBe(true)
  })
})
