import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { askedTime } from './asked-time.ts'

async function asked(address: string): Promise<ReturnType<typeof askedTime>> {
  const app = new Hono()
  app.get('*', (c) => c.json(askedTime(c)))
  return (await (await app.request(address)).json()) as ReturnType<typeof askedTime>
}

describe('askedTime', () => {
  it('is UTC unless the clock there is asked for', async () => {
    for (const query of ['', '?tz=utc', '?tz=mine', '?tz=Mars', '?from=-24h']) {
      expect((await asked(`/en/country/IR${query}`)).time).toBe('utc')
    }
    expect((await asked('/en/country/IR?tz=local')).time).toBe('local')
  })

  it('links to the same page by either clock and keeps the rest of the address', async () => {
    const { times } = await asked('/en/country/IR?from=2026-01-08T00%3A00%3A00Z&tz=local')
    expect(times).toEqual([
      { value: 'utc', href: '/en/country/IR?from=2026-01-08T00%3A00%3A00Z', isCurrent: false },
      { value: 'local', href: '/en/country/IR?from=2026-01-08T00%3A00%3A00Z&tz=local', isCurrent: true },
    ])
    expect((await asked('/en/?tz=local')).times[0]?.href).toBe('/en/')
  })
})
