import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import type { Config } from '../street/config.ts'
import { readConfig } from '../street/config.ts'
import { checkCollecting, checkUpstreams } from './collecting-checks.ts'
import type { CliContext } from './context.ts'

const config = (environment: Record<string, string>): Config => readConfig(null, environment, {})

/** A network that is one function, and a clock that stands until it is asked to pass. */
function context(fetch: typeof globalThis.fetch, passes: boolean): CliContext {
  return {
    version: '0.0.0',
    now: () => 0 as UnixSeconds,
    clock: { now: () => 0 as UnixSeconds, until: () => (passes ? Promise.resolve() : new Promise(() => undefined)) },
    fetch,
  } as unknown as CliContext
}

describe('collecting, as it is set', () => {
  it.each([
    [{ TOCSIN_CONTACT: 'a@b.c' }, 'ok', 'at most 600 requests an hour; contact a@b.c'],
    [{}, 'warning', 'no contact address'],
    [{ TOCSIN_COLLECT: 'no' }, 'ok', 'off'],
    [{ TOCSIN_IODA: 'no' }, 'warning', 'every source is off'],
  ])('with %j is %s', (environment: Record<string, string>, status, words) => {
    const check = checkCollecting(config(environment))
    expect(check).toMatchObject({ status, found: expect.stringContaining(words) })
    expect(check.mend === null).toBe(status === 'ok')
  })
})

describe('an upstream, when it is asked', () => {
  const asked = (fetch: typeof globalThis.fetch, passes = false, environment: Record<string, string> = {}) =>
    checkUpstreams(context(fetch, passes), config(environment))
  const IODA = 'https://api.ioda.inetintel.cc.gatech.edu/v2'

  it('is reached with any answer, also with one that says no', async () => {
    const answer = (status: number) => () => Promise.resolve(new Response(null, { status }))
    expect(await asked(answer(404))).toMatchObject([{ status: 'ok', found: `${IODA} answers (404)` }])
    expect(await asked(answer(502))).toMatchObject([{ status: 'problem', found: `${IODA} answers 502` }])
  })

  it('is not reached without a network, or when it hangs, and the reason is told', async () => {
    const cause = new Error('getaddrinfo ENOTFOUND')
    const away = () => Promise.reject(new TypeError('fetch failed', { cause }))
    expect(await asked(away)).toMatchObject([
      { status: 'problem', found: `${IODA} cannot be reached: getaddrinfo ENOTFOUND`, mend: expect.any(String) },
    ])
    const hangs: typeof globalThis.fetch = (_, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))
        if (init?.signal?.aborted === true) reject(new Error('aborted'))
      })
    expect(await asked(hangs, true)).toMatchObject([{ status: 'problem' }])
  })

  it('is left in peace when nothing is collected', async () => {
    const never = () => expect.unreachable('nobody is to be asked')
    expect(await asked(never, false, { TOCSIN_COLLECT: '0' })).toEqual([])
  })
})
