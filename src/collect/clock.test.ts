import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as reallyWait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { createSimulatedClock } from './clock.testing.ts'

const START = 1_700_000_000
const at = (seconds: number): UnixSeconds => (START + seconds) as UnixSeconds
const never = new AbortController().signal

describe('the simulated clock', () => {
  it('wakes those who wait in the order of their instants, and shows each its own', async () => {
    const clock = createSimulatedClock(START)
    const woken: number[] = []
    const wait = async (seconds: number): Promise<void> => {
      await clock.until(at(seconds), never)
      woken.push(clock.now() - START)
    }
    await Promise.all([wait(86_400), wait(5), wait(3600), wait(5)])
    expect(woken).toEqual([5, 5, 3600, 86_400])
  })

  it('does not pass an instant that somebody begins to wait for after a wake-up', async () => {
    const clock = createSimulatedClock(START)
    const ticks: number[] = []
    const far = clock.until(at(100), never)
    while (clock.now() < at(50)) {
      await clock.until((clock.now() + 10) as UnixSeconds, never)
      ticks.push(clock.now() - START)
    }
    await far
    expect(ticks).toEqual([10, 20, 30, 40, 50])
    expect(clock.now()).toBe(at(100))
  })

  it('resolves at once for what is past and for who is told to stop', async () => {
    const clock = createSimulatedClock(START)
    await clock.until(at(-1), never)
    const stop = new AbortController()
    const release = clock.hold()
    const waiting = clock.until(at(1000), stop.signal)
    stop.abort()
    await waiting
    await clock.until(at(2000), stop.signal)
    release()
    expect(clock.now()).toBe(START)
  })

  it('can be set: forward wakes who has slept too long, back lets nobody wait longer than they asked to', async () => {
    const clock = createSimulatedClock(START)
    const woken: string[] = []
    const wait = async (name: string, seconds: number): Promise<void> => {
      await clock.until(at(seconds), never)
      woken.push(`${name} ${clock.now() - START}`)
    }
    const first = wait('a', 60)
    clock.set(at(1000))
    await first
    const both = Promise.all([wait('b', 1060), wait('c', 2000)])
    clock.set(at(-5000))
    await both
    expect(woken).toEqual(['a 1000', 'b -4940', 'c -4000'])
  })

  it('stands while it is held, and while a held object works', async () => {
    const clock = createSimulatedClock(START)
    const slow = clock.holding({
      async work() {
        await reallyWait(20)
        return clock.now()
      },
      name: 'slow',
    })
    const waiting = clock.until(at(10), never)
    expect(await slow.work()).toBe(START)
    expect(slow.name).toBe('slow')
    await waiting
    expect(clock.now()).toBe(at(10))
  })
})

describe('requests under the simulated clock', () => {
  const closers: (() => void)[] = []
  afterEach(() => closers.splice(0).forEach((close) => close()))

  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, '127.0.0.1')
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    await new Promise((resolve) => server.once('listening', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  it('takes no time from the request to the last byte', async () => {
    const clock = createSimulatedClock(START)
    const url = await serve((_, response) => {
      response.write('half')
      setTimeout(() => response.end(' and half'), 20)
    })
    const waiting = clock.until(at(10), never)
    const response = await clock.fetch(fetch)(url)
    expect(await response.text()).toBe('half and half')
    expect(clock.now()).toBe(START)
    await waiting
  })

  it('lets time pass when the server hangs', async () => {
    const clock = createSimulatedClock(START)
    const url = await serve((request) => clock.hang(request.headers))
    const stop = new AbortController()
    const asked = clock
      .fetch(fetch)(url, { signal: stop.signal })
      .then(
        () => 'answered',
        () => 'aborted',
      )
    await clock.until(at(30), never)
    stop.abort()
    expect(await asked).toBe('aborted')
    expect(clock.now()).toBe(at(30))
  })

  it('goes on when an answer is not read to its end', async () => {
    const clock = createSimulatedClock(START)
    const url = await serve((_, response) => response.write('for ever'))
    const response = await clock.fetch(fetch)(url)
    await response.body?.cancel()
    await clock.until(at(5), never)
    expect(clock.now()).toBe(at(5))
  })
})
